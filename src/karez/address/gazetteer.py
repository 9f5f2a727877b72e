"""The gazetteer in memory: every place of the shipped file, found by name and walked up and down."""

import re
import zlib
from collections import defaultdict
from pathlib import Path

import msgspec

from karez.address.lexicon import Lexicon, Name
from karez.address.names import short_forms, village_forms
from karez.address.places import Alias, GazetteerFile, Level, NameKind, Place, Source
from karez.address.scripts import fold_latin, fold_uyghur, is_arabic, uyghur_stem
from karez.domain.errors import BadConfig

SHIPPED = Path(__file__).parent / "data" / "gazetteer.msgpack.z"
"""The file that comes with the package; rebuilt by ``python -m karez.address.build``."""


_TOWNSHIP_ENDINGS = frozenset("道镇乡木团场")
"""Of 街道, 镇, 乡, 苏木, 团, 农场: other rows of the lists (经济开发区, 管委会) are too general to be found alone, and
so are those of two characters (恰乡, 兴镇): each is the end of longer ones."""

_NUMBERED = re.compile(r"^第?[一二三四五六七八九十]+[连队村组社]")
"""Villages of which any town may have one (十五连生活区): they tell a town apart by chance only."""


class Gazetteer:
    """Places and their names.

    Attributes
    ----------
    vintage
        Date of the newest list in it, for example ``"2026-09-11"``.
    places, sources
        As in the file; a place's id is its position.
    upper
        Names of provinces, prefectures and counties: in force, short, former, abbreviated.
    traditional
        Code points to simplify; not those that a name is written with today (乾县).
    townships
        Full and regiment names of townships, in force and former.
    foreign
        Folded Uyghur and Latin names of places of any level.
    """

    def __init__(self, file: GazetteerFile) -> None:
        self.vintage: str = file.vintage
        self.places: list[Place] = file.places
        self.sources: list[Source] = file.sources
        self.lookalikes: dict[str, str] = file.lookalikes
        borne = set().union(*(place.name for place in file.places if place.level != Level.VILLAGE))
        self.traditional: dict[int, str] = {
            o: n for old, n in file.traditional.items() if (o := ord(old)) and old not in borne
        }
        self.upper, self.townships, self.foreign = Lexicon(), Lexicon(), Lexicon()
        self.aliases_of: dict[int, list[Alias]] = defaultdict(list)
        self._children: dict[int, list[int]] = defaultdict(list)
        self._below: dict[tuple[int, bool], Lexicon] = {}
        self._villages: dict[int, Lexicon] = {}
        self._telling: dict[int, dict[str, tuple[Name, ...]]] = {}
        self._above: dict[int, tuple[int, int]] = {}
        self._well_known: tuple[int, ...] | None = None
        self._came_from: dict[int, list[int]] | None = None
        self._names_of: dict[int, dict[str, tuple[Name, ...]]] = {}
        self._index(file)

    @classmethod
    def load(cls, path: Path | None = None) -> "Gazetteer":
        """Read a gazetteer file; ``None`` takes the one shipped with the package.

        Raises
        ------
        BadConfig
            Where the file is missing, cut short, or no gazetteer.
        """
        path = path or SHIPPED
        try:
            file = msgspec.msgpack.decode(zlib.decompress(path.read_bytes()), type=GazetteerFile)
        except (OSError, zlib.error, msgspec.DecodeError) as fault:
            raise BadConfig(str(path), [(0, "gazetteer", f"cannot be read ({fault})")]) from fault
        return cls(file)

    def _index(self, file: GazetteerFile) -> None:
        county, township = int(Level.COUNTY), int(Level.TOWNSHIP)  # plain ints: this loop is most of the loading time
        for place in file.places:
            level = place.level
            self._children[place.parent].append(place.id)
            if level == township and len(place.name) > 2 and place.name[-1] in _TOWNSHIP_ENDINGS:
                self.townships.add(place.name, Name(place.id, level, NameKind.FULL, place.until))
            elif level <= county:
                self.upper.add(place.name, Name(place.id, level, NameKind.FULL))
            if place.latin or place.ug:
                for name in (place.ug, place.latin):
                    self._add_foreign(name, Name(place.id, level, NameKind.ALIAS))
        self._index_aliases(file.aliases)
        for place in file.places:
            for short in short_forms(place.name, place.level) if place.level <= county else ():
                self.upper.add(short, Name(place.id, place.level, NameKind.SHORT))
        for lexicon in (self.upper, self.townships, self.foreign):
            lexicon.seal()

    def _index_aliases(self, aliases: list[Alias]) -> None:
        for alias in aliases:
            place = self.places[alias.place]
            self.aliases_of[place.id].append(alias)
            meaning = Name(place.id, place.level, alias.kind, alias.until, alias.within)
            if is_arabic(alias.name) or alias.name.isascii():
                self._add_foreign(alias.name, meaning)
            else:
                (self.upper if place.level <= Level.COUNTY else self.townships).add(alias.name, meaning)

    def _add_foreign(self, name: str, meaning: Name) -> None:
        if is_arabic(name):
            folded = fold_uyghur(name)
            self.foreign.add(folded, meaning)
            self.foreign.add(uyghur_stem(folded), meaning)
        elif name:
            self.foreign.add(fold_latin(name), meaning)

    def children(self, place: int) -> list[int]:
        """Return the ids directly below a place (-1: the provinces), former ones included."""
        return self._children.get(place, [])

    def ancestor(self, place: int, level: Level) -> Place | None:
        """Return the place of ``level`` that contains ``place`` (or is it); ``None`` where there is none."""
        here = self.places[place]
        while here.level > level and here.parent >= 0:
            here = self.places[here.parent]
        return here if here.level == level else None

    def above_county(self, county: int) -> tuple[int, int]:
        """Return the ids of the prefecture that a county belongs to, or lies in, and of its province; -1 for none.

        A city directly under the region lies in the prefecture that most of its townships came from: people write
        喀什地区图木舒克市.
        """
        found = self._above.get(county)
        if found is None:
            prefecture, province = (self.ancestor(county, level) for level in (Level.PREFECTURE, Level.PROVINCE))
            middle = prefecture.id if prefecture else self._prefecture_around(county)
            found = self._above[county] = (middle, province.id if province else -1)
        return found

    def _prefecture_around(self, county: int) -> int:
        if self._came_from is None:
            self._came_from = defaultdict(list)
            for place in self.places:
                today = self.places[place.successor].parent if place.successor >= 0 else place.parent
                above = self.ancestor(place.parent, Level.PREFECTURE) if today != place.parent else None
                if above is not None:
                    self._came_from[today].append(above.id)
        came_from = self._came_from.get(county, [])
        return max(set(came_from), key=lambda each: (came_from.count(each), -each), default=-1)

    def counties_of(self, place: int) -> list[int]:
        """Return the ids of the counties in a prefecture or province."""
        below = self.children(place)
        if self.places[place].level == Level.PREFECTURE:
            return below
        direct = [number for number in below if self.places[number].level == Level.COUNTY]
        return direct + [county for number in below for county in self.children(number) if number not in direct]

    def well_known_counties(self) -> tuple[int, ...]:
        """Return the counties whose villages it knows."""
        if self._well_known is None:
            townships = {place.parent for place in self.places if place.level == Level.VILLAGE}
            self._well_known = tuple(sorted({self.places[number].parent for number in townships}))
        return self._well_known

    def names_of_county(self, county: int) -> dict[str, tuple[Name, ...]]:
        """Return the Chinese names of a county: in force, short, former and other ones."""
        if county not in self._names_of:
            place = self.places[county]
            names = [place.name, *short_forms(place.name, place.level)]
            names += [alias.name for alias in self.aliases_of.get(county, ()) if not alias.name.isascii()]
            above = self.places[place.parent]  # 喀什 alone is no evidence of the city rather than the prefecture
            other = {above.name, *short_forms(above.name, above.level)}
            kept = [name for name in names if not is_arabic(name) and name not in other]
            self._names_of[county] = {name: (Name(county, place.level, NameKind.ALIAS),) for name in kept}
        return self._names_of[county]

    def name_above(self, place: int, level: Level) -> str | None:
        """Return the name of the place of ``level`` that contains ``place``, or is it."""
        found = self.ancestor(place, level)
        return found.name if found else None

    def below(self, place: int, *, short: bool) -> Lexicon:
        """Return the names of the places directly below: full and alias names, or only their short forms."""
        key = (place, short)
        if key not in self._below:
            self._below[key] = self._lexicon_below(place, short)
        return self._below[key]

    def villages_of(self, county: int) -> Lexicon:
        """Return the names of all villages of a county."""
        if county not in self._villages:
            lexicon = self._villages[county] = Lexicon()
            for township in self.children(county):
                for number in self.children(township):
                    name = self.places[number].name
                    for each in (name, *village_forms(name)):
                        lexicon.add(each, Name(number, Level.VILLAGE, NameKind.FULL))
            lexicon.seal()
        return self._villages[county]

    def telling_villages(self, county: int) -> dict[str, tuple[Name, ...]]:
        """Return the villages of a county whose name only one of its townships has, and not by its number alone."""
        if county not in self._telling:
            entries = self.villages_of(county).entries
            self._telling[county] = {n: m for n, m in entries.items() if len(m) == 1 and not _NUMBERED.match(n)}
        return self._telling[county]

    def _lexicon_below(self, place: int, short: bool) -> Lexicon:
        lexicon = Lexicon()
        for number in sorted(self.children(place), key=lambda n: self.places[n].until > 0):
            child = self.places[number]
            kind = NameKind.SHORT if short else NameKind.FULL
            names = short_forms(child.name, child.level) if short else _full_forms(child)
            for name in names:
                lexicon.add(name, Name(number, child.level, kind, child.until))
            for alias in () if short else self.aliases_of.get(number, ()):
                if alias.name.isascii() or is_arabic(alias.name):
                    continue  # `foreign` has them
                lexicon.add(alias.name, Name(number, child.level, alias.kind, alias.until))
        lexicon.seal()
        return lexicon

    def find(self, level: Level, name: str) -> list[Place]:
        """Return the places in force of that level whose full name it is."""
        lexicon = self.upper if level <= Level.COUNTY else self.townships
        found = [self.places[entry.place] for entry in lexicon.entries.get(name, ()) if entry.kind == NameKind.FULL]
        return [place for place in found if place.level == level and not place.until]


def _full_forms(place: Place) -> tuple[str, ...]:
    """Return a place's name and those that are as good: 草湖镇 for 四十一团草湖镇."""
    if place.level == Level.VILLAGE:
        return (place.name, *village_forms(place.name))
    forms = short_forms(place.name, place.level) if place.level == Level.TOWNSHIP and len(place.name) > 5 else ()
    return (place.name, *(form for form in forms if form[-1] in "乡镇"))


def pack(file: GazetteerFile) -> bytes:
    """Return the bytes of a gazetteer file: MessagePack (typed, fast to decode), then zlib (standard library)."""
    return zlib.compress(msgspec.msgpack.encode(file), 9)
