"""One TCP connection of a driver: bytes in, bytes out, and an end that has a reason."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

_CHUNK = 65_536
_MAX_UNSENT = 4_000_000  # bytes the peer may leave unread before it counts as stuck


class Connection:
    """A socket.

    Attributes
    ----------
    peer
        Host and port; ``host`` alone counts bad telegrams, so that a new connection does not start the count anew.
    missed
        Heartbeat intervals without a byte from the peer.
    paused
        This end is not reading now, so silence says nothing about the peer.
    bad_in_a_row
        Bad telegrams since the last good one; counted by whoever reads.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        name = writer.get_extra_info("peername") or ("?", 0)
        self.host, self.peer = str(name[0]), f"{name[0]}:{name[1]}"
        self.missed = 0
        self.paused = False
        self.bad_in_a_row = 0
        self.end_reason: str | None = None
        raw = writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ended(self) -> bool:
        """Whether it has ended, for whatever reason."""
        return self.end_reason is not None

    async def chunks(self, pending: Callable[[], int] = lambda: 0) -> AsyncIterator[bytes]:
        """Bytes as they come; ends when the peer closes, the link breaks or `close` is called.

        Parameters
        ----------
        pending
            Tells how many bytes of an unfinished telegram the reader holds: where the peer closes then, it is said.
        """
        while self.end_reason is None:
            try:
                chunk = await self._reader.read(_CHUNK)
            except OSError as error:
                self.close(f"the connection broke ({error.strerror or type(error).__name__})")
                return
            if not chunk:
                half = f", in the middle of a telegram, of which {count} bytes had come" if (count := pending()) else ""
                self.close(f"the peer closed the connection{half}")
                return
            self.missed = 0
            yield chunk

    def write(self, data: bytes) -> None:
        """Hand bytes to the socket; never waits."""
        if self.end_reason is not None or self._writer.is_closing():
            return
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > _MAX_UNSENT:
            self.close("the peer does not read")

    def close(self, reason: str) -> None:
        """End it; the first reason stays.

        What is still unsent is dropped: a peer that does not read could hold the connection open with it for as long
        as TCP tries, and where the protocol can repeat it is repeated over the next link anyway.
        """
        if self.end_reason is None:
            self.end_reason = reason
        if not self._writer.is_closing():
            if self._writer.transport.get_write_buffer_size():
                self._writer.transport.abort()
            self._writer.close()

    async def closed(self) -> None:
        """Wait until the socket is gone."""
        try:
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()
