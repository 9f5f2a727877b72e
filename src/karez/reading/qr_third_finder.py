"""Say where the third finder of a QR code must be when two are seen and one is glared, torn or covered."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import cv2
import numpy as np

from karez.reading import qr_fit
from karez.reading.pictures import Grey
from karez.reading.qr_corners import Corners, Laid, placed
from karez.reading.qr_patterns import FINDER
from karez.reading.qr_sheet import Points
from karez.reading.views import Matrix, after, mapped

_SURE = 0.7  # agreement of each of the two
_PAIRS = 2
_IN_LINE = 0.35  # way across against way along, of two finders on one side of the code
_DIAGONAL = 0.65
_LEAST_AGREEMENT = 0.4  # of the third, to be believed where it was found rather than where it must be
_GUESSED = 0.2


def completed(picture: Grey, laid: Sequence[Laid]) -> list[Corners]:
    """Complete pairs of clear finders by the third where it may stand, likeliest first."""
    sure = [one for one in laid if one.agreement > _SURE]
    pairs = sorted(combinations(sure, 2), key=lambda pair: -pair[0].agreement - pair[1].agreement)
    same = [(one, other) for one, other in pairs if one.inverted is other.inverted]
    found = [corners for one, other in same[:_PAIRS] for corners in _of_pair(picture, one, other)]
    return sorted((corners for corners in found if corners.rating > 0), key=lambda corners: -corners.rating)


def _of_pair(picture: Grey, one: Laid, other: Laid) -> Iterator[Corners]:
    modules = (one.modules_to(other) * other.modules_to(one)) ** 0.5
    way = other.middle - one.middle
    first = one.facing(way)
    along, down = np.abs(np.linalg.solve(np.column_stack([first[1] - first[0], first[3] - first[0]]), way))
    if down < _IN_LINE * along:
        to_stored = _laid_over(one, other, way, (modules, 0.0))
        for sign in (1, -1):
            yield placed(one, other, _third(picture, to_stored, (0.0, sign * modules), one.inverted))
            yield placed(other, one, _third(picture, to_stored, (modules, sign * modules), one.inverted))
    elif down > _DIAGONAL * along:
        to_stored = _laid_over(one, other, _turned_back(way), (modules, modules))
        for place in ((modules, 0.0), (0.0, modules)):
            yield placed(_third(picture, to_stored, place, one.inverted), one, other)


def _turned_back(way: Points) -> Points:
    """Turn a diagonal against the clock, to the side of the code on its left."""
    return np.array([way[0] + way[1], way[1] - way[0]])


def _laid_over(one: Laid, other: Laid, way: Points, place: tuple[float, float]) -> Matrix:
    """Map from modules to the stored picture: one finder at the origin, the other at its place."""
    square = qr_fit.finder_corners(FINDER)[:4]
    seen = np.concatenate([one.facing(way), other.facing(way)])
    matrix, _ = cv2.findHomography(np.concatenate([square, square + place]), seen)
    return np.asarray(matrix, np.float64)


def _third(picture: Grey, to_stored: Matrix, place: tuple[float, float], inverted: bool) -> Laid:
    """Look at the place of a finder; where it does not show, suppose that it stands there nevertheless."""
    square = qr_fit.finder_corners(FINDER)[:4]
    step = np.array([[1, 0, place[0] - 1], [0, 1, place[1] - 1], [0, 0, 1]])
    grid = qr_fit.finder_grid(picture, after(to_stored, step), inverted)
    if grid.agreement > _LEAST_AGREEMENT:
        return Laid(grid.stored(square + 1), inverted, grid.agreement)
    return Laid(mapped(to_stored, square + place), inverted, _GUESSED)
