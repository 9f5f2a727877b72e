"""Rectangles of cells: which way most of their edges run, what bounds them, and which hold the bars of 1D codes."""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.cells import Cells, Mask
from karez.reading.views import Region, mapped, region_matrix

_COHERENT = 0.7
_PEAK = np.array([1, 2, 3, 4, 3, 2, 1])  # of a histogram, in halves of a degree
MOST = 8
"""Groups of bars that are looked at."""

Places = npt.NDArray[np.intp]


def bars(cells: Cells, labels: tuple[Region, ...], faint_labels: tuple[Region, ...]) -> tuple[Region, ...]:
    """Find bars of possible 1D codes along labels, strongest first; their width runs across the bars."""
    clear = _bars(cells, cells.printed() & (cells.bar_like > _COHERENT), labels)
    faint = _bars(cells, cells.faint() & (cells.coherence > _COHERENT), (*labels, *faint_labels))
    return tuple(_distinct([*clear, *faint])[:MOST])


def bars_beyond(cells: Cells, covered: Sequence[Region]) -> tuple[Region, ...]:
    """Find groups of clear bars in any direction outside regions that are known already, strongest first."""
    mask = (cells.printed() & (cells.bar_like > _COHERENT)).astype(np.uint8)
    for region in covered:
        size = (0, 0), (region.width, 0), (region.width, region.height), (0, region.height)
        outline = mapped(region_matrix(region, 1.0), size) / cells.size_px
        cv2.fillConvexPoly(mask, np.round(outline).astype(np.int32), 0)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    groups = sorted(_groups(cells, mask), key=lambda pair: pair[0], reverse=True)
    return tuple(region for _, region in groups[:MOST])


def dominant_angle(cells: Cells, rows: Places, columns: Places) -> float:
    """Find the direction (modulo 90°) that most of the edges follow, by a histogram and its refined peak."""
    cosine, sine = cells.cosine[rows, columns], cells.sine[rows, columns]
    direction = np.degrees(np.arctan2(sine, cosine)) / 2 % 90
    weight = np.sqrt(np.hypot(cosine, sine)) * cells.coherence[rows, columns]
    histogram = np.bincount((direction * 2).astype(int) % 180, weights=weight, minlength=180)
    around = np.convolve(np.concatenate((histogram[-3:], histogram, histogram[:3])), _PEAK, "valid")
    peak = int(np.argmax(around)) / 2 + 0.25
    offset = (direction - peak + 45) % 90 - 45
    near = np.abs(offset) < 4
    if not np.any(near) or float(weight[near].sum()) == 0:
        return peak
    return peak + float(np.average(offset[near], weights=weight[near]))


def across_bars(cells: Cells, rows: Places, columns: Places, angle_deg: float) -> float:
    """Choose of an angle and the one at right angles to it the one that runs across most bars."""
    turn = math.radians(2 * angle_deg)
    along = cells.cosine[rows, columns] * math.cos(turn) + cells.sine[rows, columns] * math.sin(turn)
    barred = cells.bar_like[rows, columns] > _COHERENT
    return angle_deg if float(along[barred].sum()) >= 0 else angle_deg + 90


def offsets(
    rows: Places, columns: Places, region: Region, cell_px: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Say how far along and across a region (stored pixels, from its centre) cells stand."""
    turn = math.radians(region.angle_deg)
    x, y = (columns + 0.5) * cell_px - region.x, (rows + 0.5) * cell_px - region.y
    return x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)


def rectangle(rows: Places, columns: Places, angle_deg: float, cell_px: float, trim: float = 0.3) -> Region:
    """Bound cells by a rectangle along an angle, ignoring ``trim`` percent of stragglers at each end."""
    turn = math.radians(angle_deg)
    x, y = (columns + 0.5) * cell_px, (rows + 0.5) * cell_px
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    left, right = _ends(along, trim)
    top, bottom = _ends(across, trim)
    middle, centre = (left + right) / 2, (top + bottom) / 2
    return Region(
        float(middle * math.cos(turn) - centre * math.sin(turn)),
        float(middle * math.sin(turn) + centre * math.cos(turn)),
        float(right - left + cell_px),
        float(bottom - top + cell_px),
        angle_deg,
    )


def _ends(values: npt.NDArray[np.float64], trim: float) -> tuple[float, float]:
    """Give the percentiles ``trim`` and 100 - ``trim``."""
    low = int(values.size * trim / 100)
    high = values.size - 1 - low
    parted = np.partition(values, (low, high))
    return float(parted[low]), float(parted[high])


def _distinct(groups: list[Region]) -> list[Region]:
    """Leave out groups of bars that were found before at about the same size."""
    kept: list[Region] = []
    for group in groups:
        if not any(other.holds(group.x, group.y) and group.width < 1.2 * other.width for other in kept):
            kept.append(group)
    return kept


def _bars(cells: Cells, coherent: Mask, labels: tuple[Region, ...]) -> Iterator[Region]:
    """Group coherent cells that run the same way; long, strong groups may be 1D codes."""
    found: list[tuple[float, Region]] = []
    for angle in _bar_angles(labels):
        direction = np.degrees(np.arctan2(cells.sine, cells.cosine)) / 2
        aligned = np.abs((direction - angle + 90) % 180 - 90) < 12
        mask = (coherent & aligned).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), dtype=np.uint8)
        found += _groups(cells, mask)
    found.sort(key=lambda pair: pair[0], reverse=True)
    for _, region in found[:MOST]:
        yield region


def _bar_angles(labels: tuple[Region, ...]) -> list[float]:
    angles: list[float] = []
    for label in labels:
        for angle in (label.angle_deg, label.angle_deg + 90):
            if all(abs((angle - other + 90) % 180 - 90) > 10 for other in angles):
                angles.append(angle)
    return angles


def _groups(cells: Cells, mask: npt.NDArray[np.uint8]) -> Iterator[tuple[float, Region]]:
    count, marks, stats, _ = cv2.connectedComponentsWithStats(mask)
    for mark in range(1, count):
        if stats[mark, cv2.CC_STAT_AREA] < 16:
            continue
        rows, columns = np.nonzero(marks == mark)
        cosine, sine = cells.cosine[rows, columns].sum(), cells.sine[rows, columns].sum()
        angle = math.degrees(math.atan2(float(sine), float(cosine))) / 2
        region = rectangle(rows, columns, angle, cells.size_px, trim=1.0)
        if region.width < 6 * cells.size_px or region.height < 1.5 * cells.size_px:
            continue
        yield float(np.hypot(cosine, sine)), region
