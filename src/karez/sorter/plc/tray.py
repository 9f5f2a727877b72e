"""What a twin was told by the hub and the hall has not taken yet, and whether anything has happened since."""

import asyncio
from collections import deque
from collections.abc import MutableSequence

from karez.domain.ids import OrderId
from karez.domain.telegrams import Dest, State
from karez.sorter.plc.protocol import LinkEvent

_EVENTS = 1_000


class Tray:
    """The queue behind a twin's `receive`, and the bell behind its `changed`."""

    def __init__(self) -> None:
        self._orders: asyncio.Queue[Dest | State] = asyncio.Queue()
        self._bell = asyncio.Event()

    def put(self, telegram: Dest | State) -> None:
        """Add an order or a request, and ring."""
        self._orders.put_nowait(telegram)
        self.ring()

    def ring(self) -> None:
        """Something happened: came from the hub, was acknowledged, or the link came or went."""
        self._bell.set()

    async def take(self) -> Dest | State:
        """Wait for the next order or request."""
        return await self._orders.get()

    def take_now(self) -> Dest | State | None:
        """The same without waiting: ``None`` where nothing has come."""
        return None if self._orders.empty() else self._orders.get_nowait()

    async def changed(self) -> None:
        """Wait until something happened since this was last asked."""
        await self._bell.wait()
        self._bell.clear()


class TwinWithTray:
    """What every twin does alike: orders wait for the hall, each is given once, and what happens is told.

    Attributes
    ----------
    repeats
        Orders that came again under their id.
    events
        What happened to the link; the last thousand.
    """

    def __init__(self) -> None:
        self._tray = Tray()
        self._seen: set[OrderId] = set()
        self.repeats = 0
        self.events: MutableSequence[LinkEvent] = deque(maxlen=_EVENTS)

    async def receive(self) -> Dest | State:
        """Next order or request of the hub; a repeated order is given once."""
        return await self._tray.take()

    def receive_now(self) -> Dest | State | None:
        """The same without waiting: ``None`` where nothing has come."""
        return self._tray.take_now()

    async def changed(self) -> None:
        """Wait until something came from the hub, or the link came or went."""
        await self._tray.changed()

    def _give(self, telegram: Dest | State) -> None:
        """Put it before the hall, unless it is an order that was given already."""
        if isinstance(telegram, Dest):
            if telegram.order in self._seen:
                self.repeats += 1
                return
            self._seen.add(telegram.order)
        self._tray.put(telegram)

    def _happened(self, event: LinkEvent) -> None:
        self.events.append(event)
        self._tray.ring()
