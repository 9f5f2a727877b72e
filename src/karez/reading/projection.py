"""One line of grey from all pixels of a box of bars, each put where it truly stands along the code.

Cutting bars out upright samples them anew and loses their finest detail. Here every pixel keeps its grey and is sorted
into bins of a quarter pixel by where its centre falls across the bars: the rows of a code that lies at an angle fill
each other's gaps, so bars narrower than 1.2 pixels are still told apart (the slanted edge of ISO 12233, used on bars).
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey
from karez.reading.profiles import Profile
from karez.reading.views import Region

BINS_PER_PX = 4
_COARSE_BINS_PER_PX = 2
_MOST_PIXELS = 40_000  # more rows gain nothing
_SHEARS = np.arange(-8, 9) * 0.004  # how far bars lean beside the box's own angle: pixels across a pixel along

Floats = npt.NDArray[np.float32]


def projected(picture: Grey, bars: Region) -> Profile | None:
    """Average a box along its bars.

    Parameters
    ----------
    bars
        Its width runs across the bars; it may hold some quiet zone at both ends.

    Returns
    -------
    Grey levels, `BINS_PER_PX` a pixel, from the left end of the width to its right; ``None`` where the box lies outside
    the picture.
    """
    inside = _pixels(picture, bars)
    if inside is None:
        return None
    across, along, grey = inside
    half = bars.width / 2
    few = slice(None, None, 3)
    lean = max(
        _SHEARS.tolist(),
        key=lambda shear: _contrast(_binned(across[few] + shear * along[few], grey[few], half, _COARSE_BINS_PER_PX)),
    )
    return _binned(across + np.float32(lean) * along, grey, half, BINS_PER_PX)


def _pixels(picture: Grey, bars: Region) -> tuple[Floats, Floats, Floats] | None:
    """Give the place across and along the bars (pixels from the centre) and the grey of every pixel in the box."""
    turn = math.radians(bars.angle_deg)
    cosine, sine = math.cos(turn), math.sin(turn)
    height = min(bars.height, _MOST_PIXELS / max(1.0, bars.width))
    reach_x = (bars.width * abs(cosine) + height * abs(sine)) / 2
    reach_y = (bars.width * abs(sine) + height * abs(cosine)) / 2
    left, right = max(0, math.floor(bars.x - reach_x)), min(picture.shape[1], math.ceil(bars.x + reach_x) + 1)
    top, bottom = max(0, math.floor(bars.y - reach_y)), min(picture.shape[0], math.ceil(bars.y + reach_y) + 1)
    if right - left < 2 or bottom - top < 2:
        return None
    x = (np.arange(left, right, dtype=np.float32) - np.float32(bars.x))[None, :]
    y = (np.arange(top, bottom, dtype=np.float32) - np.float32(bars.y))[:, None]
    across, along = x * np.float32(cosine) + y * np.float32(sine), y * np.float32(cosine) - x * np.float32(sine)
    inside = (np.abs(across) < bars.width / 2) & (np.abs(along) < height / 2)
    if int(inside.sum()) < 2 * bars.width:
        return None
    return across[inside], along[inside], picture[top:bottom, left:right][inside].astype(np.float32)


def _binned(across: Floats, grey: Floats, half_px: float, bins_per_px: int) -> Profile:
    """Average per bin; bins that no pixel fell into are filled from their neighbours."""
    count = int(2 * half_px * bins_per_px) + 1
    bins = np.clip(((across + np.float32(half_px)) * bins_per_px).astype(np.int32), 0, count - 1)
    hits = np.bincount(bins, minlength=count)
    sums = np.bincount(bins, weights=grey, minlength=count)
    filled = np.flatnonzero(hits)
    return np.interp(np.arange(count), filled, sums[filled] / hits[filled]).astype(np.float32)


def _contrast(profile: Profile) -> float:
    smooth = cv2.GaussianBlur(profile[None, :], (0, 0), 1)[0]
    return float(np.square(np.diff(smooth)).sum())
