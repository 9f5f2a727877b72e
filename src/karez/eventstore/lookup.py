"""Reads by key that stand in the control loop's way: no query is built for them, and one connection is kept."""

import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from karez.domain.errors import StoreAway, StoreError
from karez.eventstore.faults import is_away, said


class Line:
    """One open connection of a reading engine, for whoever asks next; safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._connection: PoolProxiedConnection | None = None

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
                try:
                    return self._ask(text, values)
                except self._errors as error:
                    self._hang_up()
                    if not is_away(error):
                        raise
                    return self._ask(text, values)
        except self._errors as error:
            kind = StoreAway if is_away(error) else StoreError
            raise kind(f"the event store cannot be read: {said(error)}") from error

    @property
    def dialect(self) -> Dialect:
        """Which SQL is spoken."""
        return self._engine.dialect

    @property
    def _errors(self) -> tuple[type[Exception], ...]:
        return DBAPIError, self._engine.dialect.dbapi.Error  # type: ignore[union-attr]  # an engine has its driver

    def _ask(self, text: str, values: Sequence[object]) -> Any:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        cursor = self._connection.cursor()
        try:
            cursor.execute(text, values)
            return cursor.fetchone()
        finally:
            cursor.close()

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
