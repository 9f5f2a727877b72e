"""Finds ground that two areas claim: polygons that overlap, names that a polygon contradicts, doubled names."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from karez.address.areas.areas import polygon_at
from karez.address.areas.file import AreaFile
from karez.address.areas.findings import Finding, FindingKind, Weight
from karez.address.areas.names import fold
from karez.address.areas.rules import KnownPlace, Rule, RuleKind
from karez.address.areas.shapes import area_km2, overlap, polygon
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level

SLIVER_KM2 = 0.0005
"""Overlaps below it (22 m by 22 m) come from drawing along the same road twice."""

_BY_NAME = (RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD)


def polygon_overlaps(file: AreaFile) -> Iterator[Finding]:
    """Yield the polygons of different areas that share ground, with the share of the smaller one."""
    rules = [rule for rule in file.rules if rule.kind is RuleKind.POLYGON]
    for one, other in combinations(rules, 2):
        shape = overlap(one.ring, other.ring)
        km2 = area_km2(shape)
        if one.area != other.area and km2 > SLIVER_KM2:
            share = km2 / min(area_km2(polygon(one.ring)), area_km2(polygon(other.ring)))
            yield Finding(
                FindingKind.POLYGON_OVERLAP,
                Weight.WARNING,
                other.line,
                (one.area, other.area),
                f"polygons of {one.area} (line {one.line}) and {other.area} share {km2:.2f} km², "
                f"{share:.0%} of the smaller; the first of the file, {one.area}, takes it",
                "draw them along the same line",
                share=share,
                shape=shape,
            )


def names_against_polygons(file: AreaFile, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield places that one area names while their point lies in another's polygon."""
    polygons = [rule for rule in file.rules if rule.kind is RuleKind.POLYGON]
    for rule in file.rules:
        for place in file.places:
            if place.point is not None and _is_meant(rule, place):
                yield from _contradiction(rule, polygon_at(place.point, place.place, polygons, gazetteer))
        if rule.kind is RuleKind.TOWNSHIP and gazetteer.places[rule.place].lon:
            town = gazetteer.places[rule.place]
            yield from _contradiction(rule, polygon_at((town.lon, town.lat), town.id, polygons, gazetteer))


def _is_meant(rule: Rule, place: KnownPlace) -> bool:
    if rule.kind in (RuleKind.TOWNSHIP, RuleKind.VILLAGE):
        return place.kind is rule.kind and place.place == rule.place
    return rule.kind in (RuleKind.ESTATE, RuleKind.POI) and (place.name, place.place) == (rule.name, rule.place)


def _contradiction(rule: Rule, inside: Rule | None) -> Iterator[Finding]:
    if inside is not None and inside.area != rule.area:
        yield Finding(
            FindingKind.NAME_AGAINST_POLYGON,
            Weight.WARNING,
            rule.line,
            (rule.area, inside.area),
            f"{rule.name} is named in {rule.area}, but its point lies in a polygon of {inside.area} "
            f"(line {inside.line}); the name wins",
            f"move the polygon's border, or name {rule.name} in {inside.area}",
        )


def shadowed_names(file: AreaFile, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield names and aliases by which two places of a county are called."""
    owners: dict[tuple[int, str], list[KnownPlace]] = defaultdict(list)
    for place in file.places:
        for text in dict.fromkeys((place.name, *place.aliases)):
            owners[_county(place.place, gazetteer), fold(text)].append(place)
    for rule in file.rules:
        if rule.kind in _BY_NAME:
            key = _county(rule.place, gazetteer), fold(rule.name)
            if all((other.name, other.kind) != (rule.name, rule.kind) for other in owners[key]):
                owners[key].append(KnownPlace(rule.name, rule.kind, rule.place, (), None, rule.line))
    for (county, text), places in owners.items():
        yield from _shadows(text, places)
        yield from _gazetteer_shadow(text, county, places, gazetteer)


def _shadows(text: str, places: list[KnownPlace]) -> Iterator[Finding]:
    first = places[0] if places else None
    for other in places[1:]:
        if first is not None and (first.name, first.kind, first.place) != (other.name, other.kind, other.place):
            yield Finding(
                FindingKind.SHADOWED_NAME,
                Weight.WARNING,
                max(first.line, other.line),
                (),
                f"{text} means {first.kind} {first.name} (line {first.line}) and {other.kind} {other.name} "
                f"(line {other.line})",
                "leave the name with one of them",
            )


def _gazetteer_shadow(text: str, county: int, places: list[KnownPlace], gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield an alias that is the full name of a township or village of the county."""
    mine = [place for place in places if place.kind in _BY_NAME]
    names = (*gazetteer.below(county, short=False).entries, *gazetteer.villages_of(county).entries)
    if mine and text in names:
        yield Finding(
            FindingKind.SHADOWED_NAME,
            Weight.WARNING,
            mine[0].line,
            (),
            f"{text} ({mine[0].kind}) is also a township or village of {gazetteer.places[county].name}",
            "give it a longer name, as labels write it",
        )


def _county(place: int, gazetteer: Gazetteer) -> int:
    county = gazetteer.ancestor(place, Level.COUNTY)
    assert county is not None, "rules by name lie in a county or township"
    return county.id
