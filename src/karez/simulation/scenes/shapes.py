"""Labels that are not flat: where each point of the picture's plane lies on the label, and how bright it is there."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_layout import Label
from karez.simulation.projection import DISTANCE_MM, HEIGHT_PX, WIDTH_PX, Homography, project
from karez.simulation.textures import Field, Picture

Points = NDArray[np.float64]

_COARSE = 4  # shapes are smooth: they are worked out on every fourth pixel


class Shape(Protocol):
    """A label's shape, seen from above."""

    def on_label(self, x_mm: Field, y_mm: Field) -> tuple[Field, Field, Field]:
        """Give the label's own x and y (mm from its centre) at points of the plane, and the brightness, about 1.

        A brightness of 0 or less says that the point is turned away from the camera.
        """


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the picture that a piece can cover: corner and size in pixels."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def about(cls, view: Homography, reach_mm: float) -> "Window":
        """Give the window of a square about the plane's centre, cut at the picture's edges."""
        square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * reach_mm
        seen = project(view, square)
        left, top = np.floor(seen.min(axis=0)).clip(0, (WIDTH_PX, HEIGHT_PX)).astype(int)
        right, bottom = np.ceil(seen.max(axis=0)).clip(0, (WIDTH_PX, HEIGHT_PX)).astype(int)
        return cls(int(left), int(top), int(right - left), int(bottom - top))

    def of(self, picture: Picture) -> Picture:
        """Cut the window out of a picture; writing to it writes to the picture."""
        return picture[self.top : self.top + self.height, self.left : self.left + self.width]

    def plane_mm(self, view: Homography) -> tuple[Field, Field]:
        """Give the plane's coordinates of every fourth pixel; `filled` gives them to all."""
        # Sample i stands at pixel 4 i + 1.5 of a window that starts four pixels early, as cv2.resize counts.
        across = np.arange(-1, self.width // _COARSE + 2, dtype=np.float32) * _COARSE + 1.5 + self.left
        down = np.arange(-1, self.height // _COARSE + 2, dtype=np.float32) * _COARSE + 1.5 + self.top
        grid = np.stack(np.meshgrid(across, down), axis=-1)
        back = cv2.perspectiveTransform(grid.reshape(1, -1, 2), np.linalg.inv(view)).reshape(grid.shape)
        return np.asarray(back[..., 0], np.float32), np.asarray(back[..., 1], np.float32)

    def filled(self, coarse: Field) -> Field:
        """Give every pixel its value, between those of every fourth one."""
        size = (coarse.shape[1] * _COARSE, coarse.shape[0] * _COARSE)
        large = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[_COARSE:, _COARSE:][: self.height, : self.width], dtype=np.float32)


def lay_shaped(
    picture: Picture, print_px: Picture, label: Label, view: Homography, shape: Shape, blur_dots: float
) -> None:
    """Lay a label of some shape into the picture.

    Parameters
    ----------
    print_px
        The label's print, blue first.
    view
        From the plane (mm about the label's centre) to pixels.
    blur_dots
        Blur of the sensor's pixels, see `sensor_blur_dots`.
    """
    window = Window.about(view, 0.55 * float(np.hypot(label.width_mm, label.height_mm)))
    x_mm, y_mm, bright = shape.on_label(*window.plane_mm(view))
    x, y = (
        window.filled(np.asarray((at + size / 2) * label.px_per_mm - 0.5, np.float32))
        for at, size in ((x_mm, label.width_mm), (y_mm, label.height_mm))
    )
    smooth = np.asarray(cv2.GaussianBlur(print_px, (0, 0), blur_dots), dtype=np.uint8)
    seen = cv2.remap(smooth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    light = window.filled(bright)
    lit = cv2.multiply(seen, cv2.merge([light, light, light]), dtype=cv2.CV_8U)
    height, width = print_px.shape[:2]
    inside = (x > -0.5) & (y > -0.5) & (x < width - 0.5) & (y < height - 0.5) & (light > 0)
    cv2.copyTo(lit, inside.astype(np.uint8), window.of(picture))


@dataclass(frozen=True, slots=True)
class Bend:
    """A label bent about one axis: round a bottle, or over the edge of a box.

    Attributes
    ----------
    axis_deg
        Direction of the axis in the label's plane; the label bends across it.
    seen_mm
        Where points of the bent line are seen, across the axis, in mm of the plane; rising.
    along_mm
        How far along the label those points lie.
    nearness
        By how much the plane appears smaller there, as it lies deeper: (distance + depth) / distance.
    lean_rad
        How far the label leans there.
    lamp_rad
        From where the lamp shines.
    """

    axis_deg: float
    seen_mm: Points
    along_mm: Points
    nearness: Points
    lean_rad: Points
    lamp_rad: float

    @classmethod
    def leaning(cls, axis_deg: float, along_mm: Points, lean_rad: Points, lamp_rad: float) -> "Bend":
        """Follow a label whose lean is known point by point along it; what leans past 80° is not seen."""
        step = np.gradient(along_mm)
        x_mm, depth_mm = np.cumsum(np.cos(lean_rad) * step), np.cumsum(np.sin(lean_rad) * step)
        middle = int(np.argmin(np.abs(along_mm)))
        x_mm, depth_mm = x_mm - x_mm[middle], depth_mm - depth_mm.min()
        nearness = (DISTANCE_MM + depth_mm) / DISTANCE_MM
        seen = np.abs(lean_rad) < np.radians(80)
        return cls(axis_deg, (x_mm / nearness)[seen], along_mm[seen], nearness[seen], lean_rad[seen], lamp_rad)

    @classmethod
    def cylinder(cls, axis_deg: float, radius_mm: float, lamp_rad: float) -> "Bend":
        """Give a label wrapped round a cylinder, its centre nearest to the camera."""
        along_mm = np.linspace(-1.5, 1.5, 601) * radius_mm
        return cls.leaning(axis_deg, along_mm, along_mm / radius_mm, lamp_rad)

    @classmethod
    def edge(cls, axis_deg: float, at_mm: float, lean_deg: tuple[float, float], lamp_rad: float) -> "Bend":
        """Give a label bent over a box's edge that lies ``at_mm`` from its centre; how far both sides lean."""
        along_mm = np.linspace(-200, 200, 1601)
        first, second = np.radians(lean_deg)
        turn = 1 / (1 + np.exp(-(along_mm - at_mm) / 1.6))  # an edge of cardboard is some 6 mm round
        return cls.leaning(axis_deg, along_mm, first + (second - first) * turn, lamp_rad)

    def brightness(self, across_mm: Field) -> Field:
        """Give the brightness at points across the axis; 0 where nothing is seen."""
        lean = np.interp(across_mm, self.seen_mm, self.lean_rad)
        lit = 0.35 + 0.65 * np.clip(np.cos(lean - self.lamp_rad), 0, 1)
        seen = (across_mm >= self.seen_mm[0]) & (across_mm <= self.seen_mm[-1])
        return np.asarray(np.where(seen, lit, 0), dtype=np.float32)

    def on_label(self, x_mm: Field, y_mm: Field) -> tuple[Field, Field, Field]:
        """See `Shape`."""
        cos, sin = np.cos(np.radians(self.axis_deg)), np.sin(np.radians(self.axis_deg))
        across, along = y_mm * cos - x_mm * sin, x_mm * cos + y_mm * sin
        s_mm = np.interp(across, self.seen_mm, self.along_mm)
        t_mm = along * np.interp(across, self.seen_mm, self.nearness)
        return (
            np.asarray(t_mm * cos - s_mm * sin, dtype=np.float32),
            np.asarray(t_mm * sin + s_mm * cos, dtype=np.float32),
            self.brightness(across),
        )
