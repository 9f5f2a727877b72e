"""The cheapest way through a text: parts with costs, and costs between their labels, by dynamic programming."""

from collections.abc import Callable
from math import inf
from operator import itemgetter

from karez.address.parts.seen import SEEN_BEFORE, SEES
from karez.address.parts.transitions import AGAIN, DASHED, END, START, STATES, TO

Edge = tuple[int, int, float, int]
"""One part that the text could have, hanging from where it starts: where it ends, its label (an index into `LABELS`, or
`NOTHING`), its cost, and the state that the next part sees: an index as in ``TO``, or one of the KEEP values."""

NOTHING = -1
"""Label of an edge that is no part: a space."""

KEEP, KEEP_DASHED, KEEP_PLACE = -1, -2, -3
"""States of an edge: as before it; as before, behind a dash; as before, behind a place said twice (`KEEP_PLACE` less
the level of the place)."""

_BEAM = 10.0
"""States at one place that cost so much more than the cheapest one there are given up."""

_COST = itemgetter(2)

_Step = tuple[float, int, int, int]  # cost so far, place before, key before, label of the step


class _Lattice:
    """The ways through a text, from left to right.

    ``best[place]``: key of a state → the cheapest step to it; a key is the state and, `STATES` times, what was seen.
    ``limit[place]``: cost from which on a step there is hopeless.
    """

    def __init__(self, length: int) -> None:
        self.best: list[dict[int, _Step]] = [{} for _ in range(length + 1)]
        self.limit = [inf] * (length + 1)
        self._put(0, START, (0.0, 0, START, NOTHING))

    def _put(self, place: int, key: int, step: _Step) -> None:
        there = self.best[place]
        known = there.get(key)
        if known is None or step[0] < known[0]:
            there[key] = step
            self.limit[place] = min(self.limit[place], step[0] + _BEAM)

    def extend(self, here: int, edges: list[Edge]) -> None:
        """Hang the edges on the states of a place; a state or a step that is hopelessly dear is left out."""
        limit = self.limit[here]
        groups: dict[int, list[tuple[int, float]]] = {}
        for key, step in self.best[here].items():
            if step[0] < limit:
                groups.setdefault(key // STATES, []).append((key % STATES, step[0]))
        by_cost = sorted(edges, key=_COST)  # the cheap ones first: they show soon which others are hopeless
        for seen, states in groups.items():
            self._extend(here, seen, states, by_cost)

    def _extend(self, here: int, seen: int, states: list[tuple[int, float]], edges: list[Edge]) -> None:
        entries: list[tuple[float, int] | None] = [None] * len(TO)
        limits, dearer, offset = self.limit, SEEN_BEFORE[seen], seen * STATES
        least = min(spent for _, spent in states)
        for end, label, cost, state in edges:
            if least + cost >= limits[end]:
                continue
            if state < 0:
                self._keep(here, offset, states, (end, label, cost, state))
                continue
            entry = entries[label]
            if entry is None:
                row = TO[label]
                spent, before = min([(spent + row[base], base) for base, spent in states])
                entry = entries[label] = (spent + dearer[label], before + offset)
            total = entry[0] + cost
            if total < limits[end]:
                self._put(end, state + SEES[label][seen] * STATES, (total, here, entry[1], label))

    def _keep(self, here: int, offset: int, states: list[tuple[int, float]], edge: Edge) -> None:
        """Hang on an edge that leaves every state as it was, or as it was but behind a dash."""
        end, label, cost, state = edge
        for base, spent in states:
            after = base + DASHED if state == KEEP_DASHED and base < START else base
            total = spent + cost + (AGAIN[KEEP_PLACE - state][base] if state < KEEP_PLACE else 0.0)
            if total < self.limit[end]:
                self._put(end, after + offset, (total, here, base + offset, label))


def cheapest(length: int, edges_at: Callable[[int], list[Edge]]) -> list[tuple[int, int, int]]:
    """Return (start, end, label) of the parts on the cheapest way from 0 to ``length``.

    ``edges_at`` is asked once for every place that can be reached, from left to right. Where no way leads through,
    the result is empty.
    """
    lattice = _Lattice(length)
    for here in range(length):
        if lattice.best[here]:
            lattice.extend(here, edges_at(here))
    return _trace(lattice.best)


def _trace(best: list[dict[int, _Step]]) -> list[tuple[int, int, int]]:
    place = len(best) - 1
    if not best[place]:
        return []
    key = min(best[place], key=lambda k: best[place][k][0] + END[k % STATES])
    parts: list[tuple[int, int, int]] = []
    while place:
        _, before, key_before, label = best[place][key]
        if label != NOTHING:
            parts.append((before, place, label))
        place, key = before, key_before
    return parts[::-1]
