"""What SQLite does for the store (what every store does: tests/contracts/test_stores.py)."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from karez.domain import events as ev
from karez.domain.errors import StoreError, StoreFull
from karez.domain.ids import ParcelId, StreamId
from karez.domain.parcels import ParcelState
from karez.domain.personal import PersonalText
from karez.eventstore import wal
from karez.eventstore.append import Append, Entry
from karez.eventstore.database import connect, head, revision, upgrade
from karez.eventstore.store import EventStore, utc_now


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'karez.db'}"


@pytest.fixture
def store(tmp_path: Path):
    store = EventStore.open_writing(address(tmp_path))
    yield store
    store.close()


def inducted(parcel: str) -> ev.ParcelInducted:
    return ev.ParcelInducted(ParcelId(parcel), carrier=7, induction="I1", plc_ts_ms=12)


def test_every_kind_of_event_survives_storing() -> None:
    from karez.eventstore.codec import decode, encode

    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))  # JSON has neither
    samples = st.one_of([st.from_type(kind) for kind in ev.EVENT_TYPES.values()])

    @settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
    @given(samples)
    def survives(event: ev.Event) -> None:
        again = decode(event.kind, event.schema, encode(event))
        assert encode(again) == encode(event)
        assert type(again) is type(event)

    survives()


def test_a_kind_from_the_future_is_named(store: EventStore, tmp_path: Path) -> None:
    store.append(StreamId("s"), 0, [inducted("a")])
    engine = connect(address(tmp_path))
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET kind = 'parcel.teleported'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"parcel\.teleported"):
        store.read()


def test_sqlite_runs_in_wal_mode_and_syncs_every_commit(store: EventStore) -> None:
    with store._engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1


def test_a_second_writer_is_refused(store: EventStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="another process"):
        EventStore.open_writing(address(tmp_path))


def test_a_store_that_cannot_be_read_is_an_error_of_the_store(store: EventStore, tmp_path: Path) -> None:
    reader = EventStore.open_reading(address(tmp_path))
    with store._engine.begin() as connection:
        connection.execute(text("DROP TABLE events"))
    with pytest.raises(StoreError, match="cannot be read"):
        reader.read()
    reader.close()


def test_a_reader_sees_what_the_writer_committed(store: EventStore, tmp_path: Path) -> None:
    reader = EventStore.open_reading(address(tmp_path))
    store.append(StreamId("s"), 0, [inducted("a")])
    assert reader.last_position() == 1
    with pytest.raises(StoreError):
        reader.append(StreamId("s"), 1, [inducted("b")])
    reader.close()


def test_personal_texts_are_erased_by_age_and_leave_the_events(tmp_path: Path) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    store = EventStore.open_writing(address(tmp_path), now=lambda: now)
    parcel = ParcelId("a")
    store.submit(
        Append([Entry(ev.parcel_stream(parcel), [inducted("a")])], personal=[PersonalText(parcel, "喀什市色满路1号")])
    ).result()
    assert store.erase_personal(now - timedelta(days=1)) == 0
    kept = store.personal(parcel)
    assert kept is not None and kept.address == "喀什市色满路1号"
    assert store.erase_personal(now + timedelta(seconds=1)) == 1
    assert store.personal(parcel) is None
    assert store.last_position() == 1
    store.close()


def test_an_older_store_is_upgraded_and_a_copy_is_kept(tmp_path: Path) -> None:
    engine = connect(address(tmp_path))
    upgrade(engine, utc_now(), to="0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO events VALUES (1, 'parcel-a', 1, 0, 'parcel.inducted', 1, :data)"),
            {"data": '{"parcel":"a","carrier":7,"induction":"I1","plc_ts_ms":12}'},
        )
    engine.dispose()
    with pytest.raises(StoreError, match="0001"):
        EventStore.open_reading(address(tmp_path))
    store = EventStore.open_writing(address(tmp_path))
    copy = store.kept_copy
    row = store.parcels.get("a")
    store.close()
    assert row is not None and row.state is ParcelState.INDUCTED, "the index is filled from the old events"
    assert copy is not None and copy.exists()
    old = connect(f"sqlite:///{copy}")
    assert revision(old) == "0001" != head()
    old.dispose()


def test_the_migrations_make_exactly_the_tables_the_code_uses(store: EventStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from karez.eventstore.schema import metadata

    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


FULL_DISK = """
import sys
import threading
from pathlib import Path
from karez.domain import events as ev
from karez.domain.ids import ParcelId, StreamId
from karez.eventstore import wal
from karez.eventstore.append import Append, Entry
from karez.eventstore.store import EventStore
told = []
folder = Path(sys.argv[1])
store = EventStore.open_writing(f"sqlite:///{folder}/karez.db", on_full=told.append)
ballast = folder / "ballast"
stored = store.append(StreamId("s"), None, [ev.ParcelInducted(ParcelId("x" * 100), 1, "I1", 0)])
with ballast.open("wb", buffering=0) as handle:
    try:
        while True:
            assert handle.write(bytes(4096)) == 4096
    except (OSError, AssertionError):
        pass
