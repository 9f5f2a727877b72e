"""The store in memory is a disk on a virtual clock: it commits when told, and outlives a hub that is killed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain import events as ev
from karez.domain.errors import WrongVersion
from karez.domain.ids import ParcelId, StreamId
from karez.eventstore.append import Append, Entry, Journalled
from karez.eventstore.memory import MemoryStore

S = StreamId("s")


class Disk:
    """Commits when told."""

    def __init__(self) -> None:
        self._finish: list[Callable[[], None]] = []
        self.store = MemoryStore(commit=self._finish.append)

    @property
    def busy(self) -> bool:
        return bool(self._finish)

    def finish(self) -> None:
        self._finish.pop(0)()


def one(name: str, expected: int | None = None) -> Append:
    event = ev.ParcelInducted(ParcelId(name), 7, "I1", 12)
    return Append([Entry(S, [event], expected)], [Journalled("in", "plc", len(name), "INDUCT", "{}")])


def test_nothing_is_stored_or_told_before_the_disk_is_done() -> None:
    disk, told = Disk(), list[int]()
    futures = [disk.store.submit(one(str(i))) for i in range(3)]
    for future in futures:
        future.add_done_callback(lambda done: told.append(done.result()))
    assert disk.store.last_position() == 0 and not any(future.done() for future in futures) and told == []
    with pytest.raises(TimeoutError):
        futures[0].result(timeout=1)
    disk.finish()
    assert told == [1, 2, 3] and not disk.busy, "all that waited is one commit"


def test_what_comes_in_while_the_disk_works_is_committed_next() -> None:
    disk, told = Disk(), list[int]()
    first = disk.store.submit(one("a"))
    first.add_done_callback(lambda _: disk.store.submit(one("b")).add_done_callback(lambda b: told.append(b.result())))
    disk.finish()
    assert first.done() and told == [] and disk.busy
    disk.finish()
    assert told == [2] and not disk.busy


@given(reached=st.integers(0, 4), before=st.integers(0, 3))
def test_a_kill_loses_what_had_not_reached_the_disk_and_nothing_else(reached: int, before: int) -> None:
    disk = Disk()
    for i in range(before):
        disk.store.submit(one(str(i)))
        disk.finish()
    waiting = [disk.store.submit(one(f"w{i}")) for i in range(3)]
    assert disk.store.kill(reached) == 3 - min(reached, 3)
    disk.finish()  # the dead hub's disk has nothing to say any more
    assert not any(future.done() for future in waiting), "nobody lives who could be told"
    stored = before + min(reached, 3)
    assert disk.store.last_position() == stored
    assert [each.version for each in disk.store.read()] == list(range(1, stored + 1))
    after = disk.store.submit(one("after", stored))
    assert disk.busy
    disk.finish()
    assert after.result() == stored + 1


def test_an_act_may_be_the_hubs_end() -> None:
    disk, told = Disk(), list[int]()
    disk.store.submit(one("a")).add_done_callback(lambda _: told.append(disk.store.kill()))
    disk.store.submit(one("b")).add_done_callback(lambda done: told.append(done.result()))
    disk.finish()
    assert told == [0] and disk.store.last_position() == 2, "both were stored; only one was told"


def test_an_append_at_another_version_is_refused_when_it_is_committed() -> None:
    disk = Disk()
    futures = [disk.store.submit(one("a", 0)), disk.store.submit(one("b", 0))]
    disk.finish()
    assert futures[0].result() == 1 and isinstance(futures[1].exception(), WrongVersion)


def test_without_its_journal_it_knows_the_last_telegram_all_the_same() -> None:
    store = MemoryStore(keep_journal=False)
    store.submit(one("abc"))
    assert store.last_inbound() == ("plc", 3) and store.journal() == []


def test_what_is_read_has_been_decoded() -> None:
    store, event = MemoryStore(), ev.ParcelInducted(ParcelId("a"), 7, "I1", 12)
    store.append(S, 0, [event])
    read = store.read_stream(S)[0].event
    assert read == event and read is not event
