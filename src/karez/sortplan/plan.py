"""A sort plan in force: read from its TOML file, checked in every part, and indexed by place."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from karez.domain.errors import BadConfig
from karez.domain.ids import ChuteId
from karez.sortplan.checks import faults_of, places_of
from karez.sortplan.file import ListTable, PlanTables, RuleTable
from karez.sortplan.positions import Positions

Fault = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the plan.

    Attributes
    ----------
    name
        Its name, else its number in the file (from 1).
    chutes
        First chute, then the alternatives, best first.
    companies, services, mass_g, longest_mm
        What must fit beside the place; ``None`` where the rule does not ask.
    """

    name: str
    chutes: Sequence[ChuteId]
    companies: frozenset[str] | None = None
    services: frozenset[str] | None = None
    mass_g: tuple[int, int] | None = None
    longest_mm: tuple[int, int] | None = None

    @property
    def questions(self) -> int:
        """How much it asks beside the place: the more, the more specific."""
        return sum(each is not None for each in (self.companies, self.services, self.mass_g, self.longest_mm))


@dataclass(frozen=True, slots=True)
class Listed:
    """Waybill numbers that a person wants out of the stream, and the chutes for them."""

    waybills: frozenset[str]
    chutes: Sequence[ChuteId]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too large or too heavy, and the chutes for it."""

    chutes: Sequence[ChuteId]
    longest_mm: int | None = None
    sides_sum_mm: int | None = None
    mass_g: int | None = None


@dataclass(frozen=True, slots=True)
class SortPlan:
    """Which destination leaves by which chute.

    Attributes
    ----------
    chutes
        Every chute, in the order in which the loop passes them.
    rules
        In the order of the file.
    by_place
        Rules by level and place, most specific first, then in the order of the file.
    sha256
        Of the plan's file and the numbers on its lists.
    files
        The plan's file and its side files, to be watched.
    """

    name: str
    chutes: Sequence[ChuteId]
    exception_chute: ChuteId
    rules: Sequence[Rule]
    by_place: Mapping[tuple[str, str], Sequence[Rule]]
    intercept: Listed | None
    returns: Listed | None
    oversize: Limits | None
    overweight: Limits | None
    sha256: str
    files: Sequence[Path]

    @classmethod
    def load(cls, path: Path, areas: Collection[str] | None = None) -> "SortPlan":
        """Read and check a plan.

        Parameters
        ----------
        path
            Its TOML file; see ``docs/reference/plan.md``.
        areas
            Ids of the hub's delivery areas; where given, a rule for another area is a fault.

        Raises
        ------
        BadConfig
            With line and field of every fault that was found.
        """
        text, tables, positions = _tables(path)
        faults = [(positions.line(place), _field(place), what) for place, what in faults_of(tables, areas)]
        intercept, returns = (
            _listed(each, name, path, positions, faults)
            for name, each in (("intercept", tables.intercept), ("return", tables.return_list))
        )
        if faults:
            raise BadConfig(str(path), sorted(faults, key=lambda fault: fault[0]))
        files = [path, *side_files(tables, path)]
        return _plan(tables, intercept, returns, files, text)

    def uncovered(self, areas: Collection[str]) -> list[str]:
        """Areas that no rule names by their id, sorted; a rule by county or ``rest`` may still take their parcels."""
        return sorted(set(areas) - {value for level, value in self.by_place if level == "area"})


def _plan(
    tables: PlanTables, intercept: Listed | None, returns: Listed | None, files: list[Path], text: bytes
) -> SortPlan:
    rules = [_rule(number, each) for number, each in enumerate(tables.rule, 1)]
    by_place: dict[tuple[str, str], list[Rule]] = {}
    for rule, table in zip(rules, tables.rule, strict=True):
        for place in places_of(table):
            by_place.setdefault(place, []).append(rule)
    big, heavy = tables.oversize, tables.overweight
    return SortPlan(
        name=tables.name,
        chutes=_ids(tables.chutes),
        exception_chute=ChuteId(tables.exception),
        rules=tuple(rules),
        by_place={place: tuple(sorted(here, key=lambda rule: -rule.questions)) for place, here in by_place.items()},
        intercept=intercept,
        returns=returns,
        oversize=Limits(_ids(big.all_chutes), big.longest_mm, big.sides_sum_mm) if big else None,
        overweight=Limits(_ids(heavy.all_chutes), mass_g=heavy.mass_g) if heavy else None,
        sha256=_hash(text, intercept, returns),
        files=tuple(files),
    )


def _hash(text: bytes, *lists: Listed | None) -> str:
    numbers = ["\n".join(sorted(each.waybills)) if each else "" for each in lists]
    return sha256(text + "\n\n".join(numbers).encode()).hexdigest()


def _tables(path: Path) -> tuple[bytes, PlanTables, Positions]:
    """Read the file as TOML and as tables, or raise `BadConfig` with all that does not fit."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise BadConfig(str(path), [(0, "file", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadConfig(str(path), [(line, "file", "is not UTF-8 text")]) from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        raise BadConfig(str(path), [(int(at[1]) if at else 0, "TOML", str(error))]) from None
    positions = Positions(text)
    try:
        return raw, PlanTables.model_validate(data), positions
    except ValidationError as error:
        faults = [(positions.line(each["loc"]), _field(each["loc"]), _words(each["msg"])) for each in error.errors()]
        raise BadConfig(str(path), sorted(faults, key=lambda fault: fault[0])) from None


def _field(place: Sequence[str | int]) -> str:
    """Field as a reader counts: rules from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)


def _words(message: str) -> str:
    """Pydantic's words, in ours where they are of programmers."""
    known = {"Extra inputs are not permitted": "is no field of a sort plan", "Field required": "is missing"}
    return known.get(message, message.removeprefix("Value error, "))


def _rule(number: int, table: RuleTable) -> Rule:
    return Rule(
        name=table.name or str(number),
        chutes=_ids(table.all_chutes),
        companies=frozenset(table.company) if table.company else None,
        services=frozenset(table.service) if table.service else None,
        mass_g=table.mass_g,
        longest_mm=table.longest_mm,
    )


def _ids(names: Sequence[str]) -> tuple[ChuteId, ...]:
    return tuple(ChuteId(name) for name in names)


def side_files(tables: PlanTables, path: Path) -> list[Path]:
    """Files that the plan names, as they stand beside it."""
    return [path.parent / each.file for each in (tables.intercept, tables.return_list) if each and each.file]


def _listed(table: ListTable | None, name: str, path: Path, positions: Positions, faults: list[Fault]) -> Listed | None:
    if table is None:
        return None
    numbers = list(table.waybills)
    if table.file:
        try:
            numbers += _numbers((path.parent / table.file).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            faults.append((positions.line((name, "file")), f"{name}.file", f"{table.file} cannot be read: {why}"))
    return Listed(frozenset(number.strip().upper() for number in numbers), _ids(table.all_chutes))


def _numbers(text: str) -> list[str]:
    """Waybill numbers, one a line; ``#`` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]
