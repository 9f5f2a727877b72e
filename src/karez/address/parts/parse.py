"""Address text → its parts: a lattice of what each stretch of text could be, and the cheapest way through it."""

import unicodedata
from dataclasses import dataclass

from karez.address.gazetteer import Gazetteer
from karez.address.normalise import LONGEST
from karez.address.parts.between import mark_edge, word_edges
from karez.address.parts.foreign import foreign_parts, is_foreign
from karez.address.parts.known import KnownNames
from karez.address.parts.labels import Label
from karez.address.parts.lattice import Edge, cheapest
from karez.address.parts.numbers import number_edges
from karez.address.parts.spans import Spans
from karez.address.parts.transitions import LABELS

__all__ = ["Label", "Part", "parse"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address; ``text`` is what stands from ``start`` to ``end`` in the text that was given."""

    label: Label
    text: str
    start: int
    end: int


def parse(text: str, gazetteer: Gazetteer) -> tuple[Part, ...]:
    """Cut an address into its parts, from left to right; they do not overlap, and spaces belong to none.

    Parameters
    ----------
    text
        One address, as read or typed. Of a longer text only the first `LONGEST` characters are parsed.
    gazetteer
        The places whose names are known.

    Returns
    -------
    tuple[Part, ...]
        Never raises; empty where the text is empty or blank.
    """
    plain = _plain(text[:LONGEST], gazetteer.traditional)
    if is_foreign(plain):
        return tuple(Part(label, text[start:end], start, end) for label, start, end in foreign_parts(plain, gazetteer))
    known = KnownNames(plain, gazetteer)
    spans = Spans(plain, known.at)

    def edges_at(start: int) -> list[Edge]:
        mark = mark_edge(plain, start)
        if mark is not None:
            return [mark]
        words = word_edges(plain, start, spans.firm)
        return [*known.at.get(start, ()), *number_edges(plain, start), *words, *spans.edges_at(start)]

    found = cheapest(len(plain), edges_at)
    return tuple(Part(LABELS[label], text[start:end], start, end) for start, end, label in found)


def _plain(text: str, traditional: dict[int, str]) -> str:
    """Fold widths and traditional characters, one character for one, so that places in the text stay true."""
    folded = [unicodedata.normalize("NFKC", character) for character in text]
    one_for_one = "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))
    return one_for_one.translate(traditional)
