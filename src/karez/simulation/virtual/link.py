"""The link between the simulated hall and the real control loop: two ends, a wire, cuts, and restarts of either."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from random import Random

from karez.domain.ids import OrderId
from karez.domain.telegrams import Dest, Heartbeat, State, Telegram
from karez.simulation.virtual.clock import Lifetime, VirtualClock
from karez.simulation.virtual.session import End, Packet
from karez.simulation.virtual.wire import Direction, WireHabits
from karez.sorter.plc.protocol import (
    Arrived,
    Capabilities,
    HubTelegram,
    Linked,
    PlcTelegram,
    Received,
    Resume,
    Unlinked,
)
from karez.sorter.plc.sequence import Inbox

CAPABILITIES = Capabilities("virtual", True, True, 32, True, True, frozenset({"server"}))
_PEER = "virtual"


class VirtualPlc:
    """The hub's side: `Plc`, as one run of the control process has it.

    Parameters
    ----------
    life
        The clock of that run.
    """

    capabilities = CAPABILITIES

    def __init__(self, link: "VirtualLink", session: str, resume: Resume | None, life: Lifetime) -> None:
        self._life = life
        self.end = End(session, life, link.to_plc.carry, self._arrived, self._linked, resume)
        self.receive: Callable[[Received], None] = lambda received: None

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self.end.linked

    def order(self, telegram: HubTelegram) -> None:
        """Send, or hold until the link stands. Heartbeats are not needed here: a cut is noticed at once."""
        if not isinstance(telegram, Heartbeat):
            self.end.send(telegram)

    def parted(self, reason: str) -> None:
        """The link is gone."""
        if self.end.linked:
            self.end.part()
            self.receive(Unlinked(_PEER, reason))

    def _linked(self, session: str, again: int) -> None:
        self.receive(Linked(_PEER, session, again))

    def _arrived(self, telegram: Telegram, seq: int, inbox: Inbox) -> None:
        assert not isinstance(telegram, Dest | Heartbeat), "the hall says nothing else"
        acknowledge = partial(self.end.acknowledge, inbox, seq)
        self.receive(Arrived(telegram, seq, inbox.session, acknowledge, self._life.monotonic_s()))

    async def start(self) -> None:
        """Nothing to bind."""

    async def stop(self) -> None:
        """Nothing to let go."""

    async def received(self) -> AsyncIterator[Received]:
        """Nothing is queued here: `receive` is called at once."""
        return
        yield


class VirtualLink:
    """Everything between the hall and whichever run of the hub is up.

    Parameters
    ----------
    on_order
        Called with each new order or request of the hub, at the PLC.
    happened
        Counts what went wrong, by name.

    Attributes
    ----------
    ts_ahead_ms
        How far the PLC's own clock is from hall time.
    lost_at_restart
        What the PLC had not got acknowledged when it was restarted.
    order_repeats
        Orders that came again under their id.
    """

    def __init__(
        self,
        clock: VirtualClock,
        rng: Random,
        habits: WireHabits,
        on_order: Callable[[Dest | State], None],
        happened: Counter[str],
    ) -> None:
        self._clock, self._habits, self._on_order = clock, habits, on_order
        self.to_hub = Direction(clock, rng, habits, self._at_hub, happened)
        self.to_plc = Direction(clock, rng, habits, self._at_plc, happened)
        self._hub: VirtualPlc | None = None
        self._plc: End | None = None
        self._cut = False
        self._sessions = 0
        self._seen: set[OrderId] = set()
        self._greetings = 0
        self.ts_ahead_ms = 0
        self.order_repeats = 0
        self.lost_at_restart: list[Telegram] = []

    # ---- the PLC's side -------------------------------------------------------------------------------------------

    @property
    def linked(self) -> bool:
        """Whether the link stands, as the PLC sees it."""
        return self._plc is not None and self._plc.linked

    @property
    def all_acknowledged(self) -> bool:
        """Whether the hub has committed everything that the PLC has said."""
        return self._plc is not None and not len(self._plc.outbox)

    def send(self, telegram: PlcTelegram) -> None:
        """Say something; the PLC must be up."""
        assert self._plc is not None, "a PLC that is down says nothing"
        if self.ts_ahead_ms:
            telegram = replace(telegram, ts_ms=max(0, telegram.ts_ms + self.ts_ahead_ms))
        self._plc.send(telegram)

    def plc_up(self) -> None:
        """The PLC is up, in a new session; it knows none of the orders it had before."""
        self._sessions += 1
        self._seen.clear()
        self._plc = End(f"hall-{self._sessions}", self._clock, self.to_hub.carry, self._ordered, lambda *_: None)
        self._greet()

    def plc_down(self) -> None:
        """The PLC stops, and what it had not got acknowledged is lost."""
        if self._plc is not None:
            self.lost_at_restart += [telegram for _, telegram in self._plc.outbox.after(0)]
            self._plc.part()
            self._plc = None
        self._break("the PLC closed the connection")

    # ---- the hub's side -------------------------------------------------------------------------------------------

    def hub_up(self, hub: VirtualPlc) -> None:
        """A run of the hub is ready to take telegrams."""
        self._hub = hub
        self._greet()

    def hub_down(self) -> None:
        """The hub was killed."""
        self._hub = None
        self._break("")

    # ---- between --------------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Cut the wire."""
        self._cut = True
        self._break("the connection broke")

    def mend(self) -> None:
        """Let the link come back."""
        self._cut = False
        self._greet()

    def _break(self, reason: str) -> None:
        self._greetings += 1
        self.to_hub.cut()
        self.to_plc.cut()
        if self._plc is not None:
            self._plc.part()
        if self._hub is not None:
            self._hub.parted(reason)

    def _greet(self) -> None:
        if self._hub is not None and self._plc is not None and not self._cut:
            self._clock.at(self._clock.now_ms + 2 * self._habits.latency_ms, self._meet, self._greetings)

    def _meet(self, greeting: int) -> None:
        if greeting != self._greetings or self._hub is None or self._plc is None:
            return
        of_hub, of_plc = self._hub.end.hello(), self._plc.hello()
        self._hub.end.meet(of_plc)
        self._plc.meet(of_hub)

    def _at_hub(self, packet: Packet) -> None:
        if self._hub is not None:
            self._hub.end.take(packet)

    def _at_plc(self, packet: Packet) -> None:
        if self._plc is not None:
            self._plc.take(packet)

    def _ordered(self, telegram: Telegram, seq: int, inbox: Inbox) -> None:
        assert self._plc is not None
        self._plc.acknowledge(inbox, seq)
        if isinstance(telegram, Dest):
            if telegram.order in self._seen:
                self.order_repeats += 1
                return
            self._seen.add(telegram.order)
        if isinstance(telegram, Dest | State):
            self._on_order(telegram)
