"""Runs the hall against a hub over the PLC twin: in lock-step with the answers, and no faster than asked."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from karez.domain.ids import ParcelId
from karez.simulation.hall import Hall
from karez.simulation.happenings import (
    Asked,
    HallResult,
    Happening,
    LinkCut,
    LinkMended,
    Photographed,
    PlcDown,
    PlcUp,
    Said,
)
from karez.sorter.plc.protocol import Twin

Photograph = Callable[[ParcelId, int, int], Awaitable[None]]
"""Called with parcel, the demand's index and the lap when a parcel is under the camera; delivers its picture."""

_LINK_SETTLES_S = 30.0
_TURNS = 10


class Operators(Protocol):
    """People who are asked about parcels, in hall time."""

    @property
    def next_ms(self) -> int | None:
        """When the next of them answers."""
        ...

    async def look(self, parcel: ParcelId, index: int, now_ms: int) -> None:
        """A parcel passed the scan point, and the hub has decided on it."""
        ...

    async def answer(self) -> None:
        """Give the answer that is due."""
        ...


class HallRun:
    """One run of a hall.

    In lock-step hall time stands still until the hub has answered: at the camera until everything said so far is
    acknowledged, at the scan point until the order is there. There is no deadline in wall time, so that a slow
    machine, or a hub that is killed and started again, changes nothing in the outcomes; only while the script has cut
    the link does hall time go on without answers.

    Parameters
    ----------
    hall
        The model.
    twin
        The PLC's end of the link; started and stopped by the caller.
    photograph
        Delivers a picture; several may be under way at once, each is done before its parcel's SCAN leaves.
    speed
        Hall milliseconds in a wall millisecond at most; ``None`` as fast as the answers come.
    on_progress
        Called after every step.
    operators
        Coding operators; they answer between two steps, when hall time reaches their time.
    lock_step
        ``False``: hall time follows wall time and waits for nothing (needs a speed); outcomes then depend on it.
    """

    def __init__(
        self,
        hall: Hall,
        twin: Twin,
        photograph: Photograph,
        speed: float | None = None,
        on_progress: Callable[[Hall], None] = lambda hall: None,
        *,
        operators: Operators | None = None,
        lock_step: bool = True,
    ) -> None:
        if speed is None and not lock_step:
            raise ValueError("without lock-step the hall needs a speed")
        self._hall, self._twin = hall, twin
        self._photograph, self._on_progress = photograph, on_progress
        self._operators, self._lock_step = operators, lock_step
        self._index: dict[ParcelId, int] = {}
        self._pace = Pace(speed)
        self._pictures: dict[ParcelId, asyncio.Task[None]] = {}

    async def run(self) -> HallResult:
        """Run until every parcel has left the loop, or can leave it no more."""
        try:
            if self._lock_step:
                await self._until(lambda: self._twin.linked)
            while not self._hall.finished:
                await self._once()
            await self._end()
        finally:
            for task in self._pictures.values():
                task.cancel()
        return self._hall.result(self._twin.repeats)

    async def _once(self) -> None:
        due = self._hall.next_ms
        await self._answers_until(due)
        if due is None:  # the hub holds the inductions, and nothing rides
            await self._twin.changed()
        else:
            await self._pace.until(due)
        await self._take_orders()
        if due is not None:
            for each in self._hall.step():
                await self._do(each)
        self._on_progress(self._hall)

    async def _answers_until(self, due_ms: int | None) -> None:
        """Let operators answer whose time comes before the hall's next step."""
        while self._operators is not None and due_ms is not None:
            next_ms = self._operators.next_ms
            if next_ms is None or next_ms > due_ms:
                return
            await self._pace.until(next_ms)
            await self._operators.answer()
            await self._hear_what_was_sent()

    async def _hear_what_was_sent(self) -> None:
        """Take in an order that an answer led to, on the same lap.

        The hub hands the order to its socket before it answers the operator, and on one machine what is sent is there
        at once: the event loop has it in hand within a few turns.
        """
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        await self._take_orders()

    async def _do(self, happening: Happening) -> None:
        if isinstance(happening, Said):
            self._twin.send(happening.telegram)
        elif isinstance(happening, Photographed):
            await self._look(happening)
        elif isinstance(happening, Asked):
            await self._ask(happening)
        elif isinstance(happening, LinkCut):
            await self._cut()
        elif isinstance(happening, LinkMended):
            await self._come_back()
        elif isinstance(happening, PlcDown | PlcUp):
            raise NotImplementedError("a twin keeps its session: restarts of the PLC are for the virtual clock")

    async def _look(self, under: Photographed) -> None:
        await self._quiet()  # the hub must know the parcel before its picture comes
        self._index[under.parcel] = under.index
        await self._picture_taken(under.parcel)
        self._pictures[under.parcel] = asyncio.create_task(self._send_picture(under))

    async def _send_picture(self, under: Photographed) -> None:
        await self._photograph(under.parcel, under.index, under.lap)

    async def _picture_taken(self, parcel: ParcelId) -> None:
        task = self._pictures.pop(parcel, None)
        if task is not None:
            await task

    async def _ask(self, asked: Asked) -> None:
        if self._lock_step:
            await self._picture_taken(asked.telegram.parcel)
        self._twin.send(asked.telegram)
        await self._quiet()
        if self._operators is not None and not self._hall.link_cut:
            parcel = asked.telegram.parcel
            await self._operators.look(parcel, self._index[parcel], self._hall.now_ms)

    async def _quiet(self) -> None:
        """Lock-step: all that was said is acknowledged, all that was asked is answered."""
        if self._lock_step and not self._hall.link_cut:
            await self._until(self._all_is_said)

    def _all_is_said(self) -> bool:
        return self._twin.linked and self._twin.all_acknowledged and not self._hall.unanswered

    async def _cut(self) -> None:
        if self._lock_step:
            await self._until(self._all_is_said)
        await self._twin.cut()

    async def _come_back(self) -> None:
        await self._twin.mend()
        if self._lock_step:
            await self._until(lambda: self._twin.linked)
            try:
                async with asyncio.timeout(_LINK_SETTLES_S):
                    await self._quiet()
            except TimeoutError:
                self._hall.give_up_waiting()

    async def _until(self, reached: Callable[[], bool]) -> None:
        await self._take_orders()
        while not reached():
            await self._twin.changed()
            await self._take_orders()

    async def _take_orders(self) -> None:
        while (telegram := self._twin.receive_now()) is not None:
            for each in self._hall.take(telegram):
                await self._do(each)

    async def _end(self) -> None:
        """Leave nothing unsaid: the hub shall know every divert."""
        if self._hall.link_cut:
            self._hall.link_cut = False
            await self._twin.mend()
        await self._until(lambda: self._twin.linked and self._twin.all_acknowledged)


class Pace:
    """Holds hall time back to a multiple of wall time.

    When the hall had to wait for an answer it goes on from there, and does not hurry to catch up: it is never faster
    than asked, over any stretch.
    """

    def __init__(
        self,
        speed: float | None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._speed = speed
        self._monotonic, self._sleep = monotonic, sleep
        self._hall_ms, self._wall_s = 0, monotonic()

    async def until(self, hall_ms: int) -> None:
        """Wait until this hall time may come."""
        if self._speed is None:
            await self._sleep(0)
            return
        due_s = self._wall_s + (hall_ms - self._hall_ms) / 1000 / self._speed
        await self._sleep(max(0.0, due_s - self._monotonic()))
        self._hall_ms, self._wall_s = hall_ms, max(due_s, self._monotonic())
