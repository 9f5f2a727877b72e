"""What PostgreSQL does for the store beyond the contract: one writer, full disks, servers that go and come back."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from karez.bench.sorter.processes import offspring, processes
from karez.domain import events as ev
from karez.domain.errors import StoreAway, StoreError, StoreFull, StoreTaken
from karez.domain.ids import AnswerId, AreaId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.append import Append, Entry, Journalled
from karez.eventstore.database import connect
from karez.eventstore.seat import is_written_to
from karez.eventstore.store import EventStore, utc_now
from postgres import Cluster


@pytest.fixture
def url(postgres: Cluster) -> str:
    return postgres.empty_store()


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """One that may be killed."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


def inducted(parcel: str) -> ev.ParcelInducted:
    return ev.ParcelInducted(ParcelId(parcel), carrier=7, induction="I1", plc_ts_ms=12)


def one(stream: str, parcel: str = "p") -> Append:
    return Append([Entry(StreamId(stream), [inducted(parcel)])])


def test_a_second_writer_is_refused_and_the_first_ones_end_lets_it_in(url: str, postgres: Cluster) -> None:
    elsewhere = postgres.new_store()
    assert not is_written_to(url)
    first = EventStore.open_writing(url)
    try:
        assert is_written_to(url) and not is_written_to(elsewhere), "another schema is another store"
        with pytest.raises(StoreTaken, match="another process") as refused:
            EventStore.open_writing(url)
        assert "hub" in str(refused.value)
    finally:
        first.close()
    assert not is_written_to(url)
    EventStore.open_writing(url).close()


