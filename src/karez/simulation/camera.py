"""The hall's camera: looks down on the belt and delivers a JPEG of the parcel that passes."""

import cv2
import numpy as np

from karez.simulation.conditions import Conditions, conditions, generator
from karez.simulation.damage import damaged
from karez.simulation.label_layout import Label
from karez.simulation.labels import draw_label
from karez.simulation.optics import expose
from karez.simulation.parcel_face import lay_face, shaded
from karez.simulation.planned import PlannedParcel
from karez.simulation.projection import (
    HEIGHT_PX,
    WIDTH_PX,
    label_centre_px,
    stick,
    view_of,
)
from karez.simulation.textures import Picture, belt, cut

__all__ = ["Conditions", "conditions", "photograph"]

_JPEG_QUALITY = 92
_FACE_MM = ((150.0, 520.0), (150.0, 400.0))  # what of a parcel's face is painted: at least a label, at most the view
_LABEL, _FACE, _SHOT = 3, 4, 5  # purposes of random numbers


def photograph(parcel: PlannedParcel, lap: int, seed: int) -> bytes:
    """Take the picture of a parcel on one lap.

    Parameters
    ----------
    parcel
        The parcel; its ``picture`` says under which conditions.
    lap
        From 1; label, surface and damage stay from lap to lap, the shot changes.
    seed
        Of the day.

    Returns
    -------
    bytes
        JPEG, 1600 × 1200, in colour; the same arguments give the same bytes.

    Raises
    ------
    MissingPart
        A typeface is not installed.
    """
    shot = conditions(parcel, lap, seed)
    rng = generator(parcel, seed, _SHOT, lap)
    scene = np.ascontiguousarray(cut(belt(), HEIGHT_PX, WIDTH_PX, rng))
    _lay_parcel(scene, parcel, shot, seed, rng)
    done, data = cv2.imencode(".jpg", expose(scene, shot, rng), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    assert done, "a picture of this size always encodes"
    return bytes(data.tobytes())


def _lay_parcel(scene: Picture, parcel: PlannedParcel, shot: Conditions, seed: int, rng: np.random.Generator) -> None:
    """Put the parcel's face, and the label on it, into the scene."""
    of_label, of_face = generator(parcel, seed, _LABEL), generator(parcel, seed, _FACE)
    label = draw_label(parcel, of_label)
    view = view_of(shot, label_centre_px(label, shot, rng))
    face = lay_face(scene, _face_mm(parcel, label), label, shot.surface, view, of_face)
    if shot.damage != "face down":
        print_px = damaged(label.pixels[:, :, ::-1], label, shot.damage, shot.creases, of_label)
        stick(scene, shaded(print_px, label, face, shot.surface), label, view)


def _face_mm(parcel: PlannedParcel, label: Label) -> tuple[float, float]:
    """Give width and height of the face that is painted."""
    return (
        float(np.clip(max(parcel.length_mm, label.width_mm + 12), *_FACE_MM[0])),
        float(np.clip(max(parcel.width_mm, label.height_mm + 12), *_FACE_MM[1])),
    )
