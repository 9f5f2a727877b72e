"""The scorer of the loop benchmark: it believes nothing that cannot have happened."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from docs.shelf import ROOT
from karez.bench.loop import entry, instances
from karez.bench.loop.entry import Entry
from karez.bench.loop.score import score
from karez.simulation.planning.instance import Jam
from karez.simulation.planning.policy import KAREZ, NAIVE, POLICIES
from karez.simulation.planning.run import run

FOLDER = ROOT / "benchmarks" / "loop" / "instances"
HAND = instances.opened(FOLDER, "1-by-hand")
A, B, X = range(3)


@pytest.fixture(scope="module")
def true() -> Entry:
    """The hand-reckoned result of the naive policy."""
    return entry.of_run(run(HAND.loop, NAIVE))


def changed(true: Entry, **rows: dict[int, int]) -> Entry:
    """A result with some parcels' figures replaced."""
    arrays = {}
    for name, values in rows.items():
        arrays[name] = getattr(true, name).copy()
        for parcel, value in values.items():
            arrays[name][parcel] = value
    return replace(true, **arrays)


LIES: dict[str, tuple[dict[str, dict[int, int]], str]] = {
    "carrier": ({"carrier": {9: 2}, "inducted_ms": {9: 10_000}, "left_ms": {9: 12_000}}, "on carrier 2 at one time"),
    "early": ({"inducted_ms": {0: 0}}, "comes on before it has arrived"),
    "elsewhere": ({"left_ms": {6: 10_001}}, "leaves when its carrier is not there"),
    "induction": ({"inducted_ms": {9: 11_500}}, "when its carrier is not at its induction"),
    "lap": ({"lap": {6: 2}}, "leaves on another lap than it says"),
    "full": ({"lap": {5: 1}, "left_ms": {5: 8_000}}, "parcel 5 falls into a chute that is full"),
    "guess": ({"lap": {3: 1}, "left_ms": {3: 7_000}}, "parcel 3 is sorted by an answer that did not exist yet"),
    "uncodable": ({"chute": {10: B}, "left_ms": {10: 22_000}}, "parcel 10 is sorted by an answer that did not exist"),
    "coder twice": ({"coder_starts_ms": {10: 15_500}}, "looks at parcels 7 and 10 at one time"),
    "coded unseen": ({"coder_starts_ms": {3: 4_000}}, "parcel 3 is coded before its picture was taken"),
    "queue": (
        {"carrier": {0: 4, 1: 5}, "inducted_ms": {0: 2_000, 1: 1_000}, "left_ms": {0: 4_000, 1: 4_000}},
        "parcel 1 comes on before one that lay before it",
    ),
    "half": ({"left_ms": {6: -1}}, "has a chute without a time of leaving"),
    "no carrier": ({"carrier": {6: 6}}, "a carrier's number is none of the loop's"),
}


def test_the_true_result_has_nothing_against_it(true: Entry) -> None:
    assert score(HAND.loop, true).violations == ()


@pytest.mark.parametrize("lie", LIES)
def test_each_kind_of_lie_is_told_by_its_name(true: Entry, lie: str) -> None:
    changes, words = LIES[lie]
    entered = changed(true, **changes)
    assert any(words in each for each in score(HAND.loop, entered).violations), score(HAND.loop, entered).violations


def test_what_falls_into_a_jammed_chute_cannot_have_happened(true: Entry) -> None:
    jammed = replace(HAND.loop, jams=(Jam(B, 9_000, 2_000),))
    assert score(jammed, true).violations == ("parcel 6 falls into a chute that is jammed",)


def test_a_parcel_in_a_chute_that_is_none_of_its_is_missorted_and_not_refused(true: Entry) -> None:
    figures = score(HAND.loop, changed(true, chute={6: A}, left_ms={6: 9_000 + 6_000}, lap={6: 2}))
    assert (figures.missorted, figures.sorted) == (1, 10)


def test_what_never_came_on_is_left_over(true: Entry) -> None:
    figures = score(
        HAND.loop, changed(true, carrier={11: -1}, inducted_ms={11: -1}, chute={11: -1}, lap={11: 0}, left_ms={11: -1})
    )
    assert (figures.violations, figures.left_over, figures.sorted) == ((), 1, 10)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
@pytest.mark.parametrize("name", ["2-county", "3-full-chutes"])
def test_what_the_model_does_on_drawn_loops_can_have_happened(name: str, policy) -> None:  # type: ignore[no-untyped-def]
    opened = instances.opened(FOLDER, name, seed=77)
    result = run(opened.loop, policy)
    figures = score(opened.loop, entry.of_run(result))
    assert figures.violations == ()
    assert figures.recirculating_share == pytest.approx(result.recirculating_share, abs=1e-12)


def test_any_tampering_with_a_drawn_run_is_seen() -> None:
    """Move one parcel at a time a carrier, a lap or a millisecond away: none of it can have happened."""
    opened = instances.opened(FOLDER, "2-county")
    drawn, rng = entry.of_run(run(opened.loop, KAREZ)), np.random.default_rng(5)
    moves: list[Callable[[Entry, int], Entry]] = [
        lambda it, row: replace(it, carrier=_moved(it.carrier, row, 1, opened.loop.carriers)),
        lambda it, row: replace(it, left_ms=_moved(it.left_ms, row, 1)),
        lambda it, row: replace(it, inducted_ms=_moved(it.inducted_ms, row, -1)),
        lambda it, row: replace(it, lap=_moved(it.lap, row, 1)),
    ]
    for number in range(40):
        row = int(rng.integers(len(opened.loop.parcels)))
        assert score(opened.loop, moves[number % 4](drawn, row)).violations, (number % 4, row)


def _moved(column: np.ndarray, row: int, by: int, modulo: int = 1 << 62) -> np.ndarray:
    moved = column.copy()
    moved[row] = (moved[row] + by) % modulo
    return moved
