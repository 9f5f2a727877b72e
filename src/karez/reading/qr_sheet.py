"""A QR code laid roughly straight, its light evened out: what a grid is fitted to, and sampled from."""

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey
from karez.reading.views import Matrix, mapped, warp

MODULE_PX = 6
"""Pixels of a module on a sheet."""
QUIET = 3
"""Modules around the code that a sheet shows."""
SOFT = 0.5
"""Modules of blur (standard deviation) in which a grid that is off by half a module is still drawn right."""
_LEVEL = 4.0  # modules (standard deviation) over which light is evened out

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]


class Sheet:
    """A code laid roughly straight: its modules are about squares of `MODULE_PX`, dark ones above 0.

    Attributes
    ----------
    count
        Supposed modules along a side.
    to_stored
        Map from module coordinates (0, 0 is the outer corner of the top left finder) to the stored picture.
    levelled
        Darkness against what is around it, in its standard deviations.
    soft, slopes
        The same in the blur that grids are fitted in, and how it changes across and down, a pixel.
    """

    def __init__(self, picture: Grey, to_stored: Matrix, count: int, inverted: bool) -> None:
        self.to_stored = to_stored
        self.count = count
        pixels = (self.count + 2 * QUIET) * MODULE_PX
        step = np.array([[1, 0, 0.5 - QUIET * MODULE_PX], [0, 1, 0.5 - QUIET * MODULE_PX], [0, 0, MODULE_PX]])
        seen = warp(picture, to_stored @ step / MODULE_PX, (pixels, pixels), cubic=True)
        self.levelled = _levelled(seen, -1.0 if inverted else 1.0)
        self.soft = softened(self.levelled, SOFT)
        self.slopes = _slope(self.soft, 1, 0), _slope(self.soft, 0, 1)

    def at(self, image: Floats, places: Points) -> Floats:
        """Sample an image of this sheet at places (… × 2) in module coordinates."""
        pixels = ((places + QUIET) * MODULE_PX - 0.5).astype(np.float32)
        flat = pixels.reshape(-1, 1, 2) if pixels.ndim == 2 else pixels
        across, down = flat[..., 0], flat[..., 1]
        seen = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.float32)

    def stored(self, places: Points) -> Points:
        """Map places (n × 2) of the sheet, in modules, to the stored picture."""
        return mapped(self.to_stored, places)


def _levelled(seen: Grey, sign: float) -> Floats:
    """Even out light and contrast; dark becomes positive."""
    spread = _LEVEL * MODULE_PX
    grey = seen.astype(np.float32)
    mean = _blurred(grey, spread)
    off = mean - grey
    deviation = np.sqrt(_blurred(off * off, spread)) + 2.0
    return np.asarray(np.clip(sign * off / deviation, -2, 2), np.float32)


def _blurred(image: Floats, spread: float) -> Floats:
    """Blur widely: by running means, which cost the same for any width."""
    width = int(2 * spread) | 1
    once = cv2.blur(image, (width, width), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.blur(once, (width, width), borderType=cv2.BORDER_REPLICATE), np.float32)


def softened(image: Floats, spread: float) -> Floats:
    """Blur an image of a sheet by modules (standard deviation)."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), spread * MODULE_PX), np.float32)


def _slope(image: Floats, across: int, down: int) -> Floats:
    return np.asarray(cv2.Sobel(image, cv2.CV_32F, across, down, scale=1 / 8), np.float32)
