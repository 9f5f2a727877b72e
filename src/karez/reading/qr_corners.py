"""Put finder patterns together to the three corners of one QR code.

Each finder is first laid in its own small grid, so that its size, turn and tilt are known: what belongs together agrees
in them, and their twelve corners tell how the code lies, whatever its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import cv2
import numpy as np

from karez.reading import qr_fit, qr_patterns
from karez.reading.pictures import Grey
from karez.reading.qr_finders import finders
from karez.reading.qr_patterns import FINDER
from karez.reading.qr_sheet import Points
from karez.reading.views import Matrix, View

_LEAST_AGREEMENT = 0.5  # of one finder in its own grid
_TRIPLES = 4
_LONGER = 2.2  # side against side, size against size
_SKEW = 0.7  # cosine between the sides
_SIDES = 11.0, 90.0  # modules between two finders
_UNSURE = 0.1  # error of a number of modules that was estimated, as a share of it


class Laid:
    """One finder in its own grid.

    Attributes
    ----------
    corners
        Its four corners, clockwise, in stored pixels (4 × 2).
    inverted
        It is light on dark.
    agreement
        How well it agrees, 0 to 1.
    """

    def __init__(self, corners: Points, inverted: bool, agreement: float) -> None:
        self.corners = corners
        self.inverted = inverted
        self.agreement = agreement
        self.middle = corners.mean(axis=0)
        self.module_px = float(abs(_cross(corners[2] - corners[0], corners[3] - corners[1])) / 2) ** 0.5 / FINDER

    def modules_to(self, other: "Laid") -> float:
        """Count the modules to another finder by the grid of this one."""
        along, down = self.corners[1] - self.corners[0], self.corners[3] - self.corners[0]
        frame = np.column_stack([along, down]) / FINDER
        return float(np.abs(np.linalg.solve(frame, other.middle - self.middle)).max())

    def facing(self, along: Points) -> Points:
        """Name its corners anew, so that the first two lie along a direction."""
        edges = np.roll(self.corners, -1, axis=0) - self.corners
        first = int(np.argmax(edges @ along / np.hypot(*edges.T)))
        return np.roll(self.corners, -first, axis=0)


@dataclass(frozen=True)
class Corners:
    """Finders that may belong to one code: in its top left, top right and bottom left corner."""

    top_left: Laid
    top_right: Laid
    bottom_left: Laid

    @property
    def inverted(self) -> bool:
        """The code is light on dark."""
        return self.top_left.inverted

    @cached_property
    def modules_between(self) -> float:
        """Estimate how many modules lie between the middles of two finders."""
        others = self.top_right, self.bottom_left
        there = [self.top_left.modules_to(other) for other in others]
        back = [other.modules_to(self.top_left) for other in others]
        return float(np.exp(np.mean(np.log([*there, *back]))))

    @property
    def versions(self) -> list[int]:
        """List the versions that it may be."""
        counts = {version: qr_patterns.side(version) - FINDER for version in qr_patterns.VERSIONS}
        near = max(3.5, _UNSURE * self.modules_between)
        return [version for version, count in counts.items() if abs(count - self.modules_between) < near]

    def to_stored(self, version: int) -> Matrix:
        """Map from module coordinates of a version to the stored picture."""
        along = self.top_right.middle - self.top_left.middle
        seen = [one.facing(along) for one in (self.top_left, self.top_right, self.bottom_left)]
        matrix, _ = cv2.findHomography(qr_fit.finder_corners(qr_patterns.side(version)), np.concatenate(seen))
        return np.asarray(matrix, np.float64)

    @property
    def rating(self) -> float:
        """Rate how well the finders agree with each other and with what they should look like; below 0: not at all."""
        three = self.top_left, self.top_right, self.bottom_left
        along, down = self.top_right.middle - self.top_left.middle, self.bottom_left.middle - self.top_left.middle
        lengths = np.hypot(*along), np.hypot(*down)
        skew = float(abs(along @ down) / (lengths[0] * lengths[1]))
        sizes = [one.module_px for one in three]
        longer, uneven = max(lengths) / min(lengths), max(sizes) / min(sizes)
        if longer > _LONGER or uneven > _LONGER or skew > _SKEW:
            return -1.0
        if not _SIDES[0] < self.modules_between < _SIDES[1]:
            return -1.0
        counts = [self.top_left.modules_to(other) for other in three[1:]]
        counts += [other.modules_to(self.top_left) for other in three[1:]]
        apart = float(np.std(np.log(counts)))
        return sum(one.agreement for one in three) - apart - 0.3 * skew - 0.3 * float(np.log(uneven))


def laid_finders(picture: Grey, view: View) -> list[Laid]:
    """List what looks like finders of a code that fills much of a view of the picture, each in its own grid."""
    laid = [_laid(picture, view.to_stored @ one.to_view, one.inverted) for one in finders(view.pixels)]
    return _distinct([one for one in laid if one.agreement > _LEAST_AGREEMENT])


def corners(laid: Sequence[Laid]) -> list[Corners]:
    """List what may be the corners of a code, likeliest first."""
    combined = [
        placed(three[at], three[at - 2], three[at - 1])
        for inverted in (False, True)
        for three in combinations([one for one in laid if one.inverted is inverted], 3)
        for at in range(3)
    ]
    rated = sorted(((found.rating, index) for index, found in enumerate(combined)), reverse=True)
    return [combined[index] for rating, index in rated[:_TRIPLES] if rating > 0]


def _laid(picture: Grey, to_stored: Matrix, inverted: bool) -> Laid:
    grid = qr_fit.finder_grid(picture, to_stored, inverted)
    square = qr_fit.finder_corners(FINDER)[:4] + 1
    return Laid(grid.stored(square), inverted, grid.agreement)


def _distinct(laid: list[Laid]) -> list[Laid]:
    """Keep the best of those that came to lie on one another."""
    kept: list[Laid] = []
    for one in sorted(laid, key=lambda one: -one.agreement):
        if all(np.hypot(*(one.middle - other.middle)) > FINDER / 2 * other.module_px for other in kept):
            kept.append(one)
    return kept


def placed(corner: Laid, first: Laid, second: Laid) -> Corners:
    """Order two finders clockwise around a corner."""
    clockwise = _cross(first.middle - corner.middle, second.middle - corner.middle) > 0
    return Corners(corner, first, second) if clockwise else Corners(corner, second, first)


def _cross(a: Points | Sequence[float], b: Points | Sequence[float]) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
