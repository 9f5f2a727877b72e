"""Reads labelled Chinese addresses: one character and its tag (BIO or BMES) a line, a blank line between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from karez.domain.errors import BadInput

PROVINCE, CITY, DISTRICT = "prov", "city", "district"
"""Labels of the names above the township."""

_FORM = "a line is a character, a space and its tag"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One address of a labelled set.

    Attributes
    ----------
    number
        Its place in the file, from 1: results name rows by it, never by their text.
    spans
        (label, text) from left to right; together they are the whole text.
    """

    number: int
    spans: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The whole address."""
        return "".join(text for _, text in self.spans)

    def first(self, label: str) -> str | None:
        """Give the first text of a label; ``None`` where the row has none."""
        return next((text for kind, text in self.spans if kind == label), None)

    def without(self, *labels: str) -> str:
        """Give the text without all parts of those labels."""
        return "".join(text for kind, text in self.spans if kind not in labels)


def read(path: Path) -> list[Labelled]:
    """Read the addresses of a file.

    Raises
    ------
    BadInput
        The file is not there or not UTF-8, a line is no character with a tag, or no address is in it.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput("it cannot be read as a labelled set", str(path), "name the folder that holds it") from fault
    found = [Labelled(number, spans) for number, spans in enumerate(_blocks(lines, path), 1)]
    if not found:
        raise BadInput("there is no address in it", str(path), _FORM)
    return found


def _blocks(lines: list[str], path: Path) -> Iterator[tuple[tuple[str, str], ...]]:
    spans: list[tuple[str, str]] = []
    for number, line in enumerate(chain(lines, [""]), 1):
        if not line.strip():
            if spans:
                yield tuple(spans)
            spans = []
            continue
        character, space, tag = line.rstrip("\r").rpartition(" ")
        if not space or not tag:
            raise BadInput("no character with its tag", f"{path}:{number}", _FORM)
        label, begins = tag[2:], tag[0] in "BSO"
        if spans and not begins and spans[-1][0] == label:
            spans[-1] = (label, spans[-1][1] + character)
        else:
            spans.append((label, character))
