"""The [[place]] tables of an areas file: other names, and points, of places that the hub itself knows."""

from collections.abc import Iterator
from typing import Any

from karez.address.areas.faults import FaultBook, FaultKind, Where
from karez.address.areas.geometry import point_fault
from karez.address.areas.lookup import WORDS, Lookup
from karez.address.areas.rules import KnownPlace, Point, RuleKind
from karez.address.places import Level, Place

FIELDS = frozenset({"name", "kind", "in", "aliases", "point"})
KINDS = (RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD, RuleKind.VILLAGE, RuleKind.TOWNSHIP)
_LEVELS = {RuleKind.VILLAGE: Level.VILLAGE, RuleKind.TOWNSHIP: Level.TOWNSHIP}


class PlaceReader:
    """Reads places, writing down faults instead of stopping at the first."""

    def __init__(self, lookup: Lookup, faults: FaultBook) -> None:
        self._lookup, self._faults = lookup, faults

    def read(self, index: int, row: dict[str, Any]) -> Iterator[KnownPlace]:
        """Yield the ``index``-th place of the file, unless something is wrong with it."""
        for key in sorted(row.keys() - FIELDS):
            self._fault(index, key, f"is no field of a place; there are {', '.join(sorted(FIELDS))}")
        name, kind = row.get("name"), row.get("kind")
        if not isinstance(name, str) or not name.strip():
            self._fault(index, "name", "is missing: as the areas and the labels write it")
        elif kind not in KINDS:
            self._fault(index, "kind", f"must be one of {', '.join(KINDS)}, not {kind!r}")
        else:
            yield from self._known(index, row, name, RuleKind(kind))

    def _known(self, index: int, row: dict[str, Any], name: str, kind: RuleKind) -> Iterator[KnownPlace]:
        scope = self._scope(index, row.get("in"))
        aliases, point = self._aliases(index, row, kind), self._point(index, row, kind)
        if scope is None or aliases is None:
            return
        place = self._below(index, scope, name, _LEVELS[kind]) if kind in _LEVELS else scope
        if place is not None:
            line = self._faults.lines.of(Where("place", index, "name"))
            yield KnownPlace(name, kind, place.id, aliases, point, line)

    def _scope(self, index: int, path: Any) -> Place | None:
        if not isinstance(path, str):
            self._fault(index, "in", 'is missing: the county or township that it lies in, as "喀什市/东湖街道"')
            return None
        found = self._lookup.scopes(path)
        if len(found) != 1:
            near = self._lookup.nearest_scope(path)
            self._unknown(index, "in", f"{path} is no county, or county/township, of the gazetteer", near)
        return found[0] if len(found) == 1 else None

    def _below(self, index: int, scope: Place, name: str, level: Level) -> Place | None:
        find = self._lookup.townships if level == Level.TOWNSHIP else self._lookup.villages
        found = find(scope, name)
        if len(found) != 1:
            what = "is no" if not found else "is more than one"
            near = self._lookup.nearest_below(scope, level, name)
            self._unknown(index, "name", f"{name} {what} {WORDS[level]} of {scope.name}", near if not found else None)
        return found[0] if len(found) == 1 else None

    def _aliases(self, index: int, row: dict[str, Any], kind: RuleKind) -> tuple[str, ...] | None:
        value = row.get("aliases", [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self._fault(index, "aliases", "must be a list of names")
            return None
        if value and kind in _LEVELS:
            self._fault(index, "aliases", f"other names of a {kind} come from the gazetteer; only a point can be given")
            return None
        return tuple(value)

    def _point(self, index: int, row: dict[str, Any], kind: RuleKind) -> Point | None:
        value = row.get("point")
        if value is None:
            return None
        if kind is RuleKind.ROAD:
            self._fault(index, "point", "a road has no one point; give its numbers in the areas")
            return None
        numbers = isinstance(value, list) and len(value) == 2 and all(type(each) in (int, float) for each in value)
        fault = point_fault(*value) if numbers else "must be [longitude, latitude]"
        if fault:
            self._fault(index, "point", fault)
            return None
        return float(value[0]), float(value[1])

    def _fault(self, index: int, field: str, what: str) -> None:
        self._faults.add(Where("place", index, field), what)

    def _unknown(self, index: int, field: str, what: str, near: str | None) -> None:
        now = f"did you mean {near}?" if near else "look it up in the gazetteer: it may have another name today"
        self._faults.add(Where("place", index, field), what, "", FaultKind.UNKNOWN_NAME, now)
