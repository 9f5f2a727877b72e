"""Finds what no area serves: townships of a divided county, house numbers between ranges, whole counties."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from karez.address.areas.areas import Areas
from karez.address.areas.file import AreaFile
from karez.address.areas.findings import Finding, FindingKind, Weight, listed
from karez.address.areas.numbers import Side, gaps, unclaimed_side
from karez.address.areas.rules import Rule, RuleKind
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place

_ABOVE_COUNTY = (RuleKind.PREFECTURE, RuleKind.PROVINCE, RuleKind.REST)
_BELOW_COUNTY = (
    *(RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD),
    *(RuleKind.VILLAGE, RuleKind.POLYGON, RuleKind.TOWNSHIP),
)


def township_holes(file: AreaFile, areas: Areas, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield the counties that areas divide without taking all their townships, or what names no township."""
    first: dict[int, Rule] = {}
    for rule in file.rules:
        county = gazetteer.ancestor(rule.place, Level.COUNTY) if rule.kind in _BELOW_COUNTY else None
        if county is not None:
            first.setdefault(county.id, rule)
    for number, rule in first.items():
        county = gazetteer.places[number]
        if _is_open(county, areas):
            yield _township_hole(county, rule, _open_townships(county, areas, gazetteer), areas)


def _is_open(place: Place, areas: Areas) -> bool:
    """Whether nothing of the county's size or smaller serves a place."""
    rule = areas.rule_of(place)
    return rule is None or rule.kind in _ABOVE_COUNTY


def _open_townships(county: Place, areas: Areas, gazetteer: Gazetteer) -> list[Place]:
    children = [gazetteer.places[number] for number in gazetteer.children(county.id)]
    return [child for child in children if not child.until and _is_open(child, areas)]


def _township_hole(county: Place, rule: Rule, townships: list[Place], areas: Areas) -> Finding:
    falls = areas.rule_of(county)
    to = f"falls to {falls.area} ({falls.kind})" if falls is not None else "is served by no area"
    names = [place.name for place in townships]
    left = f"{len(names)} townships of {county.name} are left out ({listed(names)}), and so is" if names else "left is"
    return Finding(
        FindingKind.TOWNSHIP_HOLE,
        Weight.WARNING,
        rule.line,
        (rule.area,),
        f"{left} an address in {county.name} that names no township: it {to}",
        f'give them to an area, or {county.name} as a whole: counties = ["{county.name}"]',
        places=[place.id for place in townships] or [county.id],
    )


def number_holes(file: AreaFile, areas: Areas, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield house numbers that are left out between the ranges of a road, and sides of which nobody serves any."""
    roads: dict[tuple[int, str], list[Rule]] = defaultdict(list)
    for rule in file.rules:
        if rule.kind is RuleKind.ROAD:
            roads[rule.place, rule.name].append(rule)
    for (place, name), rules in roads.items():
        ranges = [each for rule in rules for each in rule.ranges]
        falls = areas.area_of(gazetteer.places[place])
        to = f"{'they fall to ' + falls if falls else 'no area serves them'}, unless the township decides"
        left = gaps(ranges)
        if left:
            what = f"{name}: numbers {', '.join(map(str, left))} are left out between ranges; {to}"
            yield _number_finding(FindingKind.NUMBER_HOLE, Weight.WARNING, rules, what)
        side = unclaimed_side(ranges)
        if side is not None:
            what = f"{name}: {_SIDE_WORDS[side]} numbers stand in no range; {to}"
            yield _number_finding(FindingKind.ROAD_SIDE, Weight.NOTE, rules, what)


_SIDE_WORDS = {Side.ODD: "odd", Side.EVEN: "even"}


def _number_finding(kind: FindingKind, weight: Weight, rules: Sequence[Rule], what: str) -> Finding:
    areas = tuple(dict.fromkeys(rule.area for rule in rules))
    return Finding(kind, weight, rules[-1].line, areas, what, "let the ranges meet, where that is not meant")


def unserved(areas: Areas, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield provinces, prefectures and counties that no area takes, each named once, by the largest that is empty."""
    holes = [
        place for number in gazetteer.children(-1) for place in _unserved_in(gazetteer.places[number], areas, gazetteer)
    ]
    if holes:
        names = [place.name for place in holes]
        yield Finding(
            FindingKind.UNSERVED,
            Weight.WARNING,
            0,
            (),
            f"no area takes {listed(names)}: parcels for there leave by the exception chute",
            "name them, or let one area take the remainder: rest = true",
            places=[place.id for place in holes],
        )


def _unserved_in(place: Place, areas: Areas, gazetteer: Gazetteer) -> list[Place]:
    """Return the largest places in force in (or equal to) ``place`` of which nothing down to counties is served."""
    if place.until or areas.rule_of(place) is not None:
        return []
    if place.level >= Level.COUNTY:
        return [] if _has_members(place, areas, gazetteer) else [place]
    children = [gazetteer.places[number] for number in gazetteer.children(place.id)]
    living = [child for child in children if not child.until]
    inside = [hole for child in living for hole in _unserved_in(child, areas, gazetteer)]
    return (
        [place] if len(inside) == len(living) and all(a is b for a, b in zip(inside, living, strict=True)) else inside
    )


def _has_members(county: Place, areas: Areas, gazetteer: Gazetteer) -> bool:
    """Whether townships of a county are served: then it is a township hole, told with their names."""
    return any(areas.rule_of(gazetteer.places[child]) is not None for child in gazetteer.children(county.id))
