"""Finds the roads, estates and POIs of an areas file in an address, with the house number on the road."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from karez.address.areas.foreign_names import ForeignNames, is_foreign, number_beside, says_road
from karez.address.areas.misspelt import Misspelt
from karez.address.areas.numbers import house_number
from karez.address.areas.rules import RuleKind
from karez.address.parts.labels import Label
from karez.address.parts.parse import Part

_NUMBERED = frozenset({Label.ROADNO, Label.SUBROADNO, Label.HOUSENO, Label.ROOMNO, Label.POI, Label.SUBPOI})
_BARE_OR_HAO = re.compile(r"[0-9]{1,4}[A-Za-z]?|[^号]{1,8}号(?:大?院|之)?")
"""A number on the road, whatever the parser takes it for: 12, 12号, 12号院; not 12号楼, which is a building."""
_NOT_A_STREET = re.compile(r"[组社队]$")
_LANDMARK = re.compile(r"\s*(?:的?(?:斜?对面|对过|旁边?|附近|隔壁|后面|背后|东侧|西侧|南侧|北侧|[东西南北前后]边))")
_NAMED = frozenset({Label.ROAD, Label.SUBROAD, Label.POI, Label.SUBPOI})
_DIVISIONS = frozenset({Label.PROV, Label.CITY, Label.DISTRICT, Label.TOWN, Label.COMMUNITY})
_BELOW_TOWNSHIP = frozenset({Label.POI, Label.SUBPOI, Label.HOUSENO})
_MOST_PIECES = 3


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
        Whether any road, any village or community, any estate or POI is named, known to the file or not. Of Latin and
        Uyghur words only those that the file knows tell anything: Renmin West Road may be its 人民西路.
    unread_road
        Whether the only road is one in Latin or Uyghur letters that the file does not know.
    """

    said: Sequence[Said]
    near: Sequence[Name]
    road: bool
    unread_road: bool
    village: bool
    house: bool


class NameFinder:
    """Looks for names and their aliases; a name counts where it begins and ends with a part of the address."""

    def __init__(self, names: Iterable[tuple[str, Name]], lookalikes: dict[str, str]) -> None:
        self._names = {fold(text): name for text, name in names}
        self._misspelt = Misspelt(self._names, lookalikes)
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
        told = [part for part in parts if not is_foreign(part.text)]
        road = any(map(_is_street, told)) or any(each.name.kind is RuleKind.ROAD for each in said)
        labels = {part.label for part in told}
        return Heard(
            said,
            near,
            road=road,
            unread_road=not road and says_road(folded),
            village=Label.COMMUNITY in labels,
            house=bool(labels & _BELOW_TOWNSHIP) or any(each.name.kind is not RuleKind.ROAD for each in said),
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
        """Return the names that stand inside a longer word, or that a word may be."""
        said = [(start, end) for start, end, _ in hits] + [(p.start, p.end) for p in parts if p.label in _DIVISIONS]
        rest = text
        for start, end in said:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        inside = [name for written, name in self._names.items() if written in rest]
        words = [text[start:end] for start, end in _words(parts) if not any(start < b and a < end for a, b, _ in hits)]
        misspelt = [self._names[written] for word in words for written in self._misspelt.meant_by(word)]
        return list(dict.fromkeys([*inside, *misspelt]))


def _words(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Yield the spans that may be one name: a misreading can tear it into parts (示例街|景小区)."""
    for index, first in enumerate(parts):
        end = first.start
        for part in parts[index : index + _MOST_PIECES]:
            if part.start != end:
                break
            end = part.end
            if part.label in _NAMED:
                yield first.start, end


def fold(text: str) -> str:
    """Return a text in the form that names are compared in: widths and cases folded, one character for one."""
    folded = (unicodedata.normalize("NFKC", character).casefold() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def _is_street(part: Part) -> bool:
    """Whether a part is a road; the scheme calls the group of a village one too."""
    return part.label in (Label.ROAD, Label.SUBROAD) and not _NOT_A_STREET.search(part.text)
