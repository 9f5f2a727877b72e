"""The cheapest way through a text: parts with costs, and costs between their labels, by dynamic programming."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from karez.address.parts.transitions import AGAIN, DASHED, END, START, TO

NOTHING = -1
"""Label of an edge that is no part: a space."""

_BEAM = 14.0
"""States at one place that cost so much more than the best one there are given up."""


class Edge(NamedTuple):
    """One part that the text could have, hanging from where it starts.

    ``state`` is what the next part sees: an index as in ``TO``; `KEEP`: the same as before this part; `KEEP_DASHED`:
    the same, behind a dash; `KEEP_PLACE`: the same, behind a place said twice.
    """

    end: int
    label: int
    cost: float
    state: int


KEEP, KEEP_DASHED, KEEP_PLACE = -1, -2, -3

_Step = tuple[float, int, int, int]  # cost so far, place before, state before, label of the step


def cheapest(length: int, edges_at: Callable[[int], Iterable[Edge]]) -> list[tuple[int, int, int]]:
    """Return (start, end, label) of the parts on the cheapest way from 0 to ``length``.

    ``edges_at`` is asked once for every place that can be reached, from left to right. Where no way leads through,
    the result is empty.
    """
    best: list[dict[int, _Step]] = [{} for _ in range(length + 1)]
    best[0][START] = (0.0, 0, START, NOTHING)
    for here in range(length):
        if best[here]:
            _extend(best, here, edges_at(here))
    return _trace(best)


def _extend(best: list[dict[int, _Step]], here: int, edges: Iterable[Edge]) -> None:
    limit = min(step[0] for step in best[here].values()) + _BEAM
    states = [(state, step[0]) for state, step in best[here].items() if step[0] < limit]
    entries: dict[int, tuple[float, int]] = {}
    for end, label, cost, state in edges:
        there = best[end]
        if state >= 0:
            entry = entries.get(label)
            if entry is None:
                row = TO[label]
                entry = entries[label] = min([(spent + row[before], before) for before, spent in states])
            total = entry[0] + cost
            known = there.get(state)
            if known is None or total < known[0]:
                there[state] = (total, here, entry[1], label)
        else:
            _keep(there, here, states, (end, label, cost, state))


def _keep(
    there: dict[int, _Step], here: int, states: list[tuple[int, float]], edge: tuple[int, int, float, int]
) -> None:
    _, label, cost, state = edge
    for before, spent in states:
        after = before + DASHED if state == KEEP_DASHED and before < START else before
        total = spent + cost + AGAIN[before] if state == KEEP_PLACE else spent + cost
        known = there.get(after)
        if known is None or total < known[0]:
            there[after] = (total, here, before, label)


def _trace(best: list[dict[int, _Step]]) -> list[tuple[int, int, int]]:
    place = len(best) - 1
    if not best[place]:
        return []
    state = min(best[place], key=lambda s: best[place][s][0] + END[s])
    parts: list[tuple[int, int, int]] = []
    while place:
        _, before, state_before, label = best[place][state]
        if label != NOTHING:
            parts.append((before, place, label))
        place, state = before, state_before
    return parts[::-1]