futures = [
    store.submit(Append([Entry(StreamId("s"), [ev.ParcelInducted(ParcelId("y" * 1000), 1, "I1", 0)])]))
    for _ in range(300)
]
import time
deadline = time.monotonic() + 20
while not told and time.monotonic() < deadline:
    time.sleep(0.05)
assert told == [True], told
assert not futures[-1].done(), "nothing may be answered for while the disk is full"
assert store.last_position() >= stored, "what was stored stays readable"
ballast.unlink()
assert futures[-1].result(timeout=20) == 301
assert told == [True, False], told
assert store.last_position() == 301
store.close()
print("resumed")
"""


def test_a_full_disk_keeps_what_waits_and_resumes_by_itself(small_disk: Callable[[str], Path]) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(small_disk("1m"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    assert done.stdout.strip() == "resumed", done.stderr


def test_without_someone_to_tell_a_full_disk_is_an_error_and_nothing_is_half_written(
    small_disk: Callable[[str], Path],
) -> None:
    store = EventStore.open_writing(address(small_disk("1m")))
    stored = 0
    with pytest.raises(StoreFull):
        for i in range(5000):
            stored = store.append(StreamId("s"), i, [inducted("z" * 2000)])
    assert store.last_position() == stored
    assert len(store.read(limit=10_000)) == stored
    store.close()


def test_space_is_told_also_when_what_waited_failed_for_another_reason(tmp_path: Path) -> None:
    told: list[bool] = []
    store = EventStore.open_writing(address(tmp_path), on_full=told.append)
    # The second time is the append alone, before it is refused.
    faults = [named(f"SQLITE_{what}") for what in ("FULL", "IOERR_READ", "IOERR_READ")]

    writer = store._writer
    assert writer is not None
    write = writer._pen.write

    def fail(*rows: Any) -> None:
        if faults:
            raise faults.pop(0)
        write(*rows)

    writer._pen.write = fail  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        store.append(StreamId("s"), 0, [inducted("a")])
    assert store.append(StreamId("s"), 0, [inducted("a")]) == 1
    assert told == [True, False]
    store.close()


def named(what: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(what)
    error.sqlite_errorname = what
    return error


def test_a_store_of_a_newer_version_is_refused_by_name_and_not_copied_at_every_try(tmp_path: Path) -> None:
    store = EventStore.open_writing(address(tmp_path))
    store.close()
    with sqlite3.connect(tmp_path / "karez.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for _ in range(2):
        with pytest.raises(StoreError, match="9999"):
            EventStore.open_writing(address(tmp_path))
    assert list(tmp_path.glob("*.before-*")) == []


def test_erasing_does_not_hold_up_the_writer_until_it_gives_up(tmp_path: Path) -> None:
    store = EventStore.open_writing(address(tmp_path))
    texts = [PersonalText(ParcelId(f"p{i}"), "somewhere") for i in range(2500)]
    store.submit(Append(personal=texts)).result()
    deletes: list[int] = []
    event.listen(store._engine, "commit", lambda _: deletes.append(1))
    assert store.erase_personal(utc_now() + timedelta(days=1)) == 2500
    assert len(deletes) > 2, "in portions: the writer comes in between"
    store.close()


def test_the_log_of_writers_that_are_killed_early_does_not_grow_from_one_to_the_next(tmp_path: Path) -> None:
    url, log, lengths, versions = address(tmp_path), tmp_path / "karez.db-wal", [], count()
    EventStore.open_writing(url).close()
    reader = EventStore.open_reading(url)
    reader.last_position()  # an open connection beside them, as the pages': no close of theirs moves the log
    for _ in range(8):
        store = EventStore.open_writing(url)
        moved = store._log._rest_is_short if store._log is not None else threading.Event()
        assert moved.wait(20), "what the one before has left is moved at once"
        for _ in range(20):
            store.append(StreamId("s"), next(versions), [inducted("x" * 2000)])
        lengths.append(log.stat().st_size)
        store.close()
    assert lengths[-1] <= lengths[1], "each begins the log anew"
    reader.close()


def test_the_log_begins_anew_again_and_again_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wal, "_COMMITS", 20)
    store = EventStore.open_writing(address(tmp_path))
    reader = EventStore.open_reading(address(tmp_path))
    log, lengths = tmp_path / "karez.db-wal", []
    for i in range(600):
        assert store.append(StreamId("s"), i, [inducted("x" * 2000)]) == i + 1
        assert reader.last_position() == i + 1
        lengths.append(log.stat().st_size)
    assert lengths[-1] < lengths[99] * 3, "600 commits would be six times as long"
    reader.close()
    store.close()
    with sqlite3.connect(tmp_path / "karez.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (600,)
    connection.close()


def test_a_log_that_cannot_be_moved_does_not_end_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread must not die of a full disk between two commits: all that is appended later would wait for ever."""
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'karez.db'}")
    log = store._log
    assert log is not None
    refused = list[str]()

    class NoSpace:
        def execute(self, statement: str) -> None:
            refused.append(statement)
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(log, "_seat", SimpleNamespace(driver=NoSpace()))
    log._rest_is_short.set()
    for number in range(3):
        store.submit(Append([Entry(StreamId(f"s{number}"), [inducted(f"p{number}")])])).result(timeout=10)
    assert len(refused) == 1
    store.close()
