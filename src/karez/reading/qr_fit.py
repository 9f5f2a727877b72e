"""Lay a grid of modules over a QR code from its three finders: tilted, bent, with stains on it.

The picture is laid roughly straight (`qr_sheet`), then bent until it agrees with what is known of the code: first what
its version prescribes, then each module as it was just read, from the finders outwards. The bend is a polynomial in
module coordinates, found by least squares on the picture's gradients (Lucas and Kanade, 1981).
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading import qr_patterns
from karez.reading.pictures import Grey
from karez.reading.qr_patterns import FINDER, Modules, Soft
from karez.reading.qr_sheet import MODULE_PX, QUIET, SOFT, Floats, Points, Sheet, softened
from karez.reading.views import Matrix

_STEP = 3  # pixels of a sheet between points that are compared
_DEGREE = 3  # of the polynomial
_STIFF = (0.0, 0.0, 0.004, 0.03)  # against bends of each degree, as a share of the picture's own weight
_ROUNDS = 5
_FINDER_ROUNDS = 3, 5  # before and after what is no finder is given up
_HOPELESS = 0.2  # agreement
_REACHES = 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 2.0, 2.0, 2.0  # in sides along both axes together, as a grid grows
_THRESHOLD = 7, 7  # modules around one, of which it must be darker


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the modules of a code stand on its sheet.

    Attributes
    ----------
    bend
        Coefficients (terms × 2) of the polynomial that moves each point, in modules.
    agreement
        Correlation of the picture with what the version prescribes.
    """

    sheet: Sheet
    bend: Points
    agreement: float

    def bent(self, places: Points) -> Points:
        """Move places (n × 2, module coordinates) to where the picture shows them."""
        return np.asarray(places + _terms(places, self.sheet.count) @ self.bend, np.float64)

    def stored(self, places: Points) -> Points:
        """Map places (n × 2, module coordinates) to the stored picture."""
        return self.sheet.stored(self.bent(places))

    @property
    def outline(self) -> Points:
        """The code's outer corners in the stored picture, clockwise from the top left (4 × 2)."""
        count = self.sheet.count
        return self.stored(np.array([(0, 0), (count, 0), (count, count), (0, count)], np.float64))

    def read(self, image: Floats) -> Soft:
        """Sample the middle of each module."""
        count = self.sheet.count
        middles, terms = _middles(count)
        return self.sheet.at(image, middles + terms @ self.bend).reshape(count, count)


