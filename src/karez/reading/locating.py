"""Find the label: cells of the picture say where print stands and which way it runs.

Barcode readers scan along rows and columns only, so a picture taken at any angle must be turned first. The cells'
energy marks print; their direction histogram (modulo 90°) gives the label's angle.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property

import cv2
import numpy as np

from karez.reading import bar_groups
from karez.reading.bar_groups import dominant_angle, rectangle
from karez.reading.cells import Cells, Mask, cells
from karez.reading.pictures import Grey
from karez.reading.views import Region

_LABELS = 4
_FEWEST_CELLS = 12
_LEAST_SHARE = 0.1  # of the largest label's cells
_MOST_SHARE = 0.6  # of the picture; what is larger is its ground
_JOIN = np.ones((9, 9), np.uint8)


class Layout:
    """What was found, in stored pixels.

    Attributes
    ----------
    labels
        Printed rectangles, largest first, each along its own print (its upright still unknown by quarter turns).
    """

    def __init__(self, seen: Cells) -> None:
        self._cells = seen
        self.labels = tuple(_labels(seen, seen.printed()))

    @cached_property
    def faint_labels(self) -> tuple[Region, ...]:
        """Find the same by a threshold just above noise: whole in the dark, where `labels` falls into pieces."""
        return tuple(_labels(self._cells, self._cells.faint()))

    @cached_property
    def bars(self) -> tuple[Region, ...]:
        """Find bars of possible 1D codes, strongest first; their width runs across the bars."""
        return bar_groups.bars(self._cells, self.labels, self.faint_labels)

    def bars_beyond(self, covered: Sequence[Region]) -> tuple[Region, ...]:
        """Find groups of clear bars in any direction outside regions that are known already, strongest first."""
        return bar_groups.bars_beyond(self._cells, covered)

    def only(self, label: Region) -> "Layout":
        """See one label alone, as the main one: to read its text."""
        one = copy(self)
        one.labels = (label,)
        one.__dict__["faint_labels"] = ()
        return one

    def label_of(self, x: float, y: float) -> int | None:
        """Say which of `labels` a point of the stored picture lies on: the smallest that holds it."""
        holding = [index for index, label in enumerate(self.labels) if label.holds(x, y)]
        return min(holding, key=lambda index: self.labels[index].area, default=None)

    @property
    def main_label(self) -> Region | None:
        """The label to read text on: the largest, or the faint one that several pieces lie in."""
        if not self.labels:
            return self.faint_labels[0] if self.faint_labels else None
        if len(self.labels) > 1 and self.faint_labels:
            faint = self.faint_labels[0]
            inside = sum(faint.holds(piece.x, piece.y) for piece in self.labels)
            if inside > 1 and faint.area < _MOST_SHARE * self._cells.energy.size * self._cells.size_px**2:
                return faint
        return self.labels[0]


def locate(picture: Grey) -> Layout:
    """Find the printed rectangles of a picture, and, when asked, its bars."""
    return Layout(cells(picture))


def _labels(seen: Cells, printed: Mask) -> Iterator[Region]:
    """Join print that stands close together and bound it, largest first."""
    mask = cv2.morphologyEx(printed.astype(np.uint8), cv2.MORPH_CLOSE, _JOIN)
    count, marks, stats, _ = cv2.connectedComponentsWithStats(mask)
    sizes = sorted(((int(stats[i, cv2.CC_STAT_AREA]), i) for i in range(1, count)), reverse=True)
    for size, mark in sizes[:_LABELS]:
        if size < _FEWEST_CELLS or size < _LEAST_SHARE * sizes[0][0]:
            return
        rows, columns = np.nonzero((marks == mark) & printed)
        angle = dominant_angle(seen, rows, columns)
        yield rectangle(rows, columns, angle, seen.size_px).padded(2 * seen.size_px, 2 * seen.size_px)
