"""House numbers on a road: what a courier's range takes in, and what ranges share or leave out between them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

HIGHEST = 99_999
"""No road has a higher number; an open range is taken to end here where an end is needed."""


class Side(StrEnum):
    """Side of the road: odd numbers stand on one, even ones on the other."""

    BOTH = "all"
    ODD = "odd"
    EVEN = "even"


_SIDES = {
    "all": Side.BOTH,
    "全部": Side.BOTH,
    "全": Side.BOTH,
    "odd": Side.ODD,
    "单号": Side.ODD,
    "单": Side.ODD,
    "even": Side.EVEN,
    "双号": Side.EVEN,
    "双": Side.EVEN,
}
_REMAINDER = {Side.ODD: 1, Side.EVEN: 0}
_RANGE = re.compile(r"(?P<first>[0-9]+)?(?P<dash>\s*[-–—~至]\s*)?(?P<last>[0-9]+)?号?")
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TIMES = {"十": 10, "百": 100, "千": 1000}
_CHINESE_DIGITS = "零〇一二两三四五六七八九十百千"
_NUMBER = re.compile(
    rf"(?:第|No\.?\s*|#)?[甲乙丙丁]?(?P<number>[0-9]{{1,5}}|[{_CHINESE_DIGITS}]+)(?![0-9{_CHINESE_DIGITS}])", re.I
)
_DAMAGED = re.compile(
    r"\s*[OQLIZS|!]+(?![A-Z])"  # letters that digits are misread as: 1O号, 1l2号
    r"|[A-Z]+[0-9]"
    r"|[\s,、.·]+[0-9]{1,5}号(?!楼)"  # torn apart: 1 2号
    r"|\s+[0-9]{1,2}\s*(?:,|$)",
    re.I,
)
"""What stands behind the first digits of a number that was not read in one piece; the A of 12A号 names the door."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from ``first`` to ``last``, both included, on one side of the road or on both.

    Attributes
    ----------
    last
        ``None`` where the range is open: to the end of the road.
    """

    first: int = 1
    last: int | None = None
    side: Side = Side.BOTH

    def __contains__(self, number: int) -> bool:
        """Whether a house number falls into the range."""
        on_side = self.side is Side.BOTH or number % 2 == _REMAINDER[self.side]
        return on_side and self.first <= number <= self.end

    def __str__(self) -> str:
        if self.is_side:
            return str(self.side)
        span = f"{self.first}-{'' if self.last is None else self.last}"
        span = str(self.first) if self.first == self.last else span
        return span if self.side is Side.BOTH or self.first == self.last else f"{self.side} {span}"

    @property
    def is_side(self) -> bool:
        """Whether it takes in the road from end to end: both sides, or one."""
        return (self.first, self.last) == (1, None)

    @property
    def end(self) -> int:
        """The last number; `HIGHEST` where the range is open."""
        return HIGHEST if self.last is None else self.last


def read_ranges(text: str) -> tuple[NumberRange, ...]:
    """Read what the areas file says of a road: ``all``, ``odd 1-99``, ``1-99, even 200-``, ``单号 1-99``.

    Raises
    ------
    ValueError
        With a sentence that says what is wrong.
    """
    pieces = [piece.strip() for piece in re.split("[,,、;;]", unicodedata.normalize("NFKC", text))]
    return tuple(_read_range(piece) for piece in pieces)


def _read_range(piece: str) -> NumberRange:
    side, rest = Side.BOTH, piece.lower()
    word = next((word for word in _SIDES if rest.startswith(word) or rest.endswith(word)), "")
    if word:
        side, rest = _SIDES[word], rest.removeprefix(word).removesuffix(word).strip()
    if word and not rest:
        return NumberRange(side=side)
    found = _RANGE.fullmatch(rest)
    if found is None or not (found["first"] or found["last"]):
        raise ValueError(f"{piece!r} is no range of numbers: write all, odd, even, 1-99, odd 1-99, 100-, or 7")
    first = int(found["first"] or 1)
    last = int(found["last"]) if found["last"] else None if found["dash"] else first
    return _checked(first, last, side, piece)


def _checked(first: int, last: int | None, side: Side, piece: str) -> NumberRange:
    if last is not None and last < first:
        raise ValueError(f"{piece!r} ends before it begins")
    if max(first, last or 0) > HIGHEST:
        raise ValueError(f"{piece!r} goes beyond {HIGHEST}, the highest house number")
    if first == last and side is not Side.BOTH and first % 2 != _REMAINDER[side]:
        raise ValueError(f"{piece!r} takes in no number at all")
    return NumberRange(first, last, side)


def house_number(text: str) -> int | None:
    """Return the number a house stands under: 12号, 12-3号, 甲12号, 十二号, 12号附1 and 12号 are all 12.

    Parameters
    ----------
    text
        An address from where the number begins.

    Returns
    -------
    int | None
        ``None`` where there is none (附1号 alone says which door, not which house), and where it cannot be trusted: the
        first digits of 1O2号 (with a letter) or 1 2号 are another house's number.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = _NUMBER.match(text)
    if found is None or _DAMAGED.match(text, found.end()):
        return None
    word = found["number"]
    return int(word) if word.isdigit() and word.isascii() else _chinese(word)


