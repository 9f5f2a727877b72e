"""What a database driver's error means: no space, no server, or something else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from karez.domain.errors import StoreAway, StoreError

# A tmpfs that runs out while the log grows shows as an I/O error of the write.
_SQLITE_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"}
_PG_FULL = "53100"  # disk_full (https://www.postgresql.org/docs/15/errcodes-appendix.html)
_PG_TOO_MANY = "53300"  # too_many_connections: the last server's may not have ended yet
_PG_AWAY = ("08", "57P")  # connection exceptions; shut down, crashed, starting up


def is_full(error: BaseException) -> bool:
    """Whether there was no space on the disk."""
    original = _original(error)
    if isinstance(original, sqlite3.OperationalError):
        return original.sqlite_errorname in _SQLITE_FULL
    return getattr(original, "sqlstate", None) == _PG_FULL


def is_away(error: BaseException) -> bool:
    """Whether the database server could not be reached, or was lost on the way."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    original = _original(error)
    if isinstance(original, sqlite3.Error):
        return False
    state = getattr(original, "sqlstate", "")
    if state is None:  # the driver's own word, no answer of the server: a connection that failed or broke
        return is_silent(error) or type(original).__name__ in {"OperationalError", "ConnectionTimeout"}
    return state == _PG_TOO_MANY or state.startswith(_PG_AWAY)


def is_silent(error: BaseException) -> bool:
    """Whether the server gave no answer in the time it had."""
    return type(_original(error)).__name__ == "_WaitTimeout"


@contextmanager
def opening() -> Iterator[None]:
    """A server that cannot be reached while a store is opened, or a file that is none, is an error of the store."""
    try:
        yield
    except DBAPIError as error:
        if is_away(error):
            raise StoreAway(f"the event store's server cannot be reached: {said(error)}") from error
        raise StoreError(f"the event store cannot be opened: {said(error)}") from error


def said(error: BaseException) -> object:
    """The driver's own words."""
    return error.orig if isinstance(error, DBAPIError) else repr(error)


def _original(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
