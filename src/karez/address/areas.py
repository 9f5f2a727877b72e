"""The hub's delivery areas and onward flows: one readable file, and which of them serves a place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.address.toml_file import read_toml
from karez.domain.errors import BadConfig
from karez.domain.ids import AreaId

Fault = tuple[int, str, str]
Kind = Literal["local", "linehaul"]

_FIELDS = frozenset({"id", "kind", "name", "townships", "counties", "prefectures", "provinces", "rest"})
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,15}$")
_LEVELS = {"counties": Level.COUNTY, "prefectures": Level.PREFECTURE, "provinces": Level.PROVINCE}
_WORDS = {Level.COUNTY: "county", Level.PREFECTURE: "prefecture", Level.PROVINCE: "province"}


class Area(msgspec.Struct, frozen=True):
    """One delivery area or onward flow.

    Attributes
    ----------
    id
        As the sort plan and the chutes' signs use it.
    kind
        ``"local"``: delivered from this hub; ``"linehaul"``: travels on.
    name
        Chinese; ``name_en`` and ``name_ug`` empty where not given.
    """

    id: AreaId
    kind: Kind
    name: str
    name_en: str = ""
    name_ug: str = ""


class Areas:
    """All areas of a hub; every place falls into the one that names it most exactly.

    Attributes
    ----------
    all
        In the order of the file.
    """

    def __init__(
        self, areas: list[Area], by_place: dict[int, AreaId], rest: AreaId | None, gazetteer: Gazetteer
    ) -> None:
        self.all = tuple(areas)
        self._by_id = {area.id: area for area in areas}
        self._by_place, self._rest, self._gazetteer = by_place, rest, gazetteer

    @classmethod
    def load(cls, path: Path, gazetteer: Gazetteer) -> "Areas":
        """Read an areas file.

        Raises
        ------
        BadConfig
            With line and field of every fault: unknown places, a place in two areas, unknown fields, …
        """
        text, data = read_toml(path)
        reader = _Reader(text, gazetteer)
        areas = reader.read(data)
        if reader.faults:
            raise BadConfig(str(path), reader.faults)
        return cls(areas, reader.by_place, reader.rest, gazetteer)

    def area_of(self, place: Place) -> AreaId | None:
        """Return the area that serves a place: its own, else that of the nearest place above it, else the rest's."""
        number = place.id
        while number >= 0:
            if number in self._by_place:
                return self._by_place[number]
            number = self._gazetteer.places[number].parent
        return self._rest

    def sole_area_of(self, place: Place) -> AreaId | None:
        """Return the area that serves a place and everything below it; ``None`` where there are several."""
        area, level = self.area_of(place), Level(place.level)
        others = (number for number, other in self._by_place.items() if other != area)
        return None if any(self._gazetteer.ancestor(number, level) == place for number in others) else area

    def county_of(self, id: AreaId) -> Place | None:
        """Return the one county that an area lies in; ``None`` where it takes in more, or less is known."""
        members = [number for number, area in self._by_place.items() if area == id]
        counties = {self._gazetteer.ancestor(number, Level.COUNTY) for number in members}
        return counties.pop() if len(counties) == 1 and id != self._rest else None

    def get(self, id: str) -> Area | None:
        """Return the area of that id, ``None`` where there is none."""
        return self._by_id.get(AreaId(id))


