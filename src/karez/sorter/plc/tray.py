"""What a twin was told by the hub and the hall has not taken yet, and whether anything has happened since."""

import asyncio

from karez.domain.telegrams import Dest, State


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
