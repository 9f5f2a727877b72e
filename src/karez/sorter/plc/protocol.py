"""What every PLC driver offers the hub: orders go out, telegrams and link events come in, in order."""

from collections.abc import AsyncIterator, Callable, MutableSequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal, Protocol

from karez.domain.telegrams import Dest, Divert, Heartbeat, Induct, Scan, State

PlcTelegram = Induct | Scan | Divert | State
"""What a PLC tells the hub, and what the hub must commit before it is acknowledged."""

HubTelegram = Dest | State | Heartbeat
"""What the hub tells a PLC."""

Resume = tuple[str, int]
"""The PLC's session and the highest sequence number of it that the hub has committed."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a driver's protocol can carry; the contract tests are chosen by it.

    Attributes
    ----------
    name
        The driver's row in the table of drivers, for example ``"tcp"``.
    acknowledges
        An inbound telegram is kept by the PLC side until the hub acknowledged it.
    replays
        After a reconnect what was not acknowledged is sent again, in both directions.
    alternatives
        How many alternative chutes an order can carry; 0 none.
    laps
        SCAN tells the lap.
    valid_for
        An order can carry how long it is valid.
    roles
        Which ends of the connection the hub can be.
    order_ids
        An order carries its id and its reason: the PLC side drops a repeat by it, and DIVERT names it. Otherwise the
        PLC side can only tell an order that changes nothing.
    measures
        SCAN carries mass and size, STATE its figure.
    codes
        How many codes SCAN can carry; 0 none.
    clock_ms
        Resolution of the PLC's times, which are cut to it.
    holds
        An order given while there is no link waits for the next, for as long as it is valid.
    tls
        The link can be TLS, with a certificate on both sides (``sorter.tls_cert``, ``tls_key``, ``tls_ca``).
    """

    name: str
    acknowledges: bool
    replays: bool
    alternatives: int
    laps: bool
    valid_for: bool
    roles: frozenset[str]
    order_ids: bool = True
    measures: bool = True
    codes: int = 32
    clock_ms: int = 1
    holds: bool = True
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A telegram of the PLC, once.

    Attributes
    ----------
    seq, session
        Its running number in the PLC's session; the hub stores the highest it has committed, to `Resume` from.
    acknowledge
        To be called after the telegram's events are committed; the acknowledgement leaves only then.
        May be called in any order, more than once, and after the link is gone.
    at_s
        Monotonic clock when it came off the socket: decision times are measured from here.
    """

    telegram: PlcTelegram
    seq: int
    session: str
    acknowledge: Callable[[], None]
    at_s: float = field(default_factory=monotonic)


@dataclass(frozen=True, slots=True)
class Linked:
    """The link stands. ``resent`` counts the hub's own telegrams that had been sent before and went out again."""

    peer: str
    session: str
    resent: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The link is gone; ``reason`` is a sentence that says how it was noticed."""

    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bytes that were no telegram: at most 256 of them in hexadecimal and a hash, or only a count of more such."""

    peer: str
    reason: str
    head_hex: str
    sha256: str
    count: int = 1


Received = Arrived | Linked | Unlinked | Rejected
"""What comes from a driver, in the order in which it happened."""


class Plc(Protocol):
    """The hub's side of a link to a sorter's control."""

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can carry."""
        ...

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        ...

    async def start(self) -> None:
        """Listen or call, and keep doing so until `stop`. Raises `OSError` where the address cannot be bound."""
        ...

    async def stop(self) -> None:
        """End the link and `received`."""
        ...

    def order(self, telegram: HubTelegram) -> None:
        """Hand a telegram to the socket, or hold it until the link stands; repeated until acknowledged.

        Never waits for the peer: a driver that must wait does so in a task of its own. Heartbeats are neither
        held nor repeated.
        """
        ...

    def received(self) -> AsyncIterator[Received]:
        """Telegrams and link events, in order; ends after `stop`. One reader only."""
        ...


Role = Literal["server", "client"]
"""Which end of the connection listens, and which calls."""

LinkEvent = Linked | Unlinked | Rejected
"""What happens to a link."""


class Twin(Protocol):
    """The PLC's side of a link, simulated: hall, bench and tests speak through it."""

    events: MutableSequence[LinkEvent]
    """What happened to the link, oldest first; bounded."""

    @property
    def repeats(self) -> int:
        """Orders that came again under their id, and were given once."""
        ...

    @property
    def port(self) -> int:
        """The port listened on (the one taken, where 0 was asked for) or called."""
        ...

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        ...

    @property
    def all_acknowledged(self) -> bool:
        """Whether the hub has committed all that was sent; without acknowledgement: whether all has left this end."""
        ...

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        ...

    async def stop(self) -> None:
        """End the link."""
        ...

    async def cut(self) -> None:
        """Cut the link on purpose and keep it down until `mend`; what is sent meanwhile waits."""
        ...

    async def mend(self) -> None:
        """Let the link come back."""
        ...

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Send a telegram; repeated until acknowledged where the protocol can. Never waits for the peer."""
        ...

    async def receive(self) -> Dest | State:
        """Next order or request of the hub; a repeated order is given once."""
        ...

    def receive_now(self) -> Dest | State | None:
        """The same without waiting: ``None`` where nothing has come."""
        ...

    async def changed(self) -> None:
        """Wait until something came from the hub, or the link came or went."""
        ...
