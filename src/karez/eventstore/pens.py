"""How one commit's rows reach the database: in as few steps as may be, all of them or none.

At each step the database driver gives the interpreter's lock away, and has to get it back from the control loop. SQLite
gets one statement for up to 64 rows of a table; PostgreSQL one statement for everything, which is one way to the server
and back. SQLAlchemy writes SQLite's statements, once; from then on their text goes straight to the driver.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import BindParameter, Delete, Dialect, Insert, Table, and_, bindparam, delete, or_
from sqlalchemy.dialects.sqlite import insert

from karez.eventstore.codec import encode_json
from karez.eventstore.schema import advice, events, learned, parcels, personal, standing, telegrams

Rows = Sequence[Sequence[object]]
"""Values of rows, in the order of the table's columns; of rows that go, those of the key."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a table.

    Attributes
    ----------
    key
        Columns by which a row that is there already is replaced, or one that goes is named; none: rows are new.
    gone
        Rows are taken out.
    """

    table: Table
    key: tuple[str, ...] = ()
    gone: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the rows that are handed in."""
        return self.key if self.gone else tuple(column.name for column in self.table.columns)


CHANGES: Mapping[str, Change] = {
    "events": Change(events),
    "telegrams": Change(telegrams),
    "parcels": Change(parcels, ("parcel",)),
    "personal": Change(personal, ("parcel",)),
    "advice": Change(advice, ("waybill",)),
    "standing": Change(standing, ("what", "place")),
    "fallen": Change(standing, ("what", "place"), gone=True),
    "learned": Change(learned, ("id",)),
    "unlearned": Change(learned, ("id",), gone=True),
}
"""Whatever a commit does, by name; rows of one change differ in its key, and no row is both put and taken out."""

_COLUMNS = {name: change.columns for name, change in CHANGES.items()}


class Pen(Protocol):
    """Writes one commit."""

    def write(self, driver: Any, rows: Mapping[str, Rows]) -> None:
        """Write rows by the names of `CHANGES` through the driver's connection, which commits by itself."""
        ...


def pen_for(dialect: Dialect) -> Pen:
    """The database's own."""
    return PostgresPen() if dialect.name == "postgresql" else SqlitePen(dialect)


class SqlitePen:
    """One transaction of a few statements."""

    _MOST = 64  # rows a statement; SQLite binds 32766 values at the most

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._texts: dict[tuple[str, int], str] = {}

    def write(self, driver: Any, rows: Mapping[str, Rows]) -> None:
        """Write one commit."""
        cursor = driver.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            for name, new in rows.items():
                for part in self._parts(new):
                    cursor.execute(self._text(name, len(part)), tuple(chain.from_iterable(part)))
            cursor.execute("COMMIT")
        except BaseException:
            if driver.in_transaction:  # a full disk has ended it already
                cursor.execute("ROLLBACK")
            raise

    def _parts(self, rows: Rows) -> Iterator[Rows]:
        """Parts of 64, 32, 16 … rows: a few statements, each of them prepared already."""
        at = 0
        while left := len(rows) - at:
            size = min(self._MOST, 1 << (left.bit_length() - 1))
            yield rows[at : at + size]
            at += size

    def _text(self, name: str, rows: int) -> str:
        if (name, rows) not in self._texts:
            change = CHANGES[name]
            statement = _taken_out(change, rows) if change.gone else _put(change, rows)
            self._texts[name, rows] = str(statement.compile(dialect=self._dialect))
        return self._texts[name, rows]


def _put(change: Change, rows: int) -> Insert:
    values: list[dict[str, BindParameter[object]]] = [
        {name: bindparam(f"{name}_{row}") for name in change.columns} for row in range(rows)
    ]
    statement = insert(change.table).values(values)
    if not change.key:
        return statement
    changed = {name: statement.excluded[name] for name in change.columns if name not in change.key}
    return statement.on_conflict_do_update(index_elements=change.key, set_=changed)


def _taken_out(change: Change, rows: int) -> Delete:
    columns = [(name, change.table.c[name]) for name in change.key]
    named = (and_(*(column == bindparam(f"{name}_{row}") for name, column in columns)) for row in range(rows))
    return delete(change.table).where(or_(*named))


class PostgresPen:
    """One statement, which is a transaction by itself.

    Each change has one parameter, a JSON array, whatever the number of rows: so it is prepared once. A parameter for
    each value would make another statement for every mix of NULLs and widths of numbers.
    https://www.postgresql.org/docs/15/queries-with.html#QUERIES-WITH-MODIFYING
    https://www.postgresql.org/docs/15/functions-json.html
    """

    def __init__(self) -> None:
        self._texts: dict[tuple[str, ...], str] = {}

    def write(self, driver: Any, rows: Mapping[str, Rows]) -> None:
        """Write one commit."""
        if not rows:
            return
        driver.execute(self._text(tuple(rows)), [_json(name, new) for name, new in rows.items()], prepare=True)

    def _text(self, names: tuple[str, ...]) -> str:
        if names not in self._texts:
            parts = ", ".join(f"change_{number} AS ({_part(CHANGES[name])})" for number, name in enumerate(names))
            self._texts[names] = f"WITH {parts} SELECT 1"
        return self._texts[names]


def _json(name: str, rows: Rows) -> str:
    columns = _COLUMNS[name]
    return encode_json([dict(zip(columns, row, strict=True)) for row in rows]).decode()


def _part(change: Change) -> str:
    name, columns = change.table.name, ", ".join(change.columns)
    new = f"json_populate_recordset(NULL::{name}, %s)"
    if change.gone:
        same = " AND ".join(f"{name}.{column} = gone.{column}" for column in change.key)
        return f"DELETE FROM {name} USING {new} AS gone WHERE {same}"
    text = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {new}"
    if not change.key:
        return text
    changed = ", ".join(f"{column} = excluded.{column}" for column in change.columns if column not in change.key)
    return f"{text} ON CONFLICT ({', '.join(change.key)}) DO UPDATE SET {changed}"
