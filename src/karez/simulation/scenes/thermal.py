"""Thermal print that has aged or was badly made: faded in patches, dead dots of the print head, smears of heat."""

import cv2
import numpy as np

from karez.simulation.label_layout import Label
from karez.simulation.textures import Picture, cut, smooth

CONTRAST = (0.25, 0.60)
"""Bounds of what is left of the print's contrast, as a share of a fresh print's."""

_DEAD_DOT_SHARE, _SMEAR_SHARE = 0.7, 0.4  # of the labels
_PAPER = np.float32(236)  # aged thermal paper


def faded(print_px: Picture, label: Label, rng: np.random.Generator) -> Picture:
    """Give a print as it comes from a worn printer, after weeks in light and warmth."""
    if rng.random() < _SMEAR_SHARE:
        print_px = _smeared(print_px, label, rng)
    if rng.random() < _DEAD_DOT_SHARE:
        print_px = _with_dead_dots(print_px, rng)
    height, width = print_px.shape[:2]
    patches = cut(smooth(150.0), height, width, rng) * np.float32(0.12) + cut(
        smooth(40.0), height, width, rng
    ) * np.float32(0.05)
    left = np.clip(np.float32(rng.uniform(*CONTRAST)) * (1 + patches), 0.08, 0.95)
    return np.asarray(np.clip(_PAPER - (_PAPER - print_px) * left[:, :, None], 0, 255), dtype=np.uint8)


def _with_dead_dots(print_px: Picture, rng: np.random.Generator) -> Picture:
    """Leave out columns: a dead dot prints nothing along the whole feed, from the label's top to its foot."""
    worn = print_px.copy()
    for _ in range(int(rng.integers(2, 8))):
        at, dots = int(rng.integers(0, worn.shape[1])), int(rng.choice((1, 1, 1, 2, 3)))
        worn[:, at : at + dots] = _PAPER
    return worn


def _smeared(print_px: Picture, label: Label, rng: np.random.Generator) -> Picture:
    """Overheat a stretch of the label: black grows along the feed and trails off."""
    top = int(rng.uniform(0.0, 0.7) * print_px.shape[0])
    stretch = print_px[top : top + int(rng.uniform(15, 40) * label.px_per_mm)]
    grown = cv2.erode(stretch, np.ones((int(rng.integers(2, 4)), 1), dtype=np.uint8))
    trail = cv2.blur(grown, (1, int(rng.integers(5, 12))))
    smeared = print_px.copy()
    smeared[top : top + len(stretch)] = cv2.min(grown, cv2.addWeighted(trail, 0.8, grown, 0.0, 52))
    return smeared
