"""One line of grey from many: bars averaged along their length, sharpened, and drawn again for the decoder.

Averaging lifts bars out of noise (light at 8 % of normal); a Wiener filter takes back defocus and motion up to about
1.5 times the narrowest bar. Both need bars that stand upright, as `views.cut` leaves them.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey

Profile = npt.NDArray[np.float32]

ENLARGE = 4
"""Columns of a drawn profile for one pixel of the picture."""

_SPREADS_PX = (0.0, 0.9, 1.4, 1.9)  # Gaussian blur assumed, in pixels of the view; 0 leaves the profile as it is
_NOISE = 0.004  # Wiener's noise-to-signal ratio for an averaged profile
_SHEARS = np.arange(-6, 7) * 0.01  # residual slant of the bars, columns a row


def strips(bars: Grey) -> Iterator[Profile]:
    """Average the bars along their length: all of them, then by halves and thirds (a crease spoils only one)."""
    straight = _straightened(bars)
    height = straight.shape[0]
    for parts in (1, 2, 3):
        if height // parts < 3:
            return
        for part in range(parts):
            yield straight[height * part // parts : height * (part + 1) // parts].mean(axis=0, dtype=np.float32)


def _straightened(bars: Grey) -> Grey:
    """Shear the view so that its bars stand exactly upright: the average then has the most contrast."""
    small = cv2.GaussianBlur(bars, (1, 5), 0)
    middle = bars.shape[0] / 2

    def sheared(picture: npt.NDArray[np.uint8], shear: float) -> Grey:
        matrix = np.array([[1, shear, -shear * middle], [0, 1, 0]])
        size = picture.shape[1], picture.shape[0]
        turned = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(turned, dtype=np.uint8)

    def contrast(shear: float) -> float:
        return float(np.square(np.diff(sheared(np.asarray(small, np.uint8), shear).mean(axis=0))).sum())

    best = max(_SHEARS, key=contrast)
    return bars if best == 0 else sheared(bars, float(best))


def drawings(profile: Profile) -> Iterator[Grey]:
    """Draw a profile as bars again, sharpened for several amounts of blur."""
    fine = cv2.resize(profile[None, :], None, fx=ENLARGE, fy=1, interpolation=cv2.INTER_CUBIC)[0]
    for spread in _SPREADS_PX:
        sharp = _levelled(_deblurred(np.asarray(fine, np.float32), spread * ENLARGE))
        yield np.repeat(np.clip(sharp, 0, 255).astype(np.uint8)[None, :], 4, axis=0)


def _deblurred(profile: Profile, spread: float) -> Profile:
    """Wiener-deconvolve a Gaussian of ``spread`` columns."""
    if spread <= 0:
        return profile
    margin = int(4 * spread)
    padded = np.pad(profile, margin, mode="reflect")
    frequency = np.fft.rfftfreq(padded.size)
    passed = np.exp(-2 * (np.pi * spread * frequency) ** 2)
    restored = np.fft.irfft(np.fft.rfft(padded) * passed / (passed**2 + _NOISE), padded.size)
    return restored[margin : margin + profile.size].astype(np.float32)


def _levelled(profile: Profile) -> Profile:
    """Stretch it so that the local middle between bar and gap becomes 127, whatever the light along it."""
    reach = max(9, profile.size // 12) | 1
    kernel = np.ones((1, reach), np.uint8)
    dark = cv2.blur(cv2.erode(profile[None, :], kernel), (reach, 1))[0]
    bright = cv2.blur(cv2.dilate(profile[None, :], kernel), (reach, 1))[0]
    swing = np.maximum(bright - dark, 0.25 * float(np.max(bright - dark)) + 1e-3)
    return np.asarray(127 + 200 * (profile - (bright + dark) / 2) / swing, dtype=np.float32)
