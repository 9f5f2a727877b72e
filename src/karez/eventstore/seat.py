"""The one writer's seat: its connection, and the lock that keeps everybody else from it."""

import fcntl
import time
from typing import IO, Any, Self

from sqlalchemy import Connection, Engine, text

from karez.domain.errors import StoreTaken
from karez.eventstore.database import connect, sqlite_file
from karez.eventstore.faults import opening

# One seat a schema: two hubs may share a database, not their tables.
_LOCK = text("SELECT pg_try_advisory_lock(hashtext('karez.writer'), hashtext(current_schema()))")

_LINGERS_S = 1.0
"""The server gives a lock free a moment after its session has ended: a hub that is started again must not stumble."""


class Seat:
    """Taken by one process at a time; it falls free with its process, also when that is killed.

    SQLite: a locked file beside the store. PostgreSQL: an advisory lock of the writer's own session, so that losing the
    connection is losing the seat.
    """

    def __init__(self, engine: Engine, lock: IO[str] | None) -> None:
        self._engine, self._lock = engine, lock
        self.connection = self._sit_down()

    @classmethod
    def take(cls, engine: Engine) -> Self:
        """Take it.

        Raises
        ------
        StoreTaken
            When another process has it.
        """
        lock = _lock_file(str(engine.url))
        try:
            return cls(engine, lock)
        except BaseException:
            if lock is not None:
                lock.close()
            raise

    def take_again(self) -> None:
        """Connect anew after the server was gone; raises `StoreTaken` while the lost session still has the seat."""
        self._drop()
        self.connection = self._sit_down()

    def leave(self) -> None:
        """Let go of it."""
        self._drop()
        if self._lock is not None:
            self._lock.close()

    def _drop(self) -> None:
        """Close the connection: given back to the pool, its session would keep the lock."""
        if not self.connection.closed:
            self.connection.invalidate()
            self.connection.close()

    @property
    def driver(self) -> Any:
        """The database driver's own connection; each statement outside of a transaction is one by itself."""
        return self.connection.connection.driver_connection

    def _sit_down(self) -> Connection:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self._engine.dialect.name == "postgresql":
            ends_s = time.monotonic() + _LINGERS_S
            while not connection.execute(_LOCK).scalar():
                if time.monotonic() < ends_s:
                    time.sleep(0.05)
                    continue
                connection.close()
                raise StoreTaken(f"another process writes to {self._engine.url!r}; stop that hub first")
        return connection


def _lock_file(url: str) -> IO[str] | None:
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


def is_written_to(url: str) -> bool:
    """Whether some process has the store open for writing now."""
    try:
        if sqlite_file(url) is not None:
            lock = _lock_file(url)
            assert lock is not None, "a SQLite store has a file"
            lock.close()
        else:
            engine = connect(url)
            try:
                with opening():
                    Seat.take(engine).leave()
            finally:
                engine.dispose()
    except StoreTaken:
        return True
    return False
