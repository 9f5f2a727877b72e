"""Outcomes against truth: identified, wrong, exact lines. Pure counting."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from karez.bench.outcome import Outcome
from karez.simulation.label_layout import PrintedLine

SCRIPTS = {"zh": "Hans", "ug": "Arab", "en": "Latn"}
"""Column → script of the line (ISO 15924)."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What truly stands in a picture: its waybills, and the recipients' address lines as printed."""

    waybills: tuple[str, ...]
    lines: tuple[PrintedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """How one outcome fared.

    Attributes
    ----------
    identified
        The waybill was taken; of two different ones in a picture, both were told apart and none was taken.
    wrong
        A number was taken that is not the parcel's; of two different ones, one was taken as if it were alone.
    lines
        Column → (exact, printed).
    """

    identified: bool
    wrong: bool
    lines: dict[str, tuple[int, int]]


def mark(truth: Truth, outcome: Outcome) -> Mark:
    """Hold one outcome against the truth."""
    if len(truth.waybills) > 1:
        told_apart = outcome.waybill is None and set(truth.waybills) <= set(outcome.seen)
        return Mark(told_apart, outcome.waybill is not None, _lines(truth, outcome))
    right = outcome.waybill == truth.waybills[0]
    return Mark(right, outcome.waybill is not None and not right, _lines(truth, outcome))


def _lines(truth: Truth, outcome: Outcome) -> dict[str, tuple[int, int]]:
    counted: dict[str, tuple[int, int]] = {}
    for column, script in SCRIPTS.items():
        printed = [line for line in truth.lines if line.script == script]
        counted[column] = (len(printed) - len(unread(printed, outcome.lines)), len(printed))
    return counted


def unread(printed: Sequence[PrintedLine], read: Sequence[str]) -> list[PrintedLine]:
    """Give the printed lines that stand nowhere, exactly, among those that were read."""
    forms = {script: {plain(line, script) for line in read} for script in {line.script for line in printed}}
    return [line for line in printed if plain(line.text, line.script) not in forms[line.script]]


def nearest(printed: PrintedLine, read: Sequence[str]) -> str | None:
    """Give the line read that has most in common with a printed one; ``None`` where none has half."""
    forms = {plain(line, printed.script): line for line in read}
    close = get_close_matches(plain(printed.text, printed.script), forms, n=1, cutoff=0.5)
    return forms[close[0]] if close else None


def plain(line: str, script: str) -> str:
    """Bring a line into the form in which lines are compared.

    NFKC for all. Chinese is set without spaces, and those that print has mean nothing: they go. Between Uyghur and
    English words a space counts like a letter, but how wide it is printed does not: runs of them become one.
    """
    words = unicodedata.normalize("NFKC", line).split()
    return ("" if script == "Hans" else " ").join(words)


@dataclass(slots=True)
class Score:
    """How a subject fared under one condition, picture by picture, in the order in which they were read.

    Attributes
    ----------
    marks
        One a picture.
    cpu_ms
        Processor time of each; ``None`` where the subject crashed or hung on it: nobody knows what that took.
    """

    marks: list[Mark] = field(default_factory=list)
    cpu_ms: list[float | None] = field(default_factory=list)

    def add(self, given: Mark, outcome: Outcome) -> None:
        """Count one picture."""
        self.marks.append(given)
        self.cpu_ms.append(None if outcome.failed else outcome.cpu_ms)

    def first(self, count: int) -> "Score":
        """Give the score of the first pictures by themselves."""
        return Score(self.marks[:count], self.cpu_ms[:count])

    @property
    def pictures(self) -> int:
        """Number of pictures handed over."""
        return len(self.marks)

    @property
    def identified(self) -> int:
        """Number of pictures identified."""
        return sum(given.identified for given in self.marks)

    @property
    def wrong(self) -> int:
        """Number of pictures of which a wrong number was taken."""
        return sum(given.wrong for given in self.marks)

    @property
    def failed(self) -> int:
        """Number of pictures on which the subject crashed or hung."""
        return self.cpu_ms.count(None)

    @property
    def lines(self) -> dict[str, tuple[int, int]]:
        """Column → (exact, printed), of all pictures together."""
        return {
            column: (
                sum(given.lines[column][0] for given in self.marks),
                sum(given.lines[column][1] for given in self.marks),
            )
            for column in SCRIPTS
        }

    @property
    def median_ms(self) -> float | None:
        """Median processor time of a picture that was read."""
        return percentile(self.cpu_ms, 50)

    @property
    def p95_ms(self) -> float | None:
        """Processor time that 95 % of the pictures that were read keep within."""
        return percentile(self.cpu_ms, 95)


def ratio_of_medians(one: Score, other: Score) -> float | None:
    """Divide two medians of processor time over the pictures that both read; ``None`` where there is none.

    Subjects get the same pictures in the same order; one may have been given only the first of them.
    """
    both = [(a, b) for a, b in zip(one.cpu_ms, other.cpu_ms, strict=False) if a is not None and b is not None]
    if not both:
        return None
    first, second = np.median(both, axis=0)
    return float(first / second) if second else None


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """Give a percentile of the values that are known; ``None`` where none is."""
    known = [value for value in values if value is not None]
    return float(np.percentile(known, share)) if known else None
