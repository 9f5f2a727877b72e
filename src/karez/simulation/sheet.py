"""A sheet of label paper measured in millimetres: text, rules, boxes and codes, printed dot by dot."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from karez.simulation.fonts import has_glyph, typeface
from karez.simulation.symbols import Modules

Colour = tuple[int, int, int]
BLACK: Colour = (18, 18, 20)
WHITE: Colour = (250, 250, 248)
_SPARE_FACE = "zh-bold"
_CAP_HEIGHT = 0.733  # height of a figure in Noto Sans CJK, in ems


class Sheet:
    """Paper to print on; all lengths in millimetres from the top left corner.

    Parameters
    ----------
    width_mm, height_mm
        Size of the label.
    dots_per_mm
        Resolution of the print, in pixels a millimetre.
    """

    def __init__(self, width_mm: float, height_mm: float, dots_per_mm: float) -> None:
        self.width_mm, self.height_mm, self.dots_per_mm = width_mm, height_mm, dots_per_mm
        self._image = Image.new("RGB", (self._px(width_mm), self._px(height_mm)), WHITE)
        self._pen = ImageDraw.Draw(self._image)

    def pixels(self) -> NDArray[np.uint8]:
        """Give the print as height × width × 3, red first."""
        return np.asarray(self._image)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        em_mm: float,
        face: str = "zh",
        ink: Colour = BLACK,
        anchor: str = "la",
    ) -> float:
        """Print left-to-right text; ``anchor`` as Pillow names it. Returns its width in mm."""
        font = typeface(face, self._px(em_mm))
        self._pen.text((self._px(at[0]), self._px(at[1])), words, font=font, fill=ink, anchor=anchor)
        return float(font.getlength(words)) / self.dots_per_mm

    def text_turned(self, centre: tuple[float, float], words: str, em_mm: float, face: str = "zh") -> None:
        """Print a text that runs downwards, about a centre."""
        font = typeface(face, self._px(em_mm))
        strip = Image.new("RGB", (round(font.getlength(words)) + 2, self._px(em_mm * 1.3)), WHITE)
        ImageDraw.Draw(strip).text((1, strip.height // 2), words, font=font, fill=BLACK, anchor="lm")
        turned = strip.transpose(Image.Transpose.ROTATE_270)
        corner = (self._px(centre[0]) - turned.width // 2, self._px(centre[1]) - turned.height // 2)
        self._image.paste(turned, corner)

    def uyghur(self, right_top: tuple[float, float], words: str, em_mm: float, face: str) -> None:
        """Print Uyghur, right-aligned: the letters are joined and run from right to left."""
        right, top = self._px(right_top[0]), self._px(right_top[1])
        baseline = top + typeface(face, self._px(em_mm)).getmetrics()[0]
        for run, run_face in _runs(words, face):
            font = typeface(run_face, self._px(em_mm))
            self._pen.text((right, baseline), run, font=font, fill=BLACK, anchor="rs", direction="rtl", language="ug")
            right -= round(font.getlength(run, direction="rtl", language="ug"))

    def width_of(self, words: str, em_mm: float, face: str = "zh") -> float:
        """Measure a text in mm, without printing it."""
        runs = ((run, typeface(run_face, self._px(em_mm))) for run, run_face in _runs(words, face))
        return sum(float(font.getlength(run)) for run, font in runs) / self.dots_per_mm

    def fitting_em(self, words: str, width_mm: float, em_mm: float, face: str = "zh") -> float:
        """Give the em, at most ``em_mm``, at which a text is no wider than ``width_mm``."""
        return em_mm * min(1.0, width_mm / max(self.width_of(words, em_mm, face), 0.1))

    def figures(self, at: tuple[float, float], words: str, width_mm: float, height_mm: float) -> None:
        """Print very large bold figures, ``height_mm`` tall or as tall as the width allows."""
        em_mm = self.fitting_em(words, width_mm, height_mm / _CAP_HEIGHT, "zh-bold")
        self.text((at[0] + width_mm / 2, at[1] + height_mm / 2), words, em_mm, "zh-bold", anchor="mm")

    def rule(self, y_mm: float, left_mm: float, right_mm: float) -> None:
        """Print a thin horizontal line."""
        self.block((left_mm, y_mm, right_mm, y_mm + 0.25), BLACK)

    def block(self, box_mm: tuple[float, float, float, float], ink: Colour) -> None:
        """Fill a rectangle: left, top, right, bottom."""
        left, top, right, bottom = (self._px(edge) for edge in box_mm)
        self._pen.rectangle((left, top, right - 1, bottom - 1), fill=ink)

    def frame(self, box_mm: tuple[float, float, float, float]) -> None:
        """Print the outline of a rectangle."""
        box = [self._px(edge) for edge in box_mm]
        self._pen.rectangle((box[0], box[1], box[2], box[3]), outline=BLACK, width=max(1, self._px(0.3)))

    def bars(
        self, at: tuple[float, float], modules: Modules, module_dots: int, height_mm: float, turned: bool = False
    ) -> float:
        """Print a linear code, each module a whole number of dots wide; turned, it runs downwards.

        Returns its length in mm.
        """
        row = np.where(np.repeat(modules, module_dots), np.uint8(BLACK[0]), np.uint8(WHITE[0]))
        code = np.repeat(row[None, :], self._px(height_mm), axis=0)
        self._stamp(at, np.ascontiguousarray(code.T) if turned else code)
        return len(row) / self.dots_per_mm

    def matrix(self, at: tuple[float, float], modules: Modules, module_dots: int) -> float:
        """Print a two-dimensional code; returns its side in mm."""
        grid = np.where(modules, np.uint8(BLACK[0]), np.uint8(WHITE[0]))
        code = np.repeat(np.repeat(grid, module_dots, axis=0), module_dots, axis=1)
        self._stamp(at, code)
        return len(code) / self.dots_per_mm

    def _stamp(self, at: tuple[float, float], code: NDArray[np.uint8]) -> None:
        self._image.paste(Image.fromarray(code).convert("RGB"), (self._px(at[0]), self._px(at[1])))

    def _px(self, length_mm: float) -> int:
        return round(length_mm * self.dots_per_mm)


def _runs(words: str, face: str) -> list[tuple[str, str]]:
    """Split a text into runs of one typeface: signs that a Uyghur one lacks are printed in the Chinese one."""
    if not face.startswith("ug-"):
        return [(words, face)]
    letters = groupby(words, key=lambda letter: has_glyph(face, letter))
    return [("".join(run), face if printable else _SPARE_FACE) for printable, run in letters]
