"""Polygons of an areas file: whether a ring can be one, whether it holds a point, and how much two share."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from karez.address.area_rules import Point

_KM_A_DEGREE = 111.2
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)
"""Degrees that China lies within."""


def ring_fault(ring: Any) -> str:
    """Return what is wrong with a ring as the file writes it, an empty text where nothing is."""
    if not isinstance(ring, list) or not all(_is_pair(pair) for pair in ring):
        return "must be a list of corners, each [longitude, latitude]"
    if len({(lon, lat) for lon, lat in ring}) < 3:
        return "needs three corners at least"
    for lon, lat in ring:
        fault = point_fault(lon, lat)
        if fault:
            return f"has a corner that {fault}"
    shape = Polygon(ring)
    return "" if shape.is_valid else f"crosses or touches itself ({explain_validity(shape)})"


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
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def polygon(ring: Sequence[Point]) -> Polygon:
    """Return a ring as a shape that can be measured."""
    return Polygon(ring)


def overlap(one: Sequence[Point], other: Sequence[Point]) -> BaseGeometry:
    """Return what two rings share, in degrees; empty where they only touch."""
    return Polygon(one).intersection(Polygon(other))


def area_km2(shape: BaseGeometry) -> float:
    """Return the area of a shape of degrees, on a plane that is true at its middle: good to a percent for a county."""
    if shape.is_empty:
        return 0.0
    _, south, _, north = shape.bounds
    return float(shape.area) * _KM_A_DEGREE**2 * cos(radians((south + north) / 2))
