"""What OSIP does not carry and the hub makes up for: places, codes, items, laps, repeats, orders that wait."""

import asyncio
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from driver_suite import SUITE, Ends, Entry, ends, induct, order, scan
from karez.domain.errors import BadConfig, BadTelegram
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.settings import Settings, SorterSection
from karez.sorter.plc.drivers import driver_of
from karez.sorter.plc.osip.codes import CODES, Codes
from karez.sorter.plc.osip.dialogue import Dialogue, barcode_of, name_of
from karez.sorter.plc.osip.held import MOST, Held
from karez.sorter.plc.osip.items import Items
from karez.sorter.plc.osip.options import OsipOptions
from karez.sorter.plc.osip.places import Kind, Place, Places
from karez.sorter.plc.osip.repeats import Repeats
from karez.sorter.plc.osip.wire import Body, Request, Response, Telegram, TimeRequest, build, parse
from karez.sorter.plc.protocol import Arrived, Rejected

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "osip.md"
OSIP = next(each for each in SUITE if each.name == "osip")
names = st.from_regex(r"[!\"$-^`-~][!\"$-~]{0,6}[!\"$-^`-~]|[!\"$-^`-~]", fullmatch=True)

# ---- places and codes ------------------------------------------------------------------------------------------------


@given(st.sampled_from([Kind.CHUTE, Kind.INDUCTION, Kind.SCAN]), names, st.integers(0, 9_999))
def test_a_place_is_read_as_it_was_written(kind: Kind, name: str, carrier: int) -> None:
    places = Places("LOOP", {}, {})
    assert places.place(places.location(kind, name, carrier)) == Place(kind, name, carrier)


def test_the_plcs_own_names_stand_in_a_table_and_may_leave_the_carrier_open() -> None:
    places = Places("LOOP", {"K01": "FGINCONV00010000"}, {"I1": "FGINIPNT00010000"})
    assert places.location(Kind.CHUTE, "K01", 17) == "FGINCONV000100000017"
    assert places.place("FGINCONV000100000017") == Place(Kind.CHUTE, "K01", 17)
    assert places.place("FGINIPNT000100000000") == Place(Kind.INDUCTION, "I1", None)
    assert places.place("FGINIPNT000200000000") == Place(Kind.OTHER, "FGINIPNT00020000", None)


@pytest.mark.parametrize("name", ["格口7", "K01_", "K12345678"])
def test_a_chute_that_the_wire_cannot_name_needs_the_table(name: str) -> None:
    with pytest.raises(ValueError, match="no location"):
        Places("LOOP", {}, {}).location(Kind.CHUTE, name)
    assert Places("LOOP", {name: "FGINCONV00010000"}, {}).location(Kind.CHUTE, name) == "FGINCONV000100000000"


def test_codes_may_be_the_plcs_own_but_not_ambiguous() -> None:
    assert Codes({"divert.full": "00000017"}).outcome("00000017") is DivertOutcome.FULL
    with pytest.raises(ValueError, match="no code is called"):
        Codes({"divert.tired": "00000017"})
    with pytest.raises(ValueError, match="too"):
        Codes({"divert.full": CODES["divert.jam"]})
    with pytest.raises(BadTelegram, match="says nothing"):
        Codes({}).outcome("00000017")


@pytest.mark.parametrize("codes", ["chute.foo=00000018", f"divert.full={CODES['divert.jam']}", "divert.full=17", "7"])
def test_wrong_codes_are_a_fault_of_the_options_that_names_the_field(codes: str) -> None:
    with pytest.raises(ValidationError) as told:
        OsipOptions(codes=codes)
    assert [fault["loc"] for fault in told.value.errors()] == [("codes",)]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"own": "MFC"}, "own"),
        ({"chutes": "K01=FGIN"}, "chutes"),
        ({"chutes": "K01"}, "chutes"),
        ({"codes": "divert.full=17"}, "codes"),
        ({"connections": "both"}, "connections"),
        ({"repeat_window_ms": 150_000}, "repeat_window_ms"),
    ],
)
def test_options_that_cannot_be_are_refused_by_name(options: dict[str, str | int], field: str) -> None:
    with pytest.raises(BadConfig, match=rf"sorter\.options\.{field}"):
        driver_of(SorterSection(driver="osip", options=options))


