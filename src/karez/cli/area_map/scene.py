"""What the map of an areas file shows: which areas divide which county, points, polygons, overlaps and holes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shapely.geometry import Point as Dot
from shapely.geometry.base import BaseGeometry

from karez.address.areas.areas import polygon_at
from karez.address.areas.checks import AreaReport
from karez.address.areas.findings import FindingKind
from karez.address.areas.rules import Rule, RuleKind
from karez.address.areas.shapes import polygon
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.cli.area_map.panel import Box, together
from karez.domain.ids import AreaId

_HOLES = (FindingKind.TOWNSHIP_HOLE, FindingKind.UNSERVED)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with a name, and the area that serves it; a square stands for an estate or POI."""

    lon: float
    lat: float
    name: str
    area: AreaId | None
    square: bool


@dataclass(frozen=True)
class Scene:
    """All that is drawn, in the gazetteer's ids and degrees.

    Attributes
    ----------
    shapes
        Polygons of counties, where they are installed.
    divided
        The areas that serve each county that has a polygon, in the order of the file.
    partly
        Counties of which no area serves some or most.
    overlaps
        Shared ground of polygons, and how the label tells it.
    holes
        Counties with something that no area serves.
    local, named
        Counties that couriers' areas lie in; counties that any area names, by itself or in a larger place.
    shapeless
        Names of counties concerned that have no polygon.
    """

    shapes: Mapping[int, BaseGeometry]
    divided: Mapping[int, Sequence[AreaId]]
    partly: frozenset[int]
    polygons: Sequence[tuple[Rule, BaseGeometry]]
    overlaps: Sequence[tuple[BaseGeometry, str]]
    holes: frozenset[int]
    spots: Sequence[Spot]
    local: frozenset[int]
    named: frozenset[int]
    shapeless: Sequence[str] = field(default=())

    @property
    def detail(self) -> Box | None:
        """Bounds of the polygons and the hub's own points; ``None`` where it has none."""
        shapes = [shape for _, shape in self.polygons] + [shape for shape, _ in self.overlaps]
        squares = [Dot(spot.lon, spot.lat) for spot in self.spots if spot.square]
        return together([*shapes, *squares])

    @property
    def near(self) -> Box | None:
        """Bounds of the counties that couriers go to."""
        return together([self.shapes[county] for county in sorted(self.local) if county in self.shapes])

    @property
    def region(self) -> Box | None:
        """Bounds of all counties that any area names."""
        return together([self.shapes[county] for county in sorted(self.named) if county in self.shapes])


def scene_of(report: AreaReport, gazetteer: Gazetteer, shapes: Mapping[int, BaseGeometry]) -> Scene:
    """Put together what the map of a report shows."""
    locals_ = {area.id for area in report.file.areas if area.kind == "local"}
    by_county: dict[int, list[Rule]] = defaultdict(list)
    for rule in report.file.rules:
        county = gazetteer.ancestor(rule.place, Level.COUNTY) if rule.place >= 0 else None
        if county is not None:
            by_county[county.id].append(rule)
    local = frozenset(county for county, rules in by_county.items() if any(rule.area in locals_ for rule in rules))
    counties = [place for place in gazetteer.places if place.level == Level.COUNTY and not place.until]
    named = frozenset(place.id for place in counties if place.id in by_county or _is_named(place, report))
    served = {c: _served(gazetteer.places[c], by_county.get(c, []), report, gazetteer) for c in shapes}
    return Scene(
        shapes=shapes,
        divided={c: [area.id for area in report.file.areas if area.id in found] for c, found in served.items()},
        partly=frozenset(county for county, found in served.items() if None in found and len(found) > 1),
        polygons=[(rule, polygon(rule.ring)) for rule in report.file.rules if rule.kind is RuleKind.POLYGON],
        overlaps=[(f.shape, f"{f.share:.0%}") for f in report.findings if f.shape is not None],
        holes=frozenset(_holes(report, gazetteer)),
        spots=[*_townships(local, report, gazetteer), *_own(report, gazetteer)],
        local=local,
        named=named,
        shapeless=[place.name for place in counties if place.id not in shapes and place.id in by_county],
    )


def _is_named(county: Place, report: AreaReport) -> bool:
    rule = report.areas.rule_of(county)
    return rule is not None and rule.kind is not RuleKind.REST


def _served(county: Place, rules: Sequence[Rule], report: AreaReport, gazetteer: Gazetteer) -> set[AreaId | None]:
    """Return the areas that serve any of a county; ``None`` is among them where no area serves some of it."""
    children = (gazetteer.places[number] for number in gazetteer.children(county.id))
    found = {report.areas.area_of(place) for place in (county, *(child for child in children if not child.until))}
    return found | {rule.area for rule in rules}


def _holes(report: AreaReport, gazetteer: Gazetteer) -> Iterator[int]:
    for finding in report.findings:
        for number in finding.places if finding.kind in _HOLES else ():
            place = gazetteer.places[number]
            if place.level >= Level.COUNTY:
                county = gazetteer.ancestor(number, Level.COUNTY)
                yield from [county.id] if county is not None else []
            else:
                yield from _counties_below(place, gazetteer)


def _counties_below(place: Place, gazetteer: Gazetteer) -> Iterator[int]:
    if place.level == Level.COUNTY:
        yield place.id
    else:
        for child in gazetteer.children(place.id):
            yield from _counties_below(gazetteer.places[child], gazetteer)


def _townships(local: frozenset[int], report: AreaReport, gazetteer: Gazetteer) -> Iterator[Spot]:
    """Yield the townships of couriers' counties that the gazetteer knows a point of."""
    for county in sorted(local):
        for number in gazetteer.children(county):
            place = gazetteer.places[number]
            if place.lon and not place.until:
                yield Spot(place.lon, place.lat, place.name, report.areas.area_of(place), square=False)


def _own(report: AreaReport, gazetteer: Gazetteer) -> Iterator[Spot]:
    """Yield the points that the hub's file gives."""
    polygons = [rule for rule in report.file.rules if rule.kind is RuleKind.POLYGON]
    by_name = {(r.name, r.place): r.area for r in report.file.rules if r.kind in (RuleKind.ESTATE, RuleKind.POI)}
    for place in report.file.places:
        if place.point is None:
            continue
        inside = polygon_at(place.point, place.place, polygons, gazetteer)
        plain = report.areas.area_of(gazetteer.places[place.place])
        area = by_name.get((place.name, place.place)) or (inside.area if inside is not None else plain)
        yield Spot(*place.point, place.name, area, square=place.kind in (RuleKind.ESTATE, RuleKind.POI))
