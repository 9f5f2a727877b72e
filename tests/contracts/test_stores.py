"""Every store keeps the same promises: SQLite, PostgreSQL and the one in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.errors import StoreError, WrongVersion
from karez.domain.ids import AnswerId, AreaId, ChuteId, OrderId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.domain.parcels import ParcelState
from karez.domain.personal import PersonalText
from karez.eventstore.append import Append, Entry, Journalled
from karez.eventstore.memory import MemoryStore
from karez.eventstore.protocol import Store
from karez.eventstore.store import EventStore

NOON = datetime(2026, 11, 26, 4, 0, 0, 123456, tzinfo=UTC)
P1, P2, P3 = ParcelId("p1"), ParcelId("p2"), ParcelId("p3")


class Ticking:
    """A clock that moves on by a second whenever it is asked."""

    def __init__(self) -> None:
        self._at = NOON

    def __call__(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


class Place:
    """Somewhere a store is kept, and opened again."""

    def __init__(self, open_store: Callable[[], Any]) -> None:
        self._open = open_store
        self.store: Any = open_store()

    def open_again(self) -> Store:
        self.store.close()
        self.store = self._open()
        return self.store


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    now = Ticking()
    if request.param == "memory":
        memory = MemoryStore(now)
        yield Place(lambda: memory)
        return
    url = f"sqlite:///{tmp_path / 'karez.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").empty_store()
    place = Place(lambda: EventStore.open_writing(url, now))
    yield place
    place.store.close()


@pytest.fixture
def store(place: Place) -> Store:
    return place.store


def inducted(parcel: ParcelId) -> ev.ParcelInducted:
    return ev.ParcelInducted(parcel, carrier=7, induction="I1", plc_ts_ms=12)


def read(parcel: ParcelId, waybill: str) -> ev.ParcelRead:
    return ev.ParcelRead(parcel, waybill, "sf", None, False, 0.99, "code", "Code128", None, "C1", 11.5, [])


def diverted(parcel: ParcelId) -> list[ev.Event]:
    ordered = ev.DivertOrdered(parcel, OrderId("o1"), 1, ChuteId("K07"), [ChuteId("K08")], "plan", None)
    return [ordered, ev.ParcelDiverted(parcel, ChuteId("K07"), 99)]


def append(store: Store, parcel: ParcelId, *new: ev.Event) -> int:
    return store.append(ev.parcel_stream(parcel), None, new)


def settle(*futures: "Future[int]") -> None:
    for future in futures:
        future.exception(timeout=30)


def test_what_was_appended_is_read_back_in_order_as_it_was(store: Store) -> None:
    assert store.last_position() == 0 and store.read() == []
    first = append(store, P1, inducted(P1), read(P1, "SF1"))
    second = append(store, P2, inducted(P2))
    assert (first, second, store.last_position()) == (2, 3, 3)
    everything = store.read()
    assert [(each.position, each.stream, each.version) for each in everything] == [
        (1, "parcel-p1", 1),
        (2, "parcel-p1", 2),
        (3, "parcel-p2", 1),
    ]
    assert [each.event for each in everything] == [inducted(P1), read(P1, "SF1"), inducted(P2)]
    assert everything[0].at == everything[1].at and everything[0].at.microsecond == 123456
    assert store.read(after=1, limit=1) == everything[1:2]
    assert store.read(after=3) == []


def test_an_append_at_another_version_is_refused_and_writes_nothing(store: Store) -> None:
    append(store, P1, inducted(P1))
    for expected in (0, 2):
        with pytest.raises(WrongVersion) as refused:
            store.append(ev.parcel_stream(P1), expected, [inducted(P2)])
        assert (refused.value.expected, refused.value.actual) == (expected, 1)
    assert store.last_position() == 1
    assert store.append(ev.parcel_stream(P1), 1, [read(P1, "SF1")]) == 2


def test_a_stream_of_an_earlier_run_is_not_new(place: Place) -> None:
    append(place.store, P1, inducted(P1))
    store = place.open_again()
    with pytest.raises(WrongVersion) as refused:
        store.append(ev.parcel_stream(P1), 0, [inducted(P1)])
    assert refused.value.actual == 1
    good = store.submit(Append([Entry(StreamId("new"), [inducted(P2)], 0)]))
    bad = store.submit(Append([Entry(ev.parcel_stream(P1), [inducted(P1)], 0)]))
    assert good.result() == 2 and isinstance(bad.exception(), WrongVersion)


def test_one_wrong_append_does_not_take_its_neighbours_with_it(store: Store) -> None:
    good = [store.submit(Append([Entry(StreamId(f"s{i}"), [inducted(P1)], 0)])) for i in range(50)]
    bad = store.submit(Append([Entry(StreamId("s0"), [inducted(P1)], 0)]))
    after = store.submit(Append([Entry(StreamId("s0"), [inducted(P1)], 1)]))
    settle(*good, bad, after)
    assert [future.result() for future in [*good, after]] == list(range(1, 52))
    assert isinstance(bad.exception(), WrongVersion)


def test_a_transaction_over_several_streams_is_all_or_nothing(store: Store) -> None:
    append(store, P1, inducted(P1))
    both = Append(
        [Entry(StreamId("new"), [inducted(P2)], 0), Entry(ev.parcel_stream(P1), [inducted(P1)], 0)],
        [Journalled("in", "plc", 1, "SCAN", "{}")],
        [PersonalText(P2, "喀什市")],
    )
    with pytest.raises(WrongVersion):
        store.submit(both).result()
    assert store.read_stream(StreamId("new")) == []
    assert store.journal() == [] and store.personal(P2) is None


def test_one_append_may_speak_of_a_stream_twice(store: Store) -> None:
    twice = [Entry(StreamId("s"), [inducted(P1)], 0), Entry(StreamId("s"), [inducted(P2)], 1)]
    assert store.submit(Append(twice)).result() == 2
    assert [each.version for each in store.read_stream(StreamId("s"))] == [1, 2]


def test_an_append_that_cannot_be_written_down_fails_alone(store: Store) -> None:
    good = store.submit(Append([Entry(StreamId("a"), [inducted(P1)], 0)]))
    bad = store.submit(Append([Entry(StreamId("b"), [inducted(ParcelId("no text: \udcff"))], 0)]))
    after = store.submit(Append([Entry(StreamId("c"), [inducted(P2)], 0)]))
    settle(good, bad, after)
    assert isinstance(bad.exception(), StoreError)
    assert (good.result(), after.result()) == (1, 2)
    assert store.append(StreamId("b"), 0, [inducted(P3)]) == 3, "nothing of the bad one is left"


def test_what_is_submitted_is_committed_and_told_in_that_order(store: Store) -> None:
    told: list[int] = []
    futures: list[Future[int]] = []
    for i in range(300):
        append = Append([Entry(StreamId(f"s{i % 7}"), [inducted(ParcelId(str(i)))] * (i % 3))])
        futures.append(store.submit(append))
        futures[-1].add_done_callback(lambda _, i=i: told.append(i))
        futures[-1].cancel()
    settle(*futures)
    store.submit(Append()).result()  # told behind all of them
    assert told == list(range(300))
    positions = [future.result() for future in futures]
    assert positions == sorted(positions) and positions[-1] == store.last_position()
    everything = store.read(limit=1000)
    assert [each.position for each in everything] == list(range(1, len(everything) + 1))
    for i in range(7):
        mine = [each.version for each in everything if each.stream == f"s{i}"]
        assert mine == list(range(1, len(mine) + 1))


def test_histories_come_one_by_one_or_many_at_once(store: Store) -> None:
    append(store, P1, inducted(P1))
    append(store, P2, inducted(P2))
    append(store, P1, read(P1, "SF1"), *diverted(P1))
    names = [ev.parcel_stream(each) for each in (P1, P2, P3)]
    mine = store.read_stream(names[0])
    assert [each.event for each in mine] == [inducted(P1), read(P1, "SF1"), *diverted(P1)]
    assert store.histories(names) == {names[0]: mine, names[1]: store.read_stream(names[1])}
    assert store.histories([]) == {}
    assert store.last_of(names[0]) == mine[-1] and store.last_of(names[2]) is None
    assert store.read_kinds(["parcel.inducted", "parcel.diverted"], names[0]) == [mine[0], mine[-1]]


def test_the_index_follows_a_parcel_to_its_end(store: Store) -> None:
    append(store, P1, inducted(P1), read(P1, "SF1234567890123"))
    append(store, P2, inducted(P2))
    assert [row.parcel for row in store.parcels.live()] == [P1, P2]
    append(store, P1, ev.ParcelScanned(P1, 7, 2, 5), *diverted(P1))
    row = store.parcels.get(P1)
    assert row is not None and row == store.parcels.get("sf1234567890123")
    assert (row.state, row.chute, row.company, row.laps) == (ParcelState.DIVERTED, "K07", "sf", 2)
    assert row.inducted_at < (row.finished_at or NOON)
    assert [each.parcel for each in store.parcels.live()] == [P2]
    assert store.parcels.get("nothing") is None
    assert store.parcels.holds(P1) and not store.parcels.holds(ParcelId("SF1234567890123")), "by its id alone"


def test_parcels_are_found_by_how_their_number_begins_newest_first(store: Store) -> None:
    for parcel, waybill in ((P1, "SF100"), (P2, "SF100"), (P3, "YT2%0")):
        append(store, parcel, inducted(parcel), read(parcel, waybill))
    found = store.parcels.get("SF100")
    assert found is not None and found.parcel == P2, "the newest of two"
    assert [row.parcel for row in store.parcels.search(" sf1 ")] == [P2, P1]
    assert [row.parcel for row in store.parcels.search("", limit=2)] == [P3, P2]
    assert [row.parcel for row in store.parcels.search("p1")] == [P1]
    assert [row.parcel for row in store.parcels.search("yt2%")] == [P3]
    assert store.parcels.search("%") == [] and store.parcels.search("S_1") == []


def test_a_parcel_of_an_earlier_run_goes_on(place: Place) -> None:
    append(place.store, P1, inducted(P1), read(P1, "SF1"))
    store = place.open_again()
    assert [row.waybill for row in store.parcels.live()] == ["SF1"]
    store.append(ev.parcel_stream(P1), 2, diverted(P1))
    row = store.parcels.get(P1)
    assert row is not None and (row.waybill, row.state) == ("SF1", ParcelState.DIVERTED)
    append(store, P1, ev.ParcelScanned(P1, 7, 9, 5))
    row = store.parcels.get(P1)
    assert row is not None and (row.state, row.laps) == (ParcelState.DIVERTED, 9), "known again after its end"


def test_numbers_that_a_peer_chooses_fit_up_to_64_bits(store: Store) -> None:
    last = 2**63 - 1
    scanned = ev.ParcelScanned(P1, last, last, last, [])
    journal = [Journalled("in", "plc", last, "SCAN", "{}")]
    store.submit(Append([Entry(ev.parcel_stream(P1), [inducted(P1), scanned])], journal)).result()
    row = store.parcels.get(P1)
    assert row is not None and row.laps == last
    assert store.read()[1].event == scanned and store.last_inbound() == ("plc", last)


def chute(name: str, state: str) -> Entry:
    return Entry(StreamId(f"chute-{name}"), [ev.ChuteChanged(ChuteId(name), state, None, 1)])


def hub(*new: ev.Event) -> Entry:
    return Entry(ev.HUB_STREAM, new)


def test_what_still_stands_is_known_at_once(place: Place) -> None:
    store, link = place.store, ev.AlarmRaised("sorter.link", "sorter", 1, "no link")
    full = ev.AlarmRaised("chute.full", "K07", 3, "chute K07 is full")
    stopped = ev.SorterChanged("sorter", "S1", "stopped", None, 3)
    assert store.standing() == []
    store.submit(Append([chute("K07", "full"), hub(full, link), chute("K08", "open")])).result()
    store.submit(Append([hub(ev.AlarmCleared("sorter.link", "sorter"), stopped), chute("K07", "open")])).result()
    store.submit(Append([hub(replace(full, explanation="still full"))])).result()
    standing = [each.event for each in place.open_again().standing()]
    again = [ev.ChuteChanged(ChuteId(name), "open", None, 1) for name in ("K08", "K07")]
    assert standing == [again[0], stopped, again[1], replace(full, explanation="still full")]


def test_the_journal_tells_what_came_in_what_order_and_behind_which_event(place: Place) -> None:
    store = place.store
    lines = [
        Journalled("in", "plc-1", 3, "INDUCT", '{"parcel":"p1"}'),
        Journalled("out", "", 0, "DEST", "{}"),
        Journalled("hub", "", 0, "TIMER", "{}"),
    ]
    assert store.last_inbound() is None
    store.submit(Append(telegrams=lines[2:])).result()
    store.submit(Append([Entry(ev.parcel_stream(P1), [inducted(P1)])], lines[:2])).result()
    store.submit(Append(telegrams=lines[2:])).result()
    store = place.open_again()
    store.submit(Append(telegrams=[replace(lines[1], body="last")])).result()
    rows = store.journal()
    assert [row.id for row in rows] == [1, 2, 3, 4, 5]
    assert [(row.direction, row.type, row.position) for row in rows] == [
        ("hub", "TIMER", 0),
        ("in", "INDUCT", 1),
        ("out", "DEST", 1),
        ("hub", "TIMER", 1),
        ("out", "DEST", 1),
    ]
    assert (rows[1].session, rows[1].seq, rows[1].body) == ("plc-1", 3, '{"parcel":"p1"}')
    assert rows[1].at == store.read()[0].at
    assert store.journal(after=3, limit=1) == rows[3:4]
    assert store.last_inbound() == ("plc-1", 3)


def test_a_name_with_a_zero_character_which_a_label_may_show_is_not_there(store: Store) -> None:
    assert store.advice("SF\0001234567890") is None and store.parcels.get("p\0001") is None


def test_pre_advice_and_label_texts_are_kept_the_latest_of_each(store: Store) -> None:
    assert store.advice("SF1") is None and store.personal(P1) is None
    first = PreAdvice("SF1", "sf", address="喀什市")
    texts = [PersonalText(P1, "喀什地区喀什市色满路112号"), PersonalText(P1, "喀什市")]
    store.submit(Append(personal=texts[:1], advice=[first])).result()
    assert store.advice("SF1") == first and store.personal(P1) == texts[0]
    store.submit(Append(personal=texts, advice=[first, replace(first, company="yto")])).result()
    assert store.advice("SF1") == replace(first, company="yto") and store.personal(P1) == texts[1]


def test_what_operators_taught_is_found_by_address_and_undone(store: Store) -> None:
    one = LearnedAnswer(AnswerId("a1"), "喀什地区喀什市色满路112号", AreaId("KS-03"), "Aygul", NOON)
    two = replace(one, id=AnswerId("a2"), operator="Li", at=NOON + timedelta(seconds=1), decides=True)
    latin = replace(one, id=AnswerId("a3"), address="Kashgar_1%")
    assert not store.learned.any_below("")
    store.submit(Append(learned=[two, latin])).result()
    store.submit(Append(learned=[one])).result()
    store.submit(Append(learned=[one])).result()
    assert store.learned.of(one.address) == [one, two] and store.learned.get(two.id) == two
    assert sorted(each.id for each in store.learned.all()) == ["a1", "a2", "a3"]
    for beginning in ("", "喀什地区喀什市", "Kashgar_", "Kashgar_1%"):
        assert store.learned.any_below(beginning), beginning
    for beginning in ("喀什地区莎车县", "喀什地区_什市", "%", "kashgar", "Kashgar_12"):
        assert not store.learned.any_below(beginning), beginning
    store.submit(Append(unlearned=[one.id, AnswerId("a9")])).result()
    assert store.learned.of(one.address) == [two] and store.learned.get(one.id) is None
