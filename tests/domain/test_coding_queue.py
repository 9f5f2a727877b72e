"""The coding queue is what the parcels' events make of it, the most urgent first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from karez.domain import events as ev
from karez.domain.coding import CodingAnswer, CodingQueue
from karez.domain.ids import AreaId, ChuteId, ParcelId

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
PARCELS = [ParcelId(name) for name in ("a", "b", "c")]


def asked(parcel: str, until_lap: int = 5) -> ev.CodingAsked:
    return ev.CodingAsked(ParcelId(parcel), "no_label", 0, until_lap)


def scanned(parcel: str, lap: int) -> ev.ParcelScanned:
    return ev.ParcelScanned(ParcelId(parcel), 1, lap, 0)


def resolved(parcel: str) -> ev.ParcelResolved:
    return ev.ParcelResolved(ParcelId(parcel), AreaId("KS"), None, None, None, None, None, 0.9, "address", "")


def queue(*events: ev.Event) -> CodingQueue:
    made = CodingQueue()
    for seconds, event in enumerate(events):
        made.apply(event, NOW + timedelta(seconds=seconds))
    return made


def test_a_task_is_open_until_it_is_answered_resolved_or_the_parcel_has_left() -> None:
    assert [task.parcel for task in queue(asked("a")).open] == ["a"]
    for end in (
        ev.CodingAnswered(ParcelId("a"), "Aygul", "this_lap", 1),
        resolved("a"),
        ev.ParcelExcepted(ParcelId("a"), ChuteId("X"), "not_read", 0),
        ev.ParcelRemoved(ParcelId("a"), "gone"),
        ev.ParcelTakenOff(ParcelId("a"), "Li"),
    ):
        assert len(queue(asked("a"), end)) == 0


def test_the_task_with_fewest_laps_left_comes_first_then_the_one_that_waits_longest() -> None:
    waiting = queue(asked("a"), asked("b"), asked("c", until_lap=4), scanned("b", 3))
    assert [task.parcel for task in waiting.open] == ["b", "c", "a"]
    task = waiting.get(ParcelId("b"))
    assert task is not None and (task.lap, task.since) == (3, NOW + timedelta(seconds=1))


def test_an_answer_without_area_place_and_number_tells_nothing() -> None:
    assert CodingAnswer(ParcelId("a"), "Aygul", NOW).tells_nothing
    assert not CodingAnswer(ParcelId("a"), "Aygul", NOW, place="喀什市").tells_nothing


happenings = st.lists(
    st.one_of(
        st.builds(asked, st.sampled_from(PARCELS), st.integers(1, 9)),
        st.builds(scanned, st.sampled_from(PARCELS), st.integers(1, 9)),
        st.builds(resolved, st.sampled_from(PARCELS)),
        st.builds(ev.ParcelDiverted, st.sampled_from(PARCELS), st.just(ChuteId("A")), st.just(0)),
    ),
    max_size=20,
)


@given(happenings)
def test_each_parcel_has_one_task_at_most_and_only_events_of_its_own_change_it(events: list[ev.Event]) -> None:
    together = queue(*events)
    for parcel in PARCELS:
        own = CodingQueue()
        for seconds, event in enumerate(events):
            if event.parcel == parcel:
                own.apply(event, NOW + timedelta(seconds=seconds))
        assert own.get(parcel) == together.get(parcel)
    assert len({task.parcel for task in together.open}) == len(together) == len(together.open)
