"""SQLite's log is moved into the database beside the writer, not by it: a commit never waits for a whole checkpoint.

SQLite's own rule, a checkpoint in whatever commit makes the log 1000 pages long, makes that commit wait for all of them
to be written and synced. Here a thread moves them; what was committed meanwhile, a few pages, the writer moves between
two commits, and so the log begins anew (https://sqlite.org/wal.html#avoiding_excessively_large_wal_files).
"""

import logging
import sqlite3
import threading

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from karez.eventstore.seat import Seat

log = logging.getLogger("karez.store")

_COMMITS = 1000  # about 9 pages of 4 kB each; the longer the log, the more often is a page in it that is moved once
_REST = 400  # pages that the writer may move between two commits
_TRIES = 5
_MOVE = "PRAGMA wal_checkpoint(PASSIVE)"


class Log:
    """Keeps the log short.

    Parameters
    ----------
    seat
        The writer's.
    """

    def __init__(self, engine: Engine, seat: Seat) -> None:
        self._engine, self._seat = engine, seat
        self._commits = 0
        self._long, self._rest_is_short = threading.Event(), threading.Event()
        self._stopping = False
        seat.driver.execute("PRAGMA wal_autocheckpoint=0")
        self._long.set()  # a writer that was killed leaves its log, and one that is killed often would never move it
        self._thread = threading.Thread(target=self._run, name="karez-log", daemon=True)
        self._thread.start()

    def committed(self) -> None:
        """In the writer's thread, behind each commit: count it, or move the rest when that is short."""
        self._commits += 1
        if self._rest_is_short.is_set():
            self._rest_is_short.clear()
            self._commits = 0
            try:
                self._seat.driver.execute(_MOVE)
            except sqlite3.Error as error:  # a full disk, say: what is committed stays so, and the next round moves it
                log.debug("the rest of the store's log was not moved: %s", error)
        elif self._commits >= _COMMITS:
            self._commits = 0
            self._long.set()

    def close(self) -> None:
        """End the thread; the last connection that is closed moves the rest."""
        self._stopping = True
        self._long.set()
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while self._long.wait() and not self._stopping:
                self._long.clear()
                try:
                    self._move(connection)
                except DBAPIError as error:  # a full disk, say: the writer tells of it
                    log.debug("the store's log was not moved: %s", error.orig)

    def _move(self, connection: Connection) -> None:
        for _ in range(_TRIES):
            _, length, moved = connection.execute(text(_MOVE)).one()
            connection.rollback()
            if length - moved <= _REST:
                self._rest_is_short.set()
                return
