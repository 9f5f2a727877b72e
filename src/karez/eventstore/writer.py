"""The one writer: gathers what is waiting and commits it together (group commit)."""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from karez.domain.errors import StoreError, StoreFull, WrongVersion
from karez.domain.events import Recorded
from karez.domain.ids import StreamId
from karez.eventstore import learned_answers, parcel_index
from karez.eventstore.append import Append
from karez.eventstore.codec import encode, encode_json, microseconds
from karez.eventstore.schema import advice, events, personal, projections, telegrams

_Job = tuple[Append, "Future[int]"]
_MOST_A_COMMIT = 512
_RETRY_S = 0.25


class Writer:
    """Thread that owns all writing.

    Parameters
    ----------
    now
        Clock, aware UTC.
    gather_s
        How long a commit waits for company; 0 takes what is there, which under load is plenty: while one commit
        syncs, the next ones queue up.
    on_full
        Told ``True`` when the disk is full, ``False`` when it has space again. With it, what waits is kept and tried
        again until it is stored; without it, each waiting append fails with `StoreFull`.
    """

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        gather_s: float = 0.0,
        on_full: Callable[[bool], None] | None = None,
    ) -> None:
        self._engine, self._now, self._gather_s, self._on_full = engine, now, gather_s, on_full
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._versions: dict[StreamId, int] = {}
        self._position = self._last_position()
        self._full = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="karez-writer", daemon=True)
        self._thread.start()

    @property
    def position(self) -> int:
        """Position of the last committed event."""
        return self._position

    def submit(self, append: Append) -> "Future[int]":
        """Queue one transaction; the future gives the position of its last event once it is on disk."""
        future: Future[int] = Future()
        future.set_running_or_notify_cancel()  # it will be stored: nobody can cancel that by no longer waiting
        if self._stopping.is_set():
            future.set_exception(StoreError("the store is closed"))
            return future
        self._jobs.put((append, future))
        return future

    def close(self) -> None:
        """Store what is waiting, then end the thread."""
        self._stopping.set()
        self._jobs.put(None)
        self._thread.join()

    def _last_position(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.max(events.c.position))).scalar() or 0

    def _run(self) -> None:
        ended = False
        while not ended:
            jobs, ended = self._gather()
            if jobs:
                self._store(jobs)

    def _gather(self) -> tuple[list[_Job], bool]:
        first = self._jobs.get()
        if first is None:
            return [], True
        if self._gather_s:
            time.sleep(self._gather_s)
        jobs = [first]
        while len(jobs) < _MOST_A_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _store(self, jobs: Sequence[_Job]) -> None:
        while True:
            try:
                done = self._commit(jobs)
            except Exception as error:  # whatever it is: without its thread the hub would hang in silence
                self._versions.clear()
                if not _is_full(error):
                    return self._store_apart(jobs, error)
                if self._on_full is None or self._stopping.is_set():
                    return _fail(jobs, StoreFull(f"no space left for the event store: {_said(error)}"))
                self._tell(full=True)
                time.sleep(_RETRY_S)
                continue
            self._tell(full=False)
            for future, result in done:
                future.set_exception(result) if isinstance(result, StoreError) else future.set_result(result)
            return None

    def _tell(self, *, full: bool) -> None:
        if full is not self._full and self._on_full is not None:
            self._full = full
            self._on_full(full)

    def _store_apart(self, jobs: Sequence[_Job], error: Exception) -> None:
        """One bad append must not take its neighbours with it."""
        if len(jobs) > 1:
            for job in jobs:
                self._store([job])
        else:
            _fail(jobs, StoreError(f"the event store refused an append: {_said(error)}"))

    def _commit(self, jobs: Sequence[_Job]) -> list[tuple["Future[int]", int | StoreError]]:
        at = self._now()
        position = self._position
        done: list[tuple[Future[int], int | StoreError]] = []
        batch: list[Recorded] = []
        versions = dict[StreamId, int]()
        with self._engine.begin() as connection:
            accepted = []
            for append, future in jobs:
                try:
                    recorded = self._number(connection, append, position, at, versions)
                except WrongVersion as wrong:
                    done.append((future, wrong))
                    continue
                batch += recorded
                position += len(recorded)
                accepted.append(append)
                done.append((future, position))
            _insert(connection, accepted, batch, microseconds(at))
        self._position = position
        self._versions.update(versions)
        if len(self._versions) > 100_000:
            self._versions.clear()
        return done

    def _number(
        self,
        connection: Connection,
        append: Append,
        position: int,
        at: datetime,
        versions: dict[StreamId, int],
    ) -> list[Recorded]:
        """Give each event of one append its position and version, or find that the version is another one."""
        mine = dict[StreamId, int]()
        recorded = []
        for entry in append.entries:
            version = mine.get(entry.stream, versions.get(entry.stream, -1))
            if version < 0:
                version = self._version(connection, entry.stream)
            if entry.expected is not None and entry.expected != version:
                raise WrongVersion(entry.stream, entry.expected, version)
            for event in entry.events:
                position += 1
                version += 1
                recorded.append(Recorded(position, entry.stream, version, at, event))
            mine[entry.stream] = version
        versions.update(mine)
        return recorded

    def _version(self, connection: Connection, stream: StreamId) -> int:
        if stream in self._versions:
            return self._versions[stream]
        query = select(func.max(events.c.version)).where(events.c.stream == stream)
        return connection.execute(query).scalar() or 0


def _insert(connection: Connection, accepted: Sequence[Append], batch: Sequence[Recorded], at_us: int) -> None:
    if batch:
        connection.execute(insert(events), [_event_row(each, at_us) for each in batch])
        parcel_index.project(connection, batch)
        mark_read(connection, parcel_index.NAME, batch[-1].position)
    journal = [
        {
            "at_us": at_us,
            "direction": each.direction,
            "session": each.session,
            "seq": each.seq,
            "type": each.type,
            "body": each.body,
        }
        for append in accepted
        for each in append.telegrams
    ]
    if journal:
        connection.execute(insert(telegrams), journal)
    for append in accepted:
        for text in append.personal:
            _replace(connection, personal, "parcel", text.parcel, at_us, encode_json(text).decode())
        for row in append.advice:
            _replace(connection, advice, "waybill", row.waybill, at_us, encode_json(row).decode())
        learned_answers.change(connection, append.learned, append.unlearned)


def _event_row(each: Recorded, at_us: int) -> dict[str, object]:
    return {
        "position": each.position,
        "stream": each.stream,
        "version": each.version,
        "at_us": at_us,
        "kind": each.event.kind,
        "schema": each.event.schema,
        "data": encode(each.event),
    }


def _replace(connection: Connection, table: Table, key: str, value: str, at_us: int, data: str) -> None:

    connection.execute(delete(table).where(table.c[key] == value))
    connection.execute(insert(table).values({key: value, "at_us": at_us, "data": data}))


def mark_read(connection: Connection, name: str, position: int) -> None:
    """Write down how far a projection has read."""
    connection.execute(delete(projections).where(projections.c.name == name))
    connection.execute(insert(projections).values(name=name, position=position))


def _fail(jobs: Sequence[_Job], error: StoreError) -> None:
    for _, future in jobs:
        future.set_exception(error)


def _said(error: Exception) -> object:
    return error.orig if isinstance(error, DBAPIError) else repr(error)


def _is_full(error: Exception) -> bool:
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.OperationalError):
        # A tmpfs that runs out while the log grows shows as an I/O error of the write.
        return original.sqlite_errorname in {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"}
    return getattr(original, "sqlstate", None) == "53100"  # PostgreSQL: disk_full
