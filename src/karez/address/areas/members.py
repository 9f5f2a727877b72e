"""The members of one [[area]] table: places by name, roads with numbers, estates, POIs and polygons → rules."""

import re
from collections.abc import Iterator
from typing import Any

from karez.address.areas.faults import FaultBook, FaultKind, Where
from karez.address.areas.geometry import ring_fault
from karez.address.areas.lookup import WORDS, Lookup
from karez.address.areas.numbers import NumberRange, read_ranges
from karez.address.areas.rules import Point, Rule, RuleKind
from karez.address.places import Level, Place
from karez.domain.ids import AreaId

UPPER = {"counties": Level.COUNTY, "prefectures": Level.PREFECTURE, "provinces": Level.PROVINCE}
WITHIN = ("townships", "villages", "roads", "estates", "pois", "polygons")
MEMBERS = (*WITHIN, *UPPER)

_KINDS = {
    Level.VILLAGE: RuleKind.VILLAGE,
    Level.TOWNSHIP: RuleKind.TOWNSHIP,
    Level.COUNTY: RuleKind.COUNTY,
    Level.PREFECTURE: RuleKind.PREFECTURE,
    Level.PROVINCE: RuleKind.PROVINCE,
}
_SHAPE = {
    "townships": 'a table by county: { "喀什市" = ["恰萨街道", "…"] }',
    "villages": 'a table by township: { "喀什市/乃则尔巴格镇" = ["前进村", "…"] }',
    "roads": 'a table by county or township, of roads with their numbers: "人民东路" = "odd 1-99"',
    "estates": 'a table by county or township: { "喀什市" = ["天南小区", "…"] }',
    "pois": 'a table by county or township: { "喀什市" = ["月星上海城", "…"] }',
    "polygons": 'a table by county or township, of lists of [longitude, latitude]: "喀什市" = [[[75.9, 39.4], …]]',
}


