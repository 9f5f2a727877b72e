"""What a run counts and times."""

from dataclasses import dataclass, field

from karez.bench.sorter.quantiles import Times
from karez.domain.telegrams import DivertOutcome

_SLOWEST = 20


@dataclass(frozen=True, slots=True)
class Slow:
    """One of the slowest answers: when its question was due, how late that left, and how late the answer came."""

    due_s: float
    sent_late_ms: float
    answered_ms: float


@dataclass(slots=True)
class Tally:
    """The counts of a run.

    Attributes
    ----------
    prompt
        From due time to answer, of questions whose code alone decides.
    waiting
        The same where the hub may wait for a picture first: nothing was read, or the number is not known.
    sent_late
        How late the questions themselves left the generator; it is contained in the others.
    late, waiting_late
        Answers behind the last-chance point of the chute they name; of these, those that may have waited.
    slow
        The slowest of the prompt answers, slowest first.
    """

    inducted: int = 0
    asked: int = 0
    answered: int = 0
    late: int = 0
    waiting_late: int = 0
    diverted: int = 0
    excepted: int = 0
    recirculated: int = 0
    prompt: Times = field(default_factory=Times)
    waiting: Times = field(default_factory=Times)
    sent_late: Times = field(default_factory=Times)
    slow: list[Slow] = field(default_factory=list)

    def answer(self, due_s: float, sent_s: float, now_s: float, *, prompt: bool, late: bool) -> None:
        """Count one answer."""
        spent_s = now_s - due_s
        self.answered += 1
        self.late += late
        self.waiting_late += late and not prompt
        if not prompt:
            self.waiting.add(spent_s)
            return
        self.prompt.add(spent_s)
        if len(self.slow) < _SLOWEST or spent_s * 1000 > self.slow[-1].answered_ms:
            self.slow.append(Slow(round(due_s, 3), _ms(sent_s - due_s), _ms(spent_s)))
            self.slow.sort(key=lambda each: -each.answered_ms)
            del self.slow[_SLOWEST:]

    def end(self, outcome: DivertOutcome, *, into_exception: bool) -> None:
        """Count what became of an order."""
        if outcome is not DivertOutcome.OK:
            self.recirculated += 1
        elif into_exception:
            self.excepted += 1
        else:
            self.diverted += 1


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
