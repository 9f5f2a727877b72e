"""How near a text comes to a name: the cheapest way to read the name out of it, with what reading errors cost."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

LOOKALIKE, DOUBLED, LOST, OTHER = 0.4, 0.4, 0.9, 0.9
"""Costs of an error: a look-alike read, a character doubled, one lost or too many, any other. Set on noise that was
made for it (5 % of the characters), never on the sets that are judged."""

ENDING = 0.3
"""Weight of the generic word behind a name (乡, 镇, 街道): towns are renamed in it, and people confuse it."""

_ENDINGS = frozenset("乡镇场道区县市村")
_TOWNS = frozenset("乡镇")
_ROAD = frozenset("路街巷桥弄")
_ROAD_BEHIND = re.compile(r"[东西南北中]?(?:[路街巷桥弄]|大道)")
_STREET_ENDINGS = frozenset("路街道巷桥弄")


class Near(NamedTuple):
    """A name found in a text with errors: where, and what they cost."""

    cost: float
    start: int
    end: int


class Lookalikes:
    """Which characters are read for one another, both ways."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._of: dict[str, set[str]] = {}
        for one, others in table.items():
            for other in others:
                self._of.setdefault(one, set()).add(other)
                self._of.setdefault(other, set()).add(one)

    def alike(self, one: str, other: str) -> bool:
        """Whether one may be read for the other."""
        return other in self._of.get(one, ())

    def could_be(self, text: str) -> set[str]:
        """Return all characters that the text's may stand for."""
        return set(text).union(*(self._of.get(character, ()) for character in text))


def likely(names: Iterable[str], text: str, seen: set[str]) -> Iterator[str]:
    """Yield the names of which hardly a character is not in ``seen``: a quick sieve before `near`.

    One may be missing, two in long names; the generic word behind them does not count. Of a name of two characters and
    a generic word one may be missing only where that word begins the text (仁乡 for 巴仁乡 is 巴 lost).
    """
    beginning = text[:4]
    for name in names:
        stem = name[: stem_length(name)]
        missing = 0
        for character in stem:
            if character not in seen:
                missing += 1
        allowed = (name[-1] in beginning) if len(stem) < 3 else 1 if len(stem) < 4 else 2
        if missing <= allowed:
            yield name


def near(name: str, text: str, lookalikes: Lookalikes) -> Near | None:
    """Return the cheapest place of ``name`` in ``text`` (the first of equals); ``None`` where it would be a road's.

    Semi-global alignment: the whole name against any part of the text. The generic word behind a name counts little.
    """
    generic = stem_length(name)
    costs, starts = [0.0] * (len(text) + 1), list(range(len(text) + 1))
    for row, meant in enumerate(name):
        weight = ENDING * (1.5 if len(name) - generic > 1 else 1.0) if row >= generic else 1.0
        costs, starts = _next_row(meant, weight, text, costs, starts, lookalikes)
    ends = [Near(cost, start, end) for end, (cost, start) in enumerate(zip(costs, starts, strict=True))]
    found = min(ends)
    whole = min(
        (each for each in ends if each.cost <= found.cost + ENDING and is_ended(name, text, each)), default=None
    )
    return whole or (None if _is_road(text, found.end) else found)


def stem_length(name: str) -> int:
    """Return the characters of a name without the generic word behind it."""
    return len(name) - (2 if name.endswith("街道") else name[-1] in _ENDINGS)


def is_ended(name: str, text: str, found: Near) -> bool:
    """Whether what was found ends with the name's generic word, or with another of its kind (乡 for 镇)."""
    end = found.end
    if name.endswith("街道"):
        whole = text.endswith(("街道", "街办"), 0, end)
        return whole or (end - found.start == len(name) and text[end - 1] == "道" and text[end - 2] != "大")
    return end > 0 and (text[end - 1] == name[-1] or (text[end - 1] in _TOWNS and name[-1] in _TOWNS))


def is_street(text: str, found: Near) -> bool:
    """Whether what was found ends as a street's name does."""
    return text[found.end - 1 : found.end] in _STREET_ENDINGS


def _is_road(text: str, end: int) -> bool:
    return text[end - 1 : end] in _ROAD or _ROAD_BEHIND.match(text, end) is not None


def _next_row(
    meant: str, weight: float, text: str, costs: list[float], starts: list[int], lookalikes: Lookalikes
) -> tuple[list[float], list[int]]:
    """Return the costs and starts of all ends of the name up to the character ``meant``, from those without it."""
    new_costs, new_starts = [costs[0] + LOST * weight], [0]
    for column, read in enumerate(text, 1):
        best, start = costs[column - 1], starts[column - 1]
        if read != meant:
            swapped = weight < 1 and read in _TOWNS and meant in _TOWNS
            alike = LOOKALIKE if swapped or lookalikes.alike(meant, read) else OTHER
            best += alike * weight
        lost = costs[column] + LOST * weight
        if lost < best:
            best, start = lost, starts[column]
        doubled = column > 1 and text[column - 2] == read
        extra = new_costs[column - 1] + (DOUBLED if doubled else LOST)
        if extra < best:
            best, start = extra, new_starts[column - 1]
        new_costs.append(best)
        new_starts.append(start)
    return new_costs, new_starts
