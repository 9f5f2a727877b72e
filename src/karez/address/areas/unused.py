"""Finds what of an areas file no address can ever meet: polygons without a point in them, places without a use."""

from collections.abc import Iterator, Sequence

from karez.address.areas.areas import polygon_at
from karez.address.areas.file import AreaFile
from karez.address.areas.findings import Finding, FindingKind, Weight
from karez.address.areas.lookup import nearest
from karez.address.areas.rules import KnownPlace, Point, Rule, RuleKind
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level


def unused(file: AreaFile, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield polygons that no known point lies in, and places of the hub that say nothing."""
    polygons = [rule for rule in file.rules if rule.kind is RuleKind.POLYGON]
    for rule in polygons:
        if not _has_point(rule, file.places, gazetteer):
            yield Finding(
                FindingKind.UNUSED,
                Weight.WARNING,
                rule.line,
                (rule.area,),
                f"no place with a point lies in this polygon of {rule.area}: it serves no address",
                "give points of the estates, POIs, villages and townships in it, as [[place]] tables",
            )
    names = [rule.name for rule in file.rules if rule.kind in (RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD)]
    for place in file.places:
        yield from _useless(place, names, polygons, gazetteer)


def _has_point(rule: Rule, known: Sequence[KnownPlace], gazetteer: Gazetteer) -> bool:
    points: list[tuple[int, Point]] = [(place.place, place.point) for place in known if place.point is not None]
    county = gazetteer.ancestor(rule.place, Level.COUNTY)
    towns = [gazetteer.places[number] for number in gazetteer.children(county.id)] if county is not None else []
    points += [(town.id, (town.lon, town.lat)) for town in towns if town.lon and not town.until]
    return any(polygon_at(point, place, [rule], gazetteer) is not None for place, point in points)


def _useless(
    place: KnownPlace, names: Sequence[str], polygons: Sequence[Rule], gazetteer: Gazetteer
) -> Iterator[Finding]:
    in_polygon = place.point is not None and polygon_at(place.point, place.place, polygons, gazetteer) is not None
    if place.name in names or in_polygon:
        return
    if place.point is not None:
        what, weight = f"the point of {place.name} lies in no polygon, and no area names it", Weight.NOTE
    elif place.kind in (RuleKind.VILLAGE, RuleKind.TOWNSHIP):
        what, weight = f"{place.name} has no point: a {place.kind} needs no table for anything else", Weight.WARNING
    else:
        what, weight = f"no area names {place.name}, and it has no point", Weight.WARNING
    near = nearest(place.name, names)
    now = f"did you mean {near}?" if near else "name it in an area, give it a point in a polygon, or take it out"
    yield Finding(FindingKind.UNUSED, weight, place.line, (), what, now)