def test_every_commit_waits_for_the_disk_whatever_the_server_is_set_to(url: str) -> None:
    engine = connect(url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert connection.execute(text("SHOW search_path")).scalar() != "public", "the address's own options count too"
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_the_code_uses(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from karez.eventstore.schema import metadata

    EventStore.open_writing(url).close()
    engine = connect(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_learned_addresses_are_found_by_their_beginning_through_an_index(url: str) -> None:
    store = EventStore.open_writing(url)
    many = [LearnedAnswer(AnswerId(str(i)), f"喀什{i:05d}号", AreaId("KS"), "A", utc_now()) for i in range(3000)]
    store.submit(Append(learned=many)).result()
    assert store.learned.any_below("喀什00017") and not store.learned.any_below("喀什9")
    store.close()
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE learned"))
        query = "EXPLAIN SELECT id FROM learned WHERE address LIKE '喀什00017%'"
        plan = "\n".join(row[0] for row in connection.execute(text(query)))
    engine.dispose()
    assert "ix_learned_address" in plan


def test_a_store_on_a_server_that_is_not_there_says_so() -> None:
    address = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    for opened in (EventStore.open_writing, EventStore.open_reading, is_written_to):
        with pytest.raises(StoreAway, match="cannot be reached"):
            opened(address)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_waits_survives_the_death_of_the_server_and_is_stored_once(own_cluster: Cluster) -> None:
    url, told = own_cluster.new_store(), list[bool]()
    store = EventStore.open_writing(url, on_away=told.append)
    reader = EventStore.open_reading(url)
    assert store.submit(one("s")).result() == 1
    assert (reader.last_position(), reader.advice("none"), reader.parcels.get("p") is not None) == (1, None, True)
    for death in range(3):
        futures = [store.submit(one("s", f"{death}-{i}")) for i in range(200)]
        futures[10 * death].result()
        own_cluster.kill()
        futures += [store.submit(one("s", f"{death}+{i}")) for i in range(50)]
        until(lambda: bool(told) and told[-1])
        with pytest.raises(StoreAway):
            reader.last_position()
        with pytest.raises(StoreAway):
            reader.advice("none")
        own_cluster.start()
        assert futures[-1].result(timeout=20) == 1 + 250 * (death + 1)
        assert [future.result() for future in futures] == list(range(250 * death + 2, 250 * death + 252))
        assert reader.last_position() == 250 * (death + 1) + 1, "reading connections come back too"
        assert reader.advice("none") is None
    assert told == [True, False] * 3
    assert [each.version for each in store.read(limit=1000)] == list(range(1, 752))
    store.close()
    reader.close()


def test_a_server_that_says_nothing_holds_nobody_who_asks_by_key(own_cluster: Cluster) -> None:
    """A machine that stands still acknowledges on the network, and takes connections; nobody there answers."""
    told = list[bool]()
    store = EventStore.open_writing(own_cluster.new_store(), on_away=told.append)
    assert store.advice("none") is None
    everyone = [each.pid for each in offspring(own_cluster.server_pid, processes())]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    for _ in range(100):  # dialled anew on the spot, each would wait for ten seconds: far beyond this test's time
        with pytest.raises(StoreAway, match="cannot be read"):
            store.advice("none")
    assert told == [True]
    for pid in everyone:
        os.kill(pid, signal.SIGCONT)

    def answers() -> bool:
        with suppress(StoreAway):
            return store.advice("none") is None
        return False

    until(answers)
    assert told == [True, False]
    store.close()


def test_a_commit_whose_answer_is_lost_is_not_made_twice(own_cluster: Cluster) -> None:
    told = list[bool]()
    store = EventStore.open_writing(own_cluster.new_store(), on_away=told.append)
    writer = store._writer
    assert writer is not None
    pen, write, broken = writer._pen, writer._pen.write, list[int]()

    def cut(driver: Any, rows: Any) -> None:
        """The link breaks behind the server's commit, before its answer is read."""
        write(driver, rows)
        driver.close()
        broken.append(1)
        raise psycopg.OperationalError("the connection is lost")

    pen.write = cut  # type: ignore[method-assign]
    line = Journalled("in", "plc", 1, "SCAN", "{}")
    first = store.submit(Append([Entry(StreamId("s"), [inducted("a")], 0)], [line]))
    until(lambda: bool(broken))
    pen.write = write  # type: ignore[method-assign]
    assert first.result(timeout=20) == 1
    assert store.submit(Append([Entry(StreamId("s"), [inducted("b")], 1)], [line])).result(timeout=20) == 2
    assert [each.version for each in store.read()] == [1, 2] and len(store.journal()) == 2
    assert told == [True, False]
    store.close()


def test_a_writer_that_was_overtaken_while_its_server_was_away_stops(own_cluster: Cluster) -> None:
    url, told = own_cluster.new_store(), list[bool]()
    store = EventStore.open_writing(url, on_away=told.append)
    store.submit(one("s")).result()
    own_cluster.kill()
    waiting = store.submit(one("s"))
    until(lambda: told == [True])
    writer = store._writer
    assert writer is not None
    take_again, may = writer._seat.take_again, threading.Event()

    def slow() -> None:
        if not may.is_set():
            raise psycopg.OperationalError("no way to the server yet")
        take_again()

    writer._seat.take_again = slow  # type: ignore[method-assign]
    own_cluster.start()
    other = EventStore.open_writing(url)
    other.submit(one("other")).result()
    other.close()
    may.set()
    with pytest.raises(StoreError, match="another process has written"):
        waiting.result(timeout=20)
    with pytest.raises(StoreError, match="another process has written"):
        store.submit(one("s")).result(timeout=20)
    store.close()


def test_without_someone_to_tell_a_lost_server_is_an_error(own_cluster: Cluster) -> None:
    store = EventStore.open_writing(own_cluster.new_store())
    own_cluster.kill()
    with pytest.raises(StoreAway):
        store.submit(one("s")).result(timeout=20)
    own_cluster.start()
    assert store.submit(one("s")).result(timeout=20) == 1, "the next finds the server again"
    store.close()


@pytest.fixture
def small_url(postgres: Cluster) -> Iterator[tuple[str, Path]]:
    """Address of a store whose tables lie on a disk of two megabytes, and that disk."""
    with postgres.small_disk("2m") as disk:
        postgres.sql(f"CREATE TABLESPACE small LOCATION '{disk}'")
        url = postgres.new_store()
        yield f"{url}%20-cdefault_tablespace%3Dsmall", disk
        postgres.sql(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE")
        postgres.sql("DROP TABLESPACE small")


def test_a_full_disk_keeps_what_waits_and_resumes_by_itself(small_url: tuple[str, Path]) -> None:
    url, disk = small_url
    told = list[bool]()
    store = EventStore.open_writing(url, on_full=told.append)
    stored = store.submit(one("s")).result()
    with (disk / "ballast").open("wb", buffering=0) as handle, pytest.raises(OSError, match="space"):
        while True:
            handle.write(bytes(4096))
    futures = [store.submit(one("s", "x" * 1000)) for _ in range(300)]
    until(lambda: told == [True])
    assert not futures[-1].done(), "nothing may be answered for while the disk is full"
    assert store.last_position() >= stored, "what was stored stays readable"
    (disk / "ballast").unlink()
    assert futures[-1].result(timeout=20) == 301 == store.last_position()
    assert told == [True, False]
    store.close()


def test_without_someone_to_tell_a_full_disk_is_an_error_and_nothing_is_half_written(
    small_url: tuple[str, Path],
) -> None:
    store = EventStore.open_writing(small_url[0])
    stored = 0
    with pytest.raises(StoreFull):
        for i in range(2000):
            new = [inducted("z" * 200)] * 20
            stored = store.append(StreamId("s"), 20 * i, new)
    assert store.last_position() == stored == len(store.read(limit=100_000))
    store.close()
