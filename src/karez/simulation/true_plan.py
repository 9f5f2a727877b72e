"""The sort plan as the judge reads it: straight from its file, with no help from the code that is being judged."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karez.simulation.planned import PlannedParcel

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TruePlan:
    """What the plan's file says, and which waybills its lists name.

    Attributes
    ----------
    tables
        The file as TOML gives it.
    intercepted, returned
        Waybill numbers of the lists and of their side files.
    """

    tables: Table
    intercepted: frozenset[str]
    returned: frozenset[str]

    @property
    def exception_chute(self) -> str:
        """Where goes what cannot be sorted."""
        return str(self.tables["exception"])

    def right_chutes(self, parcel: PlannedParcel) -> tuple[str, ...]:
        """Give the chutes that a parcel, as it truly is, may lie in; empty where the plan has no row for it.

        Lists win over limits, limits over rows; of the rows the one with the most specific place, then the one that
        asks most beside the place, then the first in the file.
        """
        table = self._list_or_limit(parcel) or next(self._rows(parcel), None)
        return () if table is None else (str(table["chute"]), *map(str, table.get("alternatives", ())))

    def _list_or_limit(self, parcel: PlannedParcel) -> Table | None:
        too_long, too_heavy = self.tables.get("oversize", {}), self.tables.get("overweight", {})
        sides_mm = (parcel.length_mm, parcel.width_mm, parcel.height_mm)
        answers = (
            ("intercept", parcel.waybill in self.intercepted),
            ("return", parcel.waybill in self.returned),
            (
                "oversize",
                _above(max(sides_mm), too_long, "longest_mm") or _above(sum(sides_mm), too_long, "sides_sum_mm"),
            ),
            ("overweight", _above(parcel.mass_g, too_heavy, "mass_g")),
        )
        name = next((name for name, fits in answers if fits), None)
        return None if name is None else self.tables[name]

    def _rows(self, parcel: PlannedParcel) -> Iterator[Table]:
        rows = [row for row in self.tables.get("rule", ()) if _asks_for(row, parcel)]
        for level, names in _places(parcel):
            here = [row for row in rows if level in row and names & set(_many(row[level]))]
            yield from sorted(here, key=lambda row: -sum(key in row for key in _QUESTIONS))


_QUESTIONS = ("company", "service", "mass_g", "longest_mm")


def read_plan(plan_file: Path) -> TruePlan:
    """Read a plan that the hub has accepted."""
    tables = tomllib.loads(plan_file.read_text("utf-8"))
    intercepted, returned = (_listed(tables.get(name, {}), plan_file.parent) for name in ("intercept", "return"))
    return TruePlan(tables, intercepted, returned)


def _listed(table: Table, folder: Path) -> frozenset[str]:
    numbers = list(table.get("waybills", ()))
    if "file" in table:
        numbers += [line.partition("#")[0] for line in (folder / table["file"]).read_text("utf-8").splitlines()]
    return frozenset(number.strip().upper() for number in numbers) - {""}


def _places(parcel: PlannedParcel) -> Iterator[tuple[str, set[object]]]:
    """Names of the true place, from the most to the least specific."""
    yield "area", {parcel.area}
    yield "county", {f"{parcel.prefecture_name}/{parcel.county_name}"}
    yield "county", {parcel.county_name}
    yield "prefecture", {parcel.prefecture_name}
    yield "province", {parcel.province_name}
    yield "rest", {True}


def _asks_for(row: Table, parcel: PlannedParcel) -> bool:
    longest_mm = max(parcel.length_mm, parcel.width_mm, parcel.height_mm)
    return (
        ("company" not in row or parcel.company in _many(row["company"]))
        and ("service" not in row or parcel.service in _many(row["service"]))
        and ("mass_g" not in row or row["mass_g"][0] <= parcel.mass_g <= row["mass_g"][1])
        and ("longest_mm" not in row or row["longest_mm"][0] <= longest_mm <= row["longest_mm"][1])
    )


def _many(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else (value,)


def _above(measure: int, table: Table, limit: str) -> bool:
    return limit in table and measure > table[limit]
