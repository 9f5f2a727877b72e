"""The places that an areas file means by a name, and the name it probably meant where there is none."""

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place

WORDS = {
    Level.PROVINCE: "province",
    Level.PREFECTURE: "prefecture",
    Level.COUNTY: "county",
    Level.TOWNSHIP: "township",
    Level.VILLAGE: "village",
}


class Lookup:
    """Finds places in force by their full names, each with as much of the names above it as is needed."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def upper(self, level: Level, path: str) -> list[Place]:
        """Return provinces, prefectures or counties: ``"喀什市"``, or ``"乌鲁木齐市/新市区"`` with one above it."""
        *above, name = path.split("/")
        found = self.gazetteer.find(level, name)
        return [place for place in found if set(above) <= self._names_above(place)]

    def townships(self, county: Place, name: str) -> list[Place]:
        """Return the township of a county in force that bears the name."""
        return [place for place in self._children(county) if place.name == name]

    def villages(self, within: Place, name: str) -> list[Place]:
        """Return the villages of a township, or of all townships of a county, that bear the name."""
        return [place for place in self.villages_in(within) if place.name == name]

    def villages_in(self, within: Place) -> Iterator[Place]:
        """Yield all villages of a township or county."""
        townships = [within] if within.level == Level.TOWNSHIP else self._children(within)
        for township in townships:
            yield from self._children(township)

    def scopes(self, path: str) -> list[Place]:
        """Return what a rule may lie in: a county (``"喀什市"``), or a township (``"喀什市/东湖街道"``)."""
        above, _, name = path.rpartition("/")
        counties = self.upper(Level.COUNTY, path)
        if counties or not above:
            return counties
        return [town for county in self.upper(Level.COUNTY, above) for town in self.townships(county, name)]

    def nearest_upper(self, level: Level, path: str) -> str | None:
        """Return the name in force that was probably meant: today's of an old or short one, else the most like it."""
        name = path.rpartition("/")[2]
        meanings = self.gazetteer.upper.entries.get(name, ())
        places = (self._today(self.gazetteer.places[meaning.place]) for meaning in meanings)
        known = [place.name for place in places if place.level == level and not place.until]
        return known[0] if known else nearest(name, (p.name for p in self._in_force(level)))

    def nearest_below(self, within: Place, level: Level, name: str) -> str | None:
        """Return the township or village that was probably meant."""
        places = self._children(within) if level == Level.TOWNSHIP else self.villages_in(within)
        return nearest(name, (place.name for place in places))

    def nearest_scope(self, path: str) -> str | None:
        """Return the county, or county/township, that was probably meant."""
        above, _, name = path.rpartition("/")
        counties = self.upper(Level.COUNTY, above) if above else []
        if len(counties) == 1:
            town = self.nearest_below(counties[0], Level.TOWNSHIP, name)
            return f"{above}/{town}" if town else None
        return self.nearest_upper(Level.COUNTY, above or name)

    def _today(self, place: Place) -> Place:
        return self.gazetteer.places[place.successor] if place.until and place.successor >= 0 else place

    def _in_force(self, level: Level) -> Iterator[Place]:
        return (place for place in self.gazetteer.places if place.level == level and not place.until)

    def _children(self, place: Place) -> list[Place]:
        found = (self.gazetteer.places[number] for number in self.gazetteer.children(place.id))
        return [child for child in found if not child.until]

    def _names_above(self, place: Place) -> set[str]:
        names: set[str] = set()
        while place.parent >= 0:
            place = self.gazetteer.places[place.parent]
            names.add(place.name)
        return names


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the most similar of the names; ``None`` where more than half of the characters would have to change."""
    found = process.extractOne(name, list(names), scorer=Levenshtein.distance, score_cutoff=max(1, len(name) // 2))
    return str(found[0]) if found is not None else None
