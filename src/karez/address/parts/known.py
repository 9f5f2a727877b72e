"""Names of the gazetteer in a text as parts: province, city, district and town, or said twice."""

from collections.abc import Iterator
from functools import lru_cache

from karez.address.gazetteer import Gazetteer, Lexicon, Name
from karez.address.names import short_forms
from karez.address.parts.labels import Label
from karez.address.parts.lattice import KEEP_PLACE, Edge
from karez.address.parts.transitions import INDEX
from karez.address.places import Level, NameKind

_LABEL = {
    Level.PROVINCE: INDEX[Label.PROV],
    Level.PREFECTURE: INDEX[Label.CITY],
    Level.COUNTY: INDEX[Label.DISTRICT],
    Level.TOWNSHIP: INDEX[Label.TOWN],
}
_CITIES = frozenset(["北京", "上海", "天津", "重庆", "北京市", "上海市", "天津市", "重庆市"])
_REDUNDANT, _CITY, _TOWN = INDEX[Label.REDUNDANT], INDEX[Label.CITY], INDEX[Label.TOWN]
_SAID_TWICE = 3.0
_FULL, _SHORT, _SHORT_TOWN = -9.0, -5.5, -3.0
_IN_A_STREET = 4.0
_STREET = frozenset("路街巷弄道")


@lru_cache(maxsize=2)
def short_townships(gazetteer: Gazetteer) -> Lexicon:
    """Return the short names of all townships in force (下沙, 柳市); made at the first text that is parsed."""
    lexicon = Lexicon()
    for place in gazetteer.places:
        if place.level == Level.TOWNSHIP and place.name[-1] in "道镇乡":
            for short in short_forms(place.name, Level.TOWNSHIP):
                lexicon.add(short, Name(place.id, Level.TOWNSHIP, NameKind.SHORT, place.until))
    lexicon.seal()
    return lexicon


class KnownNames:
    """The gazetteer's names in one text, by where they start."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._text = text
        self.at: dict[int, list[Edge]] = {}
        shorts = short_townships(gazetteer)
        for start in range(len(text) - 1):
            head = text[start : start + 2]
            found: list[Edge] = []
            for lexicon, is_town in ((gazetteer.upper, False), (gazetteer.townships, True), (shorts, True)):
                for length in lexicon.lengths.get(head, ()):
                    name = text[start : start + length]
                    if len(name) == length and name in lexicon.entries:
                        found += self._edges(start, name, lexicon.entries[name], is_town, lexicon is shorts)
            if found:
                self.at[start] = found

    def _edges(
        self, start: int, name: str, meanings: tuple[Name, ...], is_town: bool, is_short: bool
    ) -> Iterator[Edge]:
        end = start + len(name)
        in_street = self._text[end : end + 1] in _STREET or self._text[end + 1 : end + 2] in _STREET
        extra = _IN_A_STREET if in_street and len(name) < 3 else 0.0
        if is_town:
            yield Edge(end, _TOWN, (_SHORT_TOWN if is_short else _FULL) + extra, _TOWN)
            yield Edge(end, _REDUNDANT, (_SHORT_TOWN if is_short else _FULL) + extra + _SAID_TWICE + 1, KEEP_PLACE)
            return
        labels = {_CITY if name in _CITIES else _LABEL[Level(m.level)] for m in meanings if m.level <= Level.TOWNSHIP}
        is_full = any(m.kind in (NameKind.FULL, NameKind.FORMER) for m in meanings) and len(name) > 2
        cost = (_FULL if is_full else _SHORT) + extra
        for label in labels:
            yield Edge(end, label, cost, label)
        yield Edge(end, _REDUNDANT, cost + _SAID_TWICE, KEEP_PLACE)
