"""Lines that the detector cut in two at a gap between words: which pieces belong together, and the place they span."""

import math
from collections.abc import Iterable, Iterator, Mapping

from karez.reading.views import Region

_GAP = 1.2  # line heights between two pieces
_ASIDE = 0.35  # line heights by which their middles may differ
_TALLER = 1.4
_TURN_DEG = 6.0


def pairs(places: Mapping[int, Region]) -> Iterator[tuple[int, int]]:
    """Yield pieces of one line as (left, right), each piece once on each side."""
    for left, one in places.items():
        beside = [(gap, right) for right, other in places.items() if (gap := _gap(one, other)) is not None]
        if beside:
            yield left, min(beside)[1]


def _gap(left: Region, right: Region) -> float | None:
    """Give the gap between two pieces that stand in one row, left before right; ``None`` for others."""
    height = max(left.height, right.height)
    if height > _TALLER * min(left.height, right.height) or abs(left.angle_deg - right.angle_deg) > _TURN_DEG:
        return None
    along, across = _seen_from(left, right)
    gap = along - (left.width + right.width) / 2
    apart = abs(across) <= _ASIDE * height and along > 0 and -_ASIDE * height < gap < _GAP * height
    return gap if apart else None


def _seen_from(one: Region, other: Region) -> tuple[float, float]:
    """Say how far along and across the first piece's line the second one's middle stands."""
    turn = math.radians(one.angle_deg)
    x, y = other.x - one.x, other.y - one.y
    return x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)


def spanning(pieces: Iterable[Region]) -> Region:
    """Bound pieces of one line; the widest of them gives the direction."""
    listed = sorted(pieces, key=lambda piece: -piece.width)
    first, turn = listed[0], math.radians(listed[0].angle_deg)
    seen = [(*_seen_from(first, piece), piece.width) for piece in listed]
    left, right = min(along - width / 2 for along, _, width in seen), max(along + width / 2 for along, _, width in seen)
    across = sum(aside * width for _, aside, width in seen) / sum(width for *_, width in seen)
    middle = (left + right) / 2
    x = first.x + middle * math.cos(turn) - across * math.sin(turn)
    y = first.y + middle * math.sin(turn) + across * math.cos(turn)
    return Region(x, y, right - left, max(piece.height for piece in listed), first.angle_deg)
