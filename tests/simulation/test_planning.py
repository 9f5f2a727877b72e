"""The planning model by itself: kernels against the loop they stand for, and what no run may do."""

import runpy
from dataclasses import replace
from random import Random

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.errors import BadInput
from karez.simulation.loop import Loop, Station
from karez.simulation.planning import agenda
from karez.simulation.planning.compiling import SOURCES
from karez.simulation.planning.instance import Jam, LoopInstance, ParcelRows
from karez.simulation.planning.laying_out import laid_out, records
from karez.simulation.planning.passing import next_carrier, passes
from karez.simulation.planning.policy import GREEDY, KAREZ, NAIVE, Policy
from karez.simulation.planning.run import run
from karez.simulation.planning.state import EntryRow
from karez.simulation.planning.stepping import run_to_the_end


@numba.njit
def compiled_passes(house, carrier, point_um, after_ms):  # type: ignore[no-untyped-def]
    return passes(house, carrier, point_um, after_ms), next_carrier(house, point_um, after_ms)


@numba.njit
def through_the_heap(heap, keys, kept, out):  # type: ignore[no-untyped-def]
    """Push all keys, and pop until so many are left: writes down what came out, each with its value."""
    size = 0
    for key in keys:
        size = agenda.push(heap, size, key, key * 3)
    popped = 0
    while size > kept:
        out[popped, 0], out[popped, 1] = heap[0].key, heap[0].what
        size = agenda.pop(heap, size)
        popped += 1
    return popped


@numba.njit
def packed_and_unpacked(kind, parcel, chute, order):  # type: ignore[no-untyped-def]
    return agenda.unpacked(agenda.packed(kind, parcel, chute, order))


def loop(count: int = 200, stations: int = 4, coders: int = 1, seed: int = 1) -> LoopInstance:
    """A loop of 40 carriers and 20 s, with so many stations, and parcels a tenth of which cannot be read."""
    random, stretch = Random(seed), 40_000 // stations
    begins = [number * stretch for number in range(stations)]
    arrives_ms = np.array([random.randrange(count * 500) for _ in range(count)], np.int64)
    unread = np.array([random.random() < 0.1 for _ in range(count)])
    return LoopInstance(
        name="test",
        carriers=40,
        pitch_mm=1_000,
        speed_mm_s=2_000,
        stations=[Station((at,), at + 700, at + 1_500, (at - 1) % 40_000) for at in begins],
        chutes_mm=[at + 2_500 + step for at in begins for step in range(0, stretch - 3_000, 900)],
        exception=0,
        capacity=[500, *[6] * (stations * len(range(0, stretch - 3_000, 900)) - 1)],
        emptied_after_ms=3_000,
        coders=coders,
        coding_expected_ms=3_500,
        parcels=ParcelRows(
            arrives_ms,
            np.array([random.randrange(stations) for _ in range(count)], np.int64),
            np.array([random.sample(range(1, 20), 2) for _ in range(count)], np.int64).reshape(count, 2),
            np.where(unread, 0, 1),
            np.array([random.randrange(900, 6_100) for _ in range(count)], np.int64),
            np.ones(count, np.bool_),
        ),
    )


@given(
    carriers=st.integers(1, 500),
    pitch_mm=st.integers(1, 1_500),
    speed_mm_s=st.integers(1, 4_000),
    carrier=st.integers(0, 499),
    point_mm=st.integers(0, 700_000),
    after_ms=st.integers(0, 400_000_000),
)
def test_a_carrier_passes_a_point_in_the_millisecond_in_which_the_halls_does(
    carriers: int, pitch_mm: int, speed_mm_s: int, carrier: int, point_mm: int, after_ms: int
) -> None:
    at_mm = point_mm % (carriers * pitch_mm)
    halls = Loop(carriers, pitch_mm, speed_mm_s, (), {})
    instance = replace(loop(1), carriers=carriers, pitch_mm=pitch_mm, speed_mm_s=speed_mm_s)
    house = laid_out(instance, GREEDY).house[0]
    found = compiled_passes(house, carrier % carriers, at_mm * 1000, after_ms)
    assert found == (halls.passes(carrier % carriers, at_mm, after_ms), halls.next_carrier(at_mm, after_ms))


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(0, 60))
def test_the_agenda_gives_out_what_is_due_first_and_at_one_time_what_was_entered_first(
    times: list[int], kept: int
) -> None:
    keys = np.array([at << agenda.ENTRY_BITS | number for number, at in enumerate(times)], np.int64)
    out = np.zeros((len(keys), 2), np.int64)
    popped = through_the_heap(records(EntryRow, len(times) + 1), keys, min(kept, len(keys)), out)
    assert out[:popped].tolist() == [[key, key * 3] for key in sorted(keys.tolist())][:popped]


