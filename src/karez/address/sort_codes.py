"""Sort codes (三段码) → areas: the hub's own table, matched from the front, segment by segment."""

import re
from pathlib import Path

from karez.address.toml_file import read_toml
from karez.domain.errors import BadConfig
from karez.domain.ids import AreaId


class SortCodes:
    """A longest-prefix table. Companies' codes are configuration: none is shipped as fact."""

    def __init__(self, table: dict[str, AreaId]) -> None:
        self._table = {_segments(code): area for code, area in table.items()}

    @classmethod
    def load(cls, path: Path) -> "SortCodes":
        """Read a table ``[codes]`` of ``"902A M088" = "AREA"``.

        Raises
        ------
        BadConfig
            With line and field of every fault.
        """
        text, data = read_toml(path)
        codes = data.get("codes")
        faults = [(_line(text, key), key, "is no field; the table is [codes]") for key in data if key != "codes"]
        if not isinstance(codes, dict):
            raise BadConfig(str(path), [*faults, (0, "codes", "the table [codes] is missing")])
        faults += _faults(text, codes)
        if faults:
            raise BadConfig(str(path), faults)
        return cls({code: AreaId(area) for code, area in codes.items()})

    @property
    def areas(self) -> frozenset[AreaId]:
        """Every area that the table names."""
        return frozenset(self._table.values())

    def lookup(self, code: str) -> AreaId | None:
        """Return the area of the longest entry that the code begins with, ``None`` where none fits."""
        segments = _segments(code)
        for length in range(len(segments), 0, -1):
            if segments[:length] in self._table:
                return self._table[segments[:length]]
        return None


def _faults(text: str, codes: dict[str, object]) -> list[tuple[int, str, str]]:
    faults: list[tuple[int, str, str]] = []
    seen: set[tuple[str, ...]] = set()
    for code, area in codes.items():
        if not _segments(code):
            faults.append((_line(text, code), code, "is no sort code"))
        elif _segments(code) in seen:
            faults.append((_line(text, code), code, "stands in the table twice"))
        if not isinstance(area, str) or not area:
            faults.append((_line(text, code), code, "must be the id of an area"))
        seen.add(_segments(code))
    return faults


def _segments(code: str) -> tuple[str, ...]:
    """Split a code as printed; hyphens and spaces are read in each other's place."""
    return tuple(re.findall(r"[0-9A-Z一-鿿]+", code.upper()))


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf'\s*\[?"?{re.escape(key)}"?\s*[=\]]', line):
            return number
    return 0
