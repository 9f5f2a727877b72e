"""Puts names on a map so that no two of them overlap; a name without room is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PIL import ImageDraw

from karez.cli.area_map.colours import INK, SOFT_INK, Colour
from karez.simulation.fonts import typeface

Rectangle = tuple[float, float, float, float]
_GAP_PX = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label; ``face`` is a typeface of the labels' drawing."""

    text: str
    size_px: int
    face: str = "zh"
    colour: Colour = INK


@dataclass
class Labels:
    """The labels of one box of the page, placed first come, first served.

    Attributes
    ----------
    within
        The box; labels stay inside.
    taken
        What is covered already: labels, points, the scale bar.
    """

    draw: ImageDraw.ImageDraw
    within: Rectangle
    taken: list[Rectangle] = field(default_factory=list)

    def place(
        self, x: float, y: float, lines: Sequence[Line], away_px: float = 0.0, inside: Rectangle | None = None
    ) -> bool:
        """Write a label at a point, or beside it.

        Parameters
        ----------
        away_px
            0: centred on the point, else beside or above or below it, so far away.
        inside
            What the label may not leave; the whole box by default.

        Returns
        -------
        bool
            Whether there was room.
        """
        sizes = [_size(line) for line in lines]
        width, height = max(w for w, _ in sizes), sum(h for _, h in sizes)
        for left, top in _corners(x, y, width, height, away_px):
            rectangle = (left, top, left + width, top + height)
            if self._is_free(rectangle, inside or self.within):
                self.taken.append(rectangle)
                self._write(rectangle, lines, sizes, centred=away_px == 0)
                return True
        return False

    def _is_free(self, r: Rectangle, inside: Rectangle) -> bool:
        w = _both(self.within, inside)
        fits = w[0] + 3 <= r[0] and w[1] + 3 <= r[1] and r[2] <= w[2] - 3 and r[3] <= w[3] - 3
        return fits and not any(_overlap(r, other) for other in self.taken)

    def _write(self, r: Rectangle, lines: Sequence[Line], sizes: Sequence[tuple[float, float]], centred: bool) -> None:
        y = r[1]
        for line, (width, height) in zip(lines, sizes, strict=True):
            x = r[0] + (r[2] - r[0] - width) / 2 if centred else r[0]
            font = typeface(line.face, line.size_px)
            self.draw.text((x, y), line.text, font=font, fill=line.colour, stroke_width=2, stroke_fill=(255, 255, 255))
            y += height


def _both(one: Rectangle, other: Rectangle) -> Rectangle:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _size(line: Line) -> tuple[float, float]:
    return typeface(line.face, line.size_px).getlength(line.text), line.size_px * 1.3


def _corners(x: float, y: float, width: float, height: float, away: float) -> Iterator[tuple[float, float]]:
    """Yield left upper corners to try, the best first."""
    if away == 0:
        for shift in (0.0, 0.4, -0.4, 0.8, -0.8, 1.3, -1.3):
            yield x - width / 2, y - height / 2 + shift * height
        return
    yield x + away, y - height / 2
    yield x - away - width, y - height / 2
    yield x - width / 2, y - away - height
    yield x - width / 2, y + away
    for dy in (-height, 0.0):
        yield x + away, y + dy + (away if dy == 0 else -away)
        yield x - away - width, y + dy + (away if dy == 0 else -away)


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    apart = one[2] + _GAP_PX <= other[0] or other[2] + _GAP_PX <= one[0]
    return not (apart or one[3] + _GAP_PX <= other[1] or other[3] + _GAP_PX <= one[1])


def text(draw: ImageDraw.ImageDraw, x: float, y: float, words: str, size_px: int, colour: Colour = SOFT_INK) -> None:
    """Write a line of plain text at its left upper corner."""
    draw.text((x, y), words, font=typeface("zh", size_px), fill=colour)
