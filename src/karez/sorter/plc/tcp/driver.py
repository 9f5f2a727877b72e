"""The hub's side of the TCP link: orders out, telegrams and link events in."""

import time
from collections.abc import AsyncIterator, Callable
from functools import partial

from karez.domain.telegrams import Divert, Induct, Scan, State, Telegram
from karez.settings import SorterSection
from karez.sorter.plc.intake import Intake
from karez.sorter.plc.protocol import Arrived, Capabilities, HubTelegram, LinkEvent, Received, Resume
from karez.sorter.plc.sequence import Inbox
from karez.sorter.plc.sockets import Access, Sockets
from karez.sorter.plc.tcp.endpoint import Endpoint, Identity
from karez.sorter.plc.tcp.wire import MAX_ITEMS
from karez.sorter.plc.watched import Unreached

CAPABILITIES = Capabilities(
    name="tcp",
    acknowledges=True,
    replays=True,
    alternatives=MAX_ITEMS,
    laps=True,
    valid_for=True,
    roles=frozenset({"server", "client"}),
    tls=True,
)


class TcpPlc:
    """`Plc` over newline-delimited JSON. All calls belong to the event loop that started it.

    Parameters
    ----------
    settings
        Role, address and heartbeat.
    session
        Name of this run of the hub, new with every start: running numbers begin anew with it.
    resume
        What the hub has committed of the PLC's session, so that it goes on there.
    monotonic
        Clock in seconds, for counts by the minute.
    """

    def __init__(
        self,
        settings: SorterSection,
        session: str,
        resume: Resume | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._intake = Intake()
        self._endpoint = Endpoint(
            Identity("wcs", session, frozenset({Induct, Scan, Divert, State})),
            settings.heartbeat_ms,
            self._arrived,
            self._happened,
            resume,
            monotonic,
            room=self._intake.room,
        )
        self._sockets = Sockets(
            settings.role,
            settings.host,
            settings.port,
            self._endpoint.serve,
            self._endpoint.refused,
            Access.of(settings),
            Unreached(),
        )

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can carry."""
        return CAPABILITIES

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._endpoint.link is not None

    @property
    def port(self) -> int:
        """The port listened on (the one taken, where the setting says 0) or called."""
        return self._sockets.port

    @property
    def unacknowledged(self) -> int:
        """How many telegrams the PLC has not acknowledged yet."""
        return len(self._endpoint.outbox)

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._sockets.start()

    async def stop(self) -> None:
        """End the link and `received`."""
        await self._sockets.stop("the hub stops")
        self._endpoint.stopped()
        self._intake.end()

    def order(self, telegram: HubTelegram) -> None:
        """Hand a telegram to the socket, or hold it until the link stands; repeated until acknowledged."""
        self._endpoint.send(telegram)

    def received(self) -> AsyncIterator[Received]:
        """Telegrams and link events, in order; ends after `stop`. One reader only."""
        return self._intake.received()

    def _arrived(self, telegram: Telegram, seq: int, inbox: Inbox) -> None:
        if isinstance(telegram, Induct | Scan | Divert | State):
            acknowledge = partial(self._endpoint.acknowledge, inbox, seq)
            self._intake.put(Arrived(telegram, seq, inbox.session, acknowledge))

    def _happened(self, event: LinkEvent) -> None:
        self._intake.put(event)
