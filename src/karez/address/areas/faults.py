"""Faults of an areas file, and the line of the file that each stands in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from karez.domain.ids import AreaId

_TABLE = re.compile(r"\s*\[\[\s*(?P<name>\w+)\s*\]\]")


class FaultKind(StrEnum):
    """What is wrong; a file with ``FIELD`` faults cannot be judged any further."""

    FIELD = "field"  # not of the form that the file must have
    UNKNOWN_NAME = "unknown_name"  # no such place in the gazetteer
    AMBIGUOUS_NAME = "ambiguous_name"  # several places bear it
    EMPTY_AREA = "empty_area"  # nothing can ever fall into it
    CLASH = "clash"  # two areas claim the same


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it stands, what it is, and what to do now (empty where that is plain).

    Attributes
    ----------
    areas, places
        Of a clash: the areas that claim the same, and the gazetteer's ids of what they claim (or what it lies in).
    """

    line: int
    field: str
    what: str
    kind: FaultKind = FaultKind.FIELD
    now: str = ""
    areas: tuple[AreaId, ...] = ()
    places: tuple[int, ...] = ()


def told(faults: Iterable[Fault]) -> list[tuple[int, str, str]]:
    """Return faults as line, field and sentence, by line: what a file is refused with."""
    listed = sorted(faults, key=lambda fault: fault.line)
    return [(each.line, each.field, f"{each.what}; {each.now}" if each.now else each.what) for each in listed]


@dataclass(frozen=True, slots=True)
class Where:
    """A field of the ``index``-th table of a name; index -1: a field above all tables."""

    table: str
    index: int
    field: str


class Lines:
    """Finds the line in which a field, or a word in its value, stands."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        found = ((number, _TABLE.match(line)) for number, line in enumerate(self._lines, 1))
        self._starts = [(number, match["name"]) for number, match in found if match is not None]

    def of(self, where: Where, near: str = "") -> int:
        """Return the line of a field, or of the quoted word ``near`` after it; the table's first where not found."""
        start, end = self._span(where)
        escaped = re.escape(where.field)
        begins = re.compile(rf"\s*(?:{escaped}\s*[=.]|\[+\s*{re.escape(where.table)}\s*\.\s*{escaped}\b)")
        for number in range(max(start, 1), end):
            if begins.match(self._lines[number - 1]):
                return self._near(number, end, near) if near else number
        return start

    def _span(self, where: Where) -> tuple[int, int]:
        mine = [number for number, name in self._starts if name == where.table]
        start = mine[where.index] if 0 <= where.index < len(mine) else 0
        return start, next((number for number, _ in self._starts if number > start), len(self._lines) + 1)

    def _near(self, number: int, end: int, near: str) -> int:
        """Return the line from ``number`` on that holds the word: lists and tables run over several lines."""
        quoted = (f'"{near}"', f"'{near}'", f"{near} =")
        lines = range(number, end)
        return next((n for n in lines if any(each in self._lines[n - 1] for each in quoted)), number)


@dataclass
class FaultBook:
    """Collects faults, so that one look at a file tells all of them."""

    lines: Lines
    faults: list[Fault] = field(default_factory=list)

    def add(self, where: Where, what: str, near: str = "", kind: FaultKind = FaultKind.FIELD, now: str = "") -> None:
        """Write down a fault of a field (of the word ``near`` in it)."""
        self.faults.append(Fault(self.lines.of(where, near), where.field, what, kind, now))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)
