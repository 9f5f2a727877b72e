"""Availability, reckoned by hand beside the program: outages, weights, goals, and what does not count."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.hub.availability import Availability
from karez.hub.availability_report import PartFigures, Report
from karez.hub.shift import RunningShift, shift_of
from karez.settings import AvailabilitySection

DAY = datetime(2026, 3, 1, tzinfo=UTC)
STARTED = ev.HubStarted("Kashi", "0", 0, True)
LINKED = ev.SorterConnected("plc", "s", 0)


class Tape:
    """Writes events and feeds them."""

    def __init__(self, into: Availability | RunningShift) -> None:
        self.into, self._positions = into, itertools.count(1)

    def at(self, second: float, *events: ev.Event) -> None:
        for event in events:
            position = next(self._positions)
            self.into.apply(ev.Recorded(position, ev.HUB_STREAM, position, DAY + timedelta(seconds=second), event))

    def parcel(self, name: str, second: float, chute: str, took_s: float, induction: str = "I1") -> None:
        self.at(second, inducted(name, induction))
        self.at(second + took_s, ev.ParcelDiverted(ParcelId(name), ChuteId(chute), 0))


def inducted(name: str, induction: str = "I1") -> ev.ParcelInducted:
    return ev.ParcelInducted(ParcelId(name), 1, induction, 0)


def sorter(state: str, subject: str = "sorter", name: str = "loop") -> ev.SorterChanged:
    return ev.SorterChanged(subject, name, state, None, 0)


def chute(name: str, state: str) -> ev.ChuteChanged:
    return ev.ChuteChanged(ChuteId(name), state, None, 0)


@pytest.fixture
def tape() -> Tape:
    tape = Tape(Availability(60, 0.9))
    tape.at(0, STARTED, LINKED)
    return tape


def until(tape: Tape, second: float) -> Report:
    return tape.into.report(DAY + timedelta(seconds=second))


def part(report: Report, name: str) -> PartFigures:
    return next(each for each in report.parts if each.name == name)


def test_groups_in_series_multiply_and_parts_weigh_by_their_throughput(tape: Tape) -> None:
    for number in range(4):
        tape.parcel(f"a{number}", 10 + number, "A" if number else "B", 30)
    tape.at(100, sorter("stopped"), chute("B", "closed"))
    tape.at(150, sorter("running"))
    tape.at(200, chute("B", "open"))
    report = until(tape, 1_000)
    assert (part(report, "sorter").down_s, part(report, "B").down_s) == (50, 100)
    assert (part(report, "A").weight, part(report, "B").weight) == (0.75, 0.25)
    assert report.technical == pytest.approx(0.95 * (0.75 + 0.25 * 0.9))
    assert report.technical_unweighted == pytest.approx(0.95 * (0.5 + 0.5 * 0.9))
    assert part(report, "sorter").outages == 1


def test_a_full_chute_and_a_bag_change_are_no_technical_fault(tape: Tape) -> None:
    tape.at(10, chute("A", "full"))
    tape.at(20, chute("A", "bag_change"))
    assert until(tape, 100).technical == 1.0


def test_an_outage_that_lasts_counts_up_to_now(tape: Tape) -> None:
    tape.at(60, ev.SorterDisconnected("plc", "gone"))
    assert part(until(tape, 100), "link").availability == pytest.approx(0.6)
    assert part(until(tape, 200), "link").availability == pytest.approx(0.3)


def test_a_kill_is_an_outage_since_the_last_event_and_an_orderly_stop_is_no_operating_time(tape: Tape) -> None:
    tape.at(50, inducted("a"))
    tape.at(60, STARTED)
    tape.at(62, LINKED)
    killed = until(tape, 100)
    assert (part(killed, "control").down_s, part(killed, "link").down_s, killed.operating_s) == (10, 2, 100)
    tape.at(100, ev.HubStopped("Kashi"))
    tape.at(500, STARTED, LINKED)
    stopped = until(tape, 600)
    assert (part(stopped, "control").down_s, stopped.operating_s) == (10, 200)


def test_inductions_that_the_hub_holds_are_not_at_fault(tape: Tape) -> None:
    tape.at(10, ev.AlarmRaised("loop.clogged", "loop", 2, "why"), sorter("off", "induction", "I1"))
    tape.at(30, ev.AlarmCleared("loop.clogged", "loop"))
    tape.at(35, sorter("on", "induction", "I1"))
    assert part(until(tape, 100), "I1").down_s == pytest.approx(5)


def test_a_parcel_is_in_time_only_in_an_ordered_chute_within_the_goal(tape: Tape) -> None:
    tape.parcel("in-time", 0, "A", 60)
    tape.parcel("late", 1, "A", 61)
    for number, end in enumerate(
        (
            ev.ParcelExcepted(ParcelId("x0"), ChuteId("X"), "not_read", 0),
            ev.ParcelMissorted(ParcelId("x1"), ChuteId("B"), (ChuteId("A"),), 0),
            ev.ParcelRemoved(ParcelId("x2"), "gone"),
            ev.ParcelTakenOff(ParcelId("x3"), "Li"),
        )
    ):
        tape.at(100, inducted(f"x{number}"), end)
    tape.at(3_590, inducted("waits"))
    report = until(tape, 3_600)
    assert (report.parcels, report.in_time) == (6, 1), "who has time left is not judged"
    assert report.performance == pytest.approx(1 / 6)
    assert until(tape, 3_700).parcels == 7


def test_hours_meet_their_goal_or_not() -> None:
    tape = Tape(Availability(60, 0.9))
    for number in range(10):
        tape.parcel(f"a{number}", number, "A", 30 if number else 90)
    for number in range(10):
        tape.parcel(f"b{number}", 3_600 + number, "A", 30 if number > 1 else 90)
    report = until(tape, 7_200)
    assert [(hour.begins.hour, hour.share, hour.met) for hour in report.hours] == [(0, 0.9, True), (1, 0.8, False)]
    assert report.hours_met == 1


def test_a_new_window_keeps_what_is_down_and_counts_anew(tape: Tape) -> None:
    tape.parcel("a", 0, "A", 10)
    tape.at(50, sorter("stopped"))
    tape.into.begin(DAY + timedelta(seconds=100))
    tape.at(130, sorter("running"))
    report = until(tape, 200)
    assert (report.operating_s, part(report, "sorter").down_s, report.parcels) == (100, 30, 0)
    assert report.performance is None


def test_without_an_event_nothing_is_claimed() -> None:
    report = Availability(60, 0.9).report(DAY)
    assert (report.technical, report.performance, report.operating_s) == (None, None, 0)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 7)), max_size=60))
def test_availability_is_a_share_whatever_happens(steps: list[tuple[float, int]]) -> None:
    tape, now_s = Tape(Availability(60, 0.9, ["A", "B"])), 0.0
    happenings = (
        STARTED,
        ev.HubStopped("Kashi"),
        LINKED,
        ev.SorterDisconnected("plc", "gone"),
        sorter("stopped"),
        sorter("off", "induction", "I1"),
        chute("A", "closed"),
        ev.AlarmRaised("store.full", "store", 1, "why"),
    )
    for pause_s, which in steps:
        now_s += pause_s
        tape.at(now_s, happenings[which])
    report = until(tape, now_s + 10)
    for each in report.parts:
        assert 0 <= each.availability <= 1
    assert report.technical is None or 0 <= report.technical <= 1


def test_a_shift_begins_where_the_hub_s_clocks_say() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    began, ends = shift_of(datetime(2026, 3, 1, 13, 0, tzinfo=UTC), ("08:00", "20:00"), zone)  # 21:00 there
    assert (began, ends) == (datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 2, 0, tzinfo=UTC))
    began, ends = shift_of(datetime(2026, 3, 1, 23, 59, tzinfo=UTC), ("08:00",), zone)
    assert (began, ends) == (datetime(2026, 3, 1, 0, tzinfo=UTC), datetime(2026, 3, 2, 0, tzinfo=UTC))


def test_the_running_shift_begins_anew_and_keeps_what_is_down() -> None:
    shift = RunningShift(AvailabilitySection(shifts=("08:00", "20:00")), "UTC", ["A"])
    tape = Tape(shift)
    tape.at(7 * 3600, STARTED, LINKED)
    tape.at(7 * 3600 + 1_800, ev.SorterDisconnected("plc", "gone"))
    assert shift.report(DAY + timedelta(hours=7, minutes=45)).operating_s == 2_700
    tape.at(8 * 3600 + 900, LINKED)
    report = shift.report(DAY + timedelta(hours=9))
    assert report.since == DAY + timedelta(hours=8)
    assert part(report, "link").availability == pytest.approx(0.75)
