"""Print a line as a thermal printer does: pieces set side by side from the right, dot by dot."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from uyghur.faces import CHINESE, FIGURES, TRAINED, Face, face
from uyghur.lines import Line, Piece

Grey = npt.NDArray[np.uint8]
MARGIN = 0.9  # white about the line, in ems


class Print(NamedTuple):
    """A printed line, black on white.

    Attributes
    ----------
    pixels
        Rows × columns.
    ink
        Box of the ink: left, top, right, bottom.
    row
        Top and bottom of the line as the face measures it.
    em_px
        Size it was printed at.
    """

    pixels: Grey
    ink: tuple[int, int, int, int]
    row: tuple[float, float]
    em_px: int


_NAMES = list(TRAINED)
_SHARES = np.array(list(TRAINED.values())) / sum(TRAINED.values())


def any_face(rng: np.random.Generator) -> Face:
    """Choose a face to train on."""
    return face(_NAMES[int(rng.choice(len(_NAMES), p=_SHARES))])


def print_line(line: Line, main: Face, em_px: int, rng: np.random.Generator, space: float = 1.0) -> Print | None:
    """Print one line in a face; what the face lacks is printed in another. ``None`` where there is no ink.

    ``space`` is how wide the spaces between pieces are against the face's own: labels are at times set tight.
    """
    figures = face(FIGURES[int(rng.integers(len(FIGURES)))])
    swap = rng.random() < 0.12
    fonts = [_font(piece, main, figures, em_px, swap) for piece in line]
    widths = [
        font.getlength(piece.text, **_direction(piece)) * (1.0 if piece.text.strip() else space)
        for piece, font in zip(line, fonts, strict=True)
    ]
    ascent, descent = main.at(em_px).getmetrics()
    margin = int(MARGIN * em_px)
    size = (int(sum(widths)) + 2 * margin, max(ascent + descent, em_px) + 2 * margin)
    sheet = Image.new("L", size, 255)
    pen = ImageDraw.Draw(sheet)
    at, base = size[0] - margin, margin + ascent
    for piece, font, width in zip(line, fonts, widths, strict=True):
        at -= width
        pen.text((at, base), piece.text, font=font, fill=0, anchor="ls", **_direction(piece))
    pixels = np.asarray(sheet)
    if rng.random() < 0.5:
        pixels = _dots(pixels, rng)
    rows, columns = np.flatnonzero(pixels.min(axis=1) < 128), np.flatnonzero(pixels.min(axis=0) < 128)
    if not len(rows) or size[0] > 4000:
        return None
    ink = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Print(pixels, ink, (margin, margin + ascent + descent), em_px)


def _font(piece: Piece, main: Face, figures: Face, em_px: int, swap: bool) -> ImageFont.FreeTypeFont:
    if any("\u2e80" < character < "\ufb50" for character in piece.text):
        return face(CHINESE[int(figures.path.stem.endswith("Bold"))]).at(em_px)
    lacking = not main.characters.issuperset(piece.text)
    return figures.at(round(em_px * 0.9)) if lacking or (swap and piece.left_to_right) else main.at(em_px)


def _direction(piece: Piece) -> dict[str, str]:
    return {"direction": "ltr"} if piece.left_to_right else {"direction": "rtl", "language": "ug"}


def _dots(pixels: Grey, rng: np.random.Generator) -> Grey:
    """Print in dots that are black or not; at times too hot, too cold, or with a worn heating element."""
    pixels = np.where(pixels < rng.integers(90, 200), 0, 255).astype(np.uint8)
    draw = rng.random()
    if draw < 0.12:
        pixels = np.asarray(cv2.erode(pixels, np.ones((2, 2), np.uint8)), np.uint8)
    elif draw < 0.2:
        pixels = np.asarray(cv2.dilate(pixels, np.ones((1, 2) if rng.random() < 0.5 else (2, 1), np.uint8)), np.uint8)
    if rng.random() < 0.08:
        pixels[:, rng.integers(0, pixels.shape[1], 2)] = 255
    if rng.random() < 0.1:
        pixels = pixels.copy()
        pixels[rng.random(pixels.shape) < rng.uniform(0.01, 0.06)] = 255
    return pixels
