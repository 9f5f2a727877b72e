"""A parcel's face laid into the scene, and what of its folds shows through the label."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_layout import Label
from karez.simulation.projection import Homography, blend, cast_shadow, project, scale_then_move
from karez.simulation.surfaces import FACE_PX_PER_MM, face_shading, outline, paint_face
from karez.simulation.textures import Field, Picture


def lay_face(
    scene: Picture, size_mm: tuple[float, float], label: Label, surface: str, view: Homography, rng: np.random.Generator
) -> tuple[NDArray[np.float64], Field]:
    """Paint a parcel's face round its label.

    Returns
    -------
    tuple
        Where the face's top left corner lies from the label's centre, in mm, and the face's shading.
    """
    spare_mm = (np.array(size_mm) - (label.width_mm, label.height_mm)) / 2 - 4
    centre_mm = rng.uniform(-1, 1, 2) * spare_mm  # of the face, seen from the label's centre
    shading = face_shading(surface, (int(size_mm[1] * FACE_PX_PER_MM), int(size_mm[0] * FACE_PX_PER_MM)), rng)
    corner_mm = centre_mm - np.array(size_mm) / 2
    place = view @ scale_then_move(1 / FACE_PX_PER_MM, corner_mm)
    edge = project(view, outline(surface, size_mm[0], size_mm[1], rng) + centre_mm)
    cast_shadow(scene, edge)
    blend(scene, paint_face(surface, shading, rng), place, edge)
    return corner_mm, shading


def shaded(print_px: Picture, label: Label, shading: Field, corner_mm: NDArray[np.float64], surface: str) -> Picture:
    """Let a label that lies on crumpled film show some of the film's folds."""
    if surface == "cardboard":
        return print_px
    top, left = (
        max(round((-edge / 2 - corner) * FACE_PX_PER_MM), 0)
        for edge, corner in ((label.height_mm, corner_mm[1]), (label.width_mm, corner_mm[0]))
    )
    under = shading[top:, left:][: int(label.height_mm * FACE_PX_PER_MM), : int(label.width_mm * FACE_PX_PER_MM)]
    large = cv2.resize(0.5 + 0.5 * under, (print_px.shape[1], print_px.shape[0]))
    return np.asarray(cv2.multiply(print_px, cv2.merge([large, large, large]), dtype=cv2.CV_8U), dtype=np.uint8)
