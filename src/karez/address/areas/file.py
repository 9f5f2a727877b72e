"""Reads an areas file: areas, their rules, the hub's own places, and every fault with its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from karez.address.areas.faults import Fault, FaultBook, FaultKind, Lines, Where
from karez.address.areas.lookup import Lookup
from karez.address.areas.members import MEMBERS, MemberReader
from karez.address.areas.places import PlaceReader
from karez.address.areas.rules import Area, Kind, KnownPlace, Rule, RuleKind
from karez.address.gazetteer import Gazetteer
from karez.address.toml_file import read_toml
from karez.domain.ids import AreaId

_FIELDS = frozenset({"id", "kind", "name", "rest", *MEMBERS})
_TABLES = ("area", "place")
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,15}$")


@dataclass(frozen=True, slots=True)
class AreaFile:
    """All that an areas file says, in its order; what could not be understood is among the faults and nowhere else.

    Attributes
    ----------
    lines
        Line on which each area begins, by its id.
    """

    areas: Sequence[Area]
    rules: Sequence[Rule]
    places: Sequence[KnownPlace]
    faults: Sequence[Fault]
    lines: dict[AreaId, int]


def read_area_file(path: Path, gazetteer: Gazetteer) -> AreaFile:
    """Read an areas file.

    Raises
    ------
    BadConfig
        Where it cannot be opened, or is no TOML. All else that is wrong is among the faults.
    """
    text, data = read_toml(path)
    return _Reader(text, gazetteer).read(data)


class _Reader:
    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._faults = FaultBook(Lines(text))
        lookup = Lookup(gazetteer)
        self._members, self._places = MemberReader(lookup, self._faults), PlaceReader(lookup, self._faults)
        self._areas: list[Area] = []
        self._rules: list[Rule] = []
        self._lines: dict[AreaId, int] = {}

    def read(self, data: dict[str, Any]) -> AreaFile:
        for key in data.keys() - set(_TABLES):
            what = "is no field of an areas file; there are [[area]] and [[place]] tables"
            self._faults.add(Where("", -1, key), what)
        for index, row in enumerate(self._tables(data, "area", needed=True)):
            self._area(index, row)
        rows = self._tables(data, "place", needed=False)
        places = [place for index, row in enumerate(rows) for place in self._places.read(index, row)]
        return AreaFile(self._areas, self._rules, places, list(self._faults), self._lines)

    def _tables(self, data: dict[str, Any], name: str, needed: bool) -> list[dict[str, Any]]:
        rows = data.get(name, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) and (rows or not needed):
            return rows
        self._faults.add(Where(name, -1, name), f"no [[{name}]] table in the file")
        return []

    def _area(self, index: int, row: dict[str, Any]) -> None:
        for key in sorted(row.keys() - _FIELDS):
            what = f"is no field of an area; there are {', '.join(sorted(_FIELDS))}"
            self._faults.add(Where("area", index, key), what)
        ident, kind, names = self._id(index, row.get("id")), self._kind(index, row.get("kind")), self._names(index, row)
        if kind is not None and names is not None:
            zh, en, ug = (str(names.get(language, "")) for language in ("zh", "en", "ug"))
            self._areas.append(Area(ident, kind, zh, en, ug))
        self._rules += self._members.read(index, row, ident)
        self._rest(index, row, ident)

    def _id(self, index: int, ident: Any) -> AreaId:
        """Return an area's id; one that cannot be used is a fault, and names the area in what else is wrong with it."""
        where = Where("area", index, "id")
        if not isinstance(ident, str) or not _ID.match(ident):
            self._faults.add(where, "is missing or not of letters, digits, - and _ (at most 16)")
            return AreaId(f"{ident or '?'}")
        if ident in self._lines:
            self._faults.add(where, f"{ident} is the id of two areas")
        self._lines.setdefault(AreaId(ident), self._faults.lines.of(where))
        return AreaId(ident)

    def _kind(self, index: int, kind: Any) -> Kind | None:
        for each in get_args(Kind):
            if kind == each:
                return cast(Kind, each)
        told = "and is missing" if kind is None else f'not "{kind}"'
        self._faults.add(Where("area", index, "kind"), f'must be "local" or "linehaul", {told}')
        return None

    def _names(self, index: int, row: dict[str, Any]) -> dict[str, Any] | None:
        names = row.get("name")
        names = {"zh": names} if isinstance(names, str) else names
        if isinstance(names, dict) and names.get("zh"):
            return names
        what = 'must be a text or { zh = "…", en = "…", ug = "…" } with zh'
        self._faults.add(Where("area", index, "name"), what)
        return None

    def _rest(self, index: int, row: dict[str, Any], area: AreaId) -> None:
        where = Where("area", index, "rest")
        if row.get("rest") is True:
            taken = next((rule.area for rule in self._rules if rule.kind is RuleKind.REST), None)
            if taken is not None:
                self._faults.add(where, f"area {taken} takes the rest already")
            self._rules.append(Rule(area, RuleKind.REST, -1, "", self._faults.lines.of(where)))
        elif not any(row.get(key) for key in MEMBERS):
            what = f"area {area} has no members"
            now = "give it some, or take it out of this file and of the sort plan"
            self._faults.add(Where("area", index, "id"), what, "", FaultKind.EMPTY_AREA, now)
