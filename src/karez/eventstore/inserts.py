"""Rows into tables, many with one statement: at each step a commit gives the interpreter's lock away.

SQLAlchemy writes the statement once for each table; from then on its text goes straight to the database driver.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Table, bindparam
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from karez.eventstore.codec import encode_json

Row = Sequence[object]
_MOST = 64  # rows a statement; SQLite binds 32766 values at the most


class Insert:
    """Inserts rows of one table; with a key, a row that is there already is replaced.

    Parameters
    ----------
    key
        Name of the primary key; rows of one call must differ in it.
    """

    def __init__(self, table: Table, dialect: Dialect, key: str | None = None) -> None:
        self._table, self._dialect, self._key = table, dialect, key
        self._names = [column.name for column in table.columns]
        self._texts: dict[int, str] = {}
        self._one_text = _from_json(table, key) if dialect.name == "postgresql" else None

    def into(self, cursor: Any, rows: Sequence[Row]) -> None:
        """Insert rows: their values in the order of the table's columns."""
        if self._one_text is not None:
            named = [dict(zip(self._names, row, strict=True)) for row in rows]
            cursor.execute(self._one_text, (encode_json(named).decode(),))
            return
        for part in _parts(rows):
            cursor.execute(self._text(len(part)), tuple(chain.from_iterable(part)))

    def _text(self, rows: int) -> str:
        if rows not in self._texts:
            statement = sqlite_insert(self._table).values(
                [{name: bindparam(f"{name}_{row}") for name in self._names} for row in range(rows)]
            )
            if self._key is not None:
                changed = {name: statement.excluded[name] for name in self._names if name != self._key}
                statement = statement.on_conflict_do_update(index_elements=[self._key], set_=changed)
            self._texts[rows] = str(statement.compile(dialect=self._dialect))
        return self._texts[rows]


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Parts of 64, 32, 16 … rows: a few statements, each of them prepared already."""
    at = 0
    while left := len(rows) - at:
        size = min(_MOST, 1 << (left.bit_length() - 1))
        yield rows[at : at + size]
        at += size


def _from_json(table: Table, key: str | None) -> str:
    """Statement with one parameter, a JSON array, whatever the number of rows: it is prepared once.

    A row of parameters each would make a statement for every mix of widths of numbers and NULLs.
    https://www.postgresql.org/docs/15/functions-json.html
    """
    names = ", ".join(column.name for column in table.columns)
    text = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table.name}, %s)"
    if key is None:
        return text
    changed = ", ".join(f"{column.name} = excluded.{column.name}" for column in table.columns if column.name != key)
    return f"{text} ON CONFLICT ({key}) DO UPDATE SET {changed}"
