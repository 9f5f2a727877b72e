"""What happens to a printed line until it is cut out of a picture: folds, lens, light, sensor, JPEG and the cut."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from uyghur.printing import Grey, Print

HEIGHT_PX = 40
"""Height of the network's input."""
MOST_WIDTH_PX = 1024
Field = npt.NDArray[np.float32]


class Wear(NamedTuple):
    """Bounds of what is drawn for one line; lengths in pixels of the picture unless they say otherwise."""

    px_per_em: tuple[float, float] = (10.0, 40.0)
    turn_deg: float = 2.0
    defocus: tuple[float, float] = (0.4, 1.5)
    motion_ems: float = 0.13
    light: tuple[float, float] = (0.1, 1.0)
    noise: tuple[float, float] = (0.5, 6.0)
    damage: float = 0.35
    loose_cut: float = 0.3
    bend_ems: float = 0.0


EASY = Wear((24.0, 40.0), 0.5, (0.3, 0.6), 0.0, (0.6, 1.0), (0.5, 2.0), 0.0, 0.1)
FULL = Wear()
LATE = Wear((8.0, 42.0), 2.5, (0.4, 1.6), 0.14, (0.07, 1.0), (0.5, 6.0), 0.45, 0.3, 0.12)


def worn(line: Print, wear: Wear, rng: np.random.Generator) -> Grey | None:
    """Photograph a printed line and cut it out, `HEIGHT_PX` high; ``None`` where it would be too wide."""
    px_per_em = wear.px_per_em[1] * (wear.px_per_em[0] / wear.px_per_em[1]) ** float(rng.beta(1.6, 1.6))
    scale = px_per_em / line.em_px
    pixels = line.pixels if rng.random() < 0.6 else _stretched(line, rng)
    if rng.random() < wear.damage:
        pixels = _folded(_beside(pixels, line, rng), rng)
    picture, corners = _seen(pixels, line, scale, wear, rng)
    if wear.bend_ems and rng.random() < 0.3:
        picture = _bent(picture, wear.bend_ems * px_per_em, px_per_em, rng)
    picture = _lit(_blurred(picture, px_per_em, wear, rng), wear, rng)
    if rng.random() < 0.4:
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 95))])
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return _cut(picture, corners, wear, rng)


def _stretched(line: Print, rng: np.random.Generator) -> Grey:
    """Slant the print, as italics and odd printers do."""
    height, width = line.pixels.shape
    slant = rng.uniform(-0.18, 0.18)
    matrix = np.array([[1, slant, -slant * height / 2], [0, 1, 0]])
    return np.asarray(cv2.warpAffine(line.pixels, matrix, (width, height), borderValue=255), np.uint8)


