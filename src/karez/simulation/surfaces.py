"""The face of a parcel that looks at the camera: cardboard, poly bag or white bag."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.textures import Field, Picture, cut, fibres, wrinkles

FACE_PX_PER_MM = 2.5  # a face is texture only; the label on it is drawn much finer
_CARDBOARD = ((96, 140, 178), (110, 155, 190), (84, 124, 160))  # blue, green, red
_POLY = ((70, 66, 64), (176, 170, 160), (150, 110, 96), (120, 90, 130), (60, 60, 170))
_WHITE = ((226, 228, 230), (216, 222, 226), (232, 230, 224))
_TAPE_MM = 48.0


def face_shading(surface: str, size: tuple[int, int], rng: np.random.Generator) -> Field:
    """Give light and dark of a face, about 1, height × width; a label glued to it takes part of it."""
    tile = fibres() if surface == "cardboard" else wrinkles()
    return cut(tile, size[0], size[1], rng)


def paint_face(surface: str, shading: Field, rng: np.random.Generator) -> Picture:
    """Give a face its colour, its tape or its print."""
    colours = {"cardboard": _CARDBOARD, "poly bag": _POLY, "white bag": _WHITE}[surface]
    colour = np.array(colours[int(rng.integers(len(colours)))], dtype=np.float32)
    face = np.asarray(np.clip(shading[:, :, None] * colour, 0, 255), dtype=np.uint8)
    if surface == "cardboard":
        _tape(face, rng)
    return face


def outline(surface: str, width_mm: float, height_mm: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Give the outline of a face in mm about its centre: a box is straight, a bag bulges."""
    steps = 240
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    power = 0.012 if surface == "cardboard" else 0.16  # a superellipse: the smaller, the squarer
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power * width_mm / 2
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power * height_mm / 2
    if surface != "cardboard":
        waves = sum(rng.normal(0, 1.6 / order) * np.cos(order * angle + rng.uniform(0, 6.28)) for order in (2, 3, 5, 7))
        x, y = x * (1 + waves / width_mm), y * (1 + waves / height_mm)
    return np.stack([x, y], axis=1).astype(np.float32)


def _tape(face: Picture, rng: np.random.Generator) -> None:
    """Lay a strip of clear brown tape along the box's seam."""
    height = face.shape[0]
    band = round(_TAPE_MM * FACE_PX_PER_MM)
    top = int(rng.integers(-band // 2, max(height - band // 2, 1)))
    strip = face[max(top, 0) : max(top + band, 0)]
    if strip.size:
        strip[:] = cv2.addWeighted(strip, 0.82, np.full_like(strip, (120, 168, 206)), 0.18, 6)
        strip[:2] = strip[-2:] = cv2.addWeighted(strip[:2], 0.8, strip[-2:], 0.0, 0)[: len(strip[:2])]
