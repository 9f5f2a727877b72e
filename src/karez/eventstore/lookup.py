"""Reads by key that stand in the control loop's way: no query is built for them, and one connection is kept."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from karez.domain.errors import StoreAway, StoreError
from karez.eventstore.faults import is_away, is_silent, said

_SILENT_S = 0.3


class Line:
    """One open connection of a reading engine, for whoever asks next; safe from any thread.

    A database server that says nothing for `_SILENT_S` is away: whoever asks has a sorter to answer. It is dialled
    again in a thread, for a server that takes connections and says nothing holds whoever dials for seconds.

    Parameters
    ----------
    on_away
        Told ``True`` when a question finds no server, and ``False`` with the first answer after it.
    """

    def __init__(self, engine: Engine, on_away: Callable[[bool], None] | None = None) -> None:
        self._engine, self._lock, self._on_away = engine, threading.Lock(), on_away
        self._connection: PoolProxiedConnection | None = None
        self._dialling: Future[PoolProxiedConnection] | None = None
        self._away = False

    def first(self, text: str, values: Sequence[object]) -> Any:
        """First row of a statement, ``None`` without any; where the server was started anew, it is asked again.

        Raises
        ------
        StoreAway
            When there is no server.
        StoreError
            For whatever else the database says against it.
        """
        try:
            with self._lock:
                row = self._first(text, values)
        except StoreAway:
            self._is_away(True)
            raise
        self._is_away(False)
        return row

    def _first(self, text: str, values: Sequence[object]) -> Any:
        try:
            try:
                return self._ask(text, values)
            except self._errors as error:
                self._hang_up()
                if not is_away(error) or is_silent(error):
                    raise
                return self._ask(text, values)
        except self._errors as error:
            self._hang_up()
            kind = StoreAway if is_away(error) else StoreError
            raise kind(f"the event store cannot be read: {said(error)}") from error

    def _is_away(self, away: bool) -> None:
        if away != self._away:
            self._away = away
            if self._on_away is not None:
                self._on_away(away)

    @property
    def dialect(self) -> Dialect:
        """Which SQL is spoken."""
        return self._engine.dialect

    @property
    def _errors(self) -> tuple[type[Exception], ...]:
        return DBAPIError, self._engine.dialect.dbapi.Error  # type: ignore[union-attr]  # an engine has its driver

    def _ask(self, text: str, values: Sequence[object]) -> Any:
        if self._connection is None:
            self._connection = self._dialled()
        cursor = self._connection.cursor()
        try:
            cursor.execute(text, values)
            return cursor.fetchone()
        finally:
            cursor.close()

    def _dialled(self) -> PoolProxiedConnection:
        if self._engine.dialect.name == "sqlite":
            return self._engine.raw_connection()
        patience_s = 0.0
        if self._dialling is None:
            self._dialling, patience_s = Future(), _SILENT_S
            threading.Thread(target=self._dial, args=(self._dialling,), name="karez-dial", daemon=True).start()
        if not wait([self._dialling], patience_s).done:
            raise StoreAway("the event store cannot be read: its server says nothing")
        dialled, self._dialling = self._dialling, None
        connection = dialled.result()
        driver: Any = connection.driver_connection
        driver.wait = partial(driver.wait, timeout=_SILENT_S)  # what psycopg's cursors wait with
        return connection

    def _dial(self, dialling: "Future[PoolProxiedConnection]") -> None:
        try:
            dialling.set_result(self._engine.raw_connection())
        except Exception as error:  # whoever asked meets it
            dialling.set_exception(error)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._hang_up()


class Lookup:
    """One query with one value, its text written once."""

    def __init__(self, line: Line, query: Select[Any]) -> None:
        self._line, self._text = line, str(query.compile(dialect=line.dialect))

    def first(self, wanted: str) -> Any:
        """First row, ``None`` without any."""
        if "\0" in wanted:  # a code on a label may hold it; no table does, and PostgreSQL refuses to be asked
            return None
        return self._line.first(self._text, (wanted,))
