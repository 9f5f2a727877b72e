"""Crumpled film: how it lifts and shifts what is stuck to it, and where its wrinkles mirror the lamp."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from karez.simulation.textures import Field

FILM_PX_PER_MM = 3.0
SIDE_MM = 460.0
SHIFT_MM = 0.7
"""Standard deviation of the shift of a point that lies on a wrinkled bag, in each direction."""

_SIDE = int(SIDE_MM * FILM_PX_PER_MM)


@dataclass(frozen=True, slots=True)
class Film:
    """A piece of film of `SIDE_MM` a side, `FILM_PX_PER_MM` fine.

    Attributes
    ----------
    shade
        Light and dark of its folds, about 1.
    shift_x, shift_y
        How far a point is displaced, in mm.
    glint
        Mirror images of the lamp, 0 to 1: thin, bright, along the ridges that face the lamp.
    """

    shade: Field
    shift_x: Field
    shift_y: Field
    glint: Field


@lru_cache(maxsize=8)
def film(number: int) -> Film:
    """Crumple one piece of film; the same number gives the same piece."""
    rng = np.random.default_rng([6, number])
    lamp_rad = float(rng.uniform(0, 2 * np.pi))
    height, glint = np.zeros((_SIDE, _SIDE), np.float32), np.zeros((_SIDE, _SIDE), np.float32)
    for scale_px, weight in ((170.0, 1.0), (80.0, 0.5), (36.0, 0.22), (20.0, 0.08)):
        fold = _fold(scale_px, rng)
        height -= np.float32(weight * scale_px) * np.sqrt(fold**2 + np.float32(0.004))
        glint = np.maximum(glint, _glint(fold, lamp_rad, rng))
    facing = _slope(height, lamp_rad)
    return Film(
        shade=np.asarray(1 + 0.07 * np.clip(facing / facing.std(), -2.5, 2.5), dtype=np.float32),
        shift_x=_shift(rng),
        shift_y=_shift(rng),
        glint=glint,
    )


def _noise(wide: float, high: float, rng: np.random.Generator) -> Field:
    """Smooth noise with features of a width and height in pixels; mean 0, standard deviation 1."""
    grid = rng.standard_normal((max(4, int(_SIDE / high)), max(4, int(_SIDE / wide))), dtype=np.float32)
    field = cv2.resize(grid, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray((field - field.mean()) / field.std(), dtype=np.float32)


def _fold(scale_px: float, rng: np.random.Generator) -> Field:
    """Noise whose changes of sign are the crests of folds, long along a direction of their own."""
    stretched = _noise(scale_px * 2.2, scale_px, rng)
    turn = cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), float(rng.uniform(0, 180)), 1.5)
    turned = cv2.warpAffine(stretched, turn, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, dtype=np.float32)


def _slope(height: Field, towards_rad: float) -> Field:
    """Give the slope of a surface towards a direction."""
    along = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8) * np.cos(towards_rad)
    return np.asarray(along + cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8) * np.sin(towards_rad), dtype=np.float32)


def _shift(rng: np.random.Generator) -> Field:
    """Shift by some tenths of a millimetre, over a centimetre or several."""
    mixed = 0.8 * _noise(110, 110, rng) + 0.4 * _noise(45, 45, rng)
    return np.asarray(mixed * np.float32(SHIFT_MM / mixed.std()), dtype=np.float32)


def _glint(fold: Field, lamp_rad: float, rng: np.random.Generator) -> Field:
    """Light up crests that lie across the lamp's direction: half a millimetre to two wide, in pieces, with a halo."""
    steepness = np.sqrt(_slope(fold, 0.0) ** 2 + _slope(fold, np.pi / 2) ** 2) + np.float32(1e-4)
    across = np.clip(np.abs(_slope(fold, lamp_rad)) / steepness * 1.6 - 0.6, 0, 1)
    pieces = np.clip(0.8 * _noise(60, 60, rng) + 0.5 * _noise(16, 16, rng), 0, 1.3) / np.float32(1.3)
    half_width_px = 1.0 + 3.0 * pieces  # a glint swells where the film faces the lamp best
    line = np.exp(-((fold / steepness / half_width_px) ** 2))
    sharp = np.clip(line * across * np.sqrt(pieces) * 1.6, 0, 1)
    return np.asarray(np.clip(sharp + 0.6 * cv2.GaussianBlur(sharp, (0, 0), 4.0), 0, 1), dtype=np.float32)