@given(st.integers(0, 7), st.integers(0, (1 << 27) - 1), st.integers(0, 4095), st.integers(0, 1 << 40))
def test_what_is_entered_comes_out_as_it_went_in(kind: int, parcel: int, chute: int, order: int) -> None:
    assert packed_and_unpacked(kind, parcel, chute, order) == (kind, parcel, chute, order & agenda.ORDERS)


@pytest.mark.parametrize("policy", [NAIVE, GREEDY, KAREZ], ids=lambda policy: policy.name)
def test_every_parcel_leaves_a_loop_of_several_stations_by_a_chute_of_its_or_the_exception(policy: Policy) -> None:
    instance = loop()
    result = run(instance, policy)
    own = (instance.parcels.chutes == result.chute[:, None]).any(axis=1)
    assert (own | (result.chute == instance.exception)).all()
    assert own.sum() > 190


def test_the_same_instance_gives_the_same_result_and_is_left_as_it_was() -> None:
    instance, before = loop(seed=3), loop(seed=3)
    first, second = run(instance, KAREZ), run(instance, KAREZ)
    assert first.left_ms.tolist() == second.left_ms.tolist()
    assert instance.parcels.chutes.tolist() == before.parcels.chutes.tolist()


def test_coding_while_it_rides_circulates_less_than_coding_behind_the_scan() -> None:
    shares = [run(loop(600, seed=4), policy).recirculating_share for policy in (NAIVE, GREEDY, KAREZ)]
    assert shares[2] < shares[1] <= shares[0]


def test_without_coders_the_greedy_policy_leaves_unread_parcels_on_the_loop_and_the_run_ends_all_the_same() -> None:
    instance = loop(coders=0)
    result = run(instance, GREEDY)
    assert (result.chute[instance.parcels.read_on_lap == 0] < 0).all()
    assert result.ended_ms > instance.patience_laps * instance.lap_ms


def test_the_machine_code_that_runs_was_made_of_the_source_that_lies_here() -> None:
    model = laid_out(loop(1), GREEDY)
    run_to_the_end(model)
    assert model.counts[0].sources == SOURCES


def test_what_set_up_compiles_serves_every_other_run() -> None:
    runpy.run_module("karez.simulation.planning", run_name="__main__")
    for instance in (loop(), replace(loop(0), jams=(Jam(1, 0, 1),)), loop(coders=0)):
        run(instance, KAREZ)
    assert len(run_to_the_end.signatures) == 1  # type: ignore[attr-defined]


def test_a_loop_without_parcels_is_finished_before_it_begins() -> None:
    assert run(loop(0), KAREZ).ended_ms == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"exception": 99},
        {"capacity": [1]},
        {"stations": []},
        {"chutes_mm": [50_000] * 20},
        {"coders": -1},
        {"jams": [Jam(77, 0, 1)]},
        {"parcels": replace(loop().parcels, induction=np.full(200, 9))},
        {"parcels": replace(loop().parcels, chutes=np.full((200, 1), 77))},
        {"parcels": replace(loop().parcels, coding_ms=np.zeros(200, np.int64))},
        {"parcels": replace(loop().parcels, codable=np.ones(3, np.bool_))},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_instance_that_cannot_be_is_refused_before_a_kernel_sees_it(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        run(replace(loop(), **wrong), GREEDY)
