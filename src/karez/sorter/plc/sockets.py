"""Where connections come from: listening for allowed peers, or calling the peer again and again until it answers."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from karez.settings import SorterSection
from karez.sorter.plc.access import AllowList, tls_of, tls_reason
from karez.sorter.plc.connection import Connection
from karez.sorter.plc.protocol import Role
from karez.sorter.plc.watched import Unreached, raise_again

_MAX_CONNECTIONS = 16  # of which one is the link; the others have not said who they are yet
_BACKOFF_FIRST_S = 0.05
_BACKOFF_MOST_S = 0.4  # short: a hub that comes back must be able to decide within 5 s
_HANDSHAKE_S = 5.0
_OUT_OF_FILES_S = 0.1
_NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}  # a name that has an IPv6 address, on a machine without IPv6

LOOPBACK = ("127.0.0.0/8", "::1")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may connect where this end listens, and the certificates that both ends show."""

    allow: AllowList = field(default_factory=lambda: AllowList(LOOPBACK))
    tls: ssl.SSLContext | None = None

    @classmethod
    def of(cls, settings: SorterSection, role: Role | None = None) -> "Access":
        """As the settings say, for an end of this role. Raises `BadConfig` where the TLS files cannot be used."""
        return cls(AllowList(settings.allow), tls_of(settings, role))


class Sockets:
    """Opens connections in one role and lets an end of the link speak over them.

    Parameters
    ----------
    role
        ``"server"`` listens on host and port, ``"client"`` calls them.
    port
        0 lets the server take a free one; see `port` after `start`.
    serve
        Speaks over one connection until it ends; whether a link ever stood on it.
    refused
        Told the address and the reason of every peer that was turned away, and of every failed TLS handshake.
    unreached
        Told why a peer that is called does not answer.
    """

    def __init__(
        self,
        role: Role,
        host: str,
        port: int,
        serve: Callable[[Connection], Awaitable[bool]],
        refused: Callable[[str, str], None],
        access: Access | None = None,
        unreached: Unreached | None = None,
    ) -> None:
        self._unreached = unreached
        self.role, self.host, self.port = role, host, port
        self._serve, self._refused = serve, refused
        self._access = access or Access()
        self._listening: list[socket.socket] = []
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin. Raises `OSError` where the address cannot be bound."""
        if self.role == "client":
            self._keep(asyncio.create_task(self._call()))
            return
        self._listening = await self._listen()
        for each in self._listening:
            self._keep(asyncio.create_task(self._accept(each)))

    async def stop(self, reason: str) -> None:
        """End every connection and open no more."""
        for connection in list(self._connections):
            connection.close(reason)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in self._listening:
            each.close()
        self._listening = []

    # ---- listening -------------------------------------------------------------------------------------------------

    async def _listen(self) -> list[socket.socket]:
        found = await asyncio.get_running_loop().getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        bound: list[socket.socket] = []
        missing: OSError | None = None
        for family, _, _, _, address in dict.fromkeys(found):
            try:
                each = socket.create_server((str(address[0]), self.port), family=family, backlog=100)
            except OSError as error:
                if error.errno not in _NOT_HERE:
                    raise
                missing = error
                continue
            each.setblocking(False)
            bound.append(each)
            self.port = each.getsockname()[1]
        if not bound and missing is not None:
            raise missing
        return bound

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                peer, address = await loop.sock_accept(listening)
            except OSError:  # too many open files, or it hung up already
                await asyncio.sleep(_OUT_OF_FILES_S)
                continue
            why = self._access.allow.refusal(str(address[0]))
            if why is not None:
                peer.close()
                self._refused(str(address[0]), why)
            elif len(self._tasks) >= _MAX_CONNECTIONS + len(self._listening):
                peer.close()
            else:
                self._keep(asyncio.create_task(self._receive(peer, str(address[0]))))

    async def _receive(self, peer: socket.socket, host: str) -> None:
        """Speak with a peer that may speak; with TLS, once its certificate is found good."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        tls = self._access.tls
        try:
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol, peer, ssl=tls, ssl_handshake_timeout=_HANDSHAKE_S if tls else None
            )
        except OSError as error:
            peer.close()
            self._refused(host, tls_reason(error))
            return
        await self._speak(Connection(reader, asyncio.StreamWriter(transport, protocol, reader, loop)))

    # ---- calling ---------------------------------------------------------------------------------------------------

    async def _call(self) -> None:
        pause_s = _BACKOFF_FIRST_S
        while True:
            if await self._call_once():
                pause_s = _BACKOFF_FIRST_S
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _BACKOFF_MOST_S)

    async def _call_once(self) -> bool:
        """Call and speak until the connection ends; whether a link stood."""
        tls = self._access.tls
        try:
            reader, writer = await asyncio.open_connection(
                self.host, self.port, ssl=tls, ssl_handshake_timeout=_HANDSHAKE_S if tls else None
            )
        except ssl.SSLError as error:
            self._refused(self.host, tls_reason(error))
            return False
        except OSError as error:
            if self._unreached is not None:
                self._unreached.say(f"{self.host}:{self.port}", error)
            return False
        if self._unreached is not None:
            self._unreached.reached()
        return await self._speak(Connection(reader, writer))

    # ---- both ------------------------------------------------------------------------------------------------------

    async def _speak(self, connection: Connection) -> bool:
        self._connections.add(connection)
        try:
            return await self._serve(connection)
        finally:
            self._connections.discard(connection)
            connection.close("stopped")  # where a mistake ended it, nobody else has

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(raise_again)
