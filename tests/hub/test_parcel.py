"""A live parcel is nothing but its events, and its states follow the table."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain import events as ev
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.parcels import FINAL, PARCEL_TRANSITIONS, ParcelState
from karez.hub.parcel import LiveParcel, first, from_history

P = ParcelId("p1")
INDUCTED = ev.ParcelInducted(P, 7, "I1", 0)


def scanned(lap: int) -> ev.ParcelScanned:
    return ev.ParcelScanned(P, 7, lap, 0, mass_g=500, length_mm=100, width_mm=300, height_mm=200)


READ = ev.ParcelRead(P, "SF1234567890123", "sf", None, True, 0.99, "code", "Code128", None, "C1", 12.0)
NOT_READ = ev.ParcelNotRead(P, "no_label", "nothing was found", None, "C1", 12.0)
RESOLVED = ev.ParcelResolved(P, None, "653101", "喀什市", None, "新疆", "喀什地区", 0.95, "address", "…")
UNRESOLVED = ev.ParcelUnresolved(P, "unknown_place", "…")


def assigned(lap: int, chute: str | None = "K01") -> ev.ParcelAssigned:
    return ev.ParcelAssigned(P, lap, ChuteId(chute) if chute else None, (), "plan", "…", None)


def ordered(lap: int, chute: str | None = "K01") -> ev.DivertOrdered:
    return ev.DivertOrdered(P, OrderId(f"o{lap}"), lap, ChuteId(chute) if chute else None, (), "plan", None)


def after(*events: ev.Event) -> LiveParcel:
    parcel = first(INDUCTED)
    for event in events:
        parcel.apply(event)
    return parcel


def test_a_picture_read_before_the_scan_serves_the_lap_that_comes() -> None:
    parcel = after(NOT_READ)
    assert parcel.recognised and not parcel.awaits_decision
    parcel.apply(scanned(1))
    assert parcel.awaits_decision and parcel.recognised


def test_on_the_next_lap_an_unread_parcel_needs_a_new_picture() -> None:
    parcel = after(NOT_READ, scanned(1), assigned(1, None), ordered(1, None))
    assert not parcel.awaits_decision
    parcel.apply(scanned(2))
    assert parcel.awaits_decision and not parcel.recognised
    parcel.apply(NOT_READ)
    assert parcel.recognised


def test_an_unresolved_parcel_wants_another_picture_and_a_resolved_one_does_not() -> None:
    assert after(READ, UNRESOLVED).wants_picture
    assert not after(READ, RESOLVED).wants_picture
    assert after(READ, RESOLVED, scanned(1), assigned(1), ordered(1), scanned(2)).recognised


def test_size_is_kept_longest_first() -> None:
    size = after(scanned(1)).size
    assert size is not None
    assert (size.length_mm, size.width_mm, size.height_mm) == (300, 200, 100)


def test_a_no_read_never_takes_a_waybill_number_away() -> None:
    parcel = after(READ, UNRESOLVED, NOT_READ)
    assert parcel.waybill == "SF1234567890123"
    assert parcel.not_read is None


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (ev.ParcelDiverted(P, ChuteId("K01"), 1), ParcelState.DIVERTED),
        (ev.ParcelExcepted(P, ChuteId("K40"), "not_read", 1), ParcelState.EXCEPTION),
        (ev.ParcelMissorted(P, ChuteId("K02"), (ChuteId("K01"),), 1), ParcelState.MISSORTED),
        (ev.ParcelRemoved(P, "…"), ParcelState.REMOVED),
        (ev.ParcelTakenOff(P, "…"), ParcelState.TAKEN_OFF),
    ],
)
def test_nothing_follows_a_final_state(event: ev.Event, state: ParcelState) -> None:
    parcel = after(READ, RESOLVED, scanned(1), assigned(1), ordered(1), event)
    assert parcel.state is state and parcel.final
    with pytest.raises(AssertionError):
        parcel.apply(ordered(2))


def test_the_transition_table_speaks_of_every_state_and_ends_in_the_final_ones() -> None:
    assert set(PARCEL_TRANSITIONS) == set(ParcelState)
    assert {state for state, following in PARCEL_TRANSITIONS.items() if not following} == FINAL


STEPS = st.lists(
    st.sampled_from([scanned(1), READ, NOT_READ, RESOLVED, UNRESOLVED, assigned(1), ordered(1), scanned(2), ordered(2)])
)


@given(STEPS)
def test_replaying_a_history_gives_the_same_parcel(steps: list[ev.Event]) -> None:
    live = after(*steps)
    at = datetime(2026, 11, 25, tzinfo=UTC)
    stream = ev.parcel_stream(P)
    history = [ev.Recorded(i, stream, i, at, event) for i, event in enumerate([INDUCTED, *steps], 1)]
    assert from_history(history) == live
    assert live.version == len(history)
