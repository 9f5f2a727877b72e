"""Ready-made grain: noise, wrinkles and belt, made once a process from fixed seeds and cut from at random places."""

from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Field = NDArray[np.float32]

_Grain = TypeVar("_Grain", np.uint8, np.float32)

_SIDE = 1400
_SENSOR = (1500, 1900)  # larger than a picture, so that a cut can start anywhere


def cut(tile: NDArray[_Grain], height: int, width: int, rng: np.random.Generator) -> NDArray[_Grain]:
    """Cut a piece of a tile at a random place, at random mirrored."""
    top = int(rng.integers(0, tile.shape[0] - height + 1))
    left = int(rng.integers(0, tile.shape[1] - width + 1))
    piece = tile[top : top + height, left : left + width]
    return piece[:: -1 if rng.random() < 0.5 else 1, :: -1 if rng.random() < 0.5 else 1]


@lru_cache(maxsize=1)
def sensor_noise() -> Picture:
    """Noise of a colour sensor: mean 128, standard deviation 32; mostly brightness, a little colour."""
    rng = np.random.default_rng(1)
    grain = rng.standard_normal((*_SENSOR, 1), dtype=np.float32) * 30
    colour = rng.standard_normal((*_SENSOR, 3), dtype=np.float32) * 11
    return np.asarray(np.clip(grain + colour + 128, 0, 255), dtype=np.uint8)


@lru_cache(maxsize=8)
def smooth(scale_px: float) -> Field:
    """Smooth noise, mean 0 and standard deviation 1, with features about ``scale_px`` wide."""
    small = max(8, int(_SIDE / scale_px))
    rng = np.random.default_rng([2, small])
    field = cv2.resize(
        rng.standard_normal((small, small), dtype=np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC
    )
    return np.asarray((field - field.mean()) / field.std(), dtype=np.float32)


@lru_cache(maxsize=1)
def wrinkles() -> Field:
    """Shading of crumpled film, about 1: facets with bright ridges, as light falls over folds."""
    height = np.zeros((_SIDE, _SIDE), dtype=np.float32)
    for scale_px, weight in ((260.0, 0.6), (110.0, 0.55), (50.0, 0.34), (22.0, 0.14)):
        height += weight * scale_px * np.abs(smooth(scale_px))
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0) * 0.8 + cv2.Sobel(height, cv2.CV_32F, 0, 1) * 0.6
    shading = cv2.GaussianBlur(slope / slope.std(), (0, 0), 1.2)
    return np.asarray(1 + 0.085 * np.clip(shading, -2.2, 3.2), dtype=np.float32)


@lru_cache(maxsize=1)
def fibres() -> Field:
    """Shading of corrugated cardboard, about 1: fine fibres and the flutes that show through."""
    rng = np.random.default_rng(3)
    grain = cv2.GaussianBlur(rng.standard_normal((_SIDE, _SIDE), dtype=np.float32), (0, 0), 1.6, sigmaY=0.5)
    flutes = np.sin(np.arange(_SIDE, dtype=np.float32) * (2 * np.pi / 13))[:, None]
    return np.asarray(1 + 0.045 * grain / grain.std() + 0.012 * flutes + 0.02 * smooth(120.0), dtype=np.float32)


@lru_cache(maxsize=1)
def belt() -> Picture:
    """Dark rubber: grain, long scuffs along the travel, a fine rib."""
    rng = np.random.default_rng(4)
    height, width = _SENSOR
    grain = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 0.8) * 3.2
    scuffs = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 90, sigmaY=1.3)
    ribs = 2.0 * np.sign(np.sin(np.arange(height, dtype=np.float32) * (2 * np.pi / 17)))[:, None]
    grey = np.clip(44 + grain + 5 * scuffs / scuffs.std() + ribs, 8, 120)
    return np.asarray(np.stack([grey * 1.04, grey * 1.01, grey], axis=2), dtype=np.uint8)
