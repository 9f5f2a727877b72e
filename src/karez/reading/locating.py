"""Find the label and its bars: a structure tensor on small cells says where print stands and which way it runs.

Barcode readers scan along rows and columns only, so a picture taken at any angle must be turned first. The tensor's
energy marks print, its direction histogram (modulo 90°) the label's angle, its coherence the bars of 1D codes.
"""

import math
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey
from karez.reading.views import Region, mapped, region_matrix

_CELL_PX = 8
_BAND_CELLS = 12
_QUIET = 20  # percentile of cells taken to hold nothing but noise
_WORK_PIXELS = 2_300_000  # larger pictures are reduced before looking; decoding always uses the full picture
_LABELS = 3
_COHERENT = 0.7
_LEAST_ENERGY = 900.0  # a step of two grey levels
_MOST_SHARE = 0.6  # of the picture; what is larger is its ground
_BARS = 8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Per cell: gradient energy, coherence 0 to 1, and the doubled direction's cosine and sine times energy.

    ``noise`` is the energy of the quietest cells; it is already taken off.
    """

    energy: Floats
    coherence: Floats
    cosine: Floats
    sine: Floats
    noise: float


class Layout:
    """What was found, in stored pixels.

    Attributes
    ----------
    labels
        Printed rectangles, largest first, each along its own print (its upright still unknown by quarter turns).
    """

    def __init__(self, tensor: _Tensor, cell: float) -> None:
        self._tensor, self._cell = tensor, cell
        self.labels = tuple(_labels(tensor, _printed(tensor), cell))

    @cached_property
    def faint_labels(self) -> tuple[Region, ...]:
        """Find the same by a threshold just above noise: whole in the dark, where `labels` falls into pieces."""
        return tuple(_labels(self._tensor, _faint(self._tensor), self._cell))

    @cached_property
    def bars(self) -> tuple[Region, ...]:
        """Find bars of possible 1D codes, strongest first; their width runs across the bars."""
        raw = self._tensor.coherence * self._tensor.energy / (self._tensor.energy + self._tensor.noise + 1)
        clear = _bars(self._tensor, _printed(self._tensor) & (raw > _COHERENT), self.labels, self._cell)
        sensitive = _faint(self._tensor) & (self._tensor.coherence > _COHERENT)
        faint = _bars(self._tensor, sensitive, (*self.labels, *self.faint_labels), self._cell)
        return tuple(_distinct([*clear, *faint])[:_BARS])

    def bars_beyond(self, covered: Sequence[Region]) -> tuple[Region, ...]:
        """Find groups of clear bars in any direction outside regions that are known already, strongest first."""
        raw = self._tensor.coherence * self._tensor.energy / (self._tensor.energy + self._tensor.noise + 1)
        mask = (_printed(self._tensor) & (raw > _COHERENT)).astype(np.uint8)
        for region in covered:
            size = (0, 0), (region.width, 0), (region.width, region.height), (0, region.height)
            cells = mapped(region_matrix(region, 1.0), size) / self._cell
            cv2.fillConvexPoly(mask, np.round(cells).astype(np.int32), 0)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), dtype=np.uint8)
        groups = sorted(_bar_groups(self._tensor, mask, self._cell), key=lambda pair: pair[0], reverse=True)
        return tuple(region for _, region in groups[:_BARS])

    def only(self, label: Region) -> "Layout":
        """See one label alone, as the main one: to read its text."""
        one = copy(self)
        one.labels = (label,)
        one.__dict__["faint_labels"] = ()
        return one

    @property
    def main_label(self) -> Region | None:
        """The label to read text on: the largest, or the faint one that several pieces lie in."""
        if not self.labels:
            return self.faint_labels[0] if self.faint_labels else None
        if len(self.labels) > 1 and self.faint_labels:
            faint = self.faint_labels[0]
            inside = sum(faint.holds(piece.x, piece.y) for piece in self.labels)
            if inside > 1 and faint.area < _MOST_SHARE * self._tensor.energy.size * self._cell**2:
                return faint
        return self.labels[0]


def locate(picture: Grey) -> Layout:
    """Find the printed rectangles of a picture, and, when asked, its bars."""
    work, cell = _reduced(picture)
    return Layout(_tensor(work), cell)


def _reduced(picture: Grey) -> tuple[Grey, float]:
    """Return the picture to look at, and how many stored pixels one cell of it spans."""
    shrink = math.sqrt(_WORK_PIXELS / picture.size)
    if shrink >= 1:
        return picture, _CELL_PX
    work = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(work, dtype=np.uint8), _CELL_PX / shrink


def _tensor(work: Grey) -> _Tensor:
    rows, columns = max(1, work.shape[0] // _CELL_PX), max(1, work.shape[1] // _CELL_PX)
    bands = [
        _products(work, top * _CELL_PX, min(rows, top + _BAND_CELLS) * _CELL_PX, columns)
        for top in range(0, rows, _BAND_CELLS)
    ]
    xx, yy, xy = (cv2.blur(np.concatenate(parts), (3, 3)) for parts in zip(*bands, strict=True))
    energy, cosine, sine = (np.asarray(part, np.float32) for part in (xx + yy, xx - yy, 2 * xy))
    # Noise adds energy evenly, but no direction: what the quietest cells hold is taken off everywhere.
    noise = float(np.percentile(energy, _QUIET))
    energy = np.maximum(energy - noise, 0)
    coherence = np.minimum(np.sqrt(cosine**2 + sine**2) / (energy + 1), 1)
    return _Tensor(energy, coherence.astype(np.float32), cosine, sine, noise)


def _products(work: Grey, top: int, bottom: int, columns: int) -> tuple[Floats, Floats, Floats]:
    """Average the products of the derivatives over the cells of one band (bands stay in the processor's cache)."""
    # Scharr, not Sobel: at 30° Sobel is 1.2° off on fine bars, Scharr 0.15°.
    band = work[top:bottom, : columns * _CELL_PX]
    across, down = cv2.Scharr(band, cv2.CV_32F, 1, 0), cv2.Scharr(band, cv2.CV_32F, 0, 1)
    size = columns, (bottom - top) // _CELL_PX

    def cells(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> Floats:
        mean = cv2.resize(cv2.multiply(one, other), size, interpolation=cv2.INTER_AREA)
        return np.asarray(mean, np.float32).reshape(size[1], size[0])

    x, y = np.asarray(across, np.float32), np.asarray(down, np.float32)
    return cells(x, x), cells(y, y), cells(x, y)


def _printed(tensor: _Tensor) -> npt.NDArray[np.bool_]:
    """Mark the cells that hold print: well above the picture's quiet cells, and not far below its strongest."""
    strong = float(np.percentile(tensor.energy, 98))
    return np.asarray(tensor.energy > max(3 * tensor.noise, 0.04 * strong, _LEAST_ENERGY), dtype=np.bool_)


def _faint(tensor: _Tensor) -> npt.NDArray[np.bool_]:
    """Mark the cells just above the noise; a textured ground counts as print by this."""
    middle, strong = np.percentile(tensor.energy, (50, 98))
    least = max(min(4 * middle, 0.2 * strong), 0.04 * strong, _LEAST_ENERGY)
    return np.asarray(tensor.energy > least, dtype=np.bool_)


def _labels(tensor: _Tensor, printed: npt.NDArray[np.bool_], cell: float) -> Iterator[Region]:
    mask = cv2.morphologyEx(printed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, marks, stats, _ = cv2.connectedComponentsWithStats(mask)
    sizes = sorted(((int(stats[i, cv2.CC_STAT_AREA]), i) for i in range(1, count)), reverse=True)
    for size, mark in sizes[:_LABELS]:
        if size < 12 or size < 0.1 * sizes[0][0]:
            return
        rows, columns = np.nonzero((marks == mark) & printed)
        angle = _dominant_angle(tensor, rows, columns)
        yield _rectangle(rows, columns, angle, cell).padded(2 * cell, 2 * cell)


def _dominant_angle(tensor: _Tensor, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> float:
    """Find the direction (modulo 90°) that most of the edges follow, by a histogram and its refined peak."""
    cosine, sine = tensor.cosine[rows, columns], tensor.sine[rows, columns]
    direction = np.degrees(np.arctan2(sine, cosine)) / 2 % 90
    weight = np.sqrt(np.hypot(cosine, sine)) * tensor.coherence[rows, columns]
    histogram = np.bincount((direction * 2).astype(int) % 180, weights=weight, minlength=180)
    around = sum(np.roll(histogram, shift) * (4 - abs(shift)) for shift in range(-3, 4))
    peak = int(np.argmax(around)) / 2 + 0.25
    offset = (direction - peak + 45) % 90 - 45
    near = np.abs(offset) < 4
    if not np.any(near) or float(weight[near].sum()) == 0:
        return peak
    return peak + float(np.average(offset[near], weights=weight[near]))


def _rectangle(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], angle_deg: float, cell: float, trim: float = 0.3
) -> Region:
    """Bound cells by a rectangle along an angle, ignoring ``trim`` percent of stragglers at each end."""
    turn = math.radians(angle_deg)
    x, y = (columns + 0.5) * cell, (rows + 0.5) * cell
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    left, right = np.percentile(along, (trim, 100 - trim))
    top, bottom = np.percentile(across, (trim, 100 - trim))
    middle, centre = (left + right) / 2, (top + bottom) / 2
    return Region(
        float(middle * math.cos(turn) - centre * math.sin(turn)),
        float(middle * math.sin(turn) + centre * math.cos(turn)),
        float(right - left + cell),
        float(bottom - top + cell),
        angle_deg,
    )


def _distinct(groups: list[Region]) -> list[Region]:
    """Leave out groups of bars that were found before at about the same size."""
    kept: list[Region] = []
    for group in groups:
        if not any(other.holds(group.x, group.y) and group.width < 1.2 * other.width for other in kept):
            kept.append(group)
    return kept


def _bars(
    tensor: _Tensor, coherent: npt.NDArray[np.bool_], labels: tuple[Region, ...], cell: float
) -> Iterator[Region]:
    """Group coherent cells that run the same way; long, strong groups may be 1D codes."""
    found: list[tuple[float, Region]] = []
    for angle in _bar_angles(labels):
        direction = np.degrees(np.arctan2(tensor.sine, tensor.cosine)) / 2
        aligned = np.abs((direction - angle + 90) % 180 - 90) < 12
        mask = (coherent & aligned).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), dtype=np.uint8)
        found += _bar_groups(tensor, mask, cell)
    found.sort(key=lambda pair: pair[0], reverse=True)
    for _, region in found[:_BARS]:
        yield region


def _bar_angles(labels: tuple[Region, ...]) -> list[float]:
    angles: list[float] = []
    for label in labels:
        for angle in (label.angle_deg, label.angle_deg + 90):
            if all(abs((angle - other + 90) % 180 - 90) > 10 for other in angles):
                angles.append(angle)
    return angles


def _bar_groups(tensor: _Tensor, mask: npt.NDArray[np.uint8], cell: float) -> Iterator[tuple[float, Region]]:
    count, marks, stats, _ = cv2.connectedComponentsWithStats(mask)
    for mark in range(1, count):
        if stats[mark, cv2.CC_STAT_AREA] < 16:
            continue
        rows, columns = np.nonzero(marks == mark)
        cosine, sine = tensor.cosine[rows, columns].sum(), tensor.sine[rows, columns].sum()
        angle = math.degrees(math.atan2(float(sine), float(cosine))) / 2
        region = _rectangle(rows, columns, angle, cell, trim=1.0)
        if region.width < 6 * cell or region.height < 1.5 * cell:
            continue
        yield float(np.hypot(cosine, sine)), region
