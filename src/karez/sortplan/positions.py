"""On which line of a TOML file a table or field stands, so that a fault can name it."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=")


class Positions:
    """Looks fields up as ``("rule", 3, "chute")``: table, its number among those of its name, field.

    A reader of lines, not of TOML: keys inside brackets that span lines count as the field's own line.
    """

    def __init__(self, text: str) -> None:
        self._tables: dict[tuple[str, int], int] = {}
        self._fields: dict[tuple[str, int, str], int] = {}
        table, number = "", 0
        for line_number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                table = header[2]
                number = sum(name == table for name, _ in self._tables)
                self._tables[table, number] = line_number
            elif key := _KEY.match(line):
                self._fields.setdefault((table, number, key[1]), line_number)

    def line(self, place: Sequence[str | int]) -> int:
        """Line of a field, else of its table, else 0."""
        table, number, field = _parts(place)
        if not table:
            return self._fields.get(("", 0, field)) or self._tables.get((field, 0), 0)
        return self._fields.get((table, number, field)) or self._tables.get((table, number), 0)


def _parts(place: Sequence[str | int]) -> tuple[str, int, str]:
    """Table, number and field of a place like ``("rule", 3, "chute", 0)`` or ``("oversize", "chute")``."""
    match list(place):
        case [str(table), int(number), str(field), *_]:
            return table, number, field
        case [str(table), int(number), *_]:
            return table, number, ""
        case [str(table), str(field), *_]:
            return table, 0, field
        case [str(field), *_]:
            return "", 0, field
        case _:
            return "", 0, ""
