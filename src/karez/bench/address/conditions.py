"""The conditions of the labelled set: what is left of an address, and the errors put into it."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from karez.bench.address.decidable import Decider
from karez.bench.address.labelled import CITY, DISTRICT, PROVINCE
from karez.bench.address.noise import Halves, with_lookalikes, with_one_dropped
from karez.bench.address.reader_noise import ReaderNoise
from karez.bench.address.truth import Row

WHOLE, NO_PROVINCE, NO_CITY = "whole", "province dropped", "province and city dropped"
LOOKALIKES, ONE_LOST, READER = "look-alike noise", "one character dropped", "reader's noise"
NO_DISTRICT = "district dropped"

Spoil = Callable[[str, random.Random], str]
"""Puts errors into a text."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows as a subject gets them.

    Attributes
    ----------
    texts
        One a row.
    decidable
        One a row: whether the text, before errors were put into it, tells which county is meant.
    changed
        One a row: whether an error was put into it.
    changed_share
        Errors to characters, over all rows.
    holds_out
        Whether the errors are look-alikes of the half that Karez must not repair by.
    names_county
        Whether the county's name was left in. Where it was not, no answer can say what the text called the county,
        and one that gives no place is not at fault.
    """

    name: str
    texts: list[str]
    decidable: list[bool]
    changed: list[bool]
    changed_share: float
    holds_out: bool = False
    names_county: bool = True


def conditions(rows: Sequence[Row], decider: Decider, halves: Halves, share: float, seed: int) -> Iterator[Condition]:
    """Make the conditions, one after the other; the same seed makes the same."""

    def made(name: str, dropped: tuple[str, ...] = (), spoil: Spoil = _as_it_is, holds_out: bool = False) -> Condition:
        rng = random.Random(f"{seed} {name}")
        given = [row.address.without(*dropped) for row in rows]
        texts = [spoil(text, rng) for text in given]
        decidable = [decider.is_decidable(row, dropped) for row in rows]
        errors = [Levenshtein.distance(text, was) for text, was in zip(texts, given, strict=True)]
        changed = [error > 0 for error in errors]
        changed_share = sum(errors) / max(1, sum(map(len, given)))
        return Condition(name, texts, decidable, changed, changed_share, holds_out, DISTRICT not in dropped)

    yield made(WHOLE)
    yield made(NO_PROVINCE, (PROVINCE,))
    yield made(NO_CITY, (PROVINCE, CITY))
    yield made(LOOKALIKES, (), lambda text, rng: with_lookalikes(text, halves.held_out, share, rng), holds_out=True)
    yield made(ONE_LOST, (), with_one_dropped)
    reader = ReaderNoise.measured()
    yield made(READER, (), lambda text, rng: reader.spoil(text, share, rng))
    yield made(NO_DISTRICT, (DISTRICT,))


def _as_it_is(text: str, rng: random.Random) -> str:
    return text
