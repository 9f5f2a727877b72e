"""Follows the store and the control process while pages are open: one projection for all readers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from karez.domain.errors import KarezError
from karez.domain.events import Recorded
from karez.web.doors import Control, Events
from karez.web.hall_figures import HallFigures

REBUILD_EVENTS = 400_000
"""How far back the projection starts: about two hours at 20,000 parcels/h, read in a few seconds."""

_BATCH = 2_000
_POLL_S = 0.2
_STATUS_S = 1.0
_STATUS_TIMEOUT_S = 2.0


class Follower:
    """Applies new events to the projection and wakes who waits for them.

    Parameters
    ----------
    also
        Told each event too, in order.

    Attributes
    ----------
    hall
        The projection.
    control_up
        Whether the control process answered last time it was asked; ``None`` before that.
    caught_up
        Whether the events that were stored before have been applied.
    """

    def __init__(
        self,
        store: Events,
        control: Control,
        clock: Callable[[], datetime],
        also: Callable[[Recorded], None] = lambda recorded: None,
    ) -> None:
        self._store, self._control, self.clock, self._also = store, control, clock, also
        self.hall = HallFigures()
        self.control_up: bool | None = None
        self.control_seen_at: datetime | None = None
        self.status: Mapping[str, Any] = {}
        self.caught_up = False
        self.store_fault: str | None = None
        self._changed = asyncio.Condition()
        self.tick = 0

    async def run(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow_store())
            group.create_task(self._follow_control())

    async def wait(self, tick: int, timeout_s: float) -> None:
        """Wait until something has changed since ``tick``, or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: self.tick != tick)

    async def _follow_store(self) -> None:
        position = -1
        while True:
            try:
                if position < 0:
                    position = max(0, await asyncio.to_thread(self._store.last_position) - REBUILD_EVENTS)
                batch = await asyncio.to_thread(self._store.read, position, _BATCH)
            except (KarezError, OSError) as fault:
                await self._say_store_fault(str(fault))
                await asyncio.sleep(_STATUS_S)
                continue
            self.store_fault = None
            if batch:
                position = batch[-1].position
                await self._apply(batch)
            if len(batch) < _BATCH:
                self.caught_up = True
                await asyncio.sleep(_POLL_S)

    async def _apply(self, batch: Sequence[Recorded]) -> None:
        for number, recorded in enumerate(batch):
            self.hall.apply(recorded)
            self._also(recorded)
            if number % 200 == 199:
                await asyncio.sleep(0)  # pages are answered while a long history is read
        await self._notify()

    async def _say_store_fault(self, fault: str) -> None:
        if self.store_fault != fault:
            self.store_fault = fault
            await self._notify()

    async def _follow_control(self) -> None:
        while True:
            await self.ask_control()
            await asyncio.sleep(_STATUS_S)

    async def ask_control(self) -> bool:
        """Ask the control process how it is; ``False`` when it does not answer in time.

        Whoever asks, the pages show this answer from now on: a health check and a page never say different things.
        """
        status = await self._status()
        up = status is not None
        if status is not None:
            self.status, self.control_seen_at = status, self.clock()
        heard = self.hall.hear(self.status.get("alarms", ()) if up else (), self.clock())
        if up != self.control_up or heard:
            self.control_up = up
            await self._notify()
        return up

    async def _status(self) -> Mapping[str, Any] | None:
        try:
            async with asyncio.timeout(_STATUS_TIMEOUT_S):
                return await self._control.status()
        except (KarezError, OSError, TimeoutError):
            return None

    async def _notify(self) -> None:
        async with self._changed:
            self.tick += 1
            self._changed.notify_all()
