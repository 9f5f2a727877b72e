"""Polygons as shapes that can be measured: what two of them share, and how large that is."""

from collections.abc import Sequence
from math import cos, radians

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from karez.address.areas.rules import Point

_KM_A_DEGREE = 111.2


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
