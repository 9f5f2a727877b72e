"""The block in the PLC's data block, reached as S7 client from a thread of its own: the event loop never waits."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from snap7.client import Client

from karez.sorter.plc.mailbox.layout import SLOT_BYTES
from karez.sorter.plc.mailbox.memory import LinkDown
from karez.sorter.plc.s7.options import S7Options
from karez.sorter.plc.s7.wire import most_bytes, reason_of

T = TypeVar("T")


class DataBlockOverThere:
    """`Memory` that the PLC keeps.

    Every connection has a thread of its own, which ends with it: one that hangs in a broken answer is left behind.

    Parameters
    ----------
    timeout_s
        An answer that takes longer ends the connection.
    """

    own = False

    def __init__(self, host: str, port: int, options: S7Options, timeout_s: float) -> None:
        self._host, self.port, self._options, self._timeout_s = host, port, options, timeout_s
        self.max_read_bytes, self.max_write_bytes = most_bytes(240)
        self._client: Client | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def peer(self) -> str:
        """Host and port that are called."""
        return f"{self._host}:{self.port}"

    async def start(self) -> None:
        """Nothing to do before `open`."""

    async def open(self) -> None:
        """Connect and agree on a length of PDU. Raises `LinkDown`."""
        await self.close()
        client = self._client = Client()
        self._thread = ThreadPoolExecutor(1, "s7")
        await self._in_thread(lambda: self._connect(client))
        self.max_read_bytes, self.max_write_bytes = most_bytes(client.pdu_length)
        if self.max_write_bytes < SLOT_BYTES:
            raise LinkDown(f"a PDU of {client.pdu_length} bytes has no room for a slot of {SLOT_BYTES}")

    async def read(self, at_byte: int, size_bytes: int) -> bytes:
        """Bytes of the block. Raises `LinkDown`."""
        client, at = self._connected(), self._options.offset + at_byte
        raw = await self._in_thread(lambda: bytes(client.db_read(self._options.db, at, size_bytes)))
        if len(raw) != size_bytes:
            raise LinkDown(f"asked for {size_bytes} bytes, {len(raw)} came")
        return raw

    async def write(self, at_byte: int, raw: bytes) -> None:
        """Put bytes into the block. Raises `LinkDown`."""
        client, at = self._connected(), self._options.offset + at_byte
        await self._in_thread(lambda: client.db_write(self._options.db, at, bytearray(raw)))

    async def close(self) -> None:
        """Hang up, and leave the thread to itself."""
        client, thread = self._client, self._thread
        self._client = self._thread = None
        if client is not None:
            _hang_up(client)
        if thread is not None:
            thread.shutdown(wait=False, cancel_futures=True)

    def _connect(self, client: Client) -> None:
        client.connect(self._host, self._options.rack, self._options.slot, self.port)
        if client.connection is not None and client.connection.socket is not None:
            client.connection.socket.settimeout(self._timeout_s)

    def _connected(self) -> Client:
        if self._client is None:
            raise LinkDown("the connection was ended")
        return self._client

    async def _in_thread(self, action: Callable[[], T]) -> T:
        """Run in the connection's thread; its result is handed over by the event loop."""
        if self._thread is None:
            raise LinkDown("the connection was ended")
        try:
            async with asyncio.timeout(2 * self._timeout_s):
                return await asyncio.get_running_loop().run_in_executor(self._thread, action)
        except Exception as error:  # whatever the library makes of a PLC's broken answer
            await self.close()
            raise LinkDown(reason_of(error)) from None


def _hang_up(client: Client) -> None:
    """Break the socket under the thread that may wait in it, then let go."""
    connection = client.connection
    raw = connection.socket if connection is not None else None
    if raw is not None:
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
        raw.close()
