"""A parcel's face laid into the scene, and what of its folds shows through the label."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_layout import Label
from karez.simulation.projection import Homography, blend, cast_shadow, project, scale_then_move
from karez.simulation.surfaces import FACE_PX_PER_MM, face_shading, outline, paint_face
from karez.simulation.textures import Field, Picture


class Face(NamedTuple):
    """A face as it lies in the scene.

    Attributes
    ----------
    corner_mm
        Where its top left corner lies from the label's centre.
    shading
        Its light and dark, about 1, `FACE_PX_PER_MM` fine.
    outline_px
        Its outline in the picture, n × 2.
    """

    corner_mm: NDArray[np.float64]
    shading: Field
    outline_px: NDArray[np.float64]


def lay_face(
    scene: Picture,
    size_mm: tuple[float, float],
    label: Label,
    surface: str,
    view: Homography,
    rng: np.random.Generator,
    centre_mm: NDArray[np.float64] | None = None,
) -> Face:
    """Paint a parcel's face round its label; where its centre is not given, the label stands anywhere on it."""
    if centre_mm is None:
        spare_mm = (np.array(size_mm) - (label.width_mm, label.height_mm)) / 2 - 4
        centre_mm = rng.uniform(-1, 1, 2) * spare_mm  # of the face, seen from the label's centre
    shading = face_shading(surface, (int(size_mm[1] * FACE_PX_PER_MM), int(size_mm[0] * FACE_PX_PER_MM)), rng)
    corner_mm = centre_mm - np.array(size_mm) / 2
    place = view @ scale_then_move(1 / FACE_PX_PER_MM, corner_mm)
    edge = project(view, outline(surface, size_mm[0], size_mm[1], rng) + centre_mm)
    cast_shadow(scene, edge)
    blend(scene, paint_face(surface, shading, rng), place, edge)
    return Face(corner_mm, shading, edge)


def shaded(print_px: Picture, label: Label, face: Face, surface: str) -> Picture:
    """Let a label that lies on crumpled film show some of the film's folds."""
    if surface == "cardboard":
        return print_px
    top, left = (
        max(round((-edge / 2 - corner) * FACE_PX_PER_MM), 0)
        for edge, corner in ((label.height_mm, face.corner_mm[1]), (label.width_mm, face.corner_mm[0]))
    )
    height, width = int(label.height_mm * FACE_PX_PER_MM), int(label.width_mm * FACE_PX_PER_MM)
    under = face.shading[top:, left:][:height, :width]
    large = cv2.resize(0.5 + 0.5 * under, (print_px.shape[1], print_px.shape[0]))
    return np.asarray(cv2.multiply(print_px, cv2.merge([large, large, large]), dtype=cv2.CV_8U), dtype=np.uint8)
