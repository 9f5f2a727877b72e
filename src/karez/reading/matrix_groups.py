"""Find what may be 2D codes: compact patches of dense print whose edges run both ways."""

from collections.abc import Iterator

import cv2
import numpy as np

from karez.reading.bar_groups import Places, dominant_angle, rectangle
from karez.reading.cells import Cells
from karez.reading.views import Region

MOST = 4
"""Patches that are looked at."""
_OF_AROUND = 0.35  # of the densest print in the neighbourhood
_NEIGHBOURHOOD = np.ones((25, 25), np.uint8)
_FEWEST_CELLS = 6
_LONGEST = 5.0  # PDF417, in its shorter sides; the others are squares
_LEAST_FILLED = 0.5


def matrices(cells: Cells) -> tuple[Region, ...]:
    """List patches of print without one direction, densest first, along their own edges."""
    both_ways = cv2.blur(cells.energy * (1 - cells.coherence), (3, 3))
    around = cv2.dilate(both_ways, _NEIGHBOURHOOD)
    dense = (both_ways > _OF_AROUND * around) & cells.faint()
    _, marks, stats, _ = cv2.connectedComponentsWithStats(dense.astype(np.uint8))
    found = sorted(_patches(cells, both_ways, np.asarray(marks), np.asarray(stats)), key=lambda pair: -pair[0])
    return tuple(region for _, region in found[:MOST])


def _patches(cells: Cells, both_ways: np.ndarray, marks: Places, stats: Places) -> Iterator[tuple[float, Region]]:
    for mark in range(1, len(stats)):
        if stats[mark, cv2.CC_STAT_AREA] < _FEWEST_CELLS:
            continue
        left, top, width, height, size = (int(value) for value in stats[mark])
        inside = marks[top : top + height, left : left + width] == mark
        rows, columns = np.nonzero(inside)
        rows, columns = rows + top, columns + left
        region = rectangle(rows, columns, dominant_angle(cells, rows, columns), cells.size_px)
        shorter, longer = sorted((region.width, region.height))
        if longer < _LONGEST * shorter and size * cells.size_px**2 > _LEAST_FILLED * region.area:
            yield float(both_ways[rows, columns].mean()), region
