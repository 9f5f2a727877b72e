"""A data block served over S7: the simulated PLC's memory."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from snap7.server import Server
from snap7.type import SrvArea, SrvEvent

from karez.sorter.plc.s7.options import S7Options

_EVENT_DATA_WRITE = 0x0004_0000
_ALL = 1 << 20  # of memory that is here, everything can be read at once


class DataBlockHere:
    """`Memory` that this end keeps and serves; the library serves it from threads of its own.

    Parameters
    ----------
    wake
        Called in the event loop when the other side has written.
    """

    own = True
    max_read_bytes = _ALL
    max_write_bytes = _ALL

    def __init__(self, host: str, port: int, options: S7Options, wake: Callable[[], None]) -> None:
        self._host, self.port, self._options, self._wake = host, port, options, wake
        self._bytes = bytearray(options.offset + options.block.size_bytes)
        self._server: _Server | None = None

    @property
    def peer(self) -> str:
        """Who called last."""
        return self._server.peer if self._server is not None else "?"

    async def start(self) -> None:
        """Listen. Raises `OSError` where the address cannot be bound."""
        loop = asyncio.get_running_loop()
        server = _Server()
        server.register_area(SrvArea.DB, self._options.db, self._bytes)

        def happened(event: SrvEvent) -> None:
            if event.EvtCode == _EVENT_DATA_WRITE and not loop.is_closed():
                loop.call_soon_threadsafe(self._wake)

        server.set_events_callback(happened)
        self.port = server.listen(self._host, self.port)
        self._server = server

    async def open(self) -> None:
        """Nothing to do: the block is here."""

    async def read(self, at_byte: int, size_bytes: int) -> bytes:
        """Bytes of the block."""
        at = self._options.offset + at_byte
        return bytes(self._bytes[at : at + size_bytes])

    async def write(self, at_byte: int, raw: bytes) -> None:
        """Put bytes into the block, as a PLC's program does between two requests."""
        at = self._options.offset + at_byte
        if self._server is None:
            self._bytes[at : at + len(raw)] = raw
            return
        self._server.lock_area(SrvArea.DB, self._options.db)
        try:
            self._bytes[at : at + len(raw)] = raw
        finally:
            self._server.unlock_area(SrvArea.DB, self._options.db)

    async def close(self) -> None:
        """Hang up, and listen no longer."""
        server, self._server = self._server, None
        if server is not None:
            await asyncio.to_thread(server.end)


class _Server(Server):
    """The library's server, which can also be bound to a free port and ended without waiting for its peers."""

    def __init__(self) -> None:
        super().__init__(log=False)
        self.peer = "?"
        self._sockets: set[socket.socket] = set()

    def listen(self, host: str, port: int) -> int:
        """Serve; the port taken. Raises `OSError`."""
        with socket.socket() as probe:  # the library shares a port that is taken, and says so to nobody
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            port = probe.getsockname()[1]
        self.start_to(host, port)
        return port

    def end(self) -> None:
        """Hang up and stop."""
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.stop()

    def _handle_client(self, client_socket: socket.socket, address: tuple[str, int]) -> None:
        self.peer = f"{address[0]}:{address[1]}"
        self._sockets.add(client_socket)
        try:
            super()._handle_client(client_socket, address)
        finally:
            self._sockets.discard(client_socket)