def _chinese(word: str) -> int | None:
    """Return the value of 十二, 一百零五, or of digits read out one by one: 二〇五."""
    if not any(character in _TIMES for character in word):
        return int("".join(str(_CHINESE[character]) for character in word))
    total, digit = 0, None
    for character in word:
        if character in _TIMES:
            total += (1 if digit is None else digit) * _TIMES[character]
            digit = None
        else:
            digit = _CHINESE[character] or None
    return total + (digit or 0)


def shared(one: NumberRange, other: NumberRange) -> NumberRange | None:
    """Return the numbers that both ranges take in, ``None`` where there are none."""
    sides = {one.side, other.side} - {Side.BOTH}
    if len(sides) > 1:
        return None
    ends = [each.last for each in (one, other) if each.last is not None]
    return _tight(max(one.first, other.first), min(ends, default=None), sides.pop() if sides else Side.BOTH)


def _tight(first: int, last: int | None, side: Side) -> NumberRange | None:
    """Move the ends of a range to numbers of its side; ``None`` where none is left."""
    if side is not Side.BOTH:
        first += first % 2 != _REMAINDER[side]
        last = last - (last % 2 != _REMAINDER[side]) if last is not None else None
    return None if last is not None and last < first else NumberRange(first, last, side)


def unclaimed_side(ranges: Iterable[NumberRange]) -> Side | None:
    """Return the side of the road of which no range takes in any number; ``None`` where both are served."""
    listed = list(ranges)
    for side in (Side.ODD, Side.EVEN):
        if all(shared(each, NumberRange(side=side)) is None for each in listed):
            return side
    return None


def gaps(ranges: Sequence[NumberRange]) -> list[NumberRange]:
    """Return the numbers between the lowest and the highest of the ranges that none of them takes in.

    A side of the road that no range mentions at all is no gap; see `unclaimed_side`.
    """
    none = unclaimed_side(ranges)
    sides = [side for side in (Side.ODD, Side.EVEN) if side is not none]
    found: list[NumberRange] = []
    for first, last in _stretches(ranges):
        missing = [side for side in sides if _is_missing(first, last, side, ranges)]
        if missing:
            _append(found, NumberRange(first, last, Side.BOTH if len(missing) > 1 else missing[0]))
    tight = [_tight(each.first, None if each.last == HIGHEST else each.last, each.side) for each in found]
    return [each for each in tight if each is not None]


def _stretches(ranges: Iterable[NumberRange]) -> Iterator[tuple[int, int]]:
    """Yield stretches of the road on which every range takes in either all of a side, or nothing."""
    cuts = sorted({each.first for each in ranges} | {each.end + 1 for each in ranges})
    yield from ((first, after - 1) for first, after in pairwise(cuts))


def _is_missing(first: int, last: int, side: Side, ranges: Iterable[NumberRange]) -> bool:
    stretch = _tight(first, last, side)
    return stretch is not None and not any(stretch.first in each for each in ranges)


def _append(found: list[NumberRange], gap: NumberRange) -> None:
    """Add a gap, joined to the one before where they touch and leave out the same side."""
    before = found[-1] if found else None
    if before is not None and before.end + 1 == gap.first and before.side is gap.side:
        found[-1] = NumberRange(before.first, gap.last, gap.side)
    else:
        found.append(gap)