def test_the_options_and_codes_that_the_how_to_shows_are_good() -> None:
    text = PAGE.read_text("utf-8")
    blocks = [tomllib.loads(each) for each in re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
    assert len(blocks) == 3
    for block in blocks:
        block["sorter"].setdefault("driver", "osip")
        driver_of(Settings(**block).sorter)
    for name, code in CODES.items():
        assert name in text if code == CODES["normal"] else f"| {name} | {code} |" in text


def test_the_dialogue_that_the_how_to_shows_is_what_goes_over_the_wire() -> None:
    dialogue, at_ms = Dialogue(OsipOptions(utc_offset_min=480)), 1_795_656_600_000  # 26 November 2026, 09:30 in China
    item, barcode = ParcelId("42"), barcode_of("42")
    request = dialogue.asked(Scan(item, 17, 1, at_ms + 4_000), barcode)
    order = Dest(OrderId("o"), item, ChuteId("K07"), (), "plan")
    said: list[tuple[str, str, int, Body]] = [
        ("SPS03", "MFC__", 3, dialogue.inducted(Induct(item, 17, "I1", at_ms), barcode)),
        ("SPS03", "MFC__", 5, request),
        ("MFC__", "SPS03", 6, dialogue.ordered(order, barcode, request.actual, request.error, request.created)),
        (
            "SPS03",
            "MFC__",
            7,
            dialogue.diverted(Divert(item, 17, DivertOutcome.OK, at_ms + 16_000, ChuteId("K07")), barcode),
        ),
    ]
    for sender, receiver, seq, body in said:
        line = build(Telegram(sender, receiver, seq, body)).decode().rstrip("*")
        assert line in PAGE.read_text("utf-8").splitlines()


# ---- items and laps --------------------------------------------------------------------------------------------------


@given(names.filter(lambda name: not name.startswith("0")))
def test_an_items_number_is_read_as_it_was_written(name: str) -> None:
    assert name_of(barcode_of(name)) == name


@pytest.mark.parametrize("name", ["", "0815", "x" * 21])
def test_a_number_that_would_be_another_on_the_wire_is_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="barcode field"):
        barcode_of(name)


AT = Place(Kind.SCAN, "", 17)
BARCODE = barcode_of("S4711")


def asked(items: Items, ts_ms: int, barcode: str = BARCODE, at: Place = AT) -> int:
    return items.asked(barcode, "L" * 20, at, ts_ms, 1, "00000090").lap


def test_a_lap_is_counted_once_however_often_the_item_asks() -> None:
    items = Items("item", lap_least_ms=10_000)
    assert [asked(items, at_ms) for at_ms in (0, 500, 9_999, 96_000, 96_000, 192_000)] == [1, 1, 1, 2, 2, 3]


def test_a_clock_of_the_plc_that_is_set_back_costs_a_lap_at_most() -> None:
    items = Items("item", lap_least_ms=10_000)
    assert [asked(items, at_ms) for at_ms in (100_000, 0, 500, 96_000)] == [1, 2, 2, 3]


def test_items_without_a_carrier_are_not_taken_for_one_on_one_carrier() -> None:
    items = Items("item", lap_least_ms=0)
    nowhere = Place(Kind.OTHER, "FGINIPNT00010000", None)
    first, second = (items.seen(barcode_of(each), "L" * 20, nowhere, 0).carrier for each in ("S1", "S2"))
    assert first < 0 and second < 0 and first != second
    assert Items("item", 0).seen(barcode_of("S1"), "L" * 20, nowhere, 9).carrier == first  # also after a start


@pytest.mark.parametrize("nothing", ["?" * 20, "0" * 20, "*" * 20])
def test_a_barcode_field_that_names_no_item_is_a_bad_telegram(nothing: str) -> None:
    with pytest.raises(BadTelegram, match="names no item"):
        asked(Items("item", 0), 0, nothing)


def test_where_the_label_is_read_the_carrier_tells_items_apart() -> None:
    items = Items("label", lap_least_ms=10_000)
    put_on = items.inducted("?" * 20, "L" * 20, AT, 5_000)
    assert put_on.parcel == "C0017-5"
    assert items.asked(BARCODE, "L" * 20, AT, 9_000, 1, "00000090").parcel == put_on.parcel
    again = items.inducted("?" * 20, "L" * 20, AT, 100_000)
    assert again.parcel == "C0017-100"
    with pytest.raises(BadTelegram, match="names no carrier"):
        asked(items, 0, BARCODE, Place(Kind.OTHER, "", None))


def test_only_so_many_items_are_remembered() -> None:
    items = Items("item", 0, most=50)
    for number in range(500):
        asked(items, number, barcode_of(f"S{number}"), Place(Kind.SCAN, "", number))
    assert len(items) == 50 and items.get(ParcelId("S449")) is None


