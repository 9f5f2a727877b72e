"""Rings of an areas file: judged as shapely judges them, but without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from karez.address.areas.geometry import holds, ring_fault
from karez.address.areas.shapes import area_km2, overlap, polygon

CORNERS = st.tuples(st.integers(75, 79), st.integers(37, 41))


@given(st.lists(CORNERS, min_size=3, max_size=7, unique=True))
def test_a_ring_is_refused_where_it_is_no_simple_polygon(corners: list[tuple[int, int]]) -> None:
    assert (ring_fault([list(corner) for corner in corners]) == "") == Polygon(corners).is_valid


@given(
    st.lists(CORNERS, min_size=3, max_size=7, unique=True).filter(lambda corners: Polygon(corners).is_valid),
    st.tuples(st.floats(74, 80), st.floats(36, 42)),
)
def test_a_point_is_inside_where_shapely_says_so(corners: list[tuple[int, int]], point: tuple[float, float]) -> None:
    shape = Polygon(corners)
    if shape.boundary.distance(Point(point)) > 1e-9:
        assert holds(corners, point) == shape.contains(Point(point))


@pytest.mark.parametrize("ring", [[], 5, [[75, 39]], [[75, 39], [75, 39], [76, 39]], [[75, 39, 1]], [[True, 39]] * 3])
def test_what_is_no_ring_is_told(ring: object) -> None:
    assert ring_fault(ring)


def test_areas_are_square_kilometres() -> None:
    square = [(76.0, 39.0), (77.0, 39.0), (77.0, 40.0), (76.0, 40.0)]
    assert area_km2(polygon(square)) == pytest.approx(111.2 * 111.2 * 0.7716, rel=0.001)  # cos 39.5° is 0.7716
    assert area_km2(overlap(square, [(77.0, 39.0), (78.0, 39.0), (78.0, 40.0)])) == 0
