"""The Kashi region as the drawn set sees it: its counties and townships with all the names they are written by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from karez.address.gazetteer import Gazetteer
from karez.address.names import short_forms
from karez.address.places import Level, NameKind, Place
from karez.address.scripts import is_arabic

_PREFECTURE = "喀什地区"
_CITIES = ("图木舒克市", "草湖市")
"""Cities of the Corps directly under the region, amid the prefecture."""


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township as some year's list has it.

    Attributes
    ----------
    place
        The row; of the past where its ``until`` is set.
    county
        That it stood under then.
    today
        The place of today's map that it leads to.
    """

    place: Place
    county: Place
    today: Place


class Region:
    """Townships and villages of the prefecture of Kashi and of the Corps' cities in it."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.counties = [place for place in gazetteer.places if self._belongs(place)]
        self.rows = list(self._rows())
        self.in_force = [row for row in self.rows if not row.place.until]

    def _belongs(self, place: Place) -> bool:
        above = self.gazetteer.name_above(place.id, Level.PREFECTURE)
        return place.level == Level.COUNTY and (above == _PREFECTURE or place.name in _CITIES)

    def _rows(self) -> Iterator[TownshipRow]:
        for county in self.counties:
            for number in self.gazetteer.children(county.id):
                place = self.gazetteer.places[number]
                if place.level == Level.TOWNSHIP:
                    today = self.gazetteer.places[place.successor] if place.successor >= 0 else place
                    yield TownshipRow(place, county, today)

    def in_prefecture(self, county: Place) -> bool:
        """Whether a county belongs to the prefecture, and not to the Corps."""
        return county.name not in _CITIES

    def county_of(self, township: Place) -> Place:
        """Give the county of a township in force."""
        return self.gazetteer.places[township.parent]

    def former_rows_of(self, township: Place) -> list[TownshipRow]:
        """Give the rows of the past that lead to a township in force."""
        return [row for row in self.rows if row.place.until and row.today.id == township.id]

    def villages(self, township: Place) -> list[Place]:
        """Give the villages of a township."""
        return [self.gazetteer.places[number] for number in self.gazetteer.children(township.id)]

    def villages_of_county(self, county: Place) -> list[Place]:
        """Give all villages of a county."""
        return [village for row in self.in_force if row.county.id == county.id for village in self.villages(row.place)]

    @cached_property
    def prefecture(self) -> Place:
        """The prefecture itself."""
        return next(p for p in self.gazetteer.places if p.level == Level.PREFECTURE and p.name == _PREFECTURE)

    def chinese_aliases(self, place: Place) -> list[str]:
        """Give the living names of a place beside its full one: abbreviations, regiments."""
        return [name for name in self._aliases(place) if not name.isascii() and not is_arabic(name)]

    def latin_names(self, place: Place) -> list[str]:
        """Give the Latin names of a place, each once."""
        names = [place.latin, *(name for name in self._aliases(place) if name.isascii())]
        return list(dict.fromkeys(name for name in names if name))

    def uyghur_names(self, place: Place) -> list[str]:
        """Give the names of a place in Arabic script."""
        names = [place.ug, *(name for name in self._aliases(place) if is_arabic(name))]
        return list(dict.fromkeys(name for name in names if name))

    def chinese_names(self, place: Place) -> list[str]:
        """Give full, short and other living Chinese names of a place."""
        return [place.name, *short_forms(place.name, place.level), *self.chinese_aliases(place)]

    def _aliases(self, place: Place) -> Iterable[str]:
        return (a.name for a in self.gazetteer.aliases_of.get(place.id, ()) if a.kind == NameKind.ALIAS)
