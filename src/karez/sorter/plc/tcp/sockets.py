"""Where connections come from: listening for the peer, or calling it again and again until it answers."""

import asyncio

from karez.sorter.plc.protocol import Role
from karez.sorter.plc.tcp.connection import Connection
from karez.sorter.plc.tcp.endpoint import Endpoint

_MAX_CONNECTIONS = 16  # of which one is the link; the others have not said HELLO yet
_BACKOFF_FIRST_S = 0.05
_BACKOFF_MOST_S = 1.0  # short: a hub that comes back must be able to decide within 5 s


class Sockets:
    """Opens connections in one role and lets the endpoint speak over them.

    Parameters
    ----------
    role
        ``"server"`` listens on host and port, ``"client"`` calls them.
    port
        0 lets the server take a free one; see `port` after `start`.
    """

    def __init__(self, role: Role, host: str, port: int, endpoint: Endpoint) -> None:
        self.role, self.host, self.port = role, host, port
        self._endpoint = endpoint
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin. Raises `OSError` where the address cannot be bound."""
        if self.role == "client":
            self._keep(asyncio.create_task(self._call()))
            return
        self._server = await asyncio.start_server(self._accepted, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self, reason: str) -> None:
        """End every connection and open no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._endpoint.link is not None:
            self._endpoint.link.close(reason)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None or len(self._tasks) >= _MAX_CONNECTIONS:
            writer.close()
            return
        self._keep(asyncio.create_task(self._serve(Connection(reader, writer))))

    async def _serve(self, connection: Connection) -> None:
        await self._endpoint.serve(connection)

    async def _call(self) -> None:
        pause_s = _BACKOFF_FIRST_S
        while True:
            if await self._call_once():
                pause_s = _BACKOFF_FIRST_S
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _BACKOFF_MOST_S)

    async def _call_once(self) -> bool:
        """Call and speak until the connection ends; whether a link stood."""
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            return False
        return await self._endpoint.serve(Connection(reader, writer))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
