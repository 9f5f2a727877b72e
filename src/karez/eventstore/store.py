"""The event store: append, read from a position, and what is kept beside the events."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import Column, ColumnElement, Engine, Select, bindparam, delete, func, select
from sqlalchemy.exc import DBAPIError

from karez.domain.advice import PreAdvice
from karez.domain.errors import StoreError
from karez.domain.events import Event, Recorded
from karez.domain.ids import ParcelId, StreamId
from karez.domain.personal import PersonalText
from karez.eventstore import learned_answers, parcel_index
from karez.eventstore.append import Append, Entry
from karez.eventstore.catching_up import catch_up
from karez.eventstore.codec import microseconds, moment, recorded
from karez.eventstore.database import connect, fetch, head, revision, sqlite_file, upgrade
from karez.eventstore.faults import opening
from karez.eventstore.lookup import Line, Lookup
from karez.eventstore.protocol import JournalRow
from karez.eventstore.schema import advice, events, learned, personal, standing, telegrams
from karez.eventstore.seat import Seat
from karez.eventstore.wal import Log
from karez.eventstore.writer import Tell, Trouble, Writer

_ADVICE = msgspec.json.Decoder(PreAdvice)
_PERSONAL = msgspec.json.Decoder(PersonalText)
_ERASABLE = (personal, advice)
_ERASED_AT_ONCE = 1000
_STREAMS_AT_ONCE = 500


def utc_now() -> datetime:
    """The wall clock, aware UTC."""
    return datetime.now(UTC)


class EventStore:
    """Everything that has happened in one hub.

    Open it with `open_writing` in the control process (one at a time) or `open_reading` elsewhere.
    """

    def __init__(
        self,
        url: str,
        engine: Engine,
        writer: Writer | None = None,
        log: Log | None = None,
        copy: Path | None = None,
        on_away: Tell | None = None,
    ) -> None:
        self._engine, self._writer, self._log = engine, writer, log
        self._reading = connect(url, reading_only=True)
        self._line = Line(self._reading, on_away)
        self._advice = Lookup(self._line, select(advice.c.data).where(advice.c.waybill == bindparam("wanted")))
        self.kept_copy = copy
        self.parcels = parcel_index.ParcelIndex(self._reading, self._line)
        self.learned = learned_answers.LearnedAnswers(self._reading)

    @classmethod
    def open_writing(
        cls,
        url: str,
        now: Callable[[], datetime] = utc_now,
        gather_s: float = 0.0,
        on_full: Tell | None = None,
        on_away: Tell | None = None,
    ) -> Self:
        """Open for the one writer: takes its seat, upgrades the tables (keeping a copy), catches projections up.

        Parameters
        ----------
        on_full, on_away
            Told ``True``, in whatever thread meets it, when the disk is full or the database server cannot be reached,
            and ``False`` when that is over. What waits is then kept and stored later; without someone to tell, it fails
            with `StoreFull` or `StoreAway`.

        Raises
        ------
        StoreTaken
            When another process writes to it already.
        StoreAway
            When there is no database server.
        """
        engine = connect(url)
        try:
            with opening():
                seat = Seat.take(engine)
                try:
                    copy = upgrade(engine, now())
                    catch_up(engine)
                    tell = {Trouble.FULL: on_full, Trouble.AWAY: on_away}
                    told = {trouble: each for trouble, each in tell.items() if each is not None}
                    log = Log(engine, seat) if engine.dialect.name == "sqlite" else None
                    committed = None if log is None else log.committed
                    return cls(url, engine, Writer(seat, now, gather_s, told, committed), log, copy, on_away)
                except BaseException:
                    seat.leave()
                    raise
        except BaseException:
            engine.dispose()
            raise

    @classmethod
    def open_reading(cls, url: str) -> Self:
        """Open for reading beside a running hub.

        Raises
        ------
        StoreError
            When there is no store yet, it is of another version, or (`StoreAway`) its server is not there.
        """
        path = sqlite_file(url)
        if path is not None and not path.exists():
            raise StoreError(f"there is no event store at {path}; start the hub once, or name another data folder")
        engine = connect(url)
        with opening():
            at = revision(engine)
        if at != head():
            engine.dispose()
            raise StoreError(f"the event store is at revision {at}, this version of Karez works with {head()}")
        return cls(url, engine)

    def close(self) -> None:
        """Store what is waiting and let go of the database."""
        if self._log is not None:
            self._log.close()
        if self._writer is not None:
            self._writer.close()
        self._line.close()
        self._reading.dispose()
        self._engine.dispose()

    def submit(self, append: Append) -> "Future[int]":
        """Queue one transaction; the future gives the position of its last event once it is durable."""
        if self._writer is None:
            raise StoreError("this store is open for reading only")
        return self._writer.submit(append)

    def append(self, stream: StreamId, expected: int | None, new: Sequence[Event]) -> int:
        """Append to one stream and wait until it is durable.

        Parameters
        ----------
        expected
            Version the stream must be at; 0 for a new one, ``None`` for any.

        Returns
        -------
        int
            Position of the last event.

        Raises
        ------
        WrongVersion, StoreFull
        """
        return self.submit(Append(entries=[Entry(stream, new, expected)])).result()

    def read(self, after: int = 0, limit: int = 1000) -> list[Recorded]:
        """Events behind a position, in order."""
        return self._events(select(events).where(events.c.position > after).order_by(events.c.position).limit(limit))

    def read_stream(self, stream: StreamId) -> list[Recorded]:
        """History of one stream, in order."""
        return self._events(select(events).where(events.c.stream == stream).order_by(events.c.version))

    def histories(self, streams: Sequence[StreamId]) -> dict[StreamId, list[Recorded]]:
        """Histories of many streams at once; one that has none is left out."""
        found: dict[StreamId, list[Recorded]] = {}
        for start in range(0, len(streams), _STREAMS_AT_ONCE):
            some = streams[start : start + _STREAMS_AT_ONCE]
            query = select(events).where(events.c.stream.in_(some)).order_by(events.c.stream, events.c.version)
            for each in self._events(query):
                found.setdefault(each.stream, []).append(each)
        return found

    def last_of(self, stream: StreamId) -> Recorded | None:
        """Newest event of one stream."""
        query = select(events).where(events.c.stream == stream).order_by(events.c.version.desc()).limit(1)
        return next(iter(self._events(query)), None)

    def read_kinds(self, kinds: Sequence[str], stream: StreamId) -> list[Recorded]:
        """Events of these kinds in one stream, in order."""
        wanted = events.c.stream == stream, events.c.kind.in_(kinds)
        return self._events(select(events).where(*wanted).order_by(events.c.version))

    def standing(self) -> list[Recorded]:
        """Events that still stand, in order: alarms that are up, the last state of each chute, induction and sorter.

        What a start needs besides the live parcels; its price does not grow with the store
        (`karez.eventstore.standing`).
        """
        positions = select(standing.c.position)
        return self._events(select(events).where(events.c.position.in_(positions)).order_by(events.c.position))

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty store."""
        return fetch(self._reading, select(func.max(events.c.position)))[0][0] or 0

    def last_inbound(self) -> tuple[str, int] | None:
        """Session and sequence number of the newest telegram from the PLC that was committed."""
        query = (
            select(telegrams.c.session, telegrams.c.seq)
            .where(telegrams.c.direction == "in")
            .order_by(telegrams.c.id.desc())
            .limit(1)
        )
        row = next(iter(fetch(self._reading, query)), None)
        return None if row is None else (row.session, row.seq)

    def journal(self, after: int = 0, limit: int = 1000) -> list[JournalRow]:
        """Journal behind a row's id, in the order of commits."""
        query = select(telegrams).where(telegrams.c.id > after).order_by(telegrams.c.id).limit(limit)
        return [
            JournalRow(row.id, moment(row.at_us), row.direction, row.session, row.seq, row.type, row.body, row.position)
            for row in fetch(self._reading, query)
        ]

    def advice(self, waybill: str) -> PreAdvice | None:
        """Pre-advice of a waybill number."""
        row = self._advice.first(waybill)
        return None if row is None else _ADVICE.decode(row[0])

    def personal(self, parcel: ParcelId) -> PersonalText | None:
        """Label text of a parcel, while it is kept."""
        rows = fetch(self._reading, select(personal.c.data).where(personal.c.parcel == parcel))
        return _PERSONAL.decode(rows[0].data) if rows else None

    def _events(self, query: Select[Any]) -> list[Recorded]:
        return [recorded(row) for row in fetch(self._reading, query)]

    def erase_personal(self, before: datetime) -> int:
        """Erase label texts and pre-advice from before a time; returns how many rows went."""
        return sum(
            self._erase(table.primary_key.columns[0], table.c.at_us < microseconds(before)) for table in _ERASABLE
        )

    def forget_learned(self, before: datetime) -> int:
        """Erase what operators taught before a time; returns how many answers went."""
        return self._erase(learned.c.id, learned.c.at_us < microseconds(before))

    def _erase(self, key: Column[str], old: ColumnElement[bool]) -> int:
        """In portions: the writer, which waits for each of them, must not wait until it gives up."""
        gone = 0
        while True:
            portion = select(key).where(old).limit(_ERASED_AT_ONCE)
            try:
                with self._engine.begin() as connection:
                    rows = connection.execute(delete(key.table).where(key.in_(portion))).rowcount
            except DBAPIError as error:
                raise StoreError(f"personal data could not be erased: {error.orig}") from error
            gone += rows
            if rows < _ERASED_AT_ONCE:
                return gone