class Wanted:
    """What a sheet should show, as far as it is known.

    Attributes
    ----------
    places
        Points of the sheet (n × 2), in modules.
    dark, weight
        How dark each should be, -1 to 1, and how much it counts.
    terms
        Each term of the polynomial there (n × terms).
    """

    def __init__(self, known: Modules, quiet: bool = True) -> None:
        """Take side × side known modules; the inner part of the margin is known where it is a quiet zone."""
        padded = np.pad(np.pad(known, QUIET - 1, constant_values=-1 if quiet else 0), 1)
        large = np.asarray(np.kron(padded, np.ones((MODULE_PX, MODULE_PX))), np.float32)
        soft, sure = softened(large, SOFT), softened(np.asarray(large * large, np.float32), SOFT)
        pixels = np.arange(_STEP // 2, len(large), _STEP)
        rows, columns = np.meshgrid(pixels, pixels, indexing="ij")
        chosen = sure[rows, columns] > 0.75
        rows, columns = rows[chosen], columns[chosen]
        self.places = (np.column_stack([columns, rows]) + 0.5) / MODULE_PX - QUIET
        self.dark, self.weight = soft[rows, columns], sure[rows, columns] ** 2
        self.terms = _terms(self.places, len(known))


@cache
def near_finders(version: int) -> Wanted:
    """Say what a version wants, without what is far from the finders."""
    known = qr_patterns.fixed(version).copy()
    known[FINDER + 2 :, FINDER + 2 :] = 0
    return Wanted(known)


@cache
def prescribed(version: int) -> Wanted:
    """Say what a version wants."""
    return Wanted(qr_patterns.fixed(version))


@cache
def _one_finder() -> Wanted:
    known = np.full((FINDER + 2, FINDER + 2), -1, np.int8)
    known[1:-1, 1:-1] = qr_patterns.fixed(1)[:FINDER, :FINDER]
    return Wanted(known, quiet=False)


def flat(sheet: Sheet) -> Grid:
    """Start with the grid as the sheet was cut."""
    return Grid(sheet, np.zeros((len(_powers()), 2)), 0.0)


def fitted(grid: Grid, wanted: Wanted, degree: int = _DEGREE, rounds: int = _ROUNDS) -> Grid:
    """Bend a grid until the picture agrees best with what it should show."""
    sheet = grid.sheet
    places, weight, terms = wanted.places, wanted.weight, wanted.terms
    used = [sum(power) <= degree for power in _powers()]
    stiff = np.array([_STIFF[sum(power)] for power in _powers()])[used]
    bend = grid.bend.copy()
    for _ in range(rounds):
        moved = places + terms @ bend
        seen = sheet.at(sheet.soft, moved).ravel()
        missed = _as_seen(wanted, seen) - seen
        for axis, slope in enumerate(sheet.slopes):
            rate = sheet.at(slope, moved).ravel() * MODULE_PX
            slopes = terms[:, used] * rate[:, np.newaxis]
            weighed = slopes * weight[:, np.newaxis]
            normal = weighed.T @ slopes
            damped = normal + np.diag((stiff + 1e-4) * np.trace(normal) + 1e-6)
            pull = weighed.T @ missed - stiff * np.trace(normal) * bend[used, axis]
            bend[used, axis] += np.linalg.solve(damped, pull)
    return Grid(sheet, bend, _agreement(sheet, places + terms @ bend, wanted))


def corner_pulled(off: Points) -> Points:
    """Bend (terms × 2) that moves the far corner by an offset, and leaves the other corners where they are."""
    bend = np.zeros((len(_powers()), 2))
    for power in ((0, 0), (1, 0), (0, 1), (1, 1)):  # (1 + x) (1 + y) / 4
        bend[_powers().index(power)] = off / 4
    return bend


def clearness(grid: Grid) -> float:
    """Rate how clearly modules are dark or light under a grid, and those that are prescribed as they should be."""
    count = grid.sheet.count
    soft = grid.read(grid.sheet.soft)
    soft = soft - cv2.blur(soft, _THRESHOLD)
    fixed = qr_patterns.fixed(qr_patterns.version_of(count))
    return float(np.where(fixed != 0, 2 * fixed * soft, np.abs(soft)).sum())


def grown(grid: Grid) -> Grid:
    """Refine a grid by the modules as it reads them itself, from the finders outwards."""
    count = grid.sheet.count
    fixed = qr_patterns.fixed(qr_patterns.version_of(count))
    across = np.add.outer(np.arange(count), np.arange(count)) / count
    agreement = grid.agreement
    for reach in _REACHES:
        soft = grid.read(grid.sheet.soft)
        soft = soft - cv2.blur(soft, _THRESHOLD)
        known = np.where(fixed != 0, fixed, np.sign(soft) * (across < reach)).astype(np.int8)
        grid = fitted(grid, Wanted(known), rounds=2)
    return Grid(grid.sheet, grid.bend, agreement)


def _as_seen(wanted: Wanted, seen: Floats) -> Floats:
    """Scale what a sheet should show to the contrast and darkness with which it is seen."""
    total = wanted.weight.sum()
    middle, dark = (wanted.weight * seen).sum() / total, (wanted.weight * wanted.dark).sum() / total
    off = wanted.dark - dark
    gain = (wanted.weight * off * seen).sum() / ((wanted.weight * off * off).sum() + 1e-9)
    return np.asarray(middle + gain * off, np.float32)


def _agreement(sheet: Sheet, places: Points, wanted: Wanted) -> float:
    seen = sheet.at(sheet.soft, places).ravel()
    total = wanted.weight.sum()
    seen = seen - (wanted.weight * seen).sum() / total
    dark = wanted.dark - (wanted.weight * wanted.dark).sum() / total
    both, ours, theirs = ((wanted.weight * a * b).sum() for a, b in ((seen, dark), (seen, seen), (dark, dark)))
    return float(both / np.sqrt(ours * theirs + 1e-9))


def finder_grid(picture: Grey, to_stored: Matrix, inverted: bool) -> Grid:
    """Lay nine modules over one finder and its light ring, from where it is roughly."""
    sheet = Sheet(picture, to_stored, FINDER + 2, inverted)
    before, after = _FINDER_ROUNDS
    grid = fitted(flat(sheet), _one_finder(), degree=1, rounds=before)
    return fitted(grid, _one_finder(), degree=1, rounds=after) if grid.agreement > _HOPELESS else grid


@cache
def _middles(count: int) -> tuple[Points, Points]:
    """List the middles of all modules, row by row, and the polynomial's terms there."""
    rows, columns = np.meshgrid(np.arange(count) + 0.5, np.arange(count) + 0.5, indexing="ij")
    middles = np.column_stack([columns.ravel(), rows.ravel()])
    return middles, _terms(middles, count)


@cache
def _powers() -> list[tuple[int, int]]:
    return [(i, total - i) for total in range(_DEGREE + 1) for i in range(total + 1)]


def _terms(places: Points, count: int) -> Points:
    """Evaluate each term of the polynomial at places: n × terms."""
    x, y = (2 * places / count - 1).T
    return np.column_stack([_legendre(i, x) * _legendre(j, y) for i, j in _powers()])


def _legendre(degree: int, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (np.ones_like(x), x, (1.5 * x) * x - 0.5, (2.5 * x * x - 1.5) * x)[degree]


def finder_corners(count: int) -> Points:
    """List the four corners of each finder (12 × 2, module coordinates)."""
    square = np.array([(0, 0), (FINDER, 0), (FINDER, FINDER), (0, FINDER)], np.float64)
    far = count - FINDER
    return np.concatenate([square, square + np.array((far, 0)), square + np.array((0, far))])
