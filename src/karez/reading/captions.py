"""Boxes and words on a picture that can be read on dark and on light ground: strokes with a rim, words on plates."""

import textwrap
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from karez.domain.reading import Box
from karez.reading.pictures import Grey

Colour = tuple[int, int, int]
"""Blue, green, red."""

Span = tuple[int, int]

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WHITE, _INK = (255, 255, 255), (40, 40, 40)
_LETTER_PX = 10.5  # mean width of a letter at size 0.55
_LINE_PX = 24
_LEADER_PX = 26  # between what stays clear and a caption
_DARK, _LIGHT = 110, 200  # brightest grey below which a picture is lightened, and what it becomes


class Canvas:
    """A picture in colour that is drawn on in the coordinates of the stored one.

    Attributes
    ----------
    pixels
        Rows × columns × (blue, green, red).
    unit
        Size of strokes and letters: 1 on a picture 1600 pixels long.
    """

    def __init__(self, pixels: npt.NDArray[np.uint8], scale: float) -> None:
        self.pixels, self.scale = pixels, scale
        self.unit: float = max(0.5, max(pixels.shape[:2]) / 1600)
        self.taken: list[tuple[int, int, int, int]] = []

    @classmethod
    def over(cls, grey: Grey, scale: float) -> "Canvas":
        """Begin with a picture, reduced or enlarged, and a dark one lightened."""
        bright = float(np.percentile(grey, 99.5))
        if bright < _DARK:
            grey = np.asarray(cv2.convertScaleAbs(grey, alpha=_LIGHT / max(bright, 1.0)), np.uint8)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sized = grey if scale == 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way)
        return cls(np.asarray(cv2.cvtColor(np.asarray(sized), cv2.COLOR_GRAY2BGR), np.uint8), scale)

    def corners(self, box: Box) -> npt.NDArray[np.int32]:
        """Corners of a box of the stored picture, on the canvas."""
        return np.round(np.array(box, dtype=float) * self.scale).astype(np.int32)

    def box(self, box: Box, colour: Colour, thickness: int) -> None:
        """Draw a box with a white rim, which shows on dark ground as the colour does on light."""
        stroke = max(1, round(thickness * self.unit))
        cv2.polylines(self.pixels, [self.corners(box)], True, _WHITE, stroke + 2, cv2.LINE_AA)
        cv2.polylines(self.pixels, [self.corners(box)], True, colour, stroke, cv2.LINE_AA)

    def words(self, words: str, x: int, y: int, colour: Colour) -> int:
        """Write white words on a plate of a colour, top left at (x, y); gives the plate's width."""
        size, thickness = 0.55 * self.unit, max(1, round(self.unit))
        (width, height), below = cv2.getTextSize(words, _FONT, size, thickness)
        gap = int(4 * self.unit)
        cv2.rectangle(self.pixels, (x, y), (x + width + 2 * gap, y + height + below + gap), colour, -1)
        cv2.putText(self.pixels, words, (x + gap, y + height + gap), _FONT, size, _WHITE, thickness, cv2.LINE_AA)
        return int(width) + 2 * gap


def caption(canvas: Canvas, box: Box, words: str, colour: Colour, keep_clear: Span) -> None:
    """Write words beside what must stay clear, with a line to their box; on top of the box where there is no room.

    Parameters
    ----------
    keep_clear
        Left and right end of what is to be seen, on the canvas.
    """
    corners = canvas.corners(box)
    columns = canvas.pixels.shape[1]
    width, gap = round(_LETTER_PX * canvas.unit * len(words)), round(_LEADER_PX * canvas.unit)
    left, right = keep_clear
    if right + gap + width < columns:
        x, end = right + gap, corners[corners[:, 0].argmax()]
    elif width + gap < left:
        x, end = left - gap - width, corners[corners[:, 0].argmin()]
    else:
        top = corners[corners[:, 1].argmin()]
        x, end = int(np.clip(top[0] - width / 3, 0, max(0, columns - width))), None
    line = round(_LINE_PX * canvas.unit)
    y = _free(canvas, x, width, int(end[1] - line / 2) if end is not None else int(corners[:, 1].min() - line))
    if y is None:
        return
    canvas.taken.append((x, y, x + width, y + line))
    if end is not None:
        side = (x, y + line // 2) if x > end[0] else (x + width, y + line // 2)
        cv2.line(canvas.pixels, (int(end[0]), int(end[1])), side, colour, max(1, round(canvas.unit)), cv2.LINE_AA)
    canvas.words(words, x, y, colour)


def _free(canvas: Canvas, x: int, width: int, y: int) -> int | None:
    """Find a place for a caption at ``y`` or below, where none stands yet."""
    rows, line = canvas.pixels.shape[0], round(_LINE_PX * canvas.unit)
    y = int(np.clip(y, 0, rows - line))
    while any(
        x < right and left < x + width and y < lower and upper < y + line for left, upper, right, lower in canvas.taken
    ):
        y += line
        if y > rows - line:
            return None
    return y


def banner(canvas: Canvas, lines: Sequence[tuple[str, Colour]], legend: Sequence[tuple[str, Colour]]) -> None:
    """Write lines and a legend along the lower edge, on a darkened strip."""
    rows, columns = canvas.pixels.shape[:2]
    line, letters = round(_LINE_PX * 1.15 * canvas.unit), max(20, int(columns / (_LETTER_PX * canvas.unit)) - 4)
    wrapped = [
        (part, colour)
        for words, colour in lines
        for part in textwrap.wrap(words.encode("ascii", "replace").decode("ascii"), letters)
    ]
    top = max(0, rows - line * (len(wrapped) + 1) - line // 3)
    strip = canvas.pixels[top:]
    strip[:] = (strip * 0.3).astype(np.uint8)
    for number, (words, colour) in enumerate(wrapped):
        canvas.words(words, 6, top + number * line + line // 6, colour)
    x = 6
    for words, colour in legend:
        x += canvas.words(words, x, rows - line, colour) + round(6 * canvas.unit)


def card(words: str) -> npt.NDArray[np.uint8]:
    """Make a grey card that says why there is no picture."""
    pixels = np.full((240, 800, 3), 225, np.uint8)
    for number, part in enumerate(textwrap.wrap(words, 58)[:6]):
        cv2.putText(pixels, part, (24, 50 + 34 * number), _FONT, 0.7, _INK, 1, cv2.LINE_AA)
    return pixels