class MemberReader:
    """Reads the members of an area, writing down faults instead of stopping at the first."""

    def __init__(self, lookup: Lookup, faults: FaultBook) -> None:
        self._lookup, self._faults = lookup, faults

    def read(self, index: int, row: dict[str, Any], area: AreaId) -> Iterator[Rule]:
        """Yield the rules of the ``index``-th area of the file."""
        for key, level in UPPER.items():
            where = Where("area", index, key)
            for name in self._texts(where, row.get(key, []), "must be a list of names"):
                yield from self._place(where, area, name, self._lookup.upper(level, name), level, None)
        for key in WITHIN:
            yield from self._within(Where("area", index, key), row.get(key, {}), area)

    def _within(self, where: Where, table: Any, area: AreaId) -> Iterator[Rule]:
        if not isinstance(table, dict):
            self._faults.add(where, f"must be {_SHAPE[where.field]}")
            return
        for key, value in table.items():
            for path in _paths(key):
                scope = self._scope(where, path)
                if scope is not None:
                    yield from self._members(where, scope, key, value, area)

    def _scope(self, where: Where, path: str) -> Place | None:
        found = self._lookup.scopes(path)
        if where.field == "townships":
            found = [place for place in found if place.level == Level.COUNTY]
        what = "county" if where.field == "townships" else "county, or county/township,"
        return self._only(where, path, found, what, self._lookup.nearest_scope(path))

    def _members(self, where: Where, scope: Place, path: str, value: Any, area: AreaId) -> Iterator[Rule]:
        if where.field == "roads":
            yield from self._roads(where, scope, value, area)
        elif where.field == "polygons":
            yield from self._polygons(where, scope, path, value, area)
        else:
            for name in self._texts(where, value, f"{path} must have a list of names", path):
                yield from self._named(where, scope, path, name, area)

    def _named(self, where: Where, scope: Place, path: str, name: str, area: AreaId) -> Iterator[Rule]:
        if where.field == "townships":
            found = self._lookup.townships(scope, name)
            yield from self._place(where, area, name, found, Level.TOWNSHIP, scope)
        elif where.field == "villages":
            found = self._lookup.villages(scope, name)
            yield from self._place(where, area, name, found, Level.VILLAGE, scope)
        else:
            kind = RuleKind.ESTATE if where.field == "estates" else RuleKind.POI
            yield Rule(area, kind, scope.id, name, self._faults.lines.of(where, name))

    def _place(
        self, where: Where, area: AreaId, name: str, found: list[Place], level: Level, within: Place | None
    ) -> Iterator[Rule]:
        """Yield the rule of a place of the gazetteer."""
        what = WORDS[level] + (f" of {within.name}" if within else "")
        near = self._lookup.nearest_below(within, level, name) if within else self._lookup.nearest_upper(level, name)
        place = self._only(where, name, found, what, near)
        if place is not None:
            yield Rule(area, _KINDS[level], place.id, name, self._faults.lines.of(where, name))

    def _only(self, where: Where, name: str, found: list[Place], what: str, near: str | None) -> Place | None:
        if len(found) == 1:
            return found[0]
        if found:
            self._faults.add(
                where,
                f"{name} is the name of {len(found)} places: write one above it before it, as A/B",
                name,
                FaultKind.AMBIGUOUS_NAME,
            )
            return None
        vintage = self._lookup.gazetteer.vintage
        now = f"did you mean {near}?" if near else "look it up in the gazetteer: it may have another name today"
        self._faults.add(where, f"{name} is no {what} of the gazetteer ({vintage})", name, FaultKind.UNKNOWN_NAME, now)
        return None

    def _roads(self, where: Where, scope: Place, value: Any, area: AreaId) -> Iterator[Rule]:
        roads = dict.fromkeys(value, "all") if _is_texts(value) else value
        if not isinstance(roads, dict):
            self._faults.add(where, f"must be {_SHAPE['roads']}")
            return
        for name, numbers in roads.items():
            ranges = self._ranges(where, name, numbers)
            if ranges:
                yield Rule(area, RuleKind.ROAD, scope.id, name, self._faults.lines.of(where, name), ranges)

    def _ranges(self, where: Where, name: str, numbers: Any) -> tuple[NumberRange, ...]:
        pieces = [numbers] if isinstance(numbers, str) else numbers
        if not _is_texts(pieces) or not pieces:
            self._faults.add(where, f'{name} must have its numbers as a text: "all", "odd 1-99", "1-99, 200-"', name)
            return ()
        try:
            return tuple(each for piece in pieces for each in read_ranges(piece))
        except ValueError as fault:
            self._faults.add(where, f"{name}: {fault}", name)
            return ()

    def _polygons(self, where: Where, scope: Place, path: str, value: Any, area: AreaId) -> Iterator[Rule]:
        if not isinstance(value, list) or not value:
            self._faults.add(where, f"must be {_SHAPE['polygons']}", path)
            return
        for ring in value:
            fault = ring_fault(ring)
            if fault:
                self._faults.add(where, f"a polygon of {path} {fault}", path)
            else:
                corners: list[Point] = [(float(lon), float(lat)) for lon, lat in ring]
                corners = corners[:-1] if corners[0] == corners[-1] else corners
                yield Rule(area, RuleKind.POLYGON, scope.id, "", self._faults.lines.of(where, path), ring=corners)

    def _texts(self, where: Where, value: Any, otherwise: str, near: str = "") -> list[str]:
        if _is_texts(value):
            return list(value)
        self._faults.add(where, otherwise, near)
        return []


def _paths(key: str) -> list[str]:
    """Return what a key names: ``"喀什市/恰萨街道、亚瓦格街道"`` are two townships of one county."""
    above, slash, names = key.rpartition("/")
    return [f"{above}{slash}{name.strip()}" for name in re.split("[,,、]", names) if name.strip()] or [key]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
