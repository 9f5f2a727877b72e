"""Labels seen at a slant, laid flat: bars and lines of print tell where their parallels meet, and that undoes the tilt.

On a label nearly every edge runs along or across it. In a tilted picture each of the two families of parallels meets in
a vanishing point; the line through both points is the label plane's horizon. Moving it to infinity makes parallels
parallel again, and shearing the two directions upright makes them meet at right angles. What remains unknown is the
proportion of the sides (a label tilted by 45° stays shortened to 0.7 one way), which no decoder minds.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karez.domain.reading import Box
from karez.reading.locating import Edges, Layout
from karez.reading.pictures import Grey
from karez.reading.views import Matrix, Region, View, as_box, cut, mapped, warp

_FAMILY_DEG = 22.0  # an edge further off the label's own directions belongs to neither family
_FEWEST_EDGES = 24  # cells of a family
_ROUNDS = 4
_STRAY = 0.04  # radians; edges that miss the vanishing point by more count little
_RIDGE = 5e-4  # of the weights: without clear evidence parallels stay parallel
_FLAT, _SQUARE_DEG = 0.012, 1.0  # change of scale over half a label, and skew, below which it is taken as flat
_STEEPEST = 0.6  # change of scale over half a label that is believed
_TRIM = 0.3  # percent of stragglers at each side
_PADDING_PX = 16.0

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slant:
    """How a label lies.

    Attributes
    ----------
    to_flat
        Map from stored pixels to the flat label: its centre at 0, pixels of about the same size as there.
    steepness
        Change of scale over half the label's size, 0 where it faces the camera.
    skew_deg
        By how much its two directions miss a right angle.
    """

    to_flat: Matrix
    steepness: float
    skew_deg: float

    def is_flat_within(self, times: float = 1.0) -> bool:
        """Say whether a view that is only turned is as good."""
        return self.steepness < times * _FLAT and abs(self.skew_deg) < times * _SQUARE_DEG


def rectified(picture: Grey, layout: Layout, label: Region, quarters: int = 0, scale: float = 1.0) -> View:
    """Show a label upright and flat: in perspective where its print says that it is tilted, else only turned.

    Parameters
    ----------
    quarters
        Quarter turns clockwise from the region's own direction to that of the text.
    scale
        Pixels of the view for one stored pixel in the middle of the label.
    """
    turned = label.turned(quarters)
    edges = layout.edges_in(turned)
    lies = slant(edges, turned)
    if lies is None or lies.is_flat_within():
        return cut(picture, turned.padded(_PADDING_PX / 2, _PADDING_PX / 2), scale, cubic=scale > 1)
    return _flat_view(picture, edges.places, lies, scale)


def outline(layout: Layout, label: Region) -> Box | None:
    """Bound a tilted label by a quadrilateral of the stored picture, clockwise; ``None`` where it is only turned."""
    edges = layout.edges_in(label)
    lies = slant(edges, label)
    if lies is None or lies.is_flat_within():
        return None
    low, high = np.percentile(mapped(lies.to_flat, edges.places), (_TRIM, 100 - _TRIM), axis=0)
    (left, top), (right, bottom) = low - _PADDING_PX, high + _PADDING_PX
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return as_box(mapped(np.asarray(np.linalg.inv(lies.to_flat), np.float64), corners))


def is_tilted(layout: Layout, label: Region, times: float = 1.0) -> bool:
    """Say whether the print of a label clearly lies at a slant: more than a number of times the least that counts."""
    lies = slant(layout.edges_in(label), label)
    return lies is not None and not lies.is_flat_within(times)


def slant(edges: Edges, label: Region) -> Slant | None:
    """Find how a label lies by where its parallels meet; ``None`` where its print does not tell."""
    centre, half = np.array([label.x, label.y]), max(label.width, label.height) / 2
    places = (edges.places - centre) / half
    turn = math.radians(label.angle_deg)
    # Gradients along the width belong to edges that run down the label, and the other way round.
    down = _meeting(places, edges.directions, edges.weights, turn)
    along = _meeting(places, edges.directions, edges.weights, turn + math.pi / 2)
    if down is None or along is None:
        return None
    horizon = np.cross(along, down)
    if abs(horizon[2]) < 1e-6:
        return None
    horizon = horizon / horizon[2]
    steepness = float(np.hypot(horizon[0], horizon[1]))
    if steepness > _STEEPEST:
        return None
    width, height = _pointing(along, turn), _pointing(down, turn + math.pi / 2)
    skew_deg = math.degrees(math.asin(float(np.clip(width @ height, -1, 1))))
    upright = np.eye(3)
    upright[:2, :2] = np.linalg.inv(np.column_stack([width, height]))
    level = np.array([[1, 0, 0], [0, 1, 0], [horizon[0], horizon[1], 1]])
    shift = np.array([[1 / half, 0, -centre[0] / half], [0, 1 / half, -centre[1] / half], [0, 0, 1]])
    return Slant(np.diag([half, half, 1]) @ upright @ level @ shift, steepness, skew_deg)


def _meeting(places: Points, directions: Points, weights: Points, normal: float) -> Points | None:
    """Find the point (homogeneous) where the edges with about this normal meet, by weighted least squares."""
    offset = (directions - normal + math.pi / 2) % math.pi - math.pi / 2
    family = np.abs(offset) < math.radians(_FAMILY_DEG)
    if int(family.sum()) < _FEWEST_EDGES:
        return None
    x, y = np.cos(directions[family]), np.sin(directions[family])
    lines = np.column_stack([x, y, -(x * places[family, 0] + y * places[family, 1])])
    base = weights[family]
    weight = base
    point = np.zeros(3)
    for _ in range(_ROUNDS):
        normal_matrix = (lines * weight[:, None]).T @ lines
        normal_matrix[2, 2] += _RIDGE * float(weight.sum())
        point = np.linalg.eigh(normal_matrix)[1][:, 0]
        miss = lines @ point / max(float(np.hypot(point[0], point[1])), 1e-9)
        weight = base / (1 + np.square(miss / _STRAY))
    return np.asarray(point, np.float64)


def _pointing(point: Points, turn: float) -> Points:
    """Give the unit direction to a vanishing point, on the side of ``turn``."""
    direction = point[:2] / np.hypot(point[0], point[1])
    return np.asarray(direction if direction @ (math.cos(turn), math.sin(turn)) > 0 else -direction, np.float64)


def _flat_view(picture: Grey, places: Points, lies: Slant, scale: float) -> View:
    """Lay the print flat and bound it."""
    low, high = np.percentile(mapped(lies.to_flat, places), (_TRIM, 100 - _TRIM), axis=0)
    low, high = low - _PADDING_PX, high + _PADDING_PX
    columns, rows = (max(1, round(float(side) * scale)) for side in high - low)
    place = np.array([[1 / scale, 0, low[0]], [0, 1 / scale, low[1]], [0, 0, 1]])
    matrix = np.linalg.inv(lies.to_flat) @ place
    matrix = np.asarray(matrix / matrix[2, 2], np.float64)
    return View(warp(picture, matrix, (columns, rows), cubic=scale > 1), matrix)
