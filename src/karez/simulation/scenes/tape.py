"""Clear tape over part of a label: a tint, two edges, bubbles, and the lamp's mirror image along the strip."""

import cv2
import numpy as np

from karez.simulation.label_layout import Label
from karez.simulation.parcel_face import Face
from karez.simulation.projection import Homography, scale_then_move
from karez.simulation.scenes.stage import Stage
from karez.simulation.textures import Field, cut, smooth

_PX_PER_MM = 3.0
_LENGTH_MM = 420.0
_WIDTH_MM = (40.0, 55.0)
_TINT = (0.86, 0.93, 0.96)  # of blue, green, red that passes


def lay_tape(stage: Stage, label: Label, face: Face, view: Homography) -> None:
    """Stick a strip across the label, at any angle, off its middle by up to a third of its size."""
    rng = stage.rng
    width_mm = float(rng.uniform(*_WIDTH_MM))
    size = (int(_LENGTH_MM * _PX_PER_MM), int(width_mm * _PX_PER_MM))
    place = view @ _across(label, rng) @ scale_then_move(1 / _PX_PER_MM, np.array([-_LENGTH_MM, -width_mm]) / 2)
    on_parcel = np.zeros(stage.picture.shape[:2], dtype=np.float32)
    cv2.fillPoly(on_parcel, [face.outline_px.round().astype(np.int32)], (1.0,))
    covered = on_parcel * _warped(np.ones((size[1], size[0]), dtype=np.float32), place, stage)
    passed = cv2.merge([1 - covered * np.float32(1 - tint) for tint in _TINT])
    cv2.multiply(stage.picture, passed, dst=stage.picture, dtype=cv2.CV_8U)
    stage.shine(_warped(_mirror_image(size, rng), place, stage), face.outline_px)


def _across(label: Label, rng: np.random.Generator) -> Homography:
    turn = float(rng.choice((0, np.pi / 2)) + rng.normal(0, 0.2))
    at = rng.uniform(-1 / 3, 1 / 3, 2) * (label.width_mm, label.height_mm)
    return np.array([[np.cos(turn), -np.sin(turn), at[0]], [np.sin(turn), np.cos(turn), at[1]], [0, 0, 1]])


def _mirror_image(size: tuple[int, int], rng: np.random.Generator) -> Field:
    """Brightness that a strip (pixels wide, high) adds: a bright bar of the lamp, glossy edges, and bubbles."""
    width, height = size
    x = (np.arange(width, dtype=np.float32) / width)[None, :]
    y = (np.arange(height, dtype=np.float32) / height)[:, None]
    waves = cut(smooth(60.0), height, width, rng)
    lamp_at, lamp_wide = float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.015, 0.05))
    lamp = np.exp(-(((x - np.float32(lamp_at) + 0.012 * waves) / np.float32(lamp_wide)) ** 2))
    sheen = 12 + 10 * waves.clip(-1, 1)
    edge = 45 * (np.exp(-y * height / 2) + np.exp(-(1 - y) * height / 2))
    bubbles = 60 * np.clip(cut(smooth(9.0), height, width, rng) - 2.2, 0, 1)
    return np.asarray(lamp * np.float32(rng.uniform(130, 260)) + sheen.clip(0) + edge + bubbles, dtype=np.float32)


def _warped(strip: Field, place: Homography, stage: Stage) -> Field:
    height, width = stage.picture.shape[:2]
    return np.asarray(cv2.warpPerspective(strip, place, (width, height), flags=cv2.INTER_LINEAR), dtype=np.float32)
