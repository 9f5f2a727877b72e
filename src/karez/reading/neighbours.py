"""Codes of a second label that the first look missed: two labels side by side are one rectangle of print at first.

A number is taken as soon as one code tells it, so a second label has to be looked for where there may be one: where
the print is much larger than the label of that code can be, or another rectangle of print tells nothing. On the labels
of `docs/explanation/reading.md` the waybill's bars are 0.6 to 0.9 of the label's width, its height at most 2.5 widths.
"""

import math
from collections.abc import Callable, Sequence

from karez.domain.reading import Box, Code
from karez.reading import bar_scans
from karez.reading.labels import region_box
from karez.reading.locating import Layout
from karez.reading.pictures import Grey
from karez.reading.views import Region

_LARGEST_MM = 125.0, 205.0  # the two-part label of 100 × 180 mm, and a margin
_MOST_ALONG, _MOST_ACROSS = 2.45, 3.6  # sides of one label, in lengths of its bars
_MOST_SIDES = 7.0  # same in sides of a 2D code
_ALIKE = 0.5  # bars of a second waybill are at least this share as long and as high
_SIZEABLE = 0.5  # share of a label's area from which another rectangle of print could be a label as well
_COVER = 1.15, 4.5  # width and height that belong to a code's own label, in lengths of the code
_SQUARE = 2.0  # a code is taken for bars when it is this much longer than high


def suspected(labels: Sequence[Region], codes: Sequence[Code], px_per_mm: float | None = None) -> bool:
    """Say whether there may be a label beside the one that the codes stand on; ``codes`` know theirs.

    Where the camera's scale is known, a label is one while it is no larger than labels are.
    """
    known = {code.label for code in codes if code.label is not None}
    return any(
        any(index not in known and sizeable(label, labels[own]) for index, label in enumerate(labels))
        or not _is_one(labels[own], [code for code in codes if code.label == own], px_per_mm)
        for own in known
    )


def apart(own: Region, other: Region, codes: Sequence[Code], px_per_mm: float | None = None) -> bool:
    """Say whether two rectangles of print are too far apart to be one label that a crease or sticker has parted.

    ``codes`` are those on the first.
    """
    return not _is_one(_around(own, other), codes, px_per_mm)


def _around(own: Region, other: Region) -> Region:
    """Bound two regions, along the first."""
    turn = math.radians(own.angle_deg)
    corners = [point for region in (own, other) for point in region_box(region)]
    along = [x * math.cos(turn) + y * math.sin(turn) for x, y in corners]
    across = [y * math.cos(turn) - x * math.sin(turn) for x, y in corners]
    u, v = (min(along) + max(along)) / 2, (min(across) + max(across)) / 2
    x, y = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
    return Region(x, y, max(along) - min(along), max(across) - min(across), own.angle_deg)


def sizeable(label: Region, own: Region) -> bool:
    """Say whether a rectangle of print is large enough to be a label like the one beside it."""
    return label.area >= _SIZEABLE * own.area


def other_codes(picture: Grey, layout: Layout, codes: Sequence[Code], late: Callable[[], bool]) -> list[Code]:
    """Decode bars of a waybill's size that stand where no known code's label can be."""
    along, across = max((_sides(code.box) for code in codes), default=(0.0, 0.0))
    found: list[Code] = []
    for bars in layout.bars_beyond([_cover(code.box) for code in codes]):
        if late():
            break
        if bars.width > _ALIKE * along and bars.height > _ALIKE * min(along, across):
            found += bar_scans.decode_bars(picture, bars)
    return found


def _cover(box: Box) -> Region:
    """Bound what stands above and below a code, as wide as its label at least is."""
    along, across = _sides(box)
    (ax, ay), (bx, by) = box[0], box[1]
    x, y = _middle(box)
    angle_deg = math.degrees(math.atan2(by - ay, bx - ax))
    return Region(x, y, along * _COVER[0], max(along, across) * _COVER[1], angle_deg)


def _is_one(label: Region, codes: Sequence[Code], px_per_mm: float | None) -> bool:
    if px_per_mm is None:
        return any(_fits(label, code.box) for code in codes)
    short_mm, long_mm = sorted((label.width / px_per_mm, label.height / px_per_mm))
    return short_mm <= _LARGEST_MM[0] and long_mm <= _LARGEST_MM[1]


def _fits(label: Region, box: Box) -> bool:
    """Say whether a label is no larger than one that carries a code of this size may be."""
    along, across = _sides(box)
    if max(along, across) < _SQUARE * min(along, across):
        return max(label.width, label.height) < _MOST_SIDES * max(along, across)
    (ax, ay), (bx, by) = box[0], box[1]
    turn = math.radians(label.angle_deg) - math.atan2(by - ay, bx - ax)
    upright = abs(math.cos(turn)) > abs(math.sin(turn))
    sides = (label.width, label.height) if upright else (label.height, label.width)
    return sides[0] < _MOST_ALONG * along and sides[1] < _MOST_ACROSS * along


def _sides(box: Box) -> tuple[float, float]:
    a, b, c, _ = box
    return math.dist(a, b), math.dist(b, c)


def _middle(box: Box) -> tuple[float, float]:
    return sum(x for x, _ in box) / 4, sum(y for _, y in box) / 4
