"""What lamp, lens and sensor do to a picture: light and vignette, glare, blur of defocus and motion, noise."""

import cv2
import numpy as np

from karez.simulation.conditions import Conditions
from karez.simulation.textures import Field, Picture, cut, sensor_noise

_COARSE = 16  # light changes slowly: it is worked out on every sixteenth pixel


def expose(scene: Picture, shot: Conditions, rng: np.random.Generator, highlights: Picture | None = None) -> Picture:
    """Take the picture of a scene: as the sensor would deliver it; ``highlights`` are mirror images of the lamp."""
    lit = cv2.multiply(scene, _full_size(_light(scene, shot, rng), scene), dtype=cv2.CV_8U)
    if shot.glares:
        glare = _full_size(_glare(scene, shot, rng), scene).astype(np.uint8)
        lit = cv2.add(lit, glare)
    if highlights is not None:
        lit = cv2.scaleAdd(highlights, shot.light, np.asarray(lit, dtype=np.uint8))
    return _noisy(_blurred(np.asarray(lit, dtype=np.uint8), shot), shot, rng)


def _grid(scene: Picture) -> tuple[Field, Field]:
    """Give coarse coordinates, -1 to 1 across the picture's width."""
    height, width = scene.shape[0] // _COARSE, scene.shape[1] // _COARSE
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(height / width)
    return x, y


def _light(scene: Picture, shot: Conditions, rng: np.random.Generator) -> Field:
    """Lamp from one side, and the lens's fall-off towards the corners."""
    x, y = _grid(scene)
    side = rng.uniform(0, 2 * np.pi)
    lamp = 1 + np.float32(rng.uniform(0, 0.12)) * (x * np.float32(np.cos(side)) + y * np.float32(np.sin(side)))
    vignette = 1 - np.float32(rng.uniform(0.1, 0.25)) * (x**2 + y**2) / 1.56
    return np.asarray(np.float32(shot.light) * lamp * vignette, dtype=np.float32)


def _glare(scene: Picture, shot: Conditions, rng: np.random.Generator) -> Field:
    """Mirror images of the lamp on film or tape: bright spots, longer than wide."""
    x, y = _grid(scene)
    spots = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=np.float32)
    half_width_mm = scene.shape[1] / 2 / shot.px_per_mm
    for _ in range(shot.glares):
        at, turn = rng.uniform(-0.35, 0.35, 2).astype(np.float32), rng.uniform(0, np.pi)
        along, across = (np.float32(rng.uniform(*size) / half_width_mm) for size in ((10, 28), (4, 9)))
        u = (x - at[0]) * np.float32(np.cos(turn)) + (y - at[1]) * np.float32(np.sin(turn))
        v = (y - at[1]) * np.float32(np.cos(turn)) - (x - at[0]) * np.float32(np.sin(turn))
        spots += np.exp(-((u / along) ** 2 + (v / across) ** 2))
    return np.asarray(np.clip(spots * np.float32(shot.glare_peak), 0, 255), dtype=np.float32)


def _full_size(coarse: Field, scene: Picture) -> Field:
    size = (scene.shape[1], scene.shape[0])
    large = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.merge([large, large, large]), dtype=np.float32)


def _blurred(picture: Picture, shot: Conditions) -> Picture:
    """Defocus in all directions, motion along the belt (the picture's rows): one pass, as both are separable."""
    reach = int(np.ceil(3 * shot.defocus_px + shot.motion_mm * shot.px_per_mm / 2)) + 1
    at = np.arange(-reach, reach + 1, dtype=np.float64)
    lens = np.exp(-(at**2) / (2 * shot.defocus_px**2))
    travel_px = shot.motion_mm * shot.px_per_mm
    travel = np.clip((travel_px + 1) / 2 - np.abs(at), 0, 1)  # a box of that length plus the pixel's own width
    along = np.convolve(lens, travel, mode="same")
    return np.asarray(cv2.sepFilter2D(picture, -1, along / along.sum(), lens / lens.sum()), dtype=np.uint8)


def _noisy(picture: Picture, shot: Conditions, rng: np.random.Generator) -> Picture:
    grain = np.ascontiguousarray(cut(sensor_noise(), picture.shape[0], picture.shape[1], rng))
    gain = shot.noise / 32
    return np.asarray(cv2.addWeighted(picture, 1, grain, gain, -128 * gain), dtype=np.uint8)
