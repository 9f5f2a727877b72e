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

Box = NDArray[np.float64]
"""Left, top, right, bottom in mm of the plane."""

LEAST_FACE_MM = (340.0, 290.0)
"""A printed carton's face is at least this wide and high, so that print stands beside the label."""

_TRIES = 40


def lay_carton(stage: Stage, label: Label, print_px: Picture, face: tuple[float, float], view: Homography) -> None:
    """Lay a printed carton into the scene, its label over part of the print."""
    face = (max(face[0], LEAST_FACE_MM[0]), max(face[1], LEAST_FACE_MM[1]))
    laid = lay_face(stage.picture, face, label, "cardboard", view, stage.rng)
    printed: list[Box] = []
    for mark in carton_marks(stage.rng):
        placed = _place_for(mark, laid.corner_mm, face, label, printed, view, stage.rng)
        if placed is not None:
            place, box = placed
            printed.append(box)
            _print(stage, mark, place, view)
    stick_print(stage, label, shaded(print_px, label, laid, "cardboard"), view)


def _place_for(
    mark: Mark,
    corner_mm: NDArray[np.float64],
    face: tuple[float, float],
    label: Label,
    printed: list[Box],
    view: Homography,
    rng: np.random.Generator,
) -> tuple[Homography, Box] | None:
    """Find where a mark stands, turned by quarters as the carton is, clear of other print; codes clear of the label.

    Returns
    -------
    tuple or None
        From the mark's pixels to the plane, and the box it takes there (mm); ``None`` where there is no room left.
    """
    labelled = np.array([-label.width_mm, -label.height_mm, label.width_mm, label.height_mm]) / 2
    for _ in range(_TRIES):
        turn = int(rng.integers(4))
        size_mm = np.array(mark.size_mm)[:: -1 if turn % 2 else 1]
        centre_mm = corner_mm + size_mm / 2 + rng.uniform(0, 1, 2) * (np.array(face) - size_mm).clip(0)
        box = np.concatenate([centre_mm - size_mm / 2, centre_mm + size_mm / 2])
        clear = not any(_overlap(box, other) for other in printed)
        if clear and (not mark.is_code or (not _overlap(box, labelled) and _in_sight(box, view))):
            return _turned(mark, turn, centre_mm), box
    return None


def _turned(mark: Mark, turn: int, centre_mm: NDArray[np.float64]) -> Homography:
    """Map a mark's pixels to the plane, by so many quarters turned about its centre."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
    to_mm = np.array([[cos, -sin, centre_mm[0]], [sin, cos, centre_mm[1]], [0, 0, 1]], dtype=np.float64)
    to_centre = scale_then_move(1 / PX_PER_MM, np.array(mark.size_mm) / -2)
    return np.asarray(to_mm @ to_centre, dtype=np.float64)


def _overlap(box: Box, other: Box) -> bool:
    return bool((box[:2] < other[2:]).all() and (other[:2] < box[2:]).all())


def _in_sight(box: Box, view: Homography) -> bool:
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
