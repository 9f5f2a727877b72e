"""What a driver has heard and the hub has not taken yet, in order; holds the peer back while that is too much."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from karez.sorter.plc.protocol import Received

_LOOK_AGAIN_S = 0.25
_MAX_UNREAD = 10_000  # telegrams the hub may have before it; then the PLC is held back


Room = Callable[[Callable[[], bool]], Awaitable[None]]
"""`Intake.room`, or what stands in its place."""


class Intake:
    """The queue behind `Plc.received`."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Received | None] = asyncio.Queue()
        self._taken = asyncio.Event()

    def put(self, received: Received) -> None:
        """Add something; never waits."""
        self._waiting.put_nowait(received)

    def end(self) -> None:
        """Let `received` end behind what is in it."""
        self._waiting.put_nowait(None)

    async def received(self) -> AsyncIterator[Received]:
        """What was put, in order. One reader only."""
        while (each := await self._waiting.get()) is not None:
            self._taken.set()
            yield each

    async def room(self, over: Callable[[], bool] = lambda: False) -> None:
        """Wait until the hub has caught up; gives way to others in any case.

        Parameters
        ----------
        over
            Whether whoever waits has ended meanwhile: a peer that calls again and again must not leave one waiting
            for each call.
        """
        await asyncio.sleep(0)
        while self._waiting.qsize() >= _MAX_UNREAD and not over():
            self._taken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._taken.wait()
