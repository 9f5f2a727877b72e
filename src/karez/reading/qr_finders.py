"""Find the finder patterns of QR codes by what they look like as a whole, so that a scratch or glare may cross them.

Decoders look for the runs 1:1:3:1:1 of dark and light, which one stain breaks. Here a drawn finder is held against the
picture everywhere, in several sizes, turns and tilts.
"""

from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey
from karez.reading.qr_patterns import FINDER
from karez.reading.views import Matrix

_MODULE_PX = 2.5  # of the drawn finder: fewer pixels blur its rings, more cost time
_STEP = 1.22  # between sizes
_SMALLEST, _LARGEST = 1 / 108, 1 / 19  # module against the place's side
_LEAST = 0.38  # agreement (correlation) of a finder
_MOST, _MOST_ALIKE = 16, 11
_APART = 5.0  # modules between the middles of two finders
_SIZES = 1.4
_NARROW = 0.04  # taken from the agreement of those seen narrow
_SEEN = (0.0, 1.0), (-16.0, 1.0), (16.0, 1.0), (0.0, 1.35), (0.0, 1 / 1.35)
"""Turn in degrees, and height against width, of the finders that are looked for."""


@dataclass(frozen=True, slots=True)
class Finder:
    """One place that looks like a finder pattern.

    Attributes
    ----------
    x, y
        Its middle, in pixels of the view.
    module_px
        One module, roughly.
    turned_deg, narrower
        How it is seen: its turn clockwise, and its height against its width.
    inverted
        It is light on dark.
    strength
        How well it agrees, 0 to 1.
    """

    x: float
    y: float
    module_px: float
    turned_deg: float
    narrower: float
    inverted: bool
    strength: float

    @property
    def to_view(self) -> Matrix:
        """Map from its modules (0, 0 is the corner of the light ring around it) to the view."""
        turn = np.deg2rad(self.turned_deg)
        along = np.array([np.cos(turn), np.sin(turn)]) * self.module_px / max(1.0, self.narrower)
        down = np.array([-np.sin(turn), np.cos(turn)]) * self.module_px / max(1.0, 1 / self.narrower)
        corner = np.array([self.x, self.y]) - (along + down) * (FINDER + 2) / 2
        return np.vstack([np.column_stack([along, down, corner]), (0.0, 0.0, 1.0)])


def finders(view: Grey) -> list[Finder]:
    """List what looks like a finder of a code that fills much of a view, dark on light or light on dark."""
    found: list[Finder] = []
    place_px = max(view.shape)
    module_px = _SMALLEST * place_px
    while module_px < _LARGEST * place_px:
        scale = _MODULE_PX / module_px
        if scale < 3 and min(view.shape) * scale > 2 * len(_TEMPLATES[0]):
            small = cv2.resize(view, None, fx=scale, fy=scale, interpolation=_interpolation(scale))
            for seen, template in zip(_SEEN, _TEMPLATES, strict=True):
                agreement = np.asarray(cv2.matchTemplate(small, template, cv2.TM_CCOEFF_NORMED), np.float32)
                found += _peaks(agreement, False, scale, seen) + _peaks(-agreement, True, scale, seen)
        module_px *= _STEP
    either = [_distinct([one for one in found if one.inverted is inverted]) for inverted in (False, True)]
    return sorted(chain.from_iterable(either), key=_likely, reverse=True)[:_MOST]


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR


def _peaks(agreement: npt.NDArray[np.float32], inverted: bool, scale: float, seen: tuple[float, float]) -> list[Finder]:
    reach = np.ones((9, 9), np.uint8)
    rows, columns = np.nonzero((agreement > _LEAST) & (agreement >= cv2.dilate(agreement, reach)))
    middle = len(_TEMPLATES[0]) / 2
    return [
        Finder(
            (column + middle) / scale - 0.5, (row + middle) / scale - 0.5, _MODULE_PX / scale, *seen, inverted, strength
        )
        for row, column, strength in zip(
            rows.tolist(), columns.tolist(), agreement[rows, columns].tolist(), strict=True
        )
    ]


def _distinct(found: list[Finder]) -> list[Finder]:
    """Keep the best of those that overlap."""
    kept: list[Finder] = []
    for finder in sorted(found, key=_likely, reverse=True):
        if not any(_same(finder, other) for other in kept):
            kept.append(finder)
        if len(kept) == _MOST_ALIKE:
            break
    return kept


def _likely(one: Finder) -> float:
    """Rank finders: the narrow ones agree with much other print."""
    return one.strength - (_NARROW if one.narrower != 1 else 0)


def _same(one: Finder, other: Finder) -> bool:
    """Say whether two overlap and are of one size: a small one in the middle of a large one may be either."""
    smaller, larger = sorted((one.module_px, other.module_px))
    return bool(np.hypot(one.x - other.x, one.y - other.y) < _APART * larger) and larger < _SIZES * smaller


def _drawn(turned_deg: float, narrower: float) -> Grey:
    """Draw a finder in its light margin, turned and narrowed, as soft as a picture shows it."""
    pixels = round((FINDER + 2) * _MODULE_PX)
    fine = 8 * pixels
    across = (np.arange(fine) + 0.5) / fine * (FINDER + 2) - (FINDER + 2) / 2
    turn = np.deg2rad(turned_deg)
    x = (across[np.newaxis] * np.cos(turn) + across[:, np.newaxis] * np.sin(turn)) * max(1.0, narrower)
    y = (across[:, np.newaxis] * np.cos(turn) - across[np.newaxis] * np.sin(turn)) * max(1.0, 1 / narrower)
    ring = np.maximum(np.abs(x), np.abs(y))
    dark = (ring < 1.5) | ((ring > 2.5) & (ring < 3.5))
    small = cv2.resize(np.where(dark, 0, 255).astype(np.uint8), (pixels, pixels), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.6), np.uint8)


_TEMPLATES = tuple(_drawn(*seen) for seen in _SEEN)
