"""The planning model's karez policy is the live hub's: the kernel and `go_round` say the same of every state."""

from dataclasses import replace

import numba
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from karez.hub.rereading import Rereading
from karez.simulation.loop import Station
from karez.simulation.planning.circling import CHUTE, PERSON, PICTURE, goes_round
from karez.simulation.planning.instance import LoopInstance, ParcelRows
from karez.simulation.planning.laying_out import laid_out
from karez.simulation.planning.policy import KAREZ
from karez.simulation.planning.riding import pictured_again
from karez.sorter.recirculation import Hope, LoopLoad, go_round


@numba.njit
def compiled(house, count, lap, hope, ahead):  # type: ignore[no-untyped-def]
    return goes_round(house, count, lap, hope, ahead)


@numba.njit
def compiled_again(model, read):  # type: ignore[no-untyped-def]
    pictured_again(model, read)


NOBODY = np.zeros(0, np.int64)
EMPTY = LoopInstance(
    name="empty",
    carriers=400,
    pitch_mm=600,
    speed_mm_s=2_500,
    stations=(Station((0,), 20_000, 23_750, 235_000),),
    chutes_mm=(30_000, 200_000),
    exception=1,
    capacity=(40, 40),
    emptied_after_ms=30_000,
    coders=1,
    coding_expected_ms=3_500,
    parcels=ParcelRows(NOBODY, NOBODY, NOBODY.reshape(0, 1), NOBODY, NOBODY, NOBODY.astype(np.bool_)),
)


@settings(max_examples=400)
@given(
    carriers=st.integers(1, 500),
    taken=st.floats(0, 1),
    lap=st.integers(1, 5),
    laps=st.integers(1, 4),
    hope=st.sampled_from([(PICTURE, Hope.PICTURE), (PERSON, Hope.PERSON), (CHUTE, Hope.CHUTE)]),
    crowded_percent=st.integers(1, 100),
    ahead=st.integers(0, 120),
    coders=st.integers(0, 4),
    coding_ms=st.integers(500, 20_000),
    again=st.integers(0, 400),
    read_percent=st.integers(0, 30),
)
def test_the_kernel_and_the_live_policy_say_the_same_of_any_state(
    carriers: int,
    taken: float,
    lap: int,
    laps: int,
    hope: tuple[int, Hope],
    crowded_percent: int,
    ahead: int,
    coders: int,
    coding_ms: int,
    again: int,
    read_percent: int,
) -> None:
    instance = replace(EMPTY, carriers=carriers, coders=coders, coding_expected_ms=coding_ms)
    policy = replace(KAREZ, max_laps=laps, crowded_percent=crowded_percent)
    occupied = round(taken * carriers)
    if 100 * occupied == crowded_percent * carriers:
        occupied += 1  # on the very edge a share in floating point may fall to either side
    assume(100 * (ahead + 1) * coding_ms != policy.patience_percent * instance.lap_ms * coders)  # and so may this one
    rereading, model = Rereading(), laid_out(instance, policy)
    for number in range(again):
        read = number * read_percent % 100 < read_percent
        rereading.pictured_again(read)
        compiled_again(model, read)
    load = LoopLoad(
        instance.lap_ms, carriers, occupied, crowded_percent / 100, coders, coding_ms, reread_share=rereading.share
    )
    model.counts[0].riding = occupied
    said = compiled(model.house[0], model.counts[0], lap, hope[0], ahead)
    assert bool(said) is go_round(lap, laps, hope[1], load, ahead).go_round
