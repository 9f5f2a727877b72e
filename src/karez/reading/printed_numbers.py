"""Which printed lines are the text of a code: right under or over its bars, or beside it along its end."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from karez.domain.reading import Box, Code, Line

_Vector = npt.NDArray[np.float64]
_REACH = 2.0  # line heights from the bars to the middle of their print
_PARALLEL_DEG = 15.0
_FEWEST_FIGURES = 6


def prints_of(lines: Sequence[Line], codes: Sequence[Code]) -> dict[int, int]:
    """Say which lines are the print of which code, by their positions among those of all frames."""
    prints: dict[int, int] = {}
    for at, line in enumerate(lines):
        if sum(character.isdigit() for character in line.text) >= _FEWEST_FIGURES:
            near = (n for n, code in enumerate(codes) if code.frame == line.frame and _beside(line.box, code.box))
            code = next(near, None)
            if code is not None:
                prints[at] = code
    return prints


def _beside(line: Box, code: Box) -> bool:
    """Say whether a line runs along a code's width, no further from its bars than twice the line's height."""
    middle, along, across = _frame(code)
    centre, text, high = _frame(line)
    width, text_width = np.hypot(*along), np.hypot(*text)
    if min(width, text_width) < 1:
        return False
    cosine = abs(float(along @ text)) / float(width * text_width)
    if cosine < math.cos(math.radians(_PARALLEL_DEG)):
        return False
    offset = centre - middle
    sideways = abs(float(offset @ along)) / float(width)
    away = math.sqrt(max(0.0, float(offset @ offset) - sideways**2))
    return bool(sideways < width / 2 and away < np.hypot(*across) / 2 + _REACH * np.hypot(*high))


def _frame(box: Box) -> tuple[_Vector, _Vector, _Vector]:
    corners = np.asarray(box, dtype=np.float64)
    along = (corners[1] + corners[2] - corners[0] - corners[3]) / 2
    across = (corners[3] + corners[2] - corners[0] - corners[1]) / 2
    return corners.mean(axis=0), along, across
