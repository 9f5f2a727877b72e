"""Opening the database: SQLite in WAL mode with every commit synced, upgraded on start with a copy kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from karez.domain.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """Engine for an SQLAlchemy address; for SQLite with WAL and ``synchronous=FULL`` on every connection.

    FULL makes a commit wait for fdatasync of the log: an event that was answered for survives a power cut
    (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    engine = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=8)
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


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Connection for reading; what the database says against it becomes an error of the store."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise StoreError(f"the event store cannot be read: {error.orig}") from error


def sqlite_file(url: str) -> Path | None:
    """Path of the database file, or ``None`` for another database."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """Revision this version of Karez works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None, "there is always at least one migration"
    return revision


def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def revision(engine: Engine) -> str | None:
    """Revision the database is at; ``None`` when it is new."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
