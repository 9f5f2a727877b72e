"""Video coding by hand: who is asked, what an answer does on which lap, and what is remembered of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.coding import CodingAnswer, CodingOutcome, CodingReport
from karez.domain.errors import BadInput
from karez.domain.ids import AreaId, ParcelId
from karez.domain.reading import Found, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.domain.telegrams import DivertOutcome
from karez.eventstore.append import Append
from karez.eventstore.codec import encode
from karez.hub.coding_desk import CodingDesk
from karez.hub.recovery import recover
from karez.settings import CodingSection, SorterSection
from small_hub import NO_READ, SmallHub, reading, waybill

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
KASHI = "901 K01"
STREET = "喀什市色满路112号3单元501"
UNKNOWN = "天元大酒店"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, gazetteer, CodingSection(ask=True, laps=5))
    yield hub
    hub.store.close()


def unread(address: str | None = None) -> NoRead:
    found = Found(address, Source(SourceKind.LINE, 0, ()), 0.9) if address else None
    return replace(NO_READ, reason=NoReadReason.NO_WAYBILL, address=found)


def addressed(number: int, address: str) -> Reading:
    return replace(reading(number), address=Found(address, Source(SourceKind.LINE, 0, ()), 0.9))


def answer(parcel: str, operator: str = "Aygul", **more: str) -> CodingAnswer:
    return CodingAnswer(ParcelId(parcel), operator, NOW, **more)


def told(hub: SmallHub, parcel: str, operator: str = "Aygul", **more: str) -> CodingReport:
    return hub.coder.take(answer(parcel, operator, **more))


def arrive(hub: SmallHub, parcel: str, outcome: Reading | NoRead, carrier: int = 1) -> None:
    hub.induct(parcel, carrier)
    hub.picture(parcel)
    hub.read(outcome)


def events(hub: SmallHub, parcel: str, kind: type) -> list:
    return [each.event for each in hub.store.read_stream(f"parcel-{parcel}") if isinstance(each.event, kind)]


async def test_nobody_is_asked_unless_the_hub_has_coders(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    arrive(hub, "p1", NO_READ)
    hub.scan("p1")
    await hub.settle()
    assert "coding.asked" not in hub.kinds("p1")
    assert told(hub, "p1", area="KS").outcome is CodingOutcome.NOT_ASKED
    hub.store.close()


async def test_a_no_read_and_an_unresolved_parcel_are_asked_about_once(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ, carrier=1)
    arrive(hub, "p2", addressed(2, UNKNOWN), carrier=2)
    hub.picture("p1")
    hub.read(NO_READ)
    await hub.settle()
    assert [(each.parcel, each.why) for each in hub.control.tracking.coding.open] == [
        ("p1", "no_label"),
        ("p2", "unknown_place"),
    ]
    (asked,) = events(hub, "p1", ev.CodingAsked)
    assert (asked.until_lap, asked.lap) == (5, 0)
    assert events(hub, "p2", ev.CodingAsked)[0].waybill == waybill(2)


@pytest.mark.parametrize("reason", [NoReadReason.NO_PICTURE, NoReadReason.BROKEN_PICTURE])
async def test_nobody_is_asked_where_there_is_nothing_to_see(hub: SmallHub, reason: NoReadReason) -> None:
    arrive(hub, "p1", replace(NO_READ, reason=reason))
    await hub.settle()
    assert len(hub.control.tracking.coding) == 0


async def test_an_answer_in_time_leaves_on_this_lap(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    report = told(hub, "p1", area="KS")
    assert (report.outcome, report.learned) == (CodingOutcome.THIS_LAP, False)
    hub.scan("p1")
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [("A", "plan")]
    (resolved,) = events(hub, "p1", ev.ParcelResolved)
    assert (resolved.reason, resolved.area, resolved.confidence) == ("coded", "KS", 0.98)
    assert len(hub.control.tracking.coding) == 0


async def test_an_answer_behind_the_scan_leaves_on_this_lap_while_its_chute_lies_ahead(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    hub.scan("p1", 1)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None]
    assert told(hub, "p1", area="KS").outcome is CodingOutcome.THIS_LAP
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, "A"], "the second order takes the place of the first"
    _, second = events(hub, "p1", ev.DivertOrdered)
    assert (second.lap, second.supersedes) == (1, hub.plc.dests[0].order)
    hub.divert("p1", "A")
    await hub.settle()
    assert hub.kinds("p1")[-1] == "parcel.diverted"


async def test_an_answer_behind_its_chute_leaves_on_the_next_lap(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer, CodingSection(ask=True, laps=5), SorterSection(windows_ms={"A": 1, "B": 1}))
    arrive(hub, "p1", NO_READ)
    hub.scan("p1", 1)
    await hub.settle()
    await asyncio.sleep(0.01)
    assert told(hub, "p1", area="KS").outcome is CodingOutcome.NEXT_LAP
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None]
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    hub.scan("p1", 2)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, "A"]


async def test_what_waits_for_a_person_goes_round_longer_and_then_leaves_by_the_exception_chute(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    for lap in range(1, 6):
        hub.scan("p1", lap)
        hub.divert("p1", None, DivertOutcome.RECIRCULATED)
        hub.picture("p1")
        hub.read(NO_READ)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None] * 4 + ["X"]


async def test_what_an_operator_cannot_tell_either_leaves_at_once_for_the_exception_chute(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ, 1)
    assert told(hub, "p1").outcome is CodingOutcome.GIVEN_UP
    hub.scan("p1", 1, 1)
    arrive(hub, "p2", NO_READ, 2)
    hub.scan("p2", 1, 2)
    assert told(hub, "p2").outcome is CodingOutcome.GIVEN_UP
    await hub.settle()
    assert [(dest.parcel, dest.chute) for dest in hub.plc.dests] == [("p1", "X"), ("p2", None), ("p2", "X")]
    assert len(events(hub, "p1", ev.CodingAsked)) == 1, "and nobody is asked again"


async def test_one_answer_is_taken_and_no_second(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    told(hub, "p1", area="KS")
    second = told(hub, "p1", "Li", area="SC")
    assert second.outcome is CodingOutcome.ALREADY_ANSWERED and "Aygul" in second.explanation
    hub.scan("p1")
    await hub.settle()
    assert hub.plc.dests[0].chute == "A"
    assert len(events(hub, "p1", ev.CodingAnswered)) == 1


async def test_a_keyed_waybill_finds_its_pre_advice_which_wins_over_the_keyed_area(hub: SmallHub) -> None:
    hub.store.submit(Append(advice=[PreAdvice(waybill(7), "sf", area=AreaId("SC"), county_name="莎车县")])).result()
    arrive(hub, "p1", NO_READ)
    assert told(hub, "p1", waybill=waybill(7).lower(), area="KS").outcome is CodingOutcome.THIS_LAP
    hub.scan("p1")
    await hub.settle()
    assert hub.plc.dests[0].chute == "C"
    assert [each.reason for each in events(hub, "p1", ev.ParcelResolved)] == ["pre_advice"]
    assert events(hub, "p1", ev.DestinationContradicted) == [ev.DestinationContradicted(ParcelId("p1"), "SC", "KS")]
    row = hub.store.parcels.get(waybill(7))
    assert row is not None and (row.parcel, row.company) == ("p1", "sf")


async def test_a_keyed_waybill_alone_that_nobody_advised_leaves_the_destination_open(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    assert told(hub, "p1", waybill=waybill(8)).outcome is CodingOutcome.STILL_UNRESOLVED
    hub.scan("p1")
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [(None, "not_resolved")]


async def test_a_keyed_number_of_another_live_parcel_is_said_and_never_merged(hub: SmallHub) -> None:
    arrive(hub, "p1", reading(1, KASHI), carrier=1)
    arrive(hub, "p2", NO_READ, carrier=2)
    told(hub, "p2", waybill=waybill(1), area="KS")
    await hub.settle()
    assert events(hub, "p2", ev.WaybillDuplicated) == [ev.WaybillDuplicated(ParcelId("p2"), waybill(1), ParcelId("p1"))]
    assert [alarm.place for alarm in hub.control.alarms.up] == ["p2"]


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"area": "NOWHERE"}, CodingOutcome.UNKNOWN_AREA),
        ({"place": "火星"}, CodingOutcome.UNKNOWN_PLACE),
        ({"place": "鼓楼区"}, CodingOutcome.UNKNOWN_PLACE),
        ({"waybill": "12"}, CodingOutcome.NO_WAYBILL),
        ({"waybill": "6901234567892", "area": "KS"}, CodingOutcome.NO_WAYBILL),
    ],
)
async def test_an_answer_that_cannot_be_used_says_why_and_the_task_stays_open(
    hub: SmallHub, more: dict[str, str], outcome: CodingOutcome
) -> None:
    arrive(hub, "p1", NO_READ)
    report = told(hub, "p1", **more)
    assert report.outcome is outcome and report.explanation
    assert len(hub.control.tracking.coding) == 1
    await hub.settle()
    assert events(hub, "p1", ev.CodingAnswered) == []


async def test_a_place_in_words_is_resolved_like_a_label_and_teaches_nothing(hub: SmallHub) -> None:
    arrive(hub, "p1", unread(UNKNOWN))
    await hub.settle()
    report = told(hub, "p1", place="莎车县荒地镇")
    assert (report.outcome, report.learned) == (CodingOutcome.THIS_LAP, False), "the machine found the area, no hand"
    hub.scan("p1")
    await hub.settle()
    assert hub.plc.dests[0].chute == "C"
    assert not hub.store.learned.any_below("")


@pytest.fixture
def divided(hub: SmallHub, tmp_path: Path, gazetteer: Gazetteer) -> SmallHub:
    """A hub whose county is divided by an estate, a road's numbers and a village."""
    (tmp_path / "divided.toml").write_text(
        """[[area]]
id = "B"
kind = "local"
name = { zh = "乙" }
estates = { "喀什市" = ["天南小区"] }
villages = { "喀什市/乃则尔巴格镇" = ["前进村"] }
[area.roads."喀什市"]
"人民东路" = "odd 1-99"

[[area]]
id = "KS"
kind = "local"
name = { zh = "喀什市" }
counties = ["喀什市"]
""",
        "utf-8",
    )
    hub.resolver.areas = Areas.load(tmp_path / "divided.toml", gazetteer)
    return hub


