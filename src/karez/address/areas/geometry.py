"""Polygons as an areas file writes them: whether a ring can be one, and whether it holds a point."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from karez.address.areas.rules import Point

_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)
"""Degrees that China lies within."""

Edge = tuple[Point, Point]


def ring_fault(ring: Any) -> str:
    """Return what is wrong with a ring as the file writes it, an empty text where nothing is."""
    if not isinstance(ring, list) or not all(_is_pair(pair) for pair in ring):
        return "must be a list of corners, each [longitude, latitude]"
    corners = [(float(lon), float(lat)) for lon, lat in ring]
    if len(set(corners)) < 3:
        return "needs three corners at least"
    for corner in corners:
        fault = point_fault(*corner)
        if fault:
            return f"has a corner that {fault}"
    at = _crossing(corners[:-1] if corners[0] == corners[-1] else corners)
    return f"crosses or touches itself near [{at[0]}, {at[1]}]" if at else ""


def point_fault(lon: float, lat: float) -> str:
    """Return what is wrong with a point, an empty text where it lies in China."""
    if _EAST[0] <= lon <= _EAST[1] and _NORTH[0] <= lat <= _NORTH[1]:
        return ""
    swapped = _EAST[0] <= lat <= _EAST[1] and _NORTH[0] <= lon <= _NORTH[1]
    hint = "; longitude comes first" if swapped else ""
    return f"does not lie in China: [{lon}, {lat}]{hint}"


def _is_pair(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) == 2
    return numbers and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value)


def holds(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies inside a ring (even-odd rule); of a point on the border either answer may come."""
    lon, lat = point
    inside = False
    for (x1, y1), (x2, y2) in _edges(ring):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def _edges(ring: Sequence[Point]) -> Iterator[Edge]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _crossing(ring: Sequence[Point]) -> Point | None:
    """Return a corner near which a ring crosses or touches itself, or turns back on its own line."""
    edges = [edge for edge in _edges(ring) if edge[0] != edge[1]]
    for (i, one), (j, other) in combinations(enumerate(edges), 2):
        if j == i + 1:
            turns_back = _turns_back(one, other)
        elif i == 0 and j == len(edges) - 1:
            turns_back = _turns_back(other, one)
        else:
            turns_back = _meet(one, other)
        if turns_back:
            return other[0]
    return None


def _turns_back(one: Edge, after: Edge) -> bool:
    """Whether the second of two edges in a row lies on the first."""
    (a, b), (_, c) = one, after
    forwards = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return _side(a, b, c) == 0 and forwards < 0


def _meet(one: Edge, other: Edge) -> bool:
    """Whether two edges have a point in common."""
    (a, b), (c, d) = one, other
    sides = _side(c, d, a), _side(c, d, b), _side(a, b, c), _side(a, b, d)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    ends = ((sides[0], other, a), (sides[1], other, b), (sides[2], one, c), (sides[3], one, d))
    return any(side == 0 and _spans(edge, point) for side, edge, point in ends)


def _side(a: Point, b: Point, c: Point) -> float:
    """Return on which side of the line from a to b the point c lies: positive for left, 0 for on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _spans(edge: Edge, point: Point) -> bool:
    """Whether a point on an edge's line lies between its ends."""
    (x1, y1), (x2, y2) = edge
    return min(x1, x2) <= point[0] <= max(x1, x2) and min(y1, y2) <= point[1] <= max(y1, y2)
