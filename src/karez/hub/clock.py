"""The running hub's clock: its event loop's."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from karez.domain.clock import Timer


class LoopClock:
    """`karez.domain.clock.Clock` over the running event loop; made inside of it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def monotonic_s(self) -> float:
        """Seconds of the monotonic clock."""
        return monotonic()

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return datetime.now(UTC)

    def call_later(self, delay_s: float, action: Callable[..., object], *args: object) -> Timer:
        """Do something after a while, in the loop."""
        return self._loop.call_later(delay_s, action, *args)

    def call_soon(self, action: Callable[..., object], *args: object) -> None:
        """Do something in the loop as soon as may be; from any thread. A loop that has ended does nothing more."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action, *args)
