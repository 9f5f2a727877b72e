"""A carton with print of its own about, and beneath, the label."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_layout import Label
from karez.simulation.parcel_face import lay_face, shaded
from karez.simulation.projection import Homography, project, scale_then_move
from karez.simulation.scenes.carton_marks import PX_PER_MM, Mark, carton_marks
from karez.simulation.scenes.stage import Stage, stick_print
from karez.simulation.textures import Picture

LEAST_FACE_MM = (340.0, 290.0)
"""A printed carton's face is at least this wide and high, so that print stands beside the label."""

_TRIES = 40


def lay_carton(stage: Stage, label: Label, print_px: Picture, face: tuple[float, float], view: Homography) -> None:
    """Lay a printed carton into the scene, its label over part of the print."""
    face = (max(face[0], LEAST_FACE_MM[0]), max(face[1], LEAST_FACE_MM[1]))
    laid = lay_face(stage.picture, face, label, "cardboard", view, stage.rng)
    taken = [np.array([-label.width_mm, -label.height_mm, label.width_mm, label.height_mm]) / 2]
    for mark in carton_marks(stage.rng):
        _print(stage, mark, _place_for(mark, laid.corner_mm, face, taken, view, stage.rng), view)
    stick_print(stage, label, shaded(print_px, label, laid, "cardboard"), view)


def _place_for(
    mark: Mark,
    corner_mm: NDArray[np.float64],
    face: tuple[float, float],
    taken: list[NDArray[np.float64]],
    view: Homography,
    rng: np.random.Generator,
) -> Homography:
    """Find where a mark stands, turned by quarters as the carton is; codes stand in sight and clear of others."""
    turn = int(rng.integers(4))
    for _ in range(_TRIES):
        size_mm = np.array(mark.size_mm)[:: -1 if turn % 2 else 1]
        centre_mm = corner_mm + size_mm / 2 + rng.uniform(0, 1, 2) * (np.array(face) - size_mm).clip(0)
        box = np.concatenate([centre_mm - size_mm / 2, centre_mm + size_mm / 2])
        if not mark.is_code or (not any(_overlap(box, other) for other in taken) and _in_sight(box, view)):
            break
        turn = int(rng.integers(4))
    taken.append(box)
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
    to_mm = np.array([[cos, -sin, centre_mm[0]], [sin, cos, centre_mm[1]], [0, 0, 1]], dtype=np.float64)
    width_mm, height_mm = mark.size_mm
    to_centre = scale_then_move(1 / PX_PER_MM, np.array([-width_mm, -height_mm]) / 2)
    return np.asarray(to_mm @ to_centre, dtype=np.float64)


def _overlap(box: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool((box[:2] < other[2:]).all() and (other[:2] < box[2:]).all())


def _in_sight(box: NDArray[np.float64], view: Homography) -> bool:
    corners = np.array([[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]])
    seen = project(view, corners)
    return bool((seen > 0).all() and (seen < (1600, 1200)).all())


def _print(stage: Stage, mark: Mark, place: Homography, view: Homography) -> None:
    """Darken the scene where the mark's ink lies."""
    smooth = cv2.GaussianBlur(mark.pixels, (0, 0), 0.5)
    height, width = stage.picture.shape[:2]
    white = (255.0, 255.0, 255.0)
    ink = cv2.warpPerspective(smooth, view @ place, (width, height), flags=cv2.INTER_LINEAR, borderValue=white)
    cv2.multiply(stage.picture, ink, dst=stage.picture, scale=1 / 255)
