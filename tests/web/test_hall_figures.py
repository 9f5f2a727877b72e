from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId, StreamId
from karez.settings import HallSection
from karez.web.hall_drawing import draw
from karez.web.hall_figures import HallFigures
from karez.web.hall_pace import HallPace
from karez.web.hall_view import carriers, chute_alarms, figures
from karez.web.hall_window import KEEP_S, STEP_S, HourWindow
from web.fake_day import CLOSED, EXCEPTION, FULL, Day, FakeStore, Playing, plan_view

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
P1, P2 = ParcelId("p1"), ParcelId("p2")


def follow(*moments: tuple[float, ev.Event]) -> HallFigures:
    hall = HallFigures()
    for position, (second, event) in enumerate(moments, 1):
        hall.apply(ev.Recorded(position, StreamId("s"), 1, BEGIN + timedelta(seconds=second), event))
    return hall


def named(hall: HallFigures, second: float) -> dict[str, float | None]:
    shown = figures(hall, 21_600, BEGIN + timedelta(seconds=second))
    return {figure.name: figure.value for figure in shown}


def induct(parcel: ParcelId) -> ev.ParcelInducted:
    return ev.ParcelInducted(parcel, 7, "I1", 0)


def scan(parcel: ParcelId, lap: int) -> ev.ParcelScanned:
    return ev.ParcelScanned(parcel, 7, lap, 0)


def not_read(parcel: ParcelId) -> ev.ParcelNotRead:
    return ev.ParcelNotRead(parcel, "no_label", "Nothing was found.", None, "C1", 40.0)


def read(parcel: ParcelId) -> ev.ParcelRead:
    return ev.ParcelRead(parcel, "YT1", "yto", None, False, 1.0, "code", "Code128", None, "C1", 40.0)


def test_before_any_event_every_figure_is_unavailable_and_never_zero():
    assert set(named(HallFigures(), 0).values()) == {None}


def test_a_no_read_that_is_read_on_its_next_lap_counts_as_read_only():
    hall = follow((0, induct(P1)), (1, not_read(P1)), (20, scan(P1, 2)), (21, read(P1)))
    total = hall.window.sum(BEGIN.timestamp(), BEGIN.timestamp() + 60)
    assert (total.read, total.no_read) == (1, 0)


def test_a_parcel_not_read_on_three_laps_is_one_no_read():
    hall = follow((0, induct(P1)), (1, not_read(P1)), (21, not_read(P1)), (41, not_read(P1)))
    total = hall.window.sum(BEGIN.timestamp(), BEGIN.timestamp() + 60)
    assert (total.read, total.no_read) == (0, 1)


def test_the_recirculating_share_is_averaged_over_time_and_carriers():
    # p1 alone for 10 s on lap 1, then 10 s on lap 2; p2 beside it for those last 10 s: 10 of 30 carrier-seconds.
    hall = follow(
        (0, induct(P1)),
        (0, scan(P1, 1)),
        (10, scan(P1, 2)),
        (10, induct(P2)),
        (20, ev.ParcelDiverted(P1, ChuteId("K1"), 0)),
    )
    recirculation = named(hall, 21)["recirculation"]
    assert recirculation is not None
    assert abs(recirculation - 100 * 10 / 30) < 0.01


def test_throughput_is_extrapolated_from_what_reached_a_chute():
    moments = []
    for number in range(100):
        parcel = ParcelId(f"p{number}")
        moments += [(number * 0.5, induct(parcel)), (number * 0.5 + 0.1, ev.ParcelDiverted(parcel, ChuteId("K1"), 0))]
    throughput = named(follow(*moments), 50)["throughput"]
    assert throughput is not None
    assert 7_100 < throughput < 7_300


def test_a_missort_and_an_exception_are_counted_as_such_and_leave_the_loop():
    hall = follow(
        (0, induct(P1)),
        (0, induct(P2)),
        (5, ev.ParcelMissorted(P1, ChuteId("K3"), (ChuteId("K1"),), 0)),
        (6, ev.ParcelExcepted(P2, EXCEPTION, "not_read", 0)),
    )
    shown = named(hall, 7)
    assert (shown["missorts"], shown["exceptions"]) == (1.0, 50.0)
    assert not hall.live
    assert [each.state for each in hall.recent] == ["exception", "missorted"]