# ---- repeats and what waits ------------------------------------------------------------------------------------------


def test_the_same_bytes_are_a_repeat_within_the_window_and_new_behind_it() -> None:
    repeats = Repeats(60.0)
    assert [repeats.again(b"a", at_s) for at_s in (0.0, 59.9, 60.0, 61.0)] == [False, True, False, True]
    assert not repeats.again(b"b", 61.0)


def test_the_memory_of_repeats_is_bounded() -> None:
    repeats = Repeats(60.0)
    for number in range(70_000):
        repeats.again(b"%d" % number, 0.0)
    assert len(repeats) <= 65_536


def test_of_what_waits_the_latest_of_each_item_is_kept_while_it_is_valid() -> None:
    held = Held()
    for sent in (order(1), order(2), order(1, "K09"), State(Subject.INDUCTION, "*", "off", 0)):
        held.keep(sent, 0.0)
    held.keep(State(Subject.INDUCTION, "*", "on", 0), 4.0)
    held.keep(order(3), 4.0)
    kept = held.release(5.0)  # orders are valid for 5 s
    assert kept == [State(Subject.INDUCTION, "*", "on", 0), order(3)]
    assert held.release(5.0) == []


def test_only_so_many_orders_wait() -> None:
    held = Held()
    for number in range(MOST + 10):
        held.keep(order(number), 0.0)
    assert len(held) == MOST


# ---- over a link -----------------------------------------------------------------------------------------------------


class Raw:
    """A PLC that writes telegrams byte by byte, and reads what comes."""

    @classmethod
    async def call(cls, pair: Ends) -> "Raw":
        raw = cls()
        raw.reader, raw.writer = await asyncio.open_connection("127.0.0.1", pair.plc.port)
        return raw

    def say(self, seq: int, body: object, sender: str = "SPS03") -> bytes:
        data = build(Telegram(sender, "MFC__", seq, body))
        self.writer.write(data)
        return data

    async def hears(self, kind: type, seq: int | None = None) -> Telegram:
        while True:
            telegram = parse(await self.reader.readexactly(160))
            if isinstance(telegram.body, kind) and seq in (None, telegram.seq):
                return telegram


def request(number: int, second: int) -> Request:
    at = f"LOOPSCAN________{number:04d}"
    return Request(barcode_of(f"p{number}"), at, "?" * 20, "00000077", datetime(2026, 1, 1, 12, 0, second))


async def test_an_answer_has_the_requests_number_plus_one_its_place_and_its_code() -> None:
    async with ends(OSIP) as pair:
        raw = await Raw.call(pair)
        raw.say(99_999, request(5, 0))
        await pair.until(lambda: len(pair.telegrams) == 1)
        pair.plc.order(order(5))
        answer = await raw.hears(Response)
        assert (answer.seq, answer.sender, answer.receiver) == (0, "MFC__", "SPS03")
        body = answer.body
        assert (body.barcode, body.actual) == (barcode_of("p5"), "LOOPSCAN________0005")
        assert (body.target, body.group, body.error) == ("LOOPCHUTK01_____0000", "*" * 20, "00000077")
        pair.plc.order(order(5, None, "late"))
        later = await raw.hears(Response)
        assert later.seq % 2 == 1 and later.body.target == "LOOPLOOP________0000"
        raw.writer.close()


async def test_a_request_that_comes_again_gets_its_answer_again_and_is_not_decided_again() -> None:
    async with ends(OSIP) as pair:
        raw = await Raw.call(pair)
        raw.say(7, request(5, 0))
        await pair.until(lambda: len(pair.telegrams) == 1)
        raw.say(7, request(5, 0))
        pair.plc.order(order(5))
        first = await raw.hears(Response)
        raw.say(7, request(5, 0))
        assert await raw.hears(Response) == first
        raw.say(7, request(5, 1))  # the same number with other content is a new request: numbers come again
        await pair.until(lambda: len(pair.telegrams) == 2)
        raw.writer.close()


async def test_a_request_for_the_time_is_answered_with_the_hubs_in_the_plcs_zone() -> None:
    async with ends(OSIP) as pair:
        raw = await Raw.call(pair)
        raw.say(1, TimeRequest(datetime(2000, 1, 1)))
        answer = await raw.hears(object, seq=2)
        ahead_s = (answer.body.created - datetime.now(UTC).replace(tzinfo=None)).total_seconds()
        assert abs(ahead_s - 480 * 60) < 60
        raw.writer.close()


