"""A poly bag whose wrinkles go through its label and mirror the lamp across the print."""

from dataclasses import dataclass

import cv2
import numpy as np

from karez.simulation.label_layout import Label
from karez.simulation.parcel_face import Face, lay_face
from karez.simulation.projection import Homography, scale_then_move
from karez.simulation.scenes.film import FILM_PX_PER_MM, SIDE_MM, Film, film
from karez.simulation.scenes.shapes import lay_shaped
from karez.simulation.scenes.stage import Stage, sensor_blur_dots
from karez.simulation.textures import Field, Picture

PIECES = 4
"""How many different pieces of film there are; each is laid at a place and turn of its own."""


@dataclass(frozen=True, slots=True)
class Wrinkled:
    """A label stuck to crumpled film, see `Shape`; the film's middle lies ``dx_mm``, ``dy_mm`` from the label's."""

    of: Film
    dx_mm: float
    dy_mm: float

    def on_label(self, x_mm: Field, y_mm: Field) -> tuple[Field, Field, Field]:
        """See `Shape`."""
        x, y = ((at + SIDE_MM / 2) * np.float32(FILM_PX_PER_MM) for at in (x_mm - self.dx_mm, y_mm - self.dy_mm))
        shift_x, shift_y, shade = (
            np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), dtype=np.float32)
            for field in (self.of.shift_x, self.of.shift_y, self.of.shade)
        )
        return np.add(x_mm, shift_x, dtype=np.float32), np.add(y_mm, shift_y, dtype=np.float32), shade


def lay_bag(stage: Stage, label: Label, print_px: Picture, face: tuple[float, float], view: Homography) -> None:
    """Lay a wrinkled bag into the scene, its label following the wrinkles, both under the lamp's mirror images."""
    rng = stage.rng
    laid = lay_face(stage.picture, face, label, stage.shot.surface, view, rng)
    spare_mm = (SIDE_MM - np.hypot(label.width_mm, label.height_mm)) / 2 - 30
    wrinkled = Wrinkled(film(int(rng.integers(PIECES))), *(float(each) for each in rng.uniform(-1, 1, 2) * spare_mm))
    lay_shaped(stage.picture, print_px, label, view, wrinkled, sensor_blur_dots(label, stage.shot))
    _mirror_lamp(stage, wrinkled, laid, view)


def _mirror_lamp(stage: Stage, wrinkled: Wrinkled, face: Face, view: Homography) -> None:
    """Add the glints, where there is bag."""
    corner_mm = np.array([wrinkled.dx_mm, wrinkled.dy_mm]) - SIDE_MM / 2
    place = view @ scale_then_move(1 / FILM_PX_PER_MM, corner_mm)
    height, width = stage.picture.shape[:2]
    brightest = np.float32(stage.rng.uniform(200, 330))  # past 255 all saturates, below it only what lies on white
    glint = cv2.warpPerspective(wrinkled.of.glint * brightest, place, (width, height))
    stage.shine(np.asarray(glint, dtype=np.float32), face.outline_px)
