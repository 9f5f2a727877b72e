"""The PLC's side of the TCP link, simulated: the hall and the tests speak through it."""

from karez.domain.telegrams import Dest, Heartbeat, State, Telegram
from karez.settings import SorterSection
from karez.sorter.plc.protocol import PlcTelegram, Role
from karez.sorter.plc.sequence import Inbox
from karez.sorter.plc.sockets import Access, Sockets
from karez.sorter.plc.tcp.endpoint import Endpoint, Identity
from karez.sorter.plc.tray import TwinWithTray


class TcpTwin(TwinWithTray):
    """A PLC that is honest and forgets nothing while it lives.

    Parameters
    ----------
    host, port, role
        Where to listen or call; a PLC usually calls (``"client"``) a hub that listens.
    session
        Name of this run of the PLC, new with every restart.
    heartbeat_ms
        Interval of heartbeats.
    access
        Who may call it, and its certificate.
    """

    def __init__(
        self,
        host: str,
        port: int,
        role: Role,
        session: str,
        heartbeat_ms: int = 1_000,
        access: Access | None = None,
    ) -> None:
        super().__init__()
        self._endpoint = Endpoint(
            Identity("plc", session, frozenset({Dest, State})),
            heartbeat_ms,
            self._arrived,
            self._happened,
            on_acknowledged=self._tray.ring,
        )
        self._sockets = Sockets(role, host, port, self._endpoint.serve, self._endpoint.refused, access)

    @property
    def port(self) -> int:
        """The port listened on or called."""
        return self._sockets.port

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._endpoint.link is not None

    @property
    def all_acknowledged(self) -> bool:
        """Whether the hub has acknowledged (and so committed) everything that was sent."""
        return len(self._endpoint.outbox) == 0

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._sockets.start()

    async def stop(self) -> None:
        """End the link."""
        await self._sockets.stop("the PLC stops")

    async def cut(self) -> None:
        """Cut the link on purpose and keep it down until `mend`; what is sent meanwhile waits."""
        await self._sockets.stop("cut on purpose")

    async def mend(self) -> None:
        """Let the link come back."""
        await self._sockets.start()

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Number a telegram and send it; repeated until the hub has acknowledged it."""
        self._endpoint.send(telegram)

    def _arrived(self, telegram: Telegram, seq: int, inbox: Inbox) -> None:
        if not isinstance(telegram, Dest | State):
            return
        self._endpoint.acknowledge(inbox, seq)
        self._give(telegram)


def tcp_twin(host: str, port: int, role: Role, session: str, settings: SorterSection) -> TcpTwin:
    """Twin as the settings want it."""
    return TcpTwin(host, port, role, session, settings.heartbeat_ms, Access.of(settings, role))
