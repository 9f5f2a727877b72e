"""Opening the database, every commit of it synced; upgraded on start, with a copy of a SQLite store kept."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Engine,
    Row,
    Select,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from karez.domain.errors import StoreAway, StoreError
from karez.eventstore.faults import is_away, said

if TYPE_CHECKING:
    from alembic.config import Config

_AFTER_ALL = "\U0010ffff"  # sorts behind every character of an address
_MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0004"
"""The newest migration; a test holds it against the folder."""


_SESSION = "-c synchronous_commit=on -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def connect(url: str, *, reading_only: bool = False) -> Engine:
    """Engine for an SQLAlchemy address, with every commit synced to disk.

    SQLite: WAL and ``synchronous=FULL`` on every connection, which makes a commit wait for fdatasync of the log: an
    event that was answered for survives a power cut (https://sqlite.org/pragma.html#pragma_synchronous). PostgreSQL:
    ``synchronous_commit=on`` for the same; either end notices within half a minute that the other has gone without a
    word. What the address itself says of these is left as it is.

    Parameters
    ----------
    reading_only
        Every statement is its own transaction: a read costs one way to the server and back, not three.
    """
    parsed = make_url(url)
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None} if reading_only else {}
    if parsed.get_backend_name() == "postgresql":
        options["paramstyle"] = "format"  # values by place, as in SQLite
        wanted = {name: value for name, value in _PATIENCE.items() if name not in parsed.query}
        options["connect_args"] = wanted | {"options": f"{_SESSION} {parsed.query.get('options', '')}"}
    engine = create_engine(parsed, poolclass=QueuePool, pool_size=4, max_overflow=8, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased leaves no traces in free pages
    cursor.close()


def fetch(engine: Engine, query: Select[Any]) -> Sequence[Row[Any]]:
    """All rows of a query; where the server has been started anew since the last one, it is asked again.

    Raises
    ------
    StoreAway
        When there is no server.
    StoreError
        For whatever else the database says against it.
    """
    try:
        try:
            return _rows(engine, query)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return _rows(engine, query)
    except DBAPIError as error:
        kind = StoreAway if is_away(error) else StoreError
        raise kind(f"the event store cannot be read: {said(error)}") from error


def _rows(engine: Engine, query: Select[Any]) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(query).all()


def begins(column: Column[Any], beginning: str, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a text begins so, in words that an index of the column answers."""
    found = column.startswith(beginning, autoescape=True)
    if dialect.name == "sqlite":  # its LIKE ignores the case and the index, ranges do neither
        found &= column.between(beginning, beginning + _AFTER_ALL)
    return found


def sqlite_file(url: str) -> Path | None:
    """Path of the database file, or ``None`` for another database."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


# Alembic is loaded where a store is not at HEAD: a hub that was killed need not spend a third of a second on it.


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """Revision this version of Karez works with."""
    return HEAD


@cache
def _known() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def revision(engine: Engine) -> str | None:
    """Revision the database is at; ``None`` when it is new."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def upgrade(engine: Engine, now: datetime, to: str = "head") -> Path | None:
    """Bring the tables up to date; an existing SQLite store is copied first.

    Returns
    -------
    Path | None
        The copy that was kept, where one was needed.

    Raises
    ------
    StoreError
        When a newer version made the store; it is left as it is.
    """
    at = revision(engine)
    if at == head():
        return None
    if at is not None and at not in _known():
        raise StoreError(f"the event store is at revision {at}, which this version of Karez does not know: a newer one")
    from alembic import command

    copy = _keep_copy(engine, at, now) if at is not None else None
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return copy


def _keep_copy(engine: Engine, at: str, now: datetime) -> Path | None:
    source = sqlite_file(str(engine.url))
    if source is None:
        return None
    copy = source.with_name(f"{source.stem}.before-{head()}-from-{at}-{now:%Y%m%dT%H%M%S}.db")
    copy_sqlite(source, copy)
    return copy


def copy_sqlite(source: Path, target: Path) -> None:
    """Consistent copy of a SQLite database, also while it is written to."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
