"""The instance that can be followed with pencil and paper: what comes out is what was reckoned by hand.

A carrier moves one metre a second, and the loop is six metres: a parcel put on at T is photographed at T + 0.5 s, asks
at T + 1 s, passes chute A at T + 2 s, B at T + 3 s, X at T + 4 s, ends its lap at T + 5 s and is back at T + 6 s. One
carrier comes by each second. A takes three parcels, B four; each is empty again 2.5 s after it is full.
"""

import pytest

from docs.shelf import ROOT
from karez.bench.loop import entry, instances
from karez.bench.loop.score import score
from karez.simulation.planning.policy import GREEDY, KAREZ, NAIVE, Policy
from karez.simulation.planning.run import run

HAND = instances.opened(ROOT / "benchmarks" / "loop" / "instances", "1-by-hand")

COMMON = [
    ("A", 1, 3_000),  # parcel 0, on at 1 s
    ("B", 1, 5_000),
    ("A", 1, 5_000),
]

BY_HAND = {
    NAIVE: [
        *COMMON,
        ("B", 2, 13_000),  # unread; lap ends at 9 s, coded until 10.5 s, asks again at 11 s
        ("A", 1, 7_000),  # the third in A: full until 9.5 s
        ("A", 2, 14_000),  # at A at 8 s, which is full
        ("B", 1, 10_000),
        ("A", 3, 22_000),  # unread; lap ends at 13 s, coded until 16 s, after it asked at 15 s; asks again at 21 s
        ("B", 2, 18_000),  # its coder would be free at 16 s, but it is read at 15.5 s; the fourth in B
        ("A", 1, 13_000),  # on at 11 s: the carrier that came at 10 s still had parcel 3
        ("X", 2, 23_000),  # on at 13 s: those of 12 s still had parcel 5; the coder gives up at 19 s
        ("B", 2, 25_000),  # on at 16 s; at B at 19 s, full since 18 s, empty at 20.5 s
    ],
    GREEDY: [
        *COMMON,
        ("B", 2, 13_000),  # asked for at 5 s, coded at 6.5 s, but the order of this lap stands
        ("A", 1, 7_000),
        ("A", 2, 14_000),
        ("B", 1, 10_000),
        ("A", 2, 16_000),  # asked for at 9 s, coded at 12 s, asks again at 15 s
        ("B", 2, 18_000),
        ("A", 1, 13_000),
        ("X", 2, 23_000),
        ("B", 2, 25_000),
    ],
}


@pytest.mark.parametrize("policy", BY_HAND, ids=lambda policy: policy.name)
def test_what_was_reckoned_by_hand_comes_out(policy: Policy) -> None:
    result = run(HAND.loop, policy)
    rows = zip(result.chute.tolist(), result.lap.tolist(), result.left_ms.tolist(), strict=True)
    assert [(HAND.chutes[chute], lap, left_ms) for chute, lap, left_ms in rows] == BY_HAND[policy]


def test_karez_sorts_on_the_same_lap_what_is_coded_in_time() -> None:
    result = run(HAND.loop, KAREZ)
    # parcel 3 is photographed at 4.5 s and coded until 6 s; B comes at 7 s
    assert (result.coder_asked_ms[3], result.coder_done_ms[3], result.lap[3], result.left_ms[3]) == (
        4500,
        6000,
        1,
        7000,
    )
    # parcel 7 is photographed at 8.5 s and coded until 11.5 s, when A is 1.5 s behind it
    assert (result.coder_done_ms[7], result.lap[7], result.left_ms[7]) == (11_500, 2, 16_000)
    # parcel 10 is photographed at 11.5 s, looked at from 13.5 s to 14.5 s in vain; X comes at 15 s
    assert (result.coder_done_ms[10], result.lap[10], result.left_ms[10]) == (14_500, 1, 15_000)


def test_the_score_of_the_hand_reckoned_run_is_reckoned_by_hand() -> None:
    figures = score(HAND.loop, entry.of_run(run(HAND.loop, NAIVE)))
    assert (figures.violations, figures.sorted, figures.exception, figures.missorted) == ((), 11, 1, 0)
    on = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16]
    left = [3, 5, 5, 13, 7, 14, 10, 22, 18, 13, 23, 25]
    circling = sum(max(0, gone - (put + 5)) for put, gone in zip(on, left, strict=True))
    riding = sum(left) - sum(on)
    assert (circling, riding) == (29, 73)
    assert figures.recirculating_share == pytest.approx(circling / riding)
    assert figures.laps_mean == pytest.approx(19 / 12)
    assert figures.in_system_ms == pytest.approx(1000 * sum(left) / 12)
