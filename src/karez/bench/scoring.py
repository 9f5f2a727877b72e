"""Outcomes against truth: identified, wrong, exact lines. Pure counting."""

import unicodedata
from collections.abc import Sequence
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
    """Sums over the pictures of one condition."""

    pictures: int = 0
    identified: int = 0
    wrong: int = 0
    failed: int = 0
    lines: dict[str, list[int]] = field(default_factory=lambda: {column: [0, 0] for column in SCRIPTS})
    cpu_ms: list[float] = field(default_factory=list)

    def add(self, given: Mark, outcome: Outcome) -> None:
        """Count one picture."""
        self.pictures += 1
        self.identified += given.identified
        self.wrong += given.wrong
        self.failed += outcome.failed
        self.cpu_ms.append(outcome.cpu_ms)
        for column, (exact, printed) in given.lines.items():
            self.lines[column][0] += exact
            self.lines[column][1] += printed

    @property
    def median_ms(self) -> float:
        """Median processor time a picture."""
        return percentile(self.cpu_ms, 50)

    @property
    def p95_ms(self) -> float:
        """Processor time that 95 % of the pictures keep within."""
        return percentile(self.cpu_ms, 95)


def percentile(values: Sequence[float], share: float) -> float:
    """Give a percentile; 0 of nothing."""
    return float(np.percentile(values, share)) if values else 0.0
