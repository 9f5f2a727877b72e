"""Errors put into addresses: look-alikes of pairs that repair does not know, and one character lost."""

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

Lookalikes = Mapping[str, str]
"""Character → those that look like it."""

FRONT = 12
"""Characters in which province, city and county stand: of these one is dropped."""


@dataclass(frozen=True, slots=True)
class Halves:
    """A table of look-alikes in two: no pair is in both, whichever way round."""

    for_repair: dict[str, str]
    held_out: dict[str, str]


def halved(lookalikes: Lookalikes, seed: int) -> Halves:
    """Split the pairs by chance, half of them to each side."""
    pairs = sorted({tuple(sorted((one, other))) for one, others in lookalikes.items() for other in others})
    random.Random(seed).shuffle(pairs)
    middle = len(pairs) // 2
    return Halves(_table(pairs[:middle]), _table(pairs[middle:]))


def _table(pairs: list[tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {one: "".join(sorted(others)) for one, others in sorted(found.items())}


def with_lookalikes(text: str, table: Lookalikes, share: float, rng: random.Random) -> str:
    """Replace every character that has a look-alike by one of them, each with a probability of ``share``."""
    return "".join(rng.choice(table[each]) if each in table and rng.random() < share else each for each in text)


def with_one_dropped(text: str, rng: random.Random) -> str:
    """Leave out one of the first characters."""
    place = rng.randrange(min(len(text), FRONT)) if text else 0
    return text[:place] + text[place + 1 :]
