"""Durable before it acts: nothing happens before its events are on disk, and all happens in order."""

import asyncio
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest

from karez.cli.control_process import first_broken_callback
from karez.domain import events as ev
from karez.domain.errors import WrongVersion
from karez.domain.ids import ParcelId, StreamId
from karez.eventstore.append import Append, Entry
from karez.eventstore.store import EventStore
from karez.hub.alarms import PRIORITY, AlarmKey, Alarms
from karez.hub.clock import LoopClock
from karez.hub.commits import Commits


class HeldStore:
    """A store whose disk answers when it is told to."""

    def __init__(self) -> None:
        self.futures: list[Future[int]] = []

    def submit(self, append: Append) -> "Future[int]":
        self.futures.append(Future())
        return self.futures[-1]


async def test_no_act_runs_before_its_commit_and_acts_keep_their_order() -> None:
    store = HeldStore()
    commits = Commits(store, LoopClock())
    done: list[int] = []
    for number in range(3):
        commits.put(Append(), partial(done.append, number))
    store.futures[1].set_result(2)
    store.futures[2].set_result(3)
    await asyncio.sleep(0.05)
    assert done == [], "the first is not on disk: nothing behind it may happen either"
    store.futures[0].set_result(1)
    await asyncio.sleep(0.05)
    assert done == [0, 1, 2]


async def test_a_refused_append_ends_the_control_loop_instead_of_going_on_with_a_wrong_memory(tmp_path: Path) -> None:
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'karez.db'}")
    commits = Commits(store, LoopClock())
    acted: list[str] = []
    broken = asyncio.create_task(first_broken_callback())
    await asyncio.sleep(0)
    inducted = ev.ParcelInducted(ParcelId("a"), 1, "I1", 0)
    commits.put(Append([Entry(StreamId("s"), [inducted], expected=5)]), lambda: acted.append("sent"))
    with pytest.raises(WrongVersion):
        await asyncio.wait_for(broken, 10)
    assert acted == []
    store.close()


def test_an_alarm_is_raised_once_and_cleared_once() -> None:
    alarms = Alarms()
    assert len(alarms.raised(AlarmKey.CHUTE_FULL, "K07", "full")) == 1
    assert alarms.raised(AlarmKey.CHUTE_FULL, "K07", "full") == []
    alarms.raised(AlarmKey.SORTER_LINK, "sorter", "gone")
    assert [alarm.key for alarm in alarms.up] == [AlarmKey.SORTER_LINK, AlarmKey.CHUTE_FULL], "most urgent first"
    assert len(alarms.cleared(AlarmKey.CHUTE_FULL, "K07")) == 1
    assert alarms.cleared(AlarmKey.CHUTE_FULL, "K07") == []


def test_every_alarm_has_a_priority() -> None:
    assert set(PRIORITY) == set(AlarmKey)
