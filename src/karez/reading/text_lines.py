"""Find lines of print on an upright label and read them: PP-OCRv6, detection and recognition."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading import networks, weights
from karez.reading.pictures import Grey
from karez.reading.views import Matrix, Region, View, after, region_matrix, warp

LINE_HEIGHT_PX = 48  # the recogniser's input
WIDTH_STEP_PX = 64  # widths are rounded up to it, so that few shapes are compiled
MOST_WIDTH_PX = 48 * 40
_STEP_PX = 64  # same for the detector
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # the detector's own normalisation (its inference.yml)
_INK, _LINE = 0.2, 0.4  # thresholds of a pixel and of a line, from the same file
_UNCLIP = 1.4  # how far a line is larger than its shrunken map, from the same file
_MOST_LINES = 80


@dataclass(frozen=True, slots=True)
class Recognised:
    """Text of one line, the mean probability of its characters, and that of the least certain one."""

    text: str
    confidence: float
    weakest: float = 0.0


class Detector:
    """Marks where lines stand.

    Parameters
    ----------
    engine
        See `networks.load`.
    longest_px
        The longer side the label is reduced to before looking.
    """

    def __init__(self, engine: networks.Engine, longest_px: int = 960) -> None:
        self._network = networks.load(weights.DETECTOR, engine)
        self._longest = longest_px
        channels = [np.arange(256) / 255.0 - mean for mean in _MEAN]
        self._levels = [(c / s).astype(np.float32) for c, s in zip(channels, _SPREAD, strict=True)]

    def __call__(self, label: Grey) -> list[Region]:
        """Find lines on an upright label, top to bottom; regions are in its pixels, widths along the text."""
        scale = min(1.0, self._longest / max(label.shape))
        small = label if scale == 1 else cv2.resize(label, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        ink = self._network(self._batch(np.asarray(small, np.uint8)))[0, 0, : small.shape[0], : small.shape[1]]
        lines = list(_lines(ink, 1 / scale))
        lines.sort(key=lambda line: line.y - line.height / 2)
        return lines[:_MOST_LINES]

    def _batch(self, picture: Grey) -> networks.Tensor:
        rows, columns = picture.shape
        height, width = -(-rows // _STEP_PX) * _STEP_PX, -(-columns // _STEP_PX) * _STEP_PX
        batch = np.zeros((1, 3, height, width), np.float32)
        for channel, levels in enumerate(self._levels):
            batch[0, channel, :rows, :columns] = levels[picture]
        return batch


def _lines(ink: networks.Tensor, scale: float) -> Iterator[Region]:
    mask = (ink > _INK).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        (x, y), (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < 3 or _score(ink, np.asarray(contour, np.int32)) < _LINE:
            continue
        grow = width * height * _UNCLIP / (2 * (width + height))
        region = Region(x * scale, y * scale, (width + 2 * grow) * scale, (height + 2 * grow) * scale, angle)
        yield _along_text(region)


def _score(ink: networks.Tensor, contour: npt.NDArray[np.int32]) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - (x, y)], (1,))
    return float(cv2.mean(ink[y : y + height, x : x + width], inside)[0])


def _along_text(region: Region) -> Region:
    """Name the rectangle so that its width is level, or, where it is clearly upright, runs from bottom to top."""
    angle = (region.angle_deg + 45) % 180 - 45
    if angle >= 45:
        level = Region(region.x, region.y, region.height, region.width, angle - 90)
    else:
        level = Region(region.x, region.y, region.width, region.height, angle)
    return level.turned(-1) if level.height > 1.5 * level.width else level


class Recogniser:
    """Reads one line.

    Parameters
    ----------
    engine
        See `networks.load`.
    network, alphabet
        Which of the pinned models.
    """

    def __init__(
        self,
        engine: networks.Engine,
        network: weights.Weight = weights.RECOGNISER,
        alphabet: weights.Weight = weights.ALPHABET,
    ) -> None:
        self._network = networks.load(network, engine)
        lines = weights.content(alphabet).decode("utf-8").split("\n")
        characters = [line.rstrip("\r") for line in lines]
        if characters[-1] == "":
            characters.pop()
        self._alphabet = np.array(["", *characters, " "])

    @property
    def engine(self) -> str:
        """Name of the engine that runs it."""
        return self._network.engine

    def warm_up(self, widest_px: int = 960) -> None:
        """Compile the widths that labels have."""
        for width in range(WIDTH_STEP_PX, widest_px + 1, WIDTH_STEP_PX):
            self._network(np.zeros((1, 3, LINE_HEIGHT_PX, width), np.float32))

    def __call__(self, line: Grey) -> Recognised:
        """Read a level line, 48 pixels high."""
        width = _padded(line)
        batch = np.zeros((1, 3, LINE_HEIGHT_PX, width), np.float32)
        batch[0, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1
        return self._decoded(self._network(batch)[0])

    def _decoded(self, probabilities: networks.Tensor) -> Recognised:
        """Collapse repeats and blanks (CTC, best path)."""
        best = probabilities.argmax(axis=1)
        kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
        if not kept.any():
            return Recognised("", 0.0)
        sure = probabilities.max(axis=1)[kept]
        printed = sure[best[kept] != self._alphabet.size - 1]  # gaps are often unsure, and say nothing about the rest
        return Recognised("".join(self._alphabet[best[kept]]), float(sure.mean()), float(printed.min(initial=1.0)))


def _padded(line: Grey) -> int:
    return -(-int(line.shape[1]) // WIDTH_STEP_PX) * WIDTH_STEP_PX


def line_view(picture: Grey, to_stored: Matrix, line: Region, height_px: int) -> View:
    """Cut a line out of the stored picture itself, level and ``height_px`` high, sampled once."""
    scale = height_px / max(1.0, line.height)
    width = min(max(8, round(line.width * scale)), MOST_WIDTH_PX * height_px // LINE_HEIGHT_PX)
    matrix = after(to_stored, region_matrix(line, scale))
    return View(warp(picture, matrix, (width, height_px), cubic=scale > 1), matrix)
