"""Find the label: cells of the picture say where print stands and which way it runs.

Barcode readers scan along rows and columns only, so a picture taken at any angle must be turned first. The cells'
energy marks print; their direction histogram (modulo 90°) gives the label's angle.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading import bar_groups, matrix_groups
from karez.reading.bar_groups import Places, across_bars, dominant_angle, offsets, rectangle
from karez.reading.cells import Cells, Mask, cells
from karez.reading.pictures import Grey
from karez.reading.views import Region

_LABELS = 6
_FEWEST_CELLS = 12
_LEAST_SHARE = 0.1  # of the largest label's cells
_MOST_SHARE = 0.6  # of the picture; what is larger is its ground
_CLOSE, _NEAR = np.ones((9, 9), np.uint8), np.ones((17, 17), np.uint8)  # gaps of bare paper within a label
_LINE = np.ones((4, 4), np.uint8)
_EDGE = 0.7  # coherence of a parcel's edge
_LEAST_FILLED = 0.2  # of its rectangle; the outline of a parcel fills less
_THINNEST = 4  # cells
_LONGEST = 9.0  # of a label, in its shorter sides
_TURNED_DEG, _ALIKE, _SPREAD = 6.0, 0.6, 1.4  # of two pieces: turned by, area against each other, and against both


@dataclass(frozen=True, slots=True)
class Edges:
    """Where print stands (n × 2, stored pixels), the direction across its edges (radians), and how clear that is."""

    places: npt.NDArray[np.float64]
    directions: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]


class Layout:
    """What was found, in stored pixels.

    Attributes
    ----------
    labels
        Printed rectangles, largest first, each along its own print, its width across most of its bars (where none
        are, its upright is unknown by quarter turns).
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

    @cached_property
    def matrices(self) -> tuple[Region, ...]:
        """Find patches of print that may be 2D codes, densest first."""
        return matrix_groups.matrices(self._cells)

    def bars_beyond(self, covered: Sequence[Region]) -> tuple[Region, ...]:
        """Find groups of clear bars in any direction outside regions that are known already, strongest first."""
        return bar_groups.bars_beyond(self._cells, covered)

    def only(self, label: Region) -> "Layout":
        """See one label alone, as the main one: to read its text."""
        one = copy(self)
        one.labels = (label,)
        one.__dict__["faint_labels"] = ()
        return one

    def edges_in(self, label: Region) -> Edges:
        """List the cells of a label that hold print, and the direction across their edges."""
        rows, columns = np.nonzero(self._cells.printed())
        along, across = offsets(rows, columns, label, self._cells.size_px)
        inside = (np.abs(along) < label.width / 2) & (np.abs(across) < label.height / 2)
        rows, columns = rows[inside], columns[inside]
        direction = np.arctan2(self._cells.sine[rows, columns], self._cells.cosine[rows, columns]) / 2
        weight = np.sqrt(self._cells.energy[rows, columns]) * self._cells.coherence[rows, columns] ** 2
        places = (np.column_stack([columns, rows]).astype(np.float64) + 0.5) * self._cells.size_px
        return Edges(places, direction, np.asarray(weight, np.float64))

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


def _labels(seen: Cells, printed: Mask) -> list[Region]:
    """Bound the print of each label, largest first."""
    ground = seen.ground(printed | seen.faint()) | _edges(seen, printed)
    pieces = list(_pieces(seen, printed, ground))
    marks = _joined(printed, ground, _NEAR) if len(pieces) > 1 else None
    whole: list[_Piece] = []
    for piece in pieces:
        fits = (
            index for index, other in enumerate(whole) if marks is not None and _one_label(other, piece, marks, seen)
        )
        at = next(fits, None)
        if at is None:
            whole.append(piece)
        else:
            whole[at] = whole[at].with_(piece, seen)
    padding = 2 * seen.size_px
    return [piece.region.padded(padding, padding) for piece in sorted(whole, key=lambda piece: -piece.region.area)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Printed cells that hang together, and the rectangle that bounds them."""

    rows: Places
    columns: Places
    region: Region

    def with_(self, other: "_Piece", seen: Cells) -> "_Piece":
        """Take in another piece, along the direction of this one."""
        rows, columns = np.append(self.rows, other.rows), np.append(self.columns, other.columns)
        return _Piece(rows, columns, rectangle(rows, columns, self.region.angle_deg, seen.size_px))


def _pieces(seen: Cells, printed: Mask, ground: Mask) -> Iterator[_Piece]:
    """Join print that stands close together on the same paper; the edges of parcels are left out."""
    marks = _joined(printed, ground, _CLOSE)
    sizes = np.bincount(marks[printed], minlength=1)
    sizes[0] = 0
    outline: _Piece | None = None
    largest = 0
    for mark in np.argsort(-sizes)[:_LABELS]:
        if sizes[mark] < max(_FEWEST_CELLS, _LEAST_SHARE * largest):
            break
        rows, columns = np.nonzero((marks == mark) & printed)
        angle_deg = across_bars(seen, rows, columns, dominant_angle(seen, rows, columns))
        region = rectangle(rows, columns, angle_deg, seen.size_px)
        piece = _Piece(rows, columns, region)
        if _is_outline(piece, seen.size_px):
            outline = outline or piece
        else:
            largest = largest or int(sizes[mark])
            yield piece
    if not largest and outline is not None:  # a label may hang together with the parcel's edge
        yield outline


def _is_outline(piece: _Piece, cell_px: float) -> bool:
    """Say whether it is the edge of a parcel rather than print: a thin strip, or little inside its rectangle."""
    shorter, longer = sorted((piece.region.width, piece.region.height))
    filled = piece.rows.size * cell_px**2 / piece.region.area
    return filled < _LEAST_FILLED or shorter < max(_THINNEST * cell_px, longer / _LONGEST)


def _edges(seen: Cells, printed: Mask) -> Mask:
    """Mark thin lines whose gradients all run one way: edges of parcels that run past a label, rarely print."""
    closed = cv2.morphologyEx(printed.astype(np.uint8), cv2.MORPH_CLOSE, _CLOSE)
    thin = closed > cv2.morphologyEx(closed, cv2.MORPH_OPEN, _LINE)
    return np.asarray(thin & (seen.bar_like > _EDGE), np.bool_)


def _joined(printed: Mask, ground: Mask, reach: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Number the groups of print with less than a reach of bare paper between them."""
    closed = cv2.morphologyEx(printed.astype(np.uint8), cv2.MORPH_CLOSE, reach)
    closed[ground] = 0
    return np.asarray(cv2.connectedComponents(closed)[1], np.int32)


def _one_label(one: _Piece, other: _Piece, marks: npt.NDArray[np.int32], seen: Cells) -> bool:
    """Say whether two pieces are parts of one label: on one paper, along one direction, together one rectangle."""
    if marks[one.rows[0], one.columns[0]] != marks[other.rows[0], other.columns[0]]:
        return False
    turned = abs((one.region.angle_deg - other.region.angle_deg + 45) % 90 - 45)
    alike = other.region.area > _ALIKE * one.region.area
    together = one.with_(other, seen).region.area
    return turned < _TURNED_DEG and not alike and together < _SPREAD * (one.region.area + other.region.area)
