"""Watches the bytes of an OPC UA connection: what was no answer, how much came, and when it ended."""

import asyncio
from collections.abc import Callable

from asyncua.client.ua_client import UASocketProtocol

_HEAD_BYTES = 4_096
_MOST_BYTES = 1_000_000  # between two heartbeats; a PLC says some 100 KB a second


class Tap(asyncio.Protocol):
    """Stands between the socket and asyncua's protocol.

    Parameters
    ----------
    protocol
        Connected; from now on it gets its bytes from here.
    on_end
        Called once, with a sentence, when the connection is gone.

    Attributes
    ----------
    bad
        Bytes after which asyncua gave the connection up; ``None`` as long as it understood.
    """

    def __init__(self, protocol: UASocketProtocol, on_end: Callable[[str], None]) -> None:
        self._inner, self._on_end = protocol, on_end
        self._came = 0
        self.bad: bytes | None = None
        assert protocol.transport is not None
        self._transport = protocol.transport
        self._transport.set_protocol(self)

    @property
    def gone(self) -> bool:
        """Whether the socket is closed or closing."""
        return self._transport.is_closing()

    def tick(self) -> None:
        """A heartbeat's time is over: begin to count anew."""
        self._came = 0

    def data_received(self, data: bytes) -> None:
        """Hand bytes on, and notice if they were no answer."""
        self._came += len(data)
        before = self._transport.is_closing()
        self._inner.data_received(data)
        if self._transport.is_closing() and not before:
            self.bad = data[:_HEAD_BYTES]
        elif self._came > _MOST_BYTES:
            self.bad = data[:_HEAD_BYTES]
            self.abort()

    def eof_received(self) -> bool | None:
        """The peer closed; so does this end."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._inner.connection_lost(exc)
        what = getattr(exc, "strerror", None) or type(exc).__name__
        self._on_end(f"the connection broke ({what})" if exc else "the peer closed the connection")

    def abort(self) -> None:
        """End it without saying goodbye, whatever is still unsent."""
        self._transport.abort()
