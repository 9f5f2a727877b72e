"""The control process ends rather than go on with a memory that is not the store's; its supervisor starts it again."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from karez.address.gazetteer import Gazetteer
from karez.cli.control_process import await_readers, either, ended_in_order, first_broken_callback
from karez.domain import events as ev
from karez.eventstore.store import EventStore
from small_hub import SmallHub


async def test_a_callback_that_raises_ends_the_control_process(caplog: pytest.LogCaptureFixture) -> None:
    waiting = asyncio.create_task(first_broken_callback())
    await asyncio.sleep(0)

    def reading_came_in() -> None:
        raise RuntimeError("a reading that nobody foresaw")

    asyncio.get_running_loop().call_later(0.01, reading_came_in)
    with pytest.raises(RuntimeError, match="nobody foresaw"):
        await asyncio.wait_for(waiting, 10)
    assert "nobody foresaw" in caplog.text


async def test_what_a_caller_at_the_door_breaks_ends_only_that_caller() -> None:
    waiting = asyncio.create_task(first_broken_callback())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler({"message": "a task of a connection", "exception": KeyError("x")})
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()


async def test_a_hub_whose_readers_cannot_read_says_so_as_an_alarm_and_goes_on(tmp_path: Path) -> None:
    hub = SmallHub(tmp_path, Gazetteer.load())
    await await_readers(SimpleNamespace(wait_ready=lambda: True, fault=""), hub.control)
    assert hub.control.alarms.up == []
    fault = "no picture is read: the weights is missing"
    for _ in range(2):  # the second finds the alarm up
        await await_readers(SimpleNamespace(wait_ready=lambda: False, fault=fault), hub.control)
    await hub.settle()
    assert [(str(alarm.key), alarm.explanation) for alarm in hub.control.alarms.up] == [("reader.failed", fault)]
    assert hub.hub_kinds() == ["alarm.raised"]
    hub.store.close()


def test_a_run_that_never_said_that_it_stops_was_killed(tmp_path: Path) -> None:
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'karez.db'}")
    assert ended_in_order(store), "there was none"
    store.append(ev.HUB_STREAM, None, [ev.HubStarted("hub", "0", 0, False)])
    assert not ended_in_order(store)
    store.append(ev.HUB_STREAM, None, [ev.HubStopped("hub")])
    assert ended_in_order(store)
    store.close()


async def test_a_start_waits_no_longer_for_its_readers_than_until_it_is_to_stop() -> None:
    stop, loading = asyncio.Event(), asyncio.create_task(asyncio.sleep(60))
    asyncio.get_running_loop().call_later(0.01, stop.set)
    await asyncio.wait_for(either(loading, stop), 10)
    assert not loading.done()
    loading.cancel()


async def test_what_goes_wrong_while_readers_load_is_raised_at_the_start() -> None:
    async def broken() -> None:
        raise RuntimeError("no reader can be told of")

    with pytest.raises(RuntimeError, match="told of"):
        await either(asyncio.create_task(broken()), asyncio.Event())
