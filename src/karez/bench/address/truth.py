"""What a labelled county means on the map: in force or of the past, and which answers are right for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, NameKind, Place
from karez.bench.address.answers import Answer
from karez.bench.address.labelled import DISTRICT, PROVINCE, Labelled

UNKNOWN = "[UNK]"
"""Stands in the swei412 rows for a character that was lost."""


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled address that is judged.

    Attributes
    ----------
    province
        As labelled; ``None`` where the row names none, and then any is right.
    county
        As labelled: the name of a county of the gazetteer in some year.
    """

    address: Labelled
    province: str | None
    county: str


class CountyNames:
    """The gazetteer's counties by every name that they bear or bore."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.in_force: dict[str, list[Place]] = defaultdict(list)
        self.former: dict[str, list[Place]] = defaultdict(list)
        for place in gazetteer.places:
            if place.level == Level.COUNTY:
                self.in_force[place.name].append(place)
            elif place.level == Level.TOWNSHIP and place.until and place.successor >= 0:
                self._moved(place)
        for number, aliases in gazetteer.aliases_of.items():
            for alias in aliases if gazetteer.places[number].level == Level.COUNTY else ():
                if alias.kind == NameKind.FORMER:
                    self._add_former(alias.name, gazetteer.places[number])

    def _moved(self, township: Place) -> None:
        """A county that a township left for another is that county's predecessor in it."""
        left = self.gazetteer.places[township.parent]
        joined = self.gazetteer.ancestor(township.successor, Level.COUNTY)
        if joined is not None and left.level == Level.COUNTY and left.id != joined.id:
            self._add_former(left.name, joined)

    def _add_former(self, name: str, county: Place) -> None:
        if county not in self.former[name]:
            self.former[name].append(county)

    def knows(self, name: str) -> bool:
        """Whether a county bears the name, or bore it in some year."""
        return bool(self.in_force.get(name) or self.former.get(name))

    def can_be(self, name: str, county: Place) -> bool:
        """Whether a county bears the name, or the gazetteer records it as one that it bore before."""
        return county.name == name or county in self.former.get(name, ())

    def is_predecessor(self, former: str, province: str, county: str) -> bool:
        """Whether the gazetteer records a name as one that a county of that province bore before."""
        return any(
            place.name == county and self.province_of(place) == province for place in self.former.get(former, ())
        )

    def province_of(self, place: Place) -> str:
        """Name of the province that a place lies in."""
        return self.gazetteer.name_above(place.id, Level.PROVINCE) or ""


def judged(rows: Iterable[Labelled], names: CountyNames) -> tuple[list[Row], dict[str, list[int]]]:
    """Sort out the rows that count, and those that do not: their numbers by the reason why not."""
    kept: list[Row] = []
    left_out: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        county = row.first(DISTRICT)
        if county is None:
            left_out["no district label"].append(row.number)
        elif UNKNOWN in county:
            left_out[f"{UNKNOWN} in the district label"].append(row.number)
        elif not names.knows(county):
            left_out["no county of the gazetteer in any year"].append(row.number)
        else:
            kept.append(Row(row, row.first(PROVINCE), county))
    return kept, dict(left_out)


def is_right(row: Row, answer: Answer, names: CountyNames, names_county: bool = True) -> bool:
    """Whether province and county are right.

    The county must be called as labelled; or as the county that has the labelled name as a predecessor. An answer that
    says what the text called the county (Karez) must have called it as labelled; of one that cannot say (the peers),
    today's name for yesterday's is right, and yesterday's for today's too: theirs may be an older map. Where the text
    was left without the county's name (``names_county`` is false), no answer can say what it called it.
    """
    if answer.county is None or not _same_province(row.province, answer.province):
        return False
    if answer.county == row.county:
        return True
    province = answer.province or ""
    if answer.tells_former and names_county:
        return answer.former == row.county and names.is_predecessor(row.county, province, answer.county)
    older, newer = (row.county, answer.county), (answer.county, row.county)
    return any(names.is_predecessor(then, province, now) for then, now in (older, newer))


def is_among(row: Row, answer: Answer, names: CountyNames) -> bool:
    """Whether the right county is among the candidates, by the name labelled or by today's."""
    return any(
        _same_province(row.province, province)
        and county is not None
        and (county == row.county or names.is_predecessor(row.county, province or "", county))
        for province, county in answer.candidates
    )


def _same_province(labelled: str | None, answered: str | None) -> bool:
    """Compare by the first two characters, which no two provinces share: 广西, 广西壮族自治区."""
    return not labelled or (answered or "")[:2] == labelled[:2]
