"""Tilted labels are laid flat by their own print."""

import math

import cv2
import numpy as np
import pytest

from karez.reading import perspective
from karez.reading.locating import locate
from karez.reading.views import Matrix, mapped
from reading.drawn_labels import LabelText, draw_label

LABEL_PX = 800, 1200  # columns, rows of a drawn label
DISTANCE_MM = 400.0
PX_PER_MM = 5.0


def tilted(tilt_deg: float, axis_deg: float, turn_deg: float) -> tuple[np.ndarray, Matrix]:
    """Photograph a label tilted about an axis in its plane; also the map from its pixels to the picture."""
    tilt, axis, turn = (math.radians(each) for each in (tilt_deg, axis_deg, turn_deg))
    direction = np.array([math.cos(axis), math.sin(axis), 0.0])
    about = cv2.Rodrigues(direction * tilt)[0] @ cv2.Rodrigues(np.array([0.0, 0.0, turn]))[0]
    lens = np.array([[PX_PER_MM * DISTANCE_MM, 0, 800], [0, PX_PER_MM * DISTANCE_MM, 600], [0, 0, 1]])
    pose = np.column_stack([about[:, 0], about[:, 1], (0, 0, DISTANCE_MM)])
    on_label = np.array([[1 / 8, 0, -LABEL_PX[0] / 16], [0, 1 / 8, -LABEL_PX[1] / 16], [0, 0, 1]])
    matrix = lens @ pose @ on_label
    picture = np.full((1200, 1600), 120, np.uint8)
    paper = np.asarray(draw_label(LabelText()).convert("L"))
    cv2.warpPerspective(paper, matrix, (1600, 1200), picture, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    return cv2.GaussianBlur(picture, (0, 0), 0.7), np.asarray(matrix)


def sides(view: perspective.View, matrix: Matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """List the sides of the drawn label, from its top on clockwise, as vectors in the view."""
    inset = 60
    a, b = (inset, inset), (LABEL_PX[0] - inset, inset)
    c, d = (LABEL_PX[0] - inset, LABEL_PX[1] - inset), (inset, LABEL_PX[1] - inset)
    seen = mapped(np.linalg.inv(view.to_stored), mapped(matrix, [a, b, c, d]))
    return seen[1] - seen[0], seen[2] - seen[1], seen[3] - seen[2], seen[0] - seen[3]


@pytest.mark.parametrize(("tilt_deg", "axis_deg", "turn_deg"), [(40, 0, 0), (40, 70, 25), (45, 130, 200), (30, 45, 95)])
def test_a_tilted_label_is_a_rectangle_again(tilt_deg: int, axis_deg: int, turn_deg: int) -> None:
    picture, matrix = tilted(tilt_deg, axis_deg, turn_deg)
    layout = locate(picture)
    assert perspective.is_tilted(layout, layout.labels[0])
    top, right, bottom, left = sides(perspective.rectified(picture, layout, layout.labels[0]), matrix)
    for one, opposite in ((top, bottom), (right, left)):
        assert np.hypot(*one) == pytest.approx(np.hypot(*opposite), rel=0.04)
    for one, following in ((top, right), (bottom, left)):
        assert abs(one @ following) / (np.hypot(*one) * np.hypot(*following)) < 0.03


def test_a_label_that_faces_the_camera_is_only_turned() -> None:
    picture, _ = tilted(0, 0, 33)
    layout = locate(picture)
    assert not perspective.is_tilted(layout, layout.labels[0])
    view = perspective.rectified(picture, layout, layout.labels[0], scale=2.0)
    assert view.to_stored[2] == pytest.approx((0, 0, 1))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_quarter_turns_turn_the_view_clockwise(quarters: int) -> None:
    picture, _ = tilted(35, 20, 10)
    layout = locate(picture)
    one = perspective.rectified(picture, layout, layout.labels[0])
    turned = perspective.rectified(picture, layout, layout.labels[0], quarters)
    along = one.stored_points([(10, 0)])[0] - one.stored_points([(0, 0)])[0]
    also = turned.stored_points([(10, 0)])[0] - turned.stored_points([(0, 0)])[0]
    angle = math.degrees(math.atan2(also[1], also[0]) - math.atan2(along[1], along[0]))
    assert (angle - 90 * quarters + 180) % 360 - 180 == pytest.approx(0, abs=25)