async def test_a_telegram_between_other_stations_is_refused() -> None:
    async with ends(OSIP) as pair:
        raw = await Raw.call(pair)
        raw.say(1, request(5, 0), sender="SPS04")
        await pair.until(lambda: bool(pair.events(Rejected)))
        assert "from SPS04 to MFC__, not from SPS03 to MFC__" in pair.events(Rejected)[0].reason
        assert not pair.telegrams
        raw.writer.close()


async def test_a_chute_without_a_name_on_the_wire_gets_no_order_and_the_hub_says_so() -> None:
    async with ends(OSIP) as pair:
        pair.twin.send(scan(1))
        await pair.until(lambda: len(pair.telegrams) == 1)
        pair.plc.order(order(1, "异常格口"))
        await pair.until(lambda: bool(pair.events(Rejected)))
        assert "异常格口" in pair.events(Rejected)[0].reason
        pair.plc.order(order(1, "K02"))
        got = await pair.twin.receive()
        assert isinstance(got, Dest) and got.chute == "K02"


async def test_with_labels_the_code_that_was_read_arrives_and_orders_find_their_carrier() -> None:
    entry = Entry("osip", lambda: {**OSIP.options(), "barcode": "label"})
    async with ends(entry) as pair:
        pair.twin.send(Induct(ParcelId("hall-1"), 3, "I1", 1_000))
        pair.twin.send(Scan(ParcelId("hall-1"), 3, 1, 2_000, ("YT1234567890123",)))
        await pair.until(lambda: len(pair.telegrams) == 2)
        inducted, scanned = pair.telegrams
        assert isinstance(inducted, Induct) and isinstance(scanned, Scan)
        assert inducted.parcel == scanned.parcel == "C0003-1" and scanned.codes == ("YT1234567890123",)
        pair.plc.order(Dest(OrderId("o"), scanned.parcel, ChuteId("K04"), (), "plan"))
        got = await pair.twin.receive()
        assert isinstance(got, Dest) and (got.parcel, got.chute) == ("hall-1", "K04")
        pair.twin.send(Divert(ParcelId("hall-1"), 3, DivertOutcome.OK, 3_000, ChuteId("K04")))
        await pair.until(lambda: len(pair.telegrams) == 3)
        assert pair.telegrams[2].parcel == "C0003-1"


@pytest.mark.parametrize(
    ("codes", "read"),
    [
        (("YT1234567890123",), ("YT1234567890123",)),
        ((), ()),
        (("x" * 21, "(91)7", "0815", "SF1"), ("SF1",)),  # those that the field cannot carry are passed over
    ],
)
async def test_with_items_the_scanners_code_may_stand_in_the_target_of_the_request(codes: tuple, read: tuple) -> None:
    entry = Entry("osip", lambda: {**OSIP.options(), "scanned": "target"})
    async with ends(entry) as pair:
        assert pair.capabilities.codes == 1
        pair.twin.send(Scan(ParcelId("p1"), 3, 1, 2_000, codes))
        await pair.until(lambda: len(pair.telegrams) == 1)
        assert pair.telegrams == [Scan(ParcelId("p1"), 3, 1, 2_000, read)]


async def test_a_new_link_has_a_new_session_and_counts_from_one() -> None:
    async with ends(OSIP) as pair:
        pair.twin.send(induct(1))
        await pair.until(lambda: len(pair.telegrams) == 1)
        await pair.twin.cut()
        await pair.until(lambda: not pair.plc.linked)
        await pair.twin.mend()
        await pair.until(lambda: pair.plc.linked)
        pair.twin.send(induct(2))
        await pair.until(lambda: len(pair.telegrams) == 2)
        arrived = [each for each in pair.got if isinstance(each, Arrived)]
        assert [(each.session, each.seq) for each in arrived] == [("hub-1/1", 1), ("hub-1/2", 1)]


def test_the_plcs_zone_is_taken_off_its_dates() -> None:
    dialogue = Dialogue(OsipOptions(utc_offset_min=480))
    assert dialogue.date(0) == datetime(1970, 1, 1, 8)
    assert dialogue.ts_ms(datetime(1970, 1, 1, 8)) == 0
    assert dialogue.ts_ms(datetime(1, 1, 1)) < 0 < dialogue.ts_ms(datetime(9999, 12, 31, 23, 59, 59))
    with pytest.raises(ValueError, match="no date"):
        dialogue.date(2**53)
