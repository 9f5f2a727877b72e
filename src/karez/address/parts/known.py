"""Names of the gazetteer in a text as parts: province to town, villages of a named county, places said twice."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from karez.address.gazetteer import Gazetteer
from karez.address.lexicon import Lexicon, Name
from karez.address.names import short_forms
from karez.address.parts.labels import Label
from karez.address.parts.lattice import KEEP_PLACE, Edge
from karez.address.parts.stems import stem_edges
from karez.address.parts.transitions import BARE, INDEX
from karez.address.places import Level, NameKind

_LABEL = {
    Level.PROVINCE: INDEX[Label.PROV],
    Level.PREFECTURE: INDEX[Label.CITY],
    Level.COUNTY: INDEX[Label.DISTRICT],
    Level.TOWNSHIP: INDEX[Label.TOWN],
}
_REDUNDANT, _CITY, _DISTRICT, _TOWN, _COMMUNITY, _COUNTRY = (
    INDEX[label] for label in (Label.REDUNDANT, Label.CITY, Label.DISTRICT, Label.TOWN, Label.COMMUNITY, Label.COUNTRY)
)
_CITIES = frozenset({"北京", "上海", "天津", "重庆", "北京市", "上海市", "天津市", "重庆市"})
_COUNTRY_NAME = re.compile(r"(中华人民共和国|中国)\W*")

_FULL, _SHORT, _SHORT_COUNTY, _VILLAGE = -9.0, -5.5, -4.0, -8.0
_ENDED = 1.0  # a short name with an ending that the list does not give it: 余杭市
_SAID_ONCE = 3.5
_PICKED = 4.0
_AN_ECHO = 2.0  # of places said twice the second ones count, but not where nothing follows them
_BEGINS_A_NAME = 2.0
_AS_VILLAGE = 1.0  # villages are often named like the township that they are the seat of
_IN_A_STREET = 4.0
_IN_A_LONGER_NAME = 6.0
_ELSEWHERE = 4.0

_OFFICIAL = (NameKind.FULL, NameKind.FORMER)
_REST_OF_A_STREET = re.compile("[一-鿿]?(?:[东西南北中][一二三]?|大)?(?:[路街巷弄道村]|社区)|[一-鿿](?:镇|乡|街道)")
"""Behind 绍兴 or 和睦: a street or village has its name from the place, or one that begins alike: 绍兴路, 和睦桥村."""

_TOWN_ENDING = re.compile("街道办事处|街道|[镇乡]")
_OFFICE = re.compile("(?<=街道)办事处|(?<=街道)办(?!公)")
_PROVINCE_ENDING = re.compile("省")
_COUNTY_ENDING = re.compile("[区县市](?!场)")
_MORE_OF_A_NAME = re.compile(
    "(?:经济|技术|高新|综合|产业|科技|中心|国际)*(?:开发区|工业小?区|工业园区?|产业园区?|新区|园区|科技园|商贸城)"
    "|[一二三四五六七八九0-9东西南北]+[区苑园]"
)


class _TownCosts(NamedTuple):
    """What the name of a township costs: where its county is named, its prefecture, nothing, another county."""

    in_county: float
    in_prefecture: float
    alone: float
    elsewhere: float


_FULL_TOWN = _TownCosts(-9.0, -8.0, -7.5, -5.0)
_SHORT_TOWN = _TownCosts(-3.4, -2.0, -0.3, 2.0)


@lru_cache(maxsize=2)
def short_townships(gazetteer: Gazetteer) -> Lexicon:
    """Return the short names of all townships (下沙, 柳市); made at the first text that is parsed."""
    lexicon = Lexicon()
    for place in gazetteer.places:
        if place.level == Level.TOWNSHIP and place.name[-1] in "道镇乡":
            for short in short_forms(place.name, Level.TOWNSHIP):
                lexicon.add(short, Name(place.id, Level.TOWNSHIP, NameKind.SHORT, place.until))
    lexicon.seal()
    return lexicon


class KnownNames:
    """The gazetteer's names in one text.

    Attributes
    ----------
    at
        Start → the parts that a known name there can be.
    """

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._text, self._gazetteer, self._places = text, gazetteer, gazetteer.places
        self._counties: set[int] = set()
        self._prefectures: set[int] = set()
        self._provinces: set[int | None] = set()
        self.at: dict[int, list[Edge]] = {}
        self._find_upper()
        self._find_towns()
        self._find_villages()
        self._find_stems()
        self._doubt_short_names()
        for match in _COUNTRY_NAME.finditer(text):
            if match.end() in self.at:
                self._begin_anew(match.start())
                self._add(match.start(), [(match.end(1), _COUNTRY, _FULL, _COUNTRY)])

    def _add(self, start: int, edges: list[Edge]) -> None:
        if edges:
            self.at.setdefault(start, []).extend(edges)

    def _begin_anew(self, start: int) -> None:
        """Make what stands before the country redundant: a second address begins there, the first was picked."""
        for place in [place for place in self.at if place < start]:
            self.at[place] = [
                (end, label, cost - _PICKED if label == _REDUNDANT else cost, state)
                for end, label, cost, state in self.at[place]
            ]

    def _doubt_short_names(self) -> None:
        """Make it dear that a short name is said twice where no name of a place follows: 柯桥 of 柯桥老市场."""
        for start, edges in self.at.items():
            for index, (end, label, cost, state) in enumerate(edges):
                if label == _REDUNDANT and end == start + 2 and end not in self.at:
                    edges[index] = (end, label, cost + _BEGINS_A_NAME, state)

    def _find_upper(self) -> None:
        follows: set[int] = {0}
        for start, name, meanings in _found(self._text, self._gazetteer.upper):
            edges = self._upper(start, name, meanings)
            self._add(start, edges)
            if edges and (len(name) > 2 or start in follows):
                self._note(meanings)
                follows.add(edges[0][0])

    def _find_towns(self) -> None:
        lexicons = ((self._gazetteer.townships, _FULL_TOWN), (short_townships(self._gazetteer), _SHORT_TOWN))
        for lexicon, costs in lexicons:
            for start, name, meanings in _found(self._text, lexicon):
                self._add(start, self._town(start, name, meanings, costs))

    def _find_villages(self) -> None:
        """Find the villages of the counties that are named; the gazetteer has those of one region only."""
        for county in self._counties:
            if not any(map(self._gazetteer.children, self._gazetteer.children(county))):
                continue
            for start, name, _ in _found(self._text, self._gazetteer.villages_of(county)):
                self._add(start, [(start + len(name), _COMMUNITY, _VILLAGE, _COMMUNITY)])

    def _find_stems(self) -> None:
        """Find villages of the counties that are named by their stem, right behind the name of a township."""
        codes = {self._places[place].code for place in self._counties}
        behind = {edge[0] for edges in self.at.values() for edge in edges if edge[1] == _TOWN}
        for start in behind if codes else ():
            self._add(start, stem_edges(self._text, start, codes))

    def _note(self, meanings: tuple[Name, ...]) -> None:
        """Remember which counties, prefectures and provinces the text names."""
        for meaning in meanings:
            if meaning.level == Level.COUNTY:
                self._counties.add(meaning.place)
            elif meaning.level == Level.PREFECTURE:
                self._prefectures.add(meaning.place)
        self._provinces |= self._provinces_of(meanings)

    def _provinces_of(self, meanings: tuple[Name, ...]) -> set[int | None]:
        found = (self._gazetteer.ancestor(meaning.place, Level.PROVINCE) for meaning in meanings)
        return {place.id for place in found if place is not None}

    def _extra(self, start: int, end: int) -> float:
        """Return what stands against a short name: 绍兴路 and 嘉定工业区 name a street and a zone."""
        extra = _IN_A_STREET if end - start < 3 and _REST_OF_A_STREET.match(self._text, end) else 0.0
        return extra + (_IN_A_LONGER_NAME if _MORE_OF_A_NAME.match(self._text, end) else 0.0)

    def _again(self, start: int, end: int, cost: float, level: int) -> Edge:
        cost += 0.0 if self._text.count(self._text[start : start + 2]) > 1 else _SAID_ONCE
        if end == len(self._text):
            cost -= _AN_ECHO
        return (end, _REDUNDANT, cost, KEEP_PLACE - level)

    def _upper(self, start: int, name: str, meanings: tuple[Name, ...]) -> list[Edge]:
        """Return what the name of a province, prefecture or county can be; nothing where it names a township."""
        end = start + len(name)
        is_full = (len(name) > 2 or name[-1] in "县市") and any(m.kind in _OFFICIAL for m in meanings)
        ending = None if is_full else self._ending(start, end, meanings)
        if is_full or ending is not None:
            end, cost = (end, _FULL) if ending is None else (ending, _FULL + _ENDED)
            edges = [(end, label, cost, label) for label in _labels(name, meanings)]
        elif _TOWN_ENDING.match(self._text, end):
            return []
        else:
            extra = self._against_short(start, end, meanings)
            cost, edges = _SHORT + extra, self._short_edges(start, end, extra, _labels(name, meanings))
        level = Level.PREFECTURE if name in _CITIES else min(meaning.level for meaning in meanings)
        return [*edges, self._again(start, end, cost, level)]

    def _ending(self, start: int, end: int, meanings: tuple[Name, ...]) -> int | None:
        """Return where a short name ends with a generic word that the list does not give it: 广西省, 余杭市."""
        ending = _PROVINCE_ENDING if meanings[0].level == Level.PROVINCE else _COUNTY_ENDING
        match = ending.match(self._text, end)
        if match is None or self._text[start : match.end()] in self._gazetteer.upper.entries:
            return None  # 西安市 is a name of its own, not that of 西安区 in other words
        return match.end()

    def _against_short(self, start: int, end: int, meanings: tuple[Name, ...]) -> float:
        extra = self._extra(start, end)
        if start and self._provinces and self._provinces.isdisjoint(self._provinces_of(meanings)):
            extra += _ELSEWHERE
        return extra

    def _short_edges(self, start: int, end: int, extra: float, labels: set[int]) -> list[Edge]:
        costs = {label: (_SHORT_COUNTY if label == _DISTRICT else _SHORT) + extra for label in labels}
        return [
            (end, label, cost, BARE if label == _DISTRICT and not start else label) for label, cost in costs.items()
        ]

    def _town(self, start: int, name: str, meanings: tuple[Name, ...], costs: _TownCosts) -> list[Edge]:
        """Return what the name of a township can be, also with another ending than the list's (镇 became 街道)."""
        end = start + len(name)
        if costs is _SHORT_TOWN and name[-1] not in "镇乡道":
            ending = _TOWN_ENDING.match(self._text, end)
            if ending is not None:
                end, costs = ending.end(), _FULL_TOWN
        office = _OFFICE.match(self._text, end)
        end = office.end() if office is not None else end
        cost = self._town_cost(meanings, costs) + self._extra(start, end)
        edges = [self._again(start, end, cost, Level.TOWNSHIP)]
        if costs is _FULL_TOWN:
            return [(end, _TOWN, cost, _TOWN), *edges]
        as_village = (end, _COMMUNITY, cost + _AS_VILLAGE, _COMMUNITY)
        return [(end, _TOWN, cost, _TOWN if start else BARE), as_village, *edges]

    def _town_cost(self, meanings: tuple[Name, ...], costs: _TownCosts) -> float:
        if not self._counties and not self._prefectures:
            return costs.alone
        counties = [self._places[meaning.place].parent for meaning in meanings]
        if not self._counties.isdisjoint(counties):
            return costs.in_county
        if any(self._places[county].parent in self._prefectures for county in counties if county >= 0):
            return costs.in_prefecture
        return costs.elsewhere


def _labels(name: str, meanings: tuple[Name, ...]) -> set[int]:
    """Return the labels of a name; one that is a prefecture's by right (东莞市, without counties) is not a county's."""
    if name in _CITIES or any(m.level == Level.PREFECTURE and m.kind == NameKind.FULL for m in meanings):
        return {_CITY}
    return {_LABEL[Level(meaning.level)] for meaning in meanings}


def _found(text: str, lexicon: Lexicon) -> Iterator[tuple[int, str, tuple[Name, ...]]]:
    lengths, entries = lexicon.lengths, lexicon.entries
    for start in range(len(text) - 1):
        for length in lengths.get(text[start : start + 2], ()):
            name = text[start : start + length]
            if len(name) == length and name in entries:
                yield start, name, entries[name]
