"""What one append carries: events with the version they expect, and what must be committed with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from karez.domain.advice import PreAdvice
from karez.domain.events import Event
from karez.domain.ids import AnswerId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText


@dataclass(frozen=True, slots=True)
class Entry:
    """Events for one stream.

    Attributes
    ----------
    expected
        Version the stream must be at (0: it does not exist yet); ``None`` takes any.
    """

    stream: StreamId
    events: Sequence[Event]
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Journalled:
    """One line of the journal: a telegram, or another input that a replay needs.

    Attributes
    ----------
    direction
        ``"in"`` from the PLC, ``"out"`` to it; any other word for what came from elsewhere. `last_inbound` looks at
        ``"in"`` only.
    session, seq
        Of the telegram; empty and 0 where the driver numbers it later, or nobody does.
    type, body
        Its name, and JSON of its fields.
    """

    direction: str
    session: str
    seq: int
    type: str
    body: str


@dataclass(frozen=True, slots=True)
class Append:
    """One transaction: all of it is committed, or nothing."""

    entries: Sequence[Entry] = ()
    telegrams: Sequence[Journalled] = ()
    personal: Sequence[PersonalText] = ()
    advice: Sequence[PreAdvice] = ()
    learned: Sequence[LearnedAnswer] = ()
    unlearned: Sequence[AnswerId] = ()
