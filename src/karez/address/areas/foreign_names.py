"""Finds Latin and Uyghur names of an areas file in an address, with the house number before or behind a road."""

import re
from collections.abc import Iterable, Iterator, Sequence

from karez.address.areas.numbers import house_number
from karez.address.parts.labels import Label
from karez.address.parts.parse import Part

_SAME = (("road", "rd"), ("street", "st"), ("avenue", "ave", "av"))
"""Words for one thing, in full and as labels shorten them, with or without a full stop."""
_AFTER = re.compile(r"[\s,]*(?:no\.?|#|house)?\s*(?=[0-9])", re.IGNORECASE)
_BEFORE = re.compile(r"(?<!\w)(?<![0-9]\s)(?P<number>[0-9]{1,5})[a-h]?(?:-[0-9]+)?[\s,]*$", re.IGNORECASE)
_ROAD_WORD = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|lane|alley|lu|jie|dadao)\b|\b(?:يولى|يول|كوچىسى|كوچا)\b", re.IGNORECASE
)
_ROADS = (Label.ROAD, Label.SUBROAD)


def is_foreign(text: str) -> bool:
    """Whether a text has no Chinese character."""
    return not any("一" <= character <= "鿿" for character in text)


def says_road(text: str) -> bool:
    """Whether a Latin or Uyghur word for a road stands in a text, known to the areas file or not."""
    return _ROAD_WORD.search(text) is not None


class ForeignNames:
    """Looks for names as whole words: words stand apart in these scripts."""

    def __init__(self, names: Iterable[str]) -> None:
        self._patterns = {name: _pattern(name) for name in names}

    def hits(self, text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and name of each that stands in a text; not within a longer road: East Renmin Road."""
        roads = [(part.start, part.end) for part in parts if part.label in _ROADS]
        for name, pattern in self._patterns.items():
            match = pattern.search(text)
            if match is not None and not any(_is_longer(road, match) for road in roads):
                yield match.start(), match.end(), name


def number_beside(text: str, start: int, end: int) -> int | None:
    """Return the house number behind a road, else the one before it: Seman Road 12, No. 12 Seman Road."""
    after = _AFTER.match(text, end)
    if after is not None:
        return house_number(text[after.end() :])
    before = _BEFORE.search(text[:start])
    return int(before["number"]) if before is not None else None


def _is_longer(road: tuple[int, int], match: re.Match[str]) -> bool:
    start, end = road
    overlaps = start < match.end() and match.start() < end
    return overlaps and (start < match.start() or match.end() < end)


def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(map(_word, name.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _word(word: str) -> str:
    same = next((each for each in _SAME if word.removesuffix(".") in each), None)
    return re.escape(word) if same is None else rf"(?:{'|'.join(same)})\b\.?"
