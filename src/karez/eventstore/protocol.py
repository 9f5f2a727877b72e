"""What the hub asks of an event store, whichever keeps it: SQLite, PostgreSQL or memory."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from karez.domain.advice import PreAdvice
from karez.domain.events import Event, Recorded
from karez.domain.ids import AnswerId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText
from karez.eventstore.append import Append
from karez.eventstore.parcel_row import ParcelRow


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line of the journal.

    Attributes
    ----------
    id
        Running number from 1, in the order of commits.
    at
        When it was committed, aware UTC.
    direction, session, seq, type, body
        As they were handed in (`karez.eventstore.append.Journalled`).
    position
        Of the last event committed with it or before it; ``None`` in rows from before this was written down.
    """

    id: int
    at: datetime
    direction: str
    session: str
    seq: int
    type: str
    body: str
    position: int | None


class Parcels(Protocol):
    """The index of parcels, as new as the last commit."""

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        """Parcels whose waybill or id starts with ``text``, newest first; all of them for an empty text."""
        ...

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        """Parcel of this id, else the newest with this waybill number."""
        ...

    def holds(self, parcel: ParcelId) -> bool:
        """Whether there is, or was, a parcel of this id."""
        ...

    def live(self) -> Sequence[ParcelRow]:
        """Parcels that have no final state yet, oldest first."""
        ...


class Learned(Protocol):
    """Answers of coding operators, as new as the last commit."""

    def any_below(self, above: str) -> bool:
        """Whether there are any to addresses that begin so; to any address, for an empty beginning."""
        ...

    def of(self, address: str) -> Sequence[LearnedAnswer]:
        """Answers to one address, oldest first."""
        ...

    def get(self, id: AnswerId) -> LearnedAnswer | None:
        """The answer of that id."""
        ...

    def all(self) -> Sequence[LearnedAnswer]:
        """Every answer, by address, oldest first."""
        ...


class Store(Protocol):
    """Everything that has happened in one hub, and what is kept beside it."""

    @property
    def parcels(self) -> Parcels:
        """Index of parcels."""
        ...

    @property
    def learned(self) -> Learned:
        """What operators taught."""
        ...

    def submit(self, append: Append) -> "Future[int]":
        """Queue one transaction; the future gives the position of its last event once it is durable.

        Transactions are committed, and their futures done, in the order of submission.
        """
        ...

    def append(self, stream: StreamId, expected: int | None, new: Sequence[Event]) -> int:
        """Append to one stream, wait until it is durable, and give the position of the last event."""
        ...

    def read(self, after: int = 0, limit: int = 1000) -> list[Recorded]:
        """Events behind a position, in order."""
        ...

    def read_stream(self, stream: StreamId) -> list[Recorded]:
        """History of one stream, in order."""
        ...

    def histories(self, streams: Sequence[StreamId]) -> dict[StreamId, list[Recorded]]:
        """Histories of many streams at once; one that has none is left out."""
        ...

    def last_of(self, stream: StreamId) -> Recorded | None:
        """Newest event of one stream."""
        ...

    def read_kinds(self, kinds: Sequence[str], stream: StreamId) -> list[Recorded]:
        """Events of these kinds in one stream, in order."""
        ...

    def standing(self) -> list[Recorded]:
        """Events that still stand, in order: alarms that are up, the last state of each chute, induction and sorter.

        What a start needs besides the live parcels; its price does not grow with the store
        (`karez.eventstore.standing`).
        """
        ...

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty store."""
        ...

    def last_inbound(self) -> tuple[str, int] | None:
        """Session and sequence number of the newest telegram from the PLC that was committed."""
        ...

    def journal(self, after: int = 0, limit: int = 1000) -> list[JournalRow]:
        """Journal behind a row's id, in the order of commits."""
        ...

    def advice(self, waybill: str) -> PreAdvice | None:
        """Pre-advice of a waybill number."""
        ...

    def personal(self, parcel: ParcelId) -> PersonalText | None:
        """Label text of a parcel, while it is kept."""
        ...
