"""The hub's delivery areas and onward flows, and which of them serves an address."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from karez.address.areas.clashes import clashes
from karez.address.areas.faults import told
from karez.address.areas.file import AreaFile, read_area_file
from karez.address.areas.geometry import holds
from karez.address.areas.local import LocalRules, Served
from karez.address.areas.rules import Area, KnownPlace, Point, Rule, RuleKind
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.domain.errors import BadConfig
from karez.domain.ids import AreaId

__all__ = ["Area", "Areas", "Served"]

_PLACES = (RuleKind.VILLAGE, RuleKind.TOWNSHIP, RuleKind.COUNTY, RuleKind.PREFECTURE, RuleKind.PROVINCE)
_DIVIDING = (RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD, RuleKind.POLYGON, RuleKind.VILLAGE)


class Areas:
    """All areas of a hub; every address falls into the one that names it most exactly.

    Attributes
    ----------
    all
        In the order of the file.
    """

    def __init__(self, file: AreaFile, gazetteer: Gazetteer) -> None:
        self.all = tuple(file.areas)
        self._by_id = {area.id: area for area in file.areas}
        self._gazetteer, self._rules = gazetteer, [rule for rule in file.rules if rule.kind is not RuleKind.REST]
        self._rest = next((rule for rule in file.rules if rule.kind is RuleKind.REST), None)
        self._by_point = rules_by_point(file.rules, file.places, gazetteer)
        self._by_place = _rules_by_place(self._rules, self._by_point, gazetteer)
        self._local = self._local_rules(file)

    @classmethod
    def load(cls, path: Path, gazetteer: Gazetteer) -> "Areas":
        """Read an areas file.

        Raises
        ------
        BadConfig
            With line and field of every fault: unknown places, a place in two areas, unknown fields, …
        """
        file = read_area_file(path, gazetteer)
        faults = [*file.faults, *clashes(file)]
        if faults:
            raise BadConfig(str(path), told(faults))
        return cls(file, gazetteer)

    def _local_rules(self, file: AreaFile) -> dict[int, LocalRules]:
        """Return what divides counties below the gazetteer's places, by county."""
        rules: dict[int, list[Rule]] = defaultdict(list)
        for county, rule in _counties_of(self._rules, self._gazetteer):
            rules[county].append(rule)
        known: dict[int, list[KnownPlace]] = defaultdict(list)
        for place in file.places:
            above = self._gazetteer.ancestor(place.place, Level.COUNTY)
            if above is not None:
                known[above.id].append(place)
        return {
            county: LocalRules(county, rules[county], known[county], self._by_point, self._gazetteer)
            for county in rules.keys() | known.keys()
        }

    def area_for(self, place: Place, text: str) -> Served:
        """Return the area that serves an address, by the most exact rule that fits it, and why.

        Parameters
        ----------
        place
            The deepest place of the gazetteer that the address names: village, township, county, or above.
        text
            The address, cleaned; looked at only where roads, estates, polygons or villages divide the county.
        """
        plain = self._plain(place)
        county = self._gazetteer.ancestor(place.id, Level.COUNTY)
        local = self._local.get(county.id) if county is not None else None
        return local.decide(place, text, plain) if local is not None else plain

    def area_of(self, place: Place) -> AreaId | None:
        """Return the area that serves a place: its own, else that of the nearest place above it, else the rest's."""
        rule = self.rule_of(place)
        return rule.area if rule is not None else None

    def _plain(self, place: Place) -> Served:
        rule = self.rule_of(place)
        if rule is None:
            return Served(None, None, "No area of this hub serves it.")
        return Served(rule.area, rule, _explanation(rule))

    def rule_of(self, place: Place) -> Rule | None:
        """Return the rule by which a place of the gazetteer is served, ``None`` where no area of the hub serves it."""
        number = place.id
        while number >= 0:
            rule = self._by_place.get(number)
            if rule is not None:
                return rule
            number = self._gazetteer.places[number].parent
        return self._rest

    def sole_area_of(self, place: Place) -> AreaId | None:
        """Return the area that serves a place and everything below it; ``None`` where there are several."""
        area, level = self.area_of(place), Level(place.level)
        others = (rule.place for rule in self._rules if rule.area != area)
        return None if any(self._gazetteer.ancestor(number, level) == place for number in others) else area

    def county_of(self, id: AreaId) -> Place | None:
        """Return the one county that an area lies in; ``None`` where it takes in more, or less is known."""
        counties = {self._gazetteer.ancestor(rule.place, Level.COUNTY) for rule in self._rules if rule.area == id}
        rests = self._rest is not None and self._rest.area == id
        return counties.pop() if len(counties) == 1 and not rests else None

    def get(self, id: str) -> Area | None:
        """Return the area of that id, ``None`` where there is none."""
        return self._by_id.get(AreaId(id))


