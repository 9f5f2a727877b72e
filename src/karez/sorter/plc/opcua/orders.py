"""How orders reach the PLC: by calls of its methods, or by a ring of tags; both numbered and taken in order."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from asyncua import ua

from karez.domain.telegrams import Dest, State
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.dialogue import Dialogue, PlcState
from karez.sorter.plc.opcua.session import PlcSession
from karez.sorter.plc.tcp.wire import TYPE_NAMES

_AT_ONCE = 16
_BUSY_S = 0.02


class _Queue:
    """What both ways share: the outbox and how far of it is sent over this link."""

    def __init__(self, session: PlcSession, dialogue: Dialogue) -> None:
        self._session, self._dialogue = session, dialogue
        self._sent = 0
        self._to_send = asyncio.Event()

    def begin(self, plc: PlcState) -> None:
        """The link stands: whatever the PLC has not taken goes out again."""
        self._sent = self._dialogue.outbox.first - 1
        self._to_send.set()

    def placed(self) -> None:
        """There is something in the outbox."""
        self._to_send.set()

    def _next(self, most: int) -> list[tuple[int, Dest | State]]:
        return list(self._dialogue.outbox.after(self._sent)[:most])

    def _mark(self, batch: list[tuple[int, Dest | State]]) -> None:
        for number, _ in batch:
            self._dialogue.outbox.mark_sent(number)
        self._sent = batch[-1][0]

    def _taken(self, number: int) -> None:
        if not self._dialogue.outbox.acknowledged(number):
            self._dialogue.reject(f"has taken number {number}, but only {self._dialogue.outbox.last} was sent")


class MethodOrders(_Queue):
    """Orders are calls; the PLC answers with the highest number that it has taken over."""

    def taken(self, number: int) -> None:
        """The tag says the same as the answers: nothing to do."""

    async def send(self) -> None:
        """Call for what is in the outbox, again and again, many calls in one request."""
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            while batch := self._next(_AT_ONCE):
                calls = [self._call(number, telegram) for number, telegram in batch]
                self._mark(batch)
                taken = max(await self._session.call(calls))
                self._taken(taken)
                if taken < batch[-1][0]:  # the PLC has no room: what it did not take comes again
                    self._sent = max(taken, self._dialogue.outbox.first - 1)
                    await asyncio.sleep(_BUSY_S)

    def _call(self, number: int, telegram: Dest | State) -> tuple[str, list[ua.Variant]]:
        method = space.METHODS[TYPE_NAMES[type(telegram)]]
        return method, wire.arguments_of(self._dialogue.session, number, telegram)


class TagOrders(_Queue):
    """Orders stand in a ring of tags; the PLC tells in a tag how far it has taken them."""

    def begin(self, plc: PlcState) -> None:
        """The link stands: whatever the PLC has not taken goes out again."""
        self._slots = plc.slots
        super().begin(plc)

    def taken(self, number: int) -> None:
        """The PLC's counter moved."""
        self._taken(number)
        self._to_send.set()

    async def send(self) -> None:
        """Fill free slots of the ring with what is in the outbox, and then count up."""
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            while batch := self._next(self._free()):
                values: dict[str, ua.Variant] = {}
                for number, telegram in batch:
                    values |= self._slot(number, telegram)
                self._mark(batch)
                await self._session.write(values)
                # The counter goes in a request of its own: servers need not keep the order within one.
                await self._session.write({space.HUB_LAST: ua.Variant(batch[-1][0], space.WHOLE)})

    def _free(self) -> int:
        ahead = self._sent - (self._dialogue.outbox.first - 1)
        return min(_AT_ONCE, max(0, self._slots - ahead))

    def _slot(self, number: int, telegram: Dest | State) -> Mapping[str, ua.Variant]:
        head = f"Hub.Slot[{space.slot_of(number, self._slots)}]"
        return {f"{head}.{tag}": value for tag, value in wire.slot_values(number, telegram).items()}


class Orders(Protocol):
    """What a link needs of either way."""

    def begin(self, plc: PlcState) -> None:
        """The link stands."""
        ...

    def placed(self) -> None:
        """There is something in the outbox."""
        ...

    def taken(self, number: int) -> None:
        """The PLC's counter of numbers taken says this."""
        ...

    async def send(self) -> None:
        """Send what is in the outbox, again and again."""
        ...
