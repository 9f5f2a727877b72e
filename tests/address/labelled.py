"""Reads the labelled Chinese addresses (BIO/BMES lines, one character each) for the peer tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Labelled(NamedTuple):
    """One address: the whole text, and the text of each label (the first of its kind)."""

    text: str
    parts: dict[str, str]
    rest: str  # the text behind province, city and district

    def without(self, *labels: str) -> str:
        """Return the text without the parts of those labels (each taken off once, from the front)."""
        text = self.text
        for label in labels:
            text = text.replace(self.parts.get(label, ""), "", 1)
        return text


def rows(path: Path) -> Iterator[Labelled]:
    """Yield the addresses of a file."""
    block: list[tuple[str, str]] = []
    for line in [*path.read_text("utf-8").split("\n"), ""]:
        if line.strip():
            character, _, tag = line.rpartition(" ")
            block.append((character, tag))
        elif block:
            yield _labelled(block)
            block = []


def _labelled(block: list[tuple[str, str]]) -> Labelled:
    spans: list[tuple[str, str]] = []
    for character, tag in block:
        kind = tag[2:]
        if tag[0] in "BS" or not spans or spans[-1][0] != kind:
            spans.append((kind, character))
        else:
            spans[-1] = (kind, spans[-1][1] + character)
    parts: dict[str, str] = {}
    for kind, text in spans:
        parts.setdefault(kind, text)
    rest = "".join(text for kind, text in spans if kind not in ("prov", "city", "district"))
    return Labelled("".join(character for character, _ in block), parts, rest)
