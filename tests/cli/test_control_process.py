"""The control process ends rather than go on with a memory that is not the store's; its supervisor starts it again."""

import asyncio

import pytest

from karez.cli.control_process import first_broken_callback


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
