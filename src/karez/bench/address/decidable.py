"""Which addresses tell their county when a name above the township is left out: by the truth and the map alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.bench.address.labelled import CITY, DISTRICT, PROVINCE
from karez.bench.address.truth import CountyNames, Row

_APART = ("台湾", "香港", "澳门")


class Decider:
    """Says whether a text decides which county is meant; nothing of it is asked of the resolver.

    A county's name decides where one county in force bears it (where none does, where one bore it). Where several do,
    a further clue must stand in what is left of the address, and it must be of the true county and of none of the
    others: the full name of one of its townships, today's or a former one, or of the prefecture or province above it.
    Districts of Taiwan, Hong Kong and Macao (泰山区 in New Taipei) do not compete with one of the mainland: parcels to
    them are handled as mail abroad, and their addresses say so.

    Where the county's name itself is left out, townships alone decide: the full names in what is left, today's and
    former ones, must be of the true county and of no other under the province and prefecture that are labelled.
    """

    def __init__(self, names: CountyNames) -> None:
        self._names, self._clues = names, dict[int, frozenset[str]]()
        self._there: dict[tuple[str | None, str | None], list[Place]] = {}

    def is_decidable(self, row: Row, dropped: tuple[str, ...]) -> bool:
        """Whether what is left without the dropped labels tells the county.

        A province or city that is left decides: the verdict asks for province and county, and no two counties of one
        name lie in one province but for a few districts (市中区), which it does not tell apart.
        """
        if DISTRICT in dropped:
            return self._is_told_by_townships(row, row.address.without(*dropped))
        if any(row.address.first(label) for label in (PROVINCE, CITY) if label not in dropped):
            return True
        bearers = self._bearers(row.county)
        if len(bearers) < 2:
            return True
        rest = row.address.without(*dropped).replace(row.county, "", 1)
        told = [place for place in bearers if any(clue in rest for clue in self._clues_of(place))]
        return bool(told) and all(self._lies_there(place, row) for place in told)

    def _is_told_by_townships(self, row: Row, rest: str) -> bool:
        counties = self._counties_there(row)
        told = [county for county in counties if any(name in rest for name in self._townships[county.id])]
        return len(told) == 1 and self._names.can_be(row.county, told[0])

    def _counties_there(self, row: Row) -> list[Place]:
        """Give the counties that lie where the labels say; of the whole country where they say nothing."""
        labels = (row.province, row.address.first(CITY))
        if labels not in self._there:
            places = self._names.gazetteer.places
            self._there[labels] = [
                places[number] for number in self._townships if self._lies_there(places[number], row)
            ]
        return self._there[labels]

    @cached_property
    def _townships(self) -> Mapping[int, frozenset[str]]:
        """County of today → every name of its townships, and of those of the past that lead into it."""
        gazetteer = self._names.gazetteer
        found: dict[int, set[str]] = defaultdict(set)
        for place in gazetteer.places:
            if place.level != Level.TOWNSHIP:
                continue
            county = gazetteer.ancestor(place.successor if place.successor >= 0 else place.id, Level.COUNTY)
            if county is not None:
                found[county.id].update(_names_of(place, gazetteer))
        return {county: frozenset(names) for county, names in found.items()}

    def _bearers(self, name: str) -> list[Place]:
        """Give the counties that a name alone can mean."""
        found = self._names.in_force.get(name) or self._names.former[name]
        mainland = [place for place in found if not self._names.province_of(place).startswith(_APART)]
        return mainland or found

    def _lies_there(self, county: Place, row: Row) -> bool:
        """Whether a county lies where the labels of province and city say."""
        gazetteer, city = self._names.gazetteer, row.address.first(CITY)
        above = gazetteer.name_above(county.id, Level.PREFECTURE)
        same_province = not row.province or self._names.province_of(county)[:2] == row.province[:2]
        return same_province and (not city or above is None or above[:2] == city[:2])

    def _clues_of(self, county: Place) -> frozenset[str]:
        if county.id not in self._clues:
            self._clues[county.id] = frozenset(_clues(county, self._names.gazetteer))
        return self._clues[county.id]


def _clues(county: Place, gazetteer: Gazetteer) -> Iterator[str]:
    for level in (Level.PROVINCE, Level.PREFECTURE):
        name = gazetteer.name_above(county.id, level)
        if name is not None:
            yield name
    for number in gazetteer.children(county.id):
        yield from _names_of(gazetteer.places[number], gazetteer)


def _names_of(township: Place, gazetteer: Gazetteer) -> Iterator[str]:
    yield township.name
    yield from (alias.name for alias in gazetteer.aliases_of.get(township.id, ()))
