"""The planning model and the hall agree parcel by parcel: chute, lap, carrier, and the millisecond of leaving."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.ids import ChuteId
from karez.settings import HallSection
from karez.simulation.chutes import ChuteHabits
from karez.simulation.faults import Faults, FullChute
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallParcel
from karez.simulation.planning.instance import Jam
from karez.simulation.planning.of_hall import Known, instance_of
from karez.simulation.planning.policy import GREEDY, KAREZ, NAIVE, AsksCoder, Policy
from karez.simulation.planning.run import run
from simulation.hub_by_hand import InstantHub

TIGHT = replace(KAREZ, hold_percent=40, resume_percent=30, crowded_percent=30)
"""So tight that it holds and sends away on small loops."""


def agree(
    section: HallSection,
    count: int,
    seed: int,
    policy: Policy,
    *,
    chutes: int = 8,
    habits: ChuteHabits | None = None,
    no_reads: float = 0.2,
    read_on: tuple[int, ...] = (0, 0, 2, 3),
    coders: int = 1,
    apart_ms: int = 400,
    jams: tuple[Jam, ...] = (),
) -> int:
    """Run both models on one drawing; how many parcels were compared."""
    random = Random(seed)
    names = [ChuteId(f"C{number}") for number in range(chutes)]
    everywhere = section.inductions_in_all
    parcels = [
        HallParcel(n, random.randrange(count * apart_ms), random.randrange(everywhere), 500, 300, 200, 100)
        for n in range(count)
    ]
    truth = [
        Known(
            random.sample(names[:-1], random.randint(1, 3)),
            random.choice(read_on) if random.random() < no_reads else 1,
            random.randrange(900, 6_100),
            random.random() < 0.9,
        )
        for _ in parcels
    ]
    habits = habits or ChuteHabits(6, 7_000)
    faults = Faults(full=tuple(FullChute(names[jam.chute], jam.at_ms, jam.for_ms) for jam in jams))
    hall = Hall(section, names, parcels, seed, faults, habits=habits)
    cards = InstantHub(hall, truth, policy, names[-1], coders).run()
    instance = instance_of("agrees", hall.loop, habits, parcels, truth.__getitem__, names[-1], coders=coders, jams=jams)
    result = run(instance, policy)
    mine = [
        (names[chute], lap, left, carrier, inducted) if chute >= 0 else (lap, carrier, inducted)
        for chute, lap, left, carrier, inducted in zip(
            result.chute, result.lap, result.left_ms, result.carrier, result.inducted_ms, strict=True
        )
    ]
    its = []
    for index in range(count):
        card = cards.get(index)
        if card is None:
            its.append((0, -1, -1))
        elif card.left is None:
            its.append((card.lap, card.carrier, card.inducted_ms))
        else:
            its.append((*card.left, card.carrier, card.inducted_ms))
    assert mine == its
    assert result.ended_ms == hall.now_ms
    assert result.recirculating_share == hall.result().recirculating_share
    return count


@pytest.mark.parametrize(
    "policy", [NAIVE, GREEDY, KAREZ, TIGHT], ids=lambda policy: f"{policy.name}{policy.hold_percent}"
)
@pytest.mark.parametrize(("stations", "seed"), [(1, 1), (2, 2)])
def test_both_models_agree_on_a_busy_loop(policy: Policy, stations: int, seed: int) -> None:
    section = HallSection(carriers=40, pitch_mm=500, speed_mm_s=1_700, inductions=3, stations=stations)
    jams = (Jam(2, 60_000, 45_000), Jam(2, 80_000, 40_000), Jam(5, 100_000, 30_000))
    agree(section, 600, seed, policy, jams=jams)


def test_both_models_agree_once_circling_for_pictures_has_shown_to_bring_nothing() -> None:
    section = HallSection(carriers=40, pitch_mm=500, speed_mm_s=1_700, inductions=3)
    agree(section, 600, 1, KAREZ, no_reads=0.4, read_on=(0,))


@settings(max_examples=60)
@given(
    carriers=st.integers(4, 50),
    pitch_mm=st.integers(100, 900),
    speed_mm_s=st.integers(100, 3_000),
    inductions=st.integers(1, 3),
    stations=st.integers(1, 3),
    count=st.integers(1, 60),
    seed=st.integers(0, 10_000),
    policy=st.sampled_from([NAIVE, GREEDY, KAREZ, TIGHT, replace(KAREZ, asks=AsksCoder.AT_SCAN)]),
    capacity=st.integers(1, 9),
    coders=st.integers(0, 2),
    apart_ms=st.integers(1, 3_000),
)
def test_both_models_agree_on_any_loop(
    carriers: int,
    pitch_mm: int,
    speed_mm_s: int,
    inductions: int,
    stations: int,
    count: int,
    seed: int,
    policy: Policy,
    capacity: int,
    coders: int,
    apart_ms: int,
) -> None:
    section = HallSection(
        carriers=carriers, pitch_mm=pitch_mm, speed_mm_s=speed_mm_s, inductions=inductions, stations=stations
    )
    habits = ChuteHabits(capacity, 5_000)
    agree(section, count, seed, policy, habits=habits, coders=coders, apart_ms=apart_ms)
