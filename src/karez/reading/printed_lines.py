"""What text reading hands on: lines as printed on one label, and fields found in them."""

from dataclasses import dataclass

from karez.domain.reading import Line
from karez.reading.views import Region


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it was read, and where it stands on the upright label (slope taken out)."""

    line: Line
    place: Region


@dataclass(frozen=True, slots=True)
class Field:
    """A value found in the lines: which of them, how sure (0 to 1), and what was read before a look-alike's repair."""

    value: str
    lines: tuple[int, ...]
    confidence: float
    read_as: str | None = None
