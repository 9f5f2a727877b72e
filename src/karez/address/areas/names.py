"""Finds the roads, estates and POIs of an areas file in an address, with the house number on the road."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from karez.address.areas.foreign_names import ForeignNames, is_foreign, number_beside
from karez.address.areas.numbers import house_number
from karez.address.areas.rules import RuleKind
from karez.address.parts.labels import Label
from karez.address.parts.parse import Part
from karez.address.repair import OTHER, error_cost

_NUMBERED = frozenset({Label.ROADNO, Label.SUBROADNO, Label.HOUSENO, Label.ROOMNO, Label.POI, Label.SUBPOI})
_BARE_OR_HAO = re.compile(r"[0-9]{1,4}[A-Za-z]?|[^号]{1,8}号(?:大?院|之)?")
"""A number on the road, whatever the parser takes it for: 12, 12号, 12号院; not 12号楼, which is a building."""
_NOT_A_STREET = re.compile(r"[组社队]$")
_LANDMARK = re.compile(r"\s*(?:的?(?:斜?对面|对过|旁边?|附近|隔壁|后面|背后|东侧|西侧|南侧|北侧|[东西南北前后]边))")
_NAMED = frozenset({Label.ROAD, Label.SUBROAD, Label.POI, Label.SUBPOI})
_DIVISIONS = frozenset({Label.PROV, Label.CITY, Label.DISTRICT, Label.TOWN, Label.COMMUNITY})
_BELOW_TOWNSHIP = frozenset({Label.POI, Label.SUBPOI, Label.HOUSENO})

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the areas file uses: what it is called there, and what kind of thing it is."""

    name: str
    kind: RuleKind


@dataclass(frozen=True, slots=True)
class Said:
    """A name found in an address; of a road with the house number, where one stands after it."""

    name: Name
    number: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What an address says that areas can be defined by.

    Attributes
    ----------
    said
        Names of the areas file, in the order of the text.
    near
        Names that the text may mean: misread or shortened, inside a longer name, or a landmark only.
    road, village, house
        Whether any road (known to the file or not), any village or community, any estate or POI is named.
    """

    said: Sequence[Said]
    near: Sequence[Name]
    road: bool
    village: bool
    house: bool


class NameFinder:
    """Looks for names and their aliases; a name counts where it begins and ends with a part of the address."""

    def __init__(self, names: Iterable[tuple[str, Name]], lookalikes: dict[str, str]) -> None:
        self._names = {fold(text): name for text, name in names}
        self._lookalikes = lookalikes
        self._holed: dict[str, list[str]] = defaultdict(list)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for text in self._names:
            for holed in _holed(text):
                self._holed[holed].append(text)
                self._shortened[holed.replace("\0", "")].append(text)
        self._lengths = sorted({len(text) for text in self._names}, reverse=True)
        self._foreign = ForeignNames(text for text in self._names if is_foreign(text))

    def hear(self, text: str, parts: Sequence[Part]) -> Heard:
        """Return what an address says; ``parts`` are those of ``text``."""
        folded = fold(text)
        foreign = [(start, end, self._names[name]) for start, end, name in self._foreign.hits(folded, parts)]
        hits = self._aligned(folded, parts) + foreign
        landmarks = [hit for hit in hits if hit[2].kind is not RuleKind.ROAD and _LANDMARK.match(folded, hit[1])]
        counted = [hit for hit in hits if hit not in landmarks]
        said = [Said(name, self._number(folded, parts, start, end, name)) for start, end, name in counted]
        near = [name for _, _, name in landmarks] + self._near(folded, parts, hits)
        labels = {part.label for part in parts}
        return Heard(
            said,
            near,
            road=any(_is_street(part) for part in parts) or any(each.name.kind is RuleKind.ROAD for each in said),
            village=Label.COMMUNITY in labels,
            house=bool(labels & _BELOW_TOWNSHIP),
        )

    def _aligned(self, text: str, parts: Sequence[Part]) -> list[tuple[int, int, Name]]:
        """Return the names that fill one part or several, from the left, the longest at each place."""
        ends = {part.end for part in parts}
        found: list[tuple[int, int, Name]] = []
        for part in parts:
            if found and part.start < found[-1][1]:
                continue
            for length in self._lengths:
                end = part.start + length
                name = self._names.get(text[part.start : end]) if end in ends else None
                if name is not None:
                    found.append((part.start, end, name))
                    break
        return found

    def _number(self, text: str, parts: Sequence[Part], start: int, end: int, name: Name) -> int | None:
        if name.kind is not RuleKind.ROAD:
            return None
        if is_foreign(text[start:end]):
            return number_beside(text, start, end)
        after = next((part for part in parts if part.start >= end), None)
        if after is None or after.label not in _NUMBERED or any(map(str.isalnum, text[end : after.start])):
            return None
        return house_number(text[after.start :]) if _BARE_OR_HAO.fullmatch(after.text) else None

    def _near(self, text: str, parts: Sequence[Part], hits: Sequence[tuple[int, int, Name]]) -> list[Name]:
        """Return the names that stand inside a longer word, or that a word differs from by one error."""
        said = [(start, end) for start, end, _ in hits] + [(p.start, p.end) for p in parts if p.label in _DIVISIONS]
        rest = text
        for start, end in said:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        words = [rest[part.start : part.end] for part in parts if part.label in _NAMED]
        inside = [name for written, name in self._names.items() if written in rest]
        return list(dict.fromkeys([*inside, *(name for word in words for name in self._with_one_error(word))]))

    def _with_one_error(self, word: str) -> Iterator[Name]:
        """Yield the names that a word is with one character misread as its look-alike, left out, or doubled.

        人民路 may be 人民东路 or 人民西路 without its middle; but 人民东路 is another road than 人民路.
        """
        for written in (name for holed in _holed(word) for name in self._holed.get(holed, ())):
            if error_cost(word, written, self._lookalikes) < OTHER:
                yield self._names[written]
        for written in self._shortened.get(word, ()):
            yield self._names[written]
        for index in range(1, len(word)):
            once = word[:index] + word[index + 1 :]
            if word[index] == word[index - 1] and once in self._names:
                yield self._names[once]


def _holed(word: str) -> Iterator[str]:
    """Yield a word with a hole in place of each character; two characters are too few to tell anything."""
    if len(word) >= _SHORTEST:
        yield from (f"{word[:index]}\0{word[index + 1 :]}" for index in range(len(word)))


def fold(text: str) -> str:
    """Return a text in the form that names are compared in: widths and cases folded, one character for one."""
    folded = (unicodedata.normalize("NFKC", character).casefold() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def _is_street(part: Part) -> bool:
    """Whether a part is a road; the scheme calls the group of a village one too."""
    return part.label in (Label.ROAD, Label.SUBROAD) and not _NOT_A_STREET.search(part.text)