def test_the_same_alarm_raised_again_is_merged_with_a_count_and_cleared_once():
    raised = ev.AlarmRaised("chute.full", "K07", 3, "Chute K07 is full.")
    hall = follow((0, raised), (1, raised), (2, ev.AlarmRaised("sorter.link", "plc", 1, "Gone.")))
    assert [(each.key, each.count) for each in hall.alarms()] == [("sorter.link", 1), ("chute.full", 2)]
    assert chute_alarms(hall)[ChuteId("K07")] == 3
    hall.apply(ev.Recorded(9, StreamId("hub"), 9, BEGIN, ev.AlarmCleared("chute.full", "K07")))
    assert [each.key for each in hall.alarms()] == ["sorter.link"]


def test_a_whole_day_adds_up_and_its_chutes_stand_as_reported():
    plan, store = plan_view(), FakeStore()
    Playing(store, Day(200, 18_000, 3, plan).moments, BEGIN, 200)
    hall = HallFigures()
    for recorded in store.recorded:
        hall.apply(recorded)
    assert hall.total == 200
    assert not hall.live
    assert sum(chute.count for chute in hall.chutes.values()) == 200
    assert (hall.chutes[FULL].state, hall.chutes[CLOSED].state) == ("full", "closed")
    assert hall.position == len(store.recorded)


def test_a_carrier_is_drawn_where_the_loop_has_taken_it_since_the_scan_point():
    hall = follow((0, induct(P1)), (1, scan(P1, 1)))
    drawn = carriers(hall, draw(plan_view()), 20.0, BEGIN + timedelta(seconds=6))
    assert [(each["id"], each["at"]) for each in drawn] == [(P1, 0.25)]


def test_a_parcel_not_heard_of_for_three_laps_is_no_longer_drawn_but_not_lost():
    hall = follow((0, induct(P1)))
    assert carriers(hall, draw(plan_view()), 20.0, BEGIN + timedelta(seconds=61)) == []
    assert P1 in hall.live


def test_a_figure_outside_its_band_says_so():
    hall = follow((0, induct(P1)), (1, not_read(P1)))
    shown = {figure.name: figure for figure in figures(hall, 21_600, BEGIN + timedelta(seconds=2))}
    assert shown["read_rate"].abnormal
    assert not shown["throughput"].abnormal


@given(st.lists(st.integers(0, 3 * KEEP_S), max_size=60))
def test_the_window_holds_the_last_hour_and_loses_nothing_of_it(seconds: list[int]):
    window = HourWindow()
    for second in sorted(seconds):
        window.at(second).finished += 1
    newest = max(seconds, default=0)
    last_hour = [each for each in seconds if each >= newest - KEEP_S + STEP_S]
    assert window.sum(newest - KEEP_S + STEP_S, newest + 1).finished >= len(last_hour) - 1
    points, span = window.points(lambda step: float(step.finished), newest + STEP_S)
    assert len(points) <= 60
    assert span <= KEEP_S


def test_figures_use_the_configured_speed_until_the_sorter_reports_its_own():
    from karez.web.hall_view import lap_s

    assert lap_s(HallSection(), None) == 20.0
    assert lap_s(HallSection(), 1_500) == 40.0


def test_a_hall_slower_than_our_clock_is_drawn_at_its_own_pace():
    pace = HallPace()
    assert pace.ratio() == 1.0
    for second in range(10):
        pace.note(BEGIN + timedelta(seconds=second), 500 * second)
    assert abs(pace.ratio() - 0.5) < 1e-9
    pace.note(BEGIN + timedelta(seconds=11), 0)  # the PLC began anew
    assert pace.ratio() == 1.0


def test_a_parcel_whose_scan_is_late_waits_at_the_scan_point_in_the_drawing():
    hall = follow((0, induct(P1)))
    drawn = carriers(hall, draw(plan_view()), 20.0, BEGIN + timedelta(seconds=30))
    assert [each["at"] for each in drawn] == [0.995]


def test_an_alarm_that_cannot_be_stored_is_shown_from_what_control_says():
    hall = HallFigures()
    full = {"key": "store.full", "place": "store", "priority": 1, "explanation": "no space"}
    assert hall.hear([full], BEGIN)
    assert [(each.key, each.priority, each.since) for each in hall.alarms()] == [("store.full", 1, BEGIN)]
    assert not hall.hear([full], BEGIN + timedelta(seconds=5)), "the same again is no change"
    assert hall.alarms()[0].since == BEGIN
    assert hall.hear([], BEGIN)
    assert hall.alarms() == []
