"""Where the label lies, and which way its print runs."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.reading.cells import CELL_PX, cells
from karez.reading.locating import locate
from karez.reading.views import Region, cut
from reading.drawn_labels import LabelText, Shot, draw_label, photograph


@settings(max_examples=12, deadline=None)
@given(st.floats(0, 360), st.floats(3.0, 6.0))
def test_the_angle_is_right_within_half_a_degree(angle: float, px_per_mm: float) -> None:
    picture = photograph(draw_label(LabelText()), Shot(angle_deg=angle, px_per_mm=px_per_mm))
    found = locate(picture).labels[0]
    assert abs((found.angle_deg - angle + 45) % 90 - 45) < 0.5


@pytest.mark.parametrize("angle", [0, 33, 120])
def test_the_label_is_bounded_and_its_bars_are_found(angle: int) -> None:
    shot = Shot(angle_deg=angle)
    layout = locate(photograph(draw_label(LabelText()), shot))
    label = layout.labels[0]
    assert abs(label.x - shot.width / 2) < 50
    assert abs(label.y - shot.height / 2) < 50
    assert sorted((label.width, label.height)) == pytest.approx([500, 750], rel=0.2)
    assert layout.bars[0].width == pytest.approx(76 * shot.px_per_mm, rel=0.15)
    assert abs((layout.bars[0].angle_deg - angle + 90) % 180 - 90) < 1


def test_a_larger_picture_is_searched_at_reduced_size_and_answered_in_its_own_pixels() -> None:
    picture = photograph(draw_label(LabelText()), Shot(angle_deg=15))
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    one, two = locate(picture).labels[0], locate(np.asarray(large)).labels[0]
    assert (two.x, two.y) == pytest.approx((2 * one.x, 2 * one.y), abs=40)


def test_a_blank_picture_has_no_label() -> None:
    layout = locate(np.full((600, 800), 128, np.uint8))
    assert layout.labels == ()
    assert layout.bars == ()


@given(st.floats(-180, 180), st.floats(20, 90), st.floats(20, 90))
def test_a_cut_view_maps_its_corners_back_onto_the_region(angle: float, width: float, height: float) -> None:
    region = Region(100.0, 80.0, round(width), round(height), angle)
    view = cut(np.zeros((200, 220), np.uint8), region)
    rows, columns = view.pixels.shape
    centre = view.stored_points([((columns - 1) / 2, (rows - 1) / 2)])[0]
    assert centre == pytest.approx((100.0, 80.0), abs=1e-6)
    along = view.stored_points([(columns - 1, 0)])[0] - view.stored_points([(0, 0)])[0]
    assert (
        math.degrees(math.atan2(along[1], along[0])) == pytest.approx(angle, abs=1e-6) or abs(abs(angle) - 180) < 1e-6
    )


@given(rows=st.integers(1, 20), columns=st.integers(1, 20))
def test_a_picture_of_a_few_pixels_has_cells_too(rows: int, columns: int) -> None:
    seen = cells(np.arange(rows * columns, dtype=np.uint8).reshape(rows, columns))
    assert seen.energy.shape == seen.grey.shape == (max(1, rows // CELL_PX), max(1, columns // CELL_PX))


@pytest.mark.parametrize("shape", [(3, 900_000), (900_000, 3)])
def test_a_picture_of_a_few_rows_has_cells_however_long_it_is(shape: tuple[int, int]) -> None:
    assert min(cells(np.zeros(shape, np.uint8)).energy.shape) == 1
