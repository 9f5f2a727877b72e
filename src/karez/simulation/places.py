"""Where the parcels of a simulated day go: places, and the delivery area that truly serves each.

The areas file is read here by the simulation's own few lines, not by the hub's: the truth must not rest on what it
is to judge.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from karez.domain.errors import BadInput

_PLACES_FILE = Path(__file__).with_name("places.toml")


@dataclass(frozen=True, slots=True)
class Place:
    """A place an address can name.

    Attributes
    ----------
    province, prefecture, county, town
        Names in Chinese; ``prefecture`` is ``None`` for cities directly under the region and for municipalities.
    uyghur, latin
        The county's name in Uyghur and in Latin letters, where it is known.
    former_county, former_prefecture
        What the town belonged to before the map changed; people write the old names for years.
    """

    province: str
    prefecture: str | None
    county: str
    town: str | None = None
    uyghur: str | None = None
    latin: str | None = None
    former_county: str | None = None
    former_prefecture: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryArea:
    """A delivery area with the places the simulation sends parcels to.

    Attributes
    ----------
    scope
        What it names: ``"townships"``, ``"counties"``, ``"prefectures"``, ``"provinces"`` or ``"rest"``.
    whole_counties
        Counties whose name alone leads here.
    """

    area: str
    kind: str
    scope: str
    places: tuple[Place, ...]
    whole_counties: frozenset[str]


def read_areas(areas_file: Path) -> list[DeliveryArea]:
    """Read an areas file and give each area the places that fall into it.

    Raises
    ------
    BadInput
        An area has no place that the simulation knows.
    """
    rows: list[dict[str, Any]] = tomllib.loads(areas_file.read_text("utf-8"))["area"]
    by_area: dict[str | None, list[Place]] = {}
    for place in _all_places(rows):
        by_area.setdefault(area_of(place, rows), []).append(place)
    areas = [_delivery_area(row, tuple(by_area.get(row["id"], ()))) for row in rows]
    for empty in (area.area for area in areas if not area.places):
        raise BadInput(f"the simulation knows no place of area {empty}", str(areas_file), f"add one to {_PLACES_FILE}")
    return areas


def area_of(place: Place, rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Give the id of the area that names a place most exactly: township, county, prefecture, province, rest."""
    listed = list(rows)
    by_town = (row for row in listed if place.town in row.get("townships", {}).get(place.county, ()))
    by_county = (row for row in listed if _names(row, "counties", place.county))
    by_prefecture = (row for row in listed if _names(row, "prefectures", place.prefecture))
    by_province = (row for row in listed if _names(row, "provinces", place.province))
    rest = (row for row in listed if row.get("rest"))
    row = next(chain(by_town, by_county, by_prefecture, by_province, rest), None)
    return None if row is None else str(row["id"])


def read_sort_codes(sort_codes_file: Path) -> dict[str, list[str]]:
    """Read a sort code table: area id → the codes that lead to it."""
    table: dict[str, str] = tomllib.loads(sort_codes_file.read_text("utf-8"))["codes"]
    by_area: dict[str, list[str]] = {}
    for code, area in table.items():
        by_area.setdefault(area, []).append(code)
    return by_area


@lru_cache(maxsize=1)
def known_places() -> tuple[Place, ...]:
    """Give every place that the simulation knows, whatever areas a hub has; without names in Uyghur."""
    return tuple(_all_places([]))


def _all_places(rows: list[dict[str, Any]]) -> list[Place]:
    """List every county, with and without each of its towns; the towns that the areas file names are added."""
    uyghur = {county: row["name"]["ug"] for row in rows if "ug" in row["name"] for county in row.get("counties", ())}
    named: dict[str, list[str]] = {}
    for row in rows:
        for county, towns in row.get("townships", {}).items():
            named.setdefault(county, []).extend(towns)
    places: list[Place] = []
    for entry in tomllib.loads(_PLACES_FILE.read_text("utf-8"))["county"]:
        county = str(entry["name"])
        towns = dict.fromkeys([*named.get(county, ()), *entry["towns"]])
        places += [_place(entry, town, uyghur.get(county)) for town in (None, *towns)]
    return places


def _place(entry: Mapping[str, Any], town: str | None, uyghur: str | None) -> Place:
    former: Mapping[str, str] = entry.get("former", {}).get(town, {})
    return Place(
        province=entry["province"],
        prefecture=entry.get("prefecture"),
        county=entry["name"],
        town=town,
        uyghur=uyghur,
        latin=entry.get("latin"),
        former_county=former.get("county"),
        former_prefecture=former.get("prefecture"),
    )


def _delivery_area(row: Mapping[str, Any], own: tuple[Place, ...]) -> DeliveryArea:
    scope = next(name for name in ("townships", "counties", "prefectures", "provinces", "rest") if row.get(name))
    whole = frozenset(place.county for place in own if place.town is None)
    return DeliveryArea(row["id"], row["kind"], scope, own, whole)


def _names(row: Mapping[str, Any], level: str, name: str | None) -> bool:
    """Tell whether a row lists a name, alone or behind the names of what it lies in (``乌鲁木齐市/新市区``)."""
    return any(listed.rsplit("/", 1)[-1] == name for listed in row.get(level, ()))