def _counties_of(rules: Iterable[Rule], gazetteer: Gazetteer) -> Iterator[tuple[int, Rule]]:
    """Yield each rule that divides a county, with that county's id."""
    for rule in rules:
        if rule.kind in _DIVIDING:
            county = gazetteer.ancestor(rule.place, Level.COUNTY)
            if county is not None:
                yield county.id, rule


def rules_by_point(rules: Iterable[Rule], known: Iterable[KnownPlace], gazetteer: Gazetteer) -> dict[KnownPlace, Rule]:
    """Return the polygon that each of the hub's own points lies in; where two overlap the first of the file."""
    polygons = [rule for rule in rules if rule.kind is RuleKind.POLYGON]
    found = {}
    for place in known:
        rule = polygon_at(place.point, place.place, polygons, gazetteer) if place.point is not None else None
        if rule is not None:
            found[place] = rule
    return found


def polygon_at(point: Point, place: int, polygons: Sequence[Rule], gazetteer: Gazetteer) -> Rule | None:
    """Return the first polygon that holds a point; a polygon takes in only what its own county or township does."""
    for rule in polygons:
        scope = gazetteer.places[rule.place]
        if gazetteer.ancestor(place, Level(scope.level)) == scope and holds(rule.ring, point):
            return rule
    return None


def _rules_by_place(rules: Iterable[Rule], by_point: dict[KnownPlace, Rule], gazetteer: Gazetteer) -> dict[int, Rule]:
    """Return the rule of every place of the gazetteer that has one: by its name, else by its point in a polygon."""
    found: dict[int, Rule] = {}
    polygons = []
    for rule in rules:
        if rule.kind in _PLACES:
            found.setdefault(rule.place, rule)
        elif rule.kind is RuleKind.POLYGON:
            polygons.append(rule)
    for place, rule in by_point.items():
        if place.kind in (RuleKind.TOWNSHIP, RuleKind.VILLAGE):
            found.setdefault(place.place, rule)
    for town in _with_points(polygons, gazetteer):
        inside = polygon_at((town.lon, town.lat), town.id, polygons, gazetteer)
        if inside is not None:
            found.setdefault(town.id, inside)
    return found


def _with_points(polygons: Sequence[Rule], gazetteer: Gazetteer) -> list[Place]:
    """Return the townships of the polygons' counties of which the gazetteer has a point."""
    counties = {county.id for rule in polygons if (county := gazetteer.ancestor(rule.place, Level.COUNTY)) is not None}
    children = (gazetteer.places[child] for county in sorted(counties) for child in gazetteer.children(county))
    return [child for child in children if child.lon and not child.until]


def _explanation(rule: Rule) -> str:
    if rule.kind is RuleKind.REST:
        return f"{rule.area} takes the rest."
    if rule.kind is RuleKind.POLYGON:
        return f"It lies in a polygon of {rule.area}."
    return f"{rule.name} belongs to {rule.area}."
