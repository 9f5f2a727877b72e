"""Which addresses tell their county when province and city are left out: by the truth and the map alone."""

from collections.abc import Iterator

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.bench.address.labelled import CITY, PROVINCE
from karez.bench.address.truth import CountyNames, Row

_APART = ("台湾", "香港", "澳门")


class Decider:
    """Says whether a text decides between the counties of one name; nothing of it is asked of the resolver.

    A county's name decides where one county in force bears it (where none does, where one bore it). Where several do,
    a further clue must stand in what is left of the address, and it must be of the true county and of none of the
    others: the full name of one of its townships, today's or a former one, or of the prefecture or province above it.
    Districts of Taiwan, Hong Kong and Macao (泰山区 in New Taipei) do not compete with one of the mainland: parcels to
    them are handled as mail abroad, and their addresses say so.
    """

    def __init__(self, names: CountyNames) -> None:
        self._names, self._clues = names, dict[int, frozenset[str]]()

    def is_decidable(self, row: Row, dropped: tuple[str, ...]) -> bool:
        """Whether what is left without the dropped labels tells the county.

        A province or city that is left decides: the verdict asks for province and county, and no two counties of one
        name lie in one province but for a few districts (市中区), which it does not tell apart.
        """
        if any(row.address.first(label) for label in (PROVINCE, CITY) if label not in dropped):
            return True
        bearers = self._bearers(row.county)
        if len(bearers) < 2:
            return True
        rest = row.address.without(*dropped).replace(row.county, "", 1)
        told = [place for place in bearers if any(clue in rest for clue in self._clues_of(place))]
        return bool(told) and all(self._is_true(place, row) for place in told)

    def _bearers(self, name: str) -> list[Place]:
        """Give the counties that a name alone can mean."""
        found = self._names.in_force.get(name) or self._names.former[name]
        mainland = [place for place in found if not self._names.province_of(place).startswith(_APART)]
        return mainland or found

    def _is_true(self, county: Place, row: Row) -> bool:
        """Whether a county of the name lies where the labels say."""
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
        yield gazetteer.places[number].name
        yield from (alias.name for alias in gazetteer.aliases_of.get(number, ()))
