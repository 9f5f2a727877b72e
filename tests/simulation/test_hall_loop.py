"""Positions and passing times, faults and pace."""

from hypothesis import given
from hypothesis import strategies as st

from karez.domain.ids import ChuteId
from karez.settings import HallSection
from karez.simulation.faults import one_of_each
from karez.simulation.hall_run import Pace
from karez.simulation.loop import lay_out

CHUTES = [ChuteId(f"K{n:02d}") for n in range(1, 41)]
sections = st.builds(
    HallSection,
    carriers=st.integers(8, 400),
    pitch_mm=st.integers(100, 2_000),
    speed_mm_s=st.integers(100, 5_000),
    inductions=st.integers(1, 6),
    stations=st.integers(1, 4),
)


@given(sections)
def test_inductions_camera_scan_point_and_chutes_follow_one_another_behind_each_station(section: HallSection) -> None:
    loop = lay_out(section, CHUTES)
    count, length = section.stations, loop.length_mm
    for number, station in enumerate(loop.stations):
        here = CHUTES[len(CHUTES) * number // count : len(CHUTES) * (number + 1) // count]
        points = [*station.inductions, station.camera_mm, station.scan_mm, *(loop.chutes[chute] for chute in here)]
        assert points == sorted(points)
        assert number * (length // count) <= points[0] and points[-1] < (number + 1) * (length // count)
        assert station.camera_mm < station.scan_mm < loop.chutes[here[0]]
        way_to_the_end = (station.end_mm - station.scan_mm) % length
        assert all((at_mm - station.scan_mm) % length <= way_to_the_end for at_mm in loop.chutes.values())


def test_the_hall_of_the_settings_gives_the_readers_more_than_a_second() -> None:
    loop = lay_out(HallSection(), CHUTES)
    (station,) = loop.stations
    assert loop.lap_ms == 20_000
    assert (station.scan_mm - station.camera_mm) * 1000 >= 1_000 * loop.speed_mm_s


@given(sections, st.integers(0, 10**9), st.integers(0, 10**6), st.data())
def test_a_carrier_is_at_the_point_when_it_passes_it(
    section: HallSection, now: int, at: int, data: st.DataObject
) -> None:
    loop = lay_out(section, CHUTES)
    carrier = data.draw(st.integers(0, section.carriers - 1))
    point = at % loop.length_mm
    then = loop.passes(carrier, point, now)
    beyond_um = (carrier * loop.pitch_mm * 1000 + loop.speed_mm_s * then - point * 1000) % (loop.length_mm * 1000)
    assert 0 <= beyond_um < loop.speed_mm_s  # less than a millisecond's travel
    assert now < then <= now + loop.lap_ms


@given(sections, st.integers(0, 10**9), st.integers(0, 10**6))
def test_the_next_carrier_is_the_one_that_passes_first(section: HallSection, now: int, at: int) -> None:
    loop = lay_out(section, CHUTES)
    point = at % loop.length_mm
    carrier, then = loop.next_carrier(point, now)
    assert then == loop.passes(carrier, point, now)
    assert then <= min(loop.passes(other, point, now) for other in range(0, section.carriers, 7))


@given(st.integers(), st.integers(1, 10**7))
def test_the_faults_of_a_seed_are_always_the_same_and_a_cut_is_shorter_than_a_lap(seed: int, last_ms: int) -> None:
    faults = one_of_each(seed, CHUTES, last_ms, 20_000)
    assert faults == one_of_each(seed, CHUTES, last_ms, 20_000)
    (cut,), (full,) = faults.cuts, faults.full
    assert cut.for_ms < 20_000 < full.for_ms
    assert 0 <= full.at_ms <= last_ms and 0 <= cut.at_ms <= last_ms


async def test_hall_time_is_never_faster_than_its_pace_also_after_a_wait() -> None:
    wall = [0.0]

    async def sleep(seconds: float) -> None:
        wall[0] += seconds

    pace = Pace(2.0, lambda: wall[0], sleep)
    await pace.until(1_000)
    assert wall[0] == 0.5
    wall[0] = 10.0  # the hub took its time
    await pace.until(2_000)
    assert wall[0] == 10.0
    await pace.until(3_000)
    assert wall[0] == 10.5
