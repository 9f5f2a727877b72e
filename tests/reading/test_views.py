"""Cut-outs remember where each of their pixels stands in the stored picture, flat or in perspective."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.reading.views import Matrix, Region, View, after, mapped, parts, region_matrix, warp

_TILTS = st.floats(-4e-4, 4e-4)
_POINTS = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 400)), min_size=1, max_size=5)


@st.composite
def perspectives(draw: st.DrawFn) -> Matrix:
    flat = region_matrix(Region(400, 300, 500, 350, draw(st.floats(-180, 180))), draw(st.floats(0.5, 3)))
    flat[2, :2] = draw(_TILTS), draw(_TILTS)
    return flat


@given(perspectives(), _POINTS)
def test_points_come_back_through_the_inverse_map(matrix: Matrix, points: list[tuple[float, float]]) -> None:
    assert mapped(np.linalg.inv(matrix), mapped(matrix, points)) == pytest.approx(np.array(points), abs=1e-5)


@given(perspectives(), perspectives(), _POINTS)
def test_a_chain_of_maps_equals_one_map_after_the_other(
    outer: Matrix, inner: Matrix, points: list[tuple[float, float]]
) -> None:
    inner = np.array([[0.5, 0, 3], [0, 0.5, 5], [inner[2, 0] / 2, inner[2, 1] / 2, 1]])
    assert mapped(after(outer, inner), points) == pytest.approx(mapped(outer, mapped(inner, points)), abs=1e-4)


def test_a_dot_is_seen_in_a_perspective_view_where_the_map_says() -> None:
    picture = np.zeros((400, 600), np.uint8)
    picture[218:223, 348:353] = 255
    matrix = np.array([[1.1, 0.1, 20], [-0.05, 0.9, 30], [2e-4, 3e-4, 1.0]])
    seen = warp(picture, matrix, (500, 350))
    rows, columns = np.nonzero(seen > 127)
    middle = View(seen, matrix).stored_points([(columns.mean(), rows.mean())])[0]
    assert middle == pytest.approx((350, 220), abs=1)


def test_a_view_s_box_is_listed_in_whole_stored_pixels() -> None:
    view = View(np.zeros((1, 1), np.uint8), np.array([[2.0, 0, 10], [0, 2.0, 20], [0, 0, 1.0]]))
    assert view.box([(0, 0), (4, 0), (4, 3), (0, 3)]) == ((10, 20), (18, 20), (18, 26), (10, 26))


@given(rows=st.integers(1, 900), columns=st.integers(1, 900), most_px=st.integers(2_000, 200_000))
def test_parts_of_a_picture_cover_all_of_it_and_say_where_they_stand(rows: int, columns: int, most_px: int) -> None:
    picture = np.arange(rows * columns, dtype=np.uint32).astype(np.uint8).reshape(rows, columns)
    covered = np.zeros((rows, columns), bool)

    for part in parts(picture, most_px):
        height, width = part.pixels.shape
        left, top = (round(value) for value in mapped(part.to_stored, [(0, 0)])[0])
        assert np.array_equal(picture[top : top + height, left : left + width], part.pixels)
        covered[top : top + height, left : left + width] = True

    assert covered.all()


def test_a_code_across_the_cut_between_parts_stands_whole_in_one_of_them() -> None:
    spans = [
        (left, left + part.pixels.shape[1])
        for part in parts(np.zeros((400, 1000), np.uint8), 200_000)
        for left in [round(mapped(part.to_stored, [(0, 0)])[0][0])]
    ]

    assert all(any(first <= at and at + 100 <= last for first, last in spans) for at in range(900))
