"""The PLC's side of the link, with a watch on it: what came and went, and how often the link has come back."""

from time import monotonic

from karez.domain.ids import OrderId
from karez.domain.telegrams import Dest, Heartbeat, State
from karez.sorter.plc.protocol import Linked, PlcTelegram, Twin


class WatchedTwin(Twin):
    """A twin that notes orders and telegrams.

    Attributes
    ----------
    orders
        Names of those that came, each once.
    last_order_s
        Monotonic time of the last one.
    said
        How many telegrams were sent that have a number.
    """

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self.events = twin.events
        self.orders: list[OrderId] = []
        self.said = 0
        self.last_order_s = 0.0

    @property
    def repeats(self) -> int:
        """Orders that came again."""
        return self._twin.repeats

    @property
    def links(self) -> int:
        """How often the link came, of the last thousand things that happened to it."""
        return sum(isinstance(each, Linked) for each in self._twin.events)

    @property
    def port(self) -> int:
        """As the twin's."""
        return self._twin.port

    @property
    def linked(self) -> bool:
        """As the twin's."""
        return self._twin.linked

    @property
    def all_acknowledged(self) -> bool:
        """As the twin's."""
        return self._twin.all_acknowledged

    async def start(self) -> None:
        """As the twin's."""
        await self._twin.start()

    async def stop(self) -> None:
        """As the twin's."""
        await self._twin.stop()

    async def cut(self) -> None:
        """As the twin's."""
        await self._twin.cut()

    async def mend(self) -> None:
        """As the twin's."""
        await self._twin.mend()

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """As the twin's."""
        self.said += not isinstance(telegram, Heartbeat)
        self._twin.send(telegram)

    async def receive(self) -> Dest | State:
        """As the twin's."""
        return self._noted(await self._twin.receive())

    def receive_now(self) -> Dest | State | None:
        """As the twin's."""
        telegram = self._twin.receive_now()
        return None if telegram is None else self._noted(telegram)

    async def changed(self) -> None:
        """As the twin's."""
        await self._twin.changed()

    def _noted(self, telegram: Dest | State) -> Dest | State:
        if isinstance(telegram, Dest):
            self.orders.append(telegram.order)
            self.last_order_s = monotonic()
        return telegram
