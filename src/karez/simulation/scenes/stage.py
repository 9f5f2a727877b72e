"""The stage of one scene: what the camera looks down on, before lamp, lens and sensor."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.conditions import Conditions
from karez.simulation.label_layout import Label
from karez.simulation.optics import expose
from karez.simulation.parcel_face import Face, lay_face, shaded
from karez.simulation.planned import PlannedParcel
from karez.simulation.projection import HEIGHT_PX, WIDTH_PX, Homography, stick
from karez.simulation.textures import Field, Picture, belt, cut

_JPEG_QUALITY = 92


@dataclass(slots=True)
class Stage:
    """Belt and parcels as they are painted, and the mirror images of the lamp that the sensor sees on top.

    Attributes
    ----------
    picture
        Colours of what lies there, 1200 × 1600 × 3, blue first.
    highlights
        What specular reflection adds, same shape; it saturates as on a sensor.
    shot, rng
        Conditions and random numbers of the shot.
    """

    picture: Picture
    highlights: Picture
    shot: Conditions
    rng: np.random.Generator

    @classmethod
    def empty(cls, shot: Conditions, rng: np.random.Generator) -> "Stage":
        """Give a stage with nothing but the belt."""
        bare = np.ascontiguousarray(cut(belt(), HEIGHT_PX, WIDTH_PX, rng))
        return cls(bare, np.zeros_like(bare), shot, rng)

    def shine(self, brightness: Field, outline_px: NDArray[np.float64]) -> None:
        """Add the lamp's mirror images, in grey levels, within an outline."""
        within = np.zeros(brightness.shape, dtype=np.uint8)
        cv2.fillPoly(within, [outline_px.round().astype(np.int32)], (1,))
        seen = np.clip(brightness, 0, 255).astype(np.uint8) * within
        cv2.add(self.highlights, cv2.merge([seen, seen, seen]), dst=self.highlights)

    def developed(self) -> bytes:
        """Take the picture: JPEG bytes."""
        exposed = expose(self.picture, self.shot, self.rng, self.highlights)
        done, data = cv2.imencode(".jpg", exposed, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        assert done, "a picture of this size always encodes"
        return bytes(data.tobytes())


def face_mm(parcel: PlannedParcel, label: Label) -> tuple[float, float]:
    """Give width and height of a parcel's face: at least as large as its label."""
    return max(parcel.length_mm, label.width_mm + 12.0), max(parcel.width_mm, label.height_mm + 12.0)


def lay_flat(stage: Stage, label: Label, print_px: Picture, face: tuple[float, float], view: Homography) -> Face:
    """Lay a parcel into the scene, with a flat label on it that shows ``print_px``; ``face`` is its size in mm."""
    surface = stage.shot.surface
    laid = lay_face(stage.picture, face, label, surface, view, stage.rng)
    stick_print(stage, label, shaded(print_px, label, laid, surface), view)
    return laid


def stick_print(stage: Stage, label: Label, print_px: Picture, view: Homography) -> None:
    """Stick a flat print onto what lies there already."""
    stick(stage.picture, print_px, label, view, sensor_blur_dots(label, stage.shot))


def sensor_blur_dots(label: Label, shot: Conditions) -> float:
    """Give the blur of the light that one pixel gathers, as a standard deviation in dots of the print.

    A pixel as wide as r dots averages over them: a box of that width has a standard deviation of 0.29 r.
    """
    return max(0.55, 0.29 * label.px_per_mm / shot.px_per_mm)
