"""The event store: append, read from a position, and what is kept beside the events."""

import fcntl
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

import msgspec
from sqlalchemy import Column, ColumnElement, Engine, delete, func, select
from sqlalchemy.exc import DBAPIError

from karez.domain.advice import PreAdvice
from karez.domain.errors import StoreError, StoreTaken
from karez.domain.events import Event, Recorded
from karez.domain.ids import ParcelId, StreamId
from karez.domain.personal import PersonalText
from karez.eventstore import learned_answers, parcel_index
from karez.eventstore.append import Append, Entry
from karez.eventstore.codec import microseconds, recorded
from karez.eventstore.database import connect, head, reading, revision, sqlite_file, upgrade
from karez.eventstore.schema import advice, events, learned, personal, projections, telegrams
from karez.eventstore.writer import Writer, mark_read

_ADVICE = msgspec.json.Decoder(PreAdvice)
_PERSONAL = msgspec.json.Decoder(PersonalText)
_ERASABLE = (personal, advice)
_ERASED_AT_ONCE = 1000


def utc_now() -> datetime:
    """The wall clock, aware UTC."""
    return datetime.now(UTC)


class EventStore:
    """Everything that has happened in one hub.

    Open it with `open_writing` in the control process (one at a time) or `open_reading` elsewhere.
    """

    def __init__(self, engine: Engine, writer: Writer | None, lock: IO[str] | None, copy: Path | None) -> None:
        self._engine, self._writer, self._lock = engine, writer, lock
        self.kept_copy = copy
        self.parcels = parcel_index.ParcelIndex(engine)
        self.learned = learned_answers.LearnedAnswers(engine)

    @classmethod
    def open_writing(
        cls,
        url: str,
        now: Callable[[], datetime] = utc_now,
        gather_s: float = 0.0,
        on_full: Callable[[bool], None] | None = None,
    ) -> Self:
        """Open for the one writer: takes the lock, upgrades the tables (keeping a copy), catches projections up.

        Raises
        ------
        StoreTaken
            When another process writes to it already.
        """
        lock = _take_lock(url)
        engine = connect(url)
        try:
            copy = upgrade(engine, now())
            _catch_up(engine)
        except BaseException:
            engine.dispose()
            if lock is not None:
                lock.close()
            raise
        return cls(engine, Writer(engine, now, gather_s, on_full), lock, copy)

    @classmethod
    def open_reading(cls, url: str) -> Self:
        """Open for reading beside a running hub.

        Raises
        ------
        StoreError
            When there is no store yet, or it is of another version.
        """
        path = sqlite_file(url)
        if path is not None and not path.exists():
            raise StoreError(f"there is no event store at {path}; start the hub once, or name another data folder")
        engine = connect(url)
        if (at := revision(engine)) != head():
            engine.dispose()
            raise StoreError(f"the event store is at revision {at}, this version of Karez works with {head()}")
        return cls(engine, None, None, None)

    def close(self) -> None:
        """Store what is waiting and let go of the database."""
        if self._writer is not None:
            self._writer.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

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
        query = select(events).where(events.c.position > after).order_by(events.c.position).limit(limit)
        with reading(self._engine) as connection:
            return [recorded(row) for row in connection.execute(query)]

    def read_stream(self, stream: StreamId) -> list[Recorded]:
        """History of one stream, in order."""
        query = select(events).where(events.c.stream == stream).order_by(events.c.version)
        with reading(self._engine) as connection:
            return [recorded(row) for row in connection.execute(query)]

    def last_of(self, stream: StreamId) -> Recorded | None:
        """Newest event of one stream."""
        query = select(events).where(events.c.stream == stream).order_by(events.c.version.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else recorded(row)

    def read_kinds(self, kinds: Sequence[str], stream: StreamId) -> list[Recorded]:
        """Events of these kinds in one stream, in order."""
        query = select(events).where(events.c.stream == stream, events.c.kind.in_(kinds)).order_by(events.c.version)
        with reading(self._engine) as connection:
            return [recorded(row) for row in connection.execute(query)]

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty store."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(events.c.position))).scalar() or 0

    def last_inbound(self) -> tuple[str, int] | None:
        """Session and sequence number of the newest telegram from the PLC that was committed."""
        query = (
            select(telegrams.c.session, telegrams.c.seq)
            .where(telegrams.c.direction == "in")
            .order_by(telegrams.c.id.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.session, row.seq)

    def advice(self, waybill: str) -> PreAdvice | None:
        """Pre-advice of a waybill number."""
        with reading(self._engine) as connection:
            data = connection.execute(select(advice.c.data).where(advice.c.waybill == waybill)).scalar()
        return None if data is None else _ADVICE.decode(data)

    def personal(self, parcel: ParcelId) -> PersonalText | None:
        """Label text of a parcel, while it is kept."""
        with reading(self._engine) as connection:
            data = connection.execute(select(personal.c.data).where(personal.c.parcel == parcel)).scalar()
        return None if data is None else _PERSONAL.decode(data)

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


def _take_lock(url: str) -> IO[str] | None:
    """One writer a store: an advisory lock that ends with the process, also when it is killed."""
    path = sqlite_file(url)
    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.with_suffix(".lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise StoreTaken(f"another process writes to {path}; stop that hub first") from None
    return handle


def _catch_up(engine: Engine) -> None:
    """Feed the parcel index what it has not seen: after an upgrade that added it, everything."""
    with engine.begin() as connection:
        query = select(projections.c.position).where(projections.c.name == parcel_index.NAME)
        position = connection.execute(query).scalar() or 0
        while True:
            rows = select(events).where(events.c.position > position).order_by(events.c.position).limit(5000)
            batch = [recorded(row) for row in connection.execute(rows)]
            if not batch:
                return
            parcel_index.project(connection, batch)
            position = batch[-1].position
            mark_read(connection, parcel_index.NAME, position)


def is_written_to(url: str) -> bool:
    """Whether some process has the store open for writing now."""
    try:
        lock = _take_lock(url)
    except StoreTaken:
        return True
    if lock is not None:
        lock.close()
    return False
