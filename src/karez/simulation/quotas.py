"""Exact shares instead of luck: a small day holds the same mix as a large one."""

from collections.abc import Mapping
from random import Random


def quota(count: int, shares: Mapping[str, float], rng: Random) -> list[str]:
    """Deal out names by their shares, in random order.

    Parameters
    ----------
    count
        How many are dealt.
    shares
        Weight of each name; they need not sum to 1. Fractions go to the largest remainders (Hare's method).
    """
    total = sum(shares.values())
    exact = {name: count * share / total for name, share in shares.items()}
    seats = {name: int(share + 1e-9) for name, share in exact.items()}
    by_remainder = sorted(shares, key=lambda name: (seats[name] - exact[name], name))
    for name in by_remainder[: count - sum(seats.values())]:
        seats[name] += 1
    dealt = [name for name, seat in seats.items() for _ in range(seat)]
    rng.shuffle(dealt)
    return dealt
