"""Inputs that need the store while it cannot be reached wait, in their order, and are taken in when it is back."""

import asyncio
from collections import deque
from collections.abc import Callable

from karez.domain.clock import Clock
from karez.domain.errors import StoreAway

_AGAIN_S = 0.25
_AT_ONCE = 100  # of what has waited: between two slices the hub hears timers, pictures and heartbeats
_MOST = 10_000  # that may wait before the sorter is held back


class Patience:
    """Does things in order; what finds the store away is tried again, and everything behind it waits.

    An action must ask the store before it changes anything: it is done again from its beginning.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[Callable[[], None]] = deque()
        self._shorter = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def do(self, action: Callable[[], None]) -> None:
        """Do it now, or as soon as the store is back and what came before is done."""
        if self._waiting or not _done(action):
            self._waiting.append(action)
            if len(self._waiting) == 1:
                self._clock.call_later(_AGAIN_S, self._again)

    async def room(self) -> None:
        """Wait until not too much waits."""
        while len(self._waiting) >= _MOST:
            self._shorter.clear()
            await self._shorter.wait()

    def _again(self) -> None:
        for _ in range(min(_AT_ONCE, len(self._waiting))):
            if not _done(self._waiting[0]):
                self._clock.call_later(_AGAIN_S, self._again)
                return
            self._waiting.popleft()
            self._shorter.set()
        if self._waiting:
            self._clock.call_later(0, self._again)


def _done(action: Callable[[], None]) -> bool:
    try:
        action()
    except StoreAway:
        return False
    return True
