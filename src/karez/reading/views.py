"""Upright cut-outs of a picture that remember where each of their pixels stands in the stored picture."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from karez.domain.reading import Box
from karez.reading.pictures import LONGEST_SIDE_PX, Grey

Matrix = npt.NDArray[np.float64]
"""3 × 3 homography from a view's pixels to another picture's; its last row is (0, 0, 1) where it is affine."""


_AFFINE = (0.0, 0.0, 1.0)
_OVERLAP = 0.25  # of a part


@dataclass(frozen=True, slots=True)
class Region:
    """A turned rectangle in stored pixels.

    Attributes
    ----------
    x, y
        Its centre.
    width, height
        Its sides; ``width`` lies along ``angle_deg``.
    angle_deg
        Direction of its width, clockwise on the screen (y points down).
    """

    x: float
    y: float
    width: float
    height: float
    angle_deg: float

    @property
    def area(self) -> float:
        """In square pixels."""
        return self.width * self.height

    def turned(self, quarters: int) -> "Region":
        """Name the same rectangle with its width a number of quarter turns further clockwise."""
        width, height = (self.height, self.width) if quarters % 2 else (self.width, self.height)
        return Region(self.x, self.y, width, height, self.angle_deg + 90 * quarters)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point of the stored picture lies inside."""
        turn = math.radians(self.angle_deg)
        along = (x - self.x) * math.cos(turn) + (y - self.y) * math.sin(turn)
        across = (y - self.y) * math.cos(turn) - (x - self.x) * math.sin(turn)
        return abs(along) <= self.width / 2 and abs(across) <= self.height / 2

    def padded(self, along_px: float, across_px: float) -> "Region":
        """Widen it on both ends of its width and of its height."""
        return Region(self.x, self.y, self.width + 2 * along_px, self.height + 2 * across_px, self.angle_deg)


@dataclass(frozen=True, slots=True)
class View:
    """An upright picture of a region.

    Attributes
    ----------
    pixels
        What is seen.
    to_stored
        Map from a pixel of the view to the stored picture: affine for a region cut out flat, else a perspective one.
    """

    pixels: Grey
    to_stored: Matrix

    def stored_points(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Map points (n × 2) of the view into the stored picture."""
        return mapped(self.to_stored, points)

    def box(self, points: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> Box:
        """Map four corners of the view to a box in stored pixels."""
        return as_box(self.stored_points(points))


def as_box(points: Iterable[Iterable[float]]) -> Box:
    """Round four corners to whole pixels."""
    a, b, c, d = ((round(float(x)), round(float(y))) for x, y in points)
    return a, b, c, d


def whole(picture: Grey) -> View:
    """View the picture as it is stored."""
    return View(picture, np.eye(3))


def reduced(picture: Grey, most_px: int) -> View:
    """View the whole picture in at most so many pixels."""
    scale = min(1.0, (most_px / picture.size) ** 0.5)
    if scale == 1:
        return whole(picture)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return View(np.asarray(small, np.uint8), np.diag([1 / scale, 1 / scale, 1.0]))


def parts(picture: Grey, most_px: int) -> Iterator[View]:
    """Cut a picture too large to be looked at in one go into overlapping parts, as it is stored."""
    pieces = math.ceil((picture.size / most_px) ** 0.5)
    spans = [_spans(side, pieces) for side in picture.shape]
    for top, bottom in spans[0]:
        for left, right in spans[1]:
            yield View(picture[top:bottom, left:right], np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64))


def _spans(side: int, pieces: int) -> list[tuple[int, int]]:
    overlap = _OVERLAP * side / pieces if pieces > 1 else 0.0
    step, length = (side - overlap) / pieces, (side - overlap) / pieces + overlap
    return [(int(piece * step), min(side, math.ceil(piece * step + length))) for piece in range(pieces)]


def mapped(matrix: Matrix, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Map points (n × 2) through a homography."""
    given = np.asarray(points, dtype=np.float64)
    moved = given @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(moved[..., :2] / moved[..., 2:], dtype=np.float64)


def region_matrix(region: Region, scale: float) -> Matrix:
    """Map pixels of a view of ``region``, enlarged by ``scale``, to stored pixels."""
    turn = math.radians(region.angle_deg)
    along = np.array([math.cos(turn), math.sin(turn)]) / scale
    across = np.array([-math.sin(turn), math.cos(turn)]) / scale
    corner = np.array([region.x, region.y]) - along * (region.width * scale - 1) / 2
    corner -= across * (region.height * scale - 1) / 2
    return np.vstack([np.column_stack([along, across, corner]), _AFFINE])


def cut(picture: Grey, region: Region, scale: float = 1.0, cubic: bool = False) -> View:
    """Cut a region out, turned upright and enlarged by ``scale``, less where a side would be too long.

    Outside the picture its border is repeated.
    """
    scale = min(scale, LONGEST_SIDE_PX / max(region.width, region.height, 1.0))
    matrix = region_matrix(region, scale)
    size = max(1, round(region.width * scale)), max(1, round(region.height * scale))
    return View(warp(picture, matrix, size, cubic), matrix)


def warp(picture: Grey, matrix: Matrix, size: tuple[int, int], cubic: bool = False) -> Grey:
    """Sample ``size`` (columns, rows) pixels of the picture through a map."""
    flags = (cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    if np.array_equal(matrix[2], _AFFINE):  # twice as fast
        warped = cv2.warpAffine(picture, matrix[:2], size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    else:
        warped = cv2.warpPerspective(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def after(outer: Matrix, inner: Matrix) -> Matrix:
    """Chain two maps: first ``inner``, then ``outer``."""
    chained = outer @ inner
    return np.asarray(chained / chained[2, 2], dtype=np.float64)
