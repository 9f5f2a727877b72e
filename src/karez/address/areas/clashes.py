"""One place, estate or house number in two areas: what a hub refuses to start with."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import combinations

from karez.address.areas.faults import Fault, FaultKind
from karez.address.areas.file import AreaFile
from karez.address.areas.numbers import NumberRange, shared
from karez.address.areas.rules import Rule, RuleKind

FIELDS = {
    RuleKind.ESTATE: "estates",
    RuleKind.POI: "pois",
    RuleKind.ROAD: "roads",
    RuleKind.VILLAGE: "villages",
    RuleKind.POLYGON: "polygons",
    RuleKind.TOWNSHIP: "townships",
    RuleKind.COUNTY: "counties",
    RuleKind.PREFECTURE: "prefectures",
    RuleKind.PROVINCE: "provinces",
    RuleKind.REST: "rest",
}
"""The field of the file that each kind of rule is written in."""


def clashes(file: AreaFile) -> Iterator[Fault]:
    """Yield every place, estate and POI that stands in two areas, and every number of a road that does."""
    same: dict[Hashable, list[Rule]] = defaultdict(list)
    for rule in file.rules:
        if rule.kind is not RuleKind.POLYGON and rule.kind is not RuleKind.REST:
            same[_key(rule)].append(rule)
    for rules in same.values():
        for one, other in combinations(rules, 2):
            what = _shared_numbers(one, other) if one.kind is RuleKind.ROAD else other.name
            if what:
                yield _clash(what, one, other)


def _key(rule: Rule) -> Hashable:
    """Return what two rules must agree in to mean the same thing."""
    if rule.kind in (RuleKind.ESTATE, RuleKind.POI):
        return "house", rule.place, rule.name
    return rule.kind, rule.place, rule.name if rule.kind is RuleKind.ROAD else ""


def _shared_numbers(one: Rule, other: Rule) -> str:
    both = [each for a in one.ranges for b in other.ranges if (each := shared(a, b)) is not None]
    return f"{other.name} {_words(both)}" if both else ""


def _words(ranges: list[NumberRange]) -> str:
    return ", ".join(dict.fromkeys(map(str, ranges)))


def _clash(what: str, one: Rule, other: Rule) -> Fault:
    told = f"{what} stands in area {one.area} already (line {one.line})"
    now = "once is enough" if one.area == other.area else f"leave it in {one.area} or in {other.area}"
    areas = (one.area, other.area)
    return Fault(other.line, FIELDS[other.kind], told, FaultKind.CLASH, now, areas, (other.place,))
