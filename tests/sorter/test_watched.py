"""A task of a driver that ends by mistake is heard of, and a peer that calls again leaves nobody waiting."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from karez.sorter.plc import intake as intake_module
from karez.sorter.plc.connection import Connection
from karez.sorter.plc.intake import Intake
from karez.sorter.plc.protocol import Linked
from karez.sorter.plc.sockets import Sockets


async def test_an_error_in_what_speaks_over_a_connection_reaches_the_event_loop() -> None:
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context))

    async def speak(connection: Connection) -> bool:
        raise KeyError("a mistake in the driver")

    sockets = Sockets("server", "127.0.0.1", 0, speak, lambda host, why: None)
    await sockets.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", sockets.port)
    async with asyncio.timeout(10):
        while not heard:
            await asyncio.sleep(0.01)
    assert await reader.read() == b"", "its connection is closed, too"
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    await sockets.stop("the test is over")
    assert isinstance(heard[0]["exception"], KeyError) and "handle" in heard[0], "as of a callback"


async def test_who_waits_for_room_leaves_when_its_connection_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "_MAX_UNREAD", 2)
    monkeypatch.setattr(intake_module, "_LOOK_AGAIN_S", 0.01)
    intake, ended = Intake(), [False]
    for _ in range(2):
        intake.put(Linked("plc", "plc", 0))
    waiting = asyncio.create_task(intake.room(lambda: ended[0]))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    ended[0] = True
    await asyncio.wait_for(waiting, 10)
