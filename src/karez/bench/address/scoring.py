"""Answers counted: right, wrong, unresolved; how sure; and what they cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SURE = 0.95
"""At this confidence an answer must hardly ever be wrong."""


class Verdict(StrEnum):
    """How one answer fared."""

    RIGHT = "right"
    WRONG = "wrong"
    NAMED = "named"  # no place is given, but the right one is among the candidates
    NONE = "none"  # no place is given, and the right one is not among them


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict on one row.

    Attributes
    ----------
    number
        Of the row in its file.
    decidable
        Whether the text tells which place is meant, by the truth and the map.
    confidence
        Of the answer; ``None`` where no place or no confidence is given.
    why
        Reason code of the answer.
    as_labelled
        Whether a right answer calls the county as the label does; else it is another name of the same.
    """

    number: int
    verdict: Verdict
    decidable: bool
    confidence: float | None = None
    why: str = ""
    as_labelled: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether a place was given for sure."""
        return self.confidence is not None and self.confidence >= SURE


@dataclass(slots=True)
class Score:
    """How a subject fared on the rows of one condition.

    Attributes
    ----------
    cpu_us, wall_us
        Mean of one address over all rows of the condition, in microseconds: of the thread, and on the wall.
    noisy_cpu_us
        The same over the rows alone in which a character was changed; ``None`` where it was not measured.
    """

    marks: list[Mark] = field(default_factory=list)
    cpu_us: float = 0.0
    wall_us: float = 0.0
    noisy_cpu_us: float | None = None

    def count(self, *verdicts: Verdict, decidable: bool | None = None) -> int:
        """Count the rows of those verdicts; only the decidable or undecidable ones where that is asked for."""
        return sum(
            mark.verdict in verdicts and (decidable is None or mark.decidable == decidable) for mark in self.marks
        )

    @property
    def decidable(self) -> int:
        """Number of rows whose text tells which place is meant."""
        return sum(mark.decidable for mark in self.marks)

    @property
    def sure_and_wrong(self) -> int:
        """Number of rows, of all, that were answered for sure and wrongly."""
        return sum(mark.is_sure and mark.verdict == Verdict.WRONG for mark in self.marks)

    @property
    def sure_of_decidable(self) -> int:
        """Number of decidable rows that were answered for sure."""
        return sum(mark.is_sure and mark.decidable for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Reliability:
    """One line of a reliability table: of ``n`` answers given that confidence, so many were right."""

    confidence: float
    n: int
    right: int


def reliability(marks: Iterable[Mark]) -> list[Reliability]:
    """Count answers by the confidence that they were given, the surest first."""
    counted: dict[float, tuple[int, int]] = {}
    for mark in marks:
        if mark.confidence is not None:
            n, right = counted.get(mark.confidence, (0, 0))
            counted[mark.confidence] = (n + 1, right + (mark.verdict == Verdict.RIGHT))
    return [Reliability(confidence, *counted[confidence]) for confidence in sorted(counted, reverse=True)]


def wrong_numbers(marks: Sequence[Mark]) -> list[int]:
    """Give the row numbers that were answered wrongly."""
    return [mark.number for mark in marks if mark.verdict == Verdict.WRONG]