def _beside(pixels: Grey, line: Print, rng: np.random.Generator) -> Grey:
    """Let rules and the neighbouring lines' strokes stand above and below."""
    pixels = pixels.copy()
    left, top, right, bottom = line.ink
    em, width = line.em_px, pixels.shape[1]
    draw = rng.random()
    if draw < 0.35:
        y = int(bottom + rng.uniform(0.05, 0.35) * em if rng.random() < 0.5 else top - rng.uniform(0.05, 0.35) * em)
        thick = int(rng.integers(1, 4))
        start = 0 if rng.random() < 0.5 else left + int(rng.integers(0, right - left))
        pixels[max(0, y) : max(0, y + thick), start:] = 0
    elif draw < 0.75:
        shift = int((bottom - top) + rng.uniform(0.08, 0.4) * em) * (1 if rng.random() < 0.5 else -1)
        other = np.roll(pixels[:, ::-1] if rng.random() < 0.5 else np.roll(pixels, width // 3, axis=1), shift, axis=0)
        if shift > 0:
            other[:shift] = 255
        else:
            other[shift:] = 255
        pixels = np.minimum(pixels, other)
    elif draw < 0.85:
        x = int(left - rng.uniform(0.2, 0.7) * em if rng.random() < 0.5 else right + rng.uniform(0.2, 0.7) * em)
        pixels[:, max(0, x) : max(0, x + 3)] = 0
    return pixels


def _folded(pixels: Grey, rng: np.random.Generator) -> Grey:
    """Lose ink along a fold, with light falling differently on both sides."""
    if rng.random() < 0.5:
        return pixels
    height, width = pixels.shape
    angle = rng.uniform(0, np.pi)
    through = rng.uniform(0.05, 0.95, 2) * (width, height)
    x = (np.arange(width, dtype=np.float32) - np.float32(through[0])) * np.float32(np.cos(angle))
    y = (np.arange(height, dtype=np.float32) - np.float32(through[1])) * np.float32(np.sin(angle))
    away = (x[None, :] + y[:, None]) / np.float32(8)
    lost = np.exp(-((away / np.float32(rng.uniform(0.2, 0.6))) ** 2)) * np.float32(rng.uniform(0.3, 0.9))
    shade = np.float32(rng.uniform(0.03, 0.18)) * np.sign(away) * np.exp(-np.abs(away) / np.float32(5))
    return np.clip(pixels * (1 - shade - lost) + lost * 235, 0, 255).astype(np.uint8)


def _seen(pixels: Grey, line: Print, scale: float, wear: Wear, rng: np.random.Generator) -> tuple[Grey, Field]:
    """Turn, lean and reduce the print to the picture's pixels; also gives where the line's corners came to lie."""
    height, width = pixels.shape
    turn = np.radians(rng.normal(0, wear.turn_deg / 2)) if rng.random() < 0.7 else 0.0
    turn = float(np.clip(turn, -0.06, 0.06)) * min(1.0, 12 * line.em_px / width)
    across = scale * rng.uniform(0.8, 1.2)
    shear = rng.normal(0, 0.04)
    c, s = np.cos(turn), np.sin(turn)
    affine = np.array([[across * c, scale * (shear - s), 0], [across * s, scale * c, 0]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = cv2.transform(corners[None], affine)[0] + rng.uniform(0, 1, 2)
    moved -= moved.min(axis=0).astype(int)
    squeeze = rng.normal(0, 0.03, (4, 2)) * (0.2 * scale * line.em_px, scale * line.em_px) * (rng.random() < 0.4)
    matrix = cv2.getPerspectiveTransform(corners, (moved + squeeze).astype(np.float32))
    size = (int(moved[:, 0].max()) + 1, int(moved[:, 1].max()) + 1)
    if scale < 1:
        sigma = 0.45 * np.sqrt(max(0.0, 1 / scale**2 - 1)) + 0.01
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8) if sigma > 0.3 else pixels
    picture = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(picture, np.uint8), _box(line, matrix, rng)


def _bent(picture: Grey, most: float, px_per_em: float, rng: np.random.Generator) -> Grey:
    """Let the line wave a little, as paper on a soft bag does."""
    height, width = picture.shape
    length, phase = rng.uniform(8, 30) * px_per_em, rng.uniform(0, 2 * np.pi)
    x = np.arange(width, dtype=np.float32)
    lift = np.float32(rng.uniform(0.2, 1) * most) * np.sin(x * np.float32(2 * np.pi / length) + np.float32(phase))
    rows = np.arange(height, dtype=np.float32)[:, None] + lift.astype(np.float32)[None, :]
    columns = np.broadcast_to(x, rows.shape).copy()
    return np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _box(line: Print, matrix: npt.NDArray[np.float64], rng: np.random.Generator) -> Field:
    """Say where a line detector sees the line: close about its ink, or about its whole row."""
    left, top, right, bottom = line.ink
    share = rng.random() if rng.random() < 0.5 else 0.0
    top, bottom = top + share * (line.row[0] - top), bottom + share * (line.row[1] - bottom)
    low = 0.55 * line.em_px
    if bottom - top < low:
        top, bottom = (top + bottom - low) / 2, (top + bottom + low) / 2
    box = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return np.asarray(cv2.perspectiveTransform(box[None], matrix)[0], np.float32)


def _blurred(picture: Grey, px_per_em: float, wear: Wear, rng: np.random.Generator) -> Grey:
    """Defocus, and motion in any direction."""
    most = min(wear.defocus[1], 0.06 * px_per_em)  # finer print than that is lost to anyone
    sigma = rng.uniform(wear.defocus[0], max(most, wear.defocus[0] + 0.1))
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)
    travel = float(rng.uniform(0, wear.motion_ems)) * px_per_em if rng.random() < 0.6 else 0.0
    if travel > 1:
        picture = np.asarray(cv2.filter2D(picture, -1, _streak(travel, rng.uniform(0, np.pi))), np.uint8)
    return picture


def _streak(travel: float, angle: float) -> Field:
    reach = int(np.ceil(travel / 2)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    along, off = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    kernel = np.clip((travel + 1) / 2 - np.abs(along), 0, 1) * np.clip(1 - np.abs(off), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _lit(picture: Grey, wear: Wear, rng: np.random.Generator) -> Grey:
    """Ink and paper under the lamp, glare and shade, the sensor's noise."""
    height, width = picture.shape
    light = wear.light[1] * (wear.light[0] / wear.light[1]) ** (rng.random() ** 1.7)
    paper, ink = rng.uniform(200, 250), rng.uniform(10, 70) if rng.random() < 0.8 else rng.uniform(70, 150)
    lit = (ink + picture.astype(np.float32) * np.float32((paper - ink) / 255)) * np.float32(light)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    if rng.random() < 0.5:
        lit *= 1 + np.float32(rng.uniform(-0.2, 0.2)) * x
    if rng.random() < wear.damage * 0.6:
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        at, wide = np.float32(rng.uniform(-1, 1)), np.float32(rng.uniform(0.08, 0.6))
        spot = np.exp(-(((x - at + y * np.float32(rng.uniform(-0.3, 0.3))) / wide) ** 2))
        lit += spot * np.float32(rng.uniform(-0.5 * light * 150, 190))
    noise = np.float32(rng.uniform(*wear.noise) * min(1.0, 0.45 + light))
    lit += rng.standard_normal(lit.shape, np.float32) * noise
    if rng.random() < 0.03:
        lit = 255 - lit
    return np.clip(lit, 0, 255).astype(np.uint8)


def _cut(picture: Grey, corners: Field, wear: Wear, rng: np.random.Generator) -> Grey | None:
    """Cut the line out level, too close or too wide on each side, and bring it to the network's height."""
    high = float(np.linalg.norm(corners[3] - corners[0]))
    loose = wear.loose_cut
    above, below = (float(rng.triangular(-0.06, 0.1, loose)) * high for _ in range(2))
    before, after = (float(rng.triangular(-0.02, 0.2, 0.2 + 2 * loose)) * high for _ in range(2))
    centre = corners.mean(axis=0)
    along = (corners[1] + corners[2] - corners[0] - corners[3]) / 2
    length = float(np.linalg.norm(along))
    angle = float(np.arctan2(along[1], along[0])) + rng.normal(0, 0.006)
    zoom = HEIGHT_PX / (high + above + below)
    size = (max(8, round((length + before + after) * zoom)), HEIGHT_PX)
    if size[0] > MOST_WIDTH_PX:
        return None
    c, s = np.cos(angle) * zoom, np.sin(angle) * zoom
    origin = np.array([length / 2 + before, high / 2 + above]) * zoom
    turn = np.array([[c, s], [-s, c]])
    matrix = np.column_stack([turn, origin - turn @ centre])
    if zoom < 0.6:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.45 / zoom), np.uint8)
    flags = cv2.INTER_CUBIC if zoom > 1 and rng.random() < 0.7 else cv2.INTER_LINEAR
    cut = cv2.warpAffine(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)
