"""Close-ups that the decoder cannot read as they are: enlarged, their contrast evened out, and put to the vote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from karez.reading.pictures import Grey
from karez.reading.views import Region, View, cut, whole

_BINARIZER = zxingcpp.Binarizer
_PIXELS = 1_200_000  # of an enlarged view
_MOST, _LEAST = 3.0, 0.7
_SMALL_SHARE = 0.5  # a label that fills less of the picture is looked at alone


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to look at it: how much larger, what is done to it, and how grey becomes black and white."""

    enlarge: float
    enhance: Callable[[Grey, float], Grey]
    binarizer: zxingcpp.Binarizer


def even(grey: Grey, cells: int) -> Grey:
    """Even out the contrast cell by cell (CLAHE)."""
    return np.asarray(cv2.createCLAHE(3, (cells, cells)).apply(grey), np.uint8)


def sharper(grey: Grey, spread_px: float, gain: float) -> Grey:
    """Add what a blur of ``spread_px`` would take away, ``gain`` times (unsharp mask)."""
    soft = cv2.GaussianBlur(grey, (0, 0), spread_px)
    return np.asarray(cv2.addWeighted(grey, 1 + gain, soft, -gain, 0), np.uint8)


_LOOKS = (
    _Look(3, lambda grey, _: even(grey, 8), _BINARIZER.GlobalHistogram),
    _Look(3, lambda grey, scale: even(sharper(grey, 2 * scale, 2), 8), _BINARIZER.LocalAverage),
    _Look(1.5, lambda grey, _: even(grey, 4), _BINARIZER.GlobalHistogram),
    _Look(2, lambda grey, _: even(grey, 8), _BINARIZER.LocalAverage),
    _Look(1.5, lambda grey, _: sharper(grey, 4, 3), _BINARIZER.LocalAverage),
)
"""Chosen greedily on zxing-cpp's samples: each reads some that those before it do not."""


def looks(picture: Grey, label: Region | None) -> Iterator[tuple[View, zxingcpp.Binarizer]]:
    """Yield enhanced views of a label, or of the whole picture where it is little more than that."""
    alone = label if label is not None and label.area < _SMALL_SHARE * picture.size else None
    area = picture.size if alone is None else alone.padded(16, 16).area
    for look in _LOOKS:
        scale = min(look.enlarge, (_PIXELS / area) ** 0.5)
        if scale >= _LEAST:
            view = _enlarged(picture, alone, scale)
            yield View(look.enhance(view.pixels, scale), view.to_stored), look.binarizer


def _enlarged(picture: Grey, label: Region | None, scale: float) -> View:
    if label is not None:
        return cut(picture, label.padded(16, 16), scale, cubic=True)
    seen = whole(picture)
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    enlarged = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=flags)
    shrink = np.diag([1 / scale, 1 / scale, 1.0])
    return View(np.asarray(enlarged, np.uint8), seen.to_stored @ shrink)