class _Reader:
    """Reads the tables, collecting faults instead of stopping at the first."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lines = text.splitlines()
        self._starts = [i for i, line in enumerate(self._lines, 1) if line.strip().startswith("[[area]]")]
        self.faults: list[Fault] = []
        self.by_place: dict[int, AreaId] = {}
        self.rest: AreaId | None = None

    def read(self, data: dict[str, Any]) -> list[Area]:
        for key in data:
            if key != "area":
                self.faults.append((self._line(0, key), key, "is no field of an areas file; areas are [[area]] tables"))
        rows = data.get("area", [])
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self.faults.append((0, "area", "no [[area]] table in the file"))
            return []
        areas = [area for index, row in enumerate(rows) if (area := self._area(index, row)) is not None]
        self._twice([area.id for area in areas])
        return areas

    def _area(self, index: int, row: dict[str, Any]) -> Area | None:
        for key in row.keys() - _FIELDS:
            self._fault(index, key, f"is no field of an area; there are {', '.join(sorted(_FIELDS))}")
        ident, kind, names = row.get("id"), row.get("kind"), row.get("name")
        if not isinstance(ident, str) or not _ID.match(ident):
            self._fault(index, "id", "is missing or not of letters, digits, - and _ (at most 16)")
            return None
        if kind != "local" and kind != "linehaul":
            self._fault(index, "kind", f'must be "local" or "linehaul", not {kind!r}')
            return None
        if isinstance(names, str):
            names = {"zh": names}
        if not isinstance(names, dict) or not names.get("zh"):
            self._fault(index, "name", 'must be a text or { zh = "…", en = "…", ug = "…" } with zh')
            return None
        self._members(index, row, AreaId(ident))
        return Area(AreaId(ident), kind, str(names["zh"]), str(names.get("en", "")), str(names.get("ug", "")))

    def _members(self, index: int, row: dict[str, Any], area: AreaId) -> None:
        if row.get("rest") is True:
            if self.rest is not None:
                self._fault(index, "rest", f"area {self.rest} takes the rest already")
            self.rest = area
        elif not any(row.get(key) for key in ("townships", *_LEVELS)):
            self._fault(index, "id", f"area {area} has no members")
        for key, level in _LEVELS.items():
            for name in self._texts(index, row, key):
                self._claim(index, key, area, name, self._find(level, name), _WORDS[level])
        self._townships(index, row, area)

    def _townships(self, index: int, row: dict[str, Any], area: AreaId) -> None:
        table = row.get("townships", {})
        if not isinstance(table, dict):
            self._fault(index, "townships", 'must be a table by county: { "喀什市" = ["…", "…"] }')
            return
        for county, names in table.items():
            counties = self._find(Level.COUNTY, county)
            if len(counties) != 1:
                self._claim(index, "townships", area, county, counties, "county")
            elif not isinstance(names, list):
                self._fault(index, "townships", f"{county} must have a list of township names")
            else:
                for name in names:
                    found = [p for p in self._below(counties[0]) if p.name == name and not p.until]
                    self._claim(index, "townships", area, str(name), found, f"township of {county}")

    def _below(self, county: Place) -> Iterator[Place]:
        return (self._gazetteer.places[number] for number in self._gazetteer.children(county.id))

    def _find(self, level: Level, path: str) -> list[Place]:
        """Return the places a name means; ``"乌鲁木齐市/新市区"`` names one above it too."""
        *above, name = path.split("/")
        found = self._gazetteer.find(level, name)
        return [place for place in found if all(part in self._names_above(place) for part in above)]

    def _names_above(self, place: Place) -> set[str]:
        names: set[str] = set()
        while place.parent >= 0:
            place = self._gazetteer.places[place.parent]
            names.add(place.name)
        return names

    def _claim(self, index: int, field: str, area: AreaId, name: str, found: list[Place], what: str) -> None:
        if not found:
            self._fault(index, field, f"{name} is no {what} of the gazetteer ({self._gazetteer.vintage})", name)
        elif len(found) > 1:
            self._fault(
                index, field, f"{name} is the name of {len(found)} places: write one above it before it, as A/B", name
            )
        elif (other := self.by_place.get(found[0].id)) is not None:
            self._fault(index, field, f"{name} stands in area {other} already", name)
        else:
            self.by_place[found[0].id] = area

    def _texts(self, index: int, row: dict[str, Any], key: str) -> list[str]:
        value = row.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        self._fault(index, key, "must be a list of names")
        return []

    def _twice(self, ids: list[AreaId]) -> None:
        for index, ident in enumerate(ids):
            if ident in ids[:index]:
                self._fault(index, "id", f"{ident} is the id of two areas")

    def _fault(self, index: int, field: str, what: str, near: str = "") -> None:
        self.faults.append(
            (self._line(self._starts[index] if index < len(self._starts) else 0, field, near), field, what)
        )

    def _line(self, start: int, field: str, near: str = "") -> int:
        """Return the line of a field in the table that starts at ``start`` (1 is the first); the start if not found."""
        end = next((s for s in self._starts if s > start), len(self._lines) + 1)
        for number in range(max(start, 1), end):
            line = self._lines[number - 1]
            if re.match(rf"\s*{re.escape(field)}\s*=", line):
                return self._within(number, end, near) if near else number
        return start

    def _within(self, number: int, end: int, near: str) -> int:
        """Return the line from ``number`` on that holds ``near``: lists may run over several lines."""
        return next((n for n in range(number, end) if f'"{near}"' in self._lines[n - 1]), number)
