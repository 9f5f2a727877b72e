"""Which printed lines are the text of a code: right under or over its bars, or beside it along its end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karez.domain.reading import Box, Code
from karez.reading.labels import region_box
from karez.reading.printed_lines import PrintedLine
from karez.reading.views import Region

_Vector = npt.NDArray[np.float64]
_REACH = 2.0  # line heights from the bars to the middle of their print
_PARALLEL_DEG = 15.0
_FEWEST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A line that repeats what a code holds.

    Attributes
    ----------
    line
        Position among the lines.
    code
        Position among the codes; ``None`` where the bars beside it were not decoded.
    """

    line: int
    code: int | None


def beside_codes(
    lines: Sequence[PrintedLine], codes: Sequence[Code], bars: Sequence[Region] = ()
) -> list[PrintedNumber]:
    """Find the prints of numbers near codes.

    Parameters
    ----------
    lines, codes
        Of one frame.
    bars
        Bars that may be codes and were not decoded (`locating.Layout.bars`), in stored pixels.
    """
    found: list[PrintedNumber] = []
    for index, printed in enumerate(lines):
        if sum(character.isdigit() for character in printed.line.text) < _FEWEST_FIGURES:
            continue
        near = [at for at, code in enumerate(codes) if _beside(printed.line.box, code.box)]
        if near:
            found.append(PrintedNumber(index, near[0]))
        elif any(_beside(printed.line.box, region_box(region)) for region in bars):
            found.append(PrintedNumber(index, None))
    return found


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
