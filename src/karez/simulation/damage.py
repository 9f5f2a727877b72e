"""What befalls a label on its way: creases, and the three ways in which nothing is left to read."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_layout import Label
from karez.simulation.textures import Picture, cut, smooth

_PAPER = (232, 236, 238)


def crease(print_px: Picture, label: Label, rng: np.random.Generator) -> Picture:
    """Fold a label once: ink is lost along a narrow ridge, and light falls differently on both sides."""
    height, width = print_px.shape[:2]
    angle = rng.uniform(0, np.pi)
    through = rng.uniform(0.2, 0.8, 2) * (width, height)
    x = (np.arange(width, dtype=np.float32) - np.float32(through[0])) * np.float32(np.cos(angle))
    y = (np.arange(height, dtype=np.float32) - np.float32(through[1])) * np.float32(np.sin(angle))
    away_mm = (x[None, :] + y[:, None]) / np.float32(label.px_per_mm)
    lost = np.exp(-((away_mm / np.float32(rng.uniform(0.25, 0.6))) ** 2)) * np.float32(rng.uniform(0.4, 0.9))
    shade = np.float32(rng.uniform(0.05, 0.18)) * np.sign(away_mm) * np.exp(-np.abs(away_mm) / np.float32(5))
    folded = print_px * (1 - shade - lost)[:, :, None] + (lost * 235)[:, :, None]
    return np.clip(folded, 0, 255).astype(np.uint8)


def tear(print_px: Picture, label: Label, rng: np.random.Generator) -> Picture:
    """Tear the printed layer off: bare paper, and of the print only the lower edge of the footer."""
    height, width = print_px.shape[:2]
    grain = cut(smooth(9.0), height, width, rng) * np.float32(7)
    bare = np.clip(np.array(_PAPER, dtype=np.float32) + grain[:, :, None], 0, 255)
    edge = height - (4 + cut(smooth(40.0), 1, width, rng)[0]) * label.px_per_mm
    left = np.arange(height)[:, None] > edge[None, :]
    return np.where(left[:, :, None], print_px, bare.astype(np.uint8))


def soak(print_px: Picture, label: Label, rng: np.random.Generator) -> Picture:
    """Let a label get wet: the ink has run downwards and no stroke is left."""
    run = int(label.px_per_mm * rng.uniform(12, 18))
    smeared = cv2.blur(print_px, (1, run))
    smeared = cv2.GaussianBlur(smeared, (0, 0), label.px_per_mm * rng.uniform(2.2, 3.0))
    stain = cut(smooth(220.0), print_px.shape[0], print_px.shape[1], rng)
    return np.clip(smeared * (0.92 + 0.06 * np.clip(stain, -1.5, 1.5))[:, :, None], 0, 255).astype(np.uint8)


def damaged(print_px: Picture, label: Label, way: str, creases: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Give the print after all that befell it; ``way`` is empty, ``"torn"`` or ``"wet"``."""
    if way == "torn":
        print_px = tear(print_px, label, rng)
    elif way == "wet":
        print_px = soak(print_px, label, rng)
    for _ in range(creases):
        print_px = crease(print_px, label, rng)
    return print_px