@pytest.mark.parametrize(
    "text", ["喀什市天南小区3号楼", "喀什市人民东路17号", "喀什市人民东路", "喀什市乃则尔巴格镇前进村"]
)
async def test_no_event_keeps_the_estate_the_road_or_the_village_of_an_address(divided: SmallHub, text: str) -> None:
    arrive(divided, "p1", addressed(1, text), carrier=1)
    arrive(divided, "p2", NO_READ, carrier=2)
    told(divided, "p2", place=text)
    await divided.settle()
    told_in_full = divided.resolver.from_text(text).explanation
    kept = "".join(encode(each.event) for each in divided.store.read())
    for name in ("天南", "人民东路", "前进村", "odd", "17"):
        assert name not in kept
    assert any(name in told_in_full for name in ("天南", "人民东路", "前进村")), "`karez resolve` may say it"


async def test_a_later_picture_that_tells_closes_the_task(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    hub.scan("p1", 1)
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    assert len(hub.control.tracking.coding) == 0
    assert told(hub, "p1", area="SC").outcome is CodingOutcome.KNOWN_BY_NOW
    hub.scan("p1", 2)
    await hub.settle()
    assert hub.plc.dests[-1].chute == "A"


async def test_a_person_s_word_is_not_overruled_by_a_later_picture_of_the_label(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    hub.scan("p1", 1)
    told(hub, "p1", area="SC")
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    hub.picture("p1")
    assert hub.readers.jobs == [], "nothing more is asked of the readers"
    hub.scan("p1", 2)
    await hub.settle()
    assert hub.plc.dests[-1].chute == "C"


async def test_an_answer_with_an_area_is_remembered_for_the_next_parcel_of_the_address(hub: SmallHub) -> None:
    arrive(hub, "p1", unread(UNKNOWN))
    await hub.settle()
    assert told(hub, "p1", area="SC").learned
    await hub.settle()
    (kept,) = hub.store.learned.all()
    assert (kept.address, kept.area, kept.operator, kept.at) == (UNKNOWN, "SC", "Aygul", NOW)
    assert [each.event.answer for each in hub.store.read_stream("learning")] == [kept.id]


async def test_a_parcel_that_has_left_still_teaches_once_and_its_answer_is_no_fault(hub: SmallHub) -> None:
    arrive(hub, "p1", unread(UNKNOWN))
    hub.scan("p1", 5)
    hub.divert("p1", "X")
    await hub.settle()
    late = told(hub, "p1", area="SC")
    await hub.settle()
    assert (late.outcome, late.learned) == (CodingOutcome.GONE, True)
    again = told(hub, "p1", area="KS")
    assert (again.outcome, again.learned) == (CodingOutcome.GONE, False)
    assert told(hub, "never", area="KS").outcome is CodingOutcome.GONE
    assert [each.area for each in hub.store.learned.all()] == ["SC"]
    row = hub.store.parcels.get("p1")
    assert row is not None and row.state == "exception"


async def test_two_answers_before_the_first_is_on_disk_are_one(hub: SmallHub) -> None:
    arrive(hub, "p1", unread(UNKNOWN))
    hub.scan("p1", 5)
    hub.divert("p1", "X")
    await hub.settle()
    assert told(hub, "p1", area="SC").learned
    assert not told(hub, "p1", "Li", area="KS").learned
    await hub.settle()
    assert [each.operator for each in events(hub, "p1", ev.CodingAnswered)] == ["Aygul"]


async def test_no_coding_answer_is_from_the_future(hub: SmallHub) -> None:
    arrive(hub, "p1", unread(UNKNOWN))
    await hub.settle()
    ahead = replace(answer("p1", area="SC"), at=NOW + timedelta(days=900))
    desk = CodingDesk(hub.control, hub.store, hub.resolver, least=0.5, now=lambda: NOW)
    asking = asyncio.create_task(desk.answer(msgspec.json.encode(ahead)))
    await asyncio.sleep(0)
    await hub.settle()
    await asking
    assert [each.at for each in hub.store.learned.all()] == [NOW]


async def test_what_waits_and_what_was_answered_survives_a_kill(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ, carrier=1)
    arrive(hub, "p2", NO_READ, carrier=2)
    hub.scan("p1", 1)
    hub.scan("p2", 1, carrier=2)
    told(hub, "p1", area="SC")
    await hub.settle()
    before = hub.control.tracking.coding.open
    hub.store.close()
    hub.open()
    recover(hub.control, hub.store, hub.plan)
    now = hub.control.tracking.coding.open
    assert [(each.parcel, each.lap, each.until_lap) for each in now] == [("p2", 1, 5)]
    assert abs(now[0].since - before[0].since) < timedelta(seconds=2)
    assert told(hub, "p1", "Li", area="KS").outcome is CodingOutcome.ALREADY_ANSWERED
    hub.scan("p1", 2)
    assert told(hub, "p2", area="KS").outcome is CodingOutcome.THIS_LAP
    await hub.settle()
    assert {dest.parcel: dest.chute for dest in hub.plc.dests} == {"p1": "C", "p2": "A"}


async def test_no_order_leaves_and_nobody_is_answered_before_the_answer_is_on_disk(hub: SmallHub) -> None:
    arrive(hub, "p1", NO_READ)
    asking = asyncio.create_task(hub.coder.answer(msgspec.json.encode(answer("p1", area="KS"))))
    await asyncio.sleep(0.2)
    assert not asking.done(), "nobody has seen the commit come in"
    hub.scan("p1")
    assert hub.plc.dests == []
    await hub.settle()
    assert (await asking)["report"]["outcome"] == "this_lap"
    assert [dest.chute for dest in hub.plc.dests] == ["A"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"parcel": "p1", "operator": "Aygul", "at": "soon"}',
        b'{"parcel": "p1", "operator": "Aygul", "at": "2026-11-26T08:00:00", "area": "KS"}',
        b'{"parcel": "p1", "operator": "=cmd()", "at": "2026-11-26T08:00:00Z", "area": "KS"}',
    ],
)
async def test_what_is_no_answer_reaches_neither_parcel_nor_store(hub: SmallHub, body: bytes) -> None:
    arrive(hub, "p1", NO_READ)
    with pytest.raises(BadInput):
        await hub.coder.answer(body)
    await hub.settle()
    assert "coding.answered" not in hub.kinds("p1")
