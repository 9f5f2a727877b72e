"""The physical floor: what TCP and a synced append cost on this machine without a hub, under the same generator."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import MutableSequence
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from karez.domain.ids import ChuteId, OrderId
from karez.domain.telegrams import Dest, Heartbeat, Scan, State
from karez.hub.process import end_with_parent, go_before_others
from karez.sorter.plc.protocol import LinkEvent, PlcTelegram

_ENCODE = msgspec.json.Encoder().encode
_SCAN = msgspec.json.Decoder(Scan)


def echo(parent: Connection, file: Path) -> None:
    """Body of a process: a server that appends whatever comes to a file, syncs it, and sends it back.

    What came together is synced together, as a store that gathers its commits does. Sends its port, then serves until
    the pipe closes.
    """
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    go_before_others()  # as control does
    asyncio.run(_serve(parent, file))


async def _serve(parent: Connection, file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = await asyncio.get_running_loop().create_server(lambda: _Echo(handle), "127.0.0.1", 0)
    parent.send(server.sockets[0].getsockname()[1])
    await asyncio.to_thread(_until_closed, parent)
    server.close()
    os.close(handle)


def _until_closed(parent: Connection) -> None:
    with contextlib.suppress(EOFError):
        parent.recv()


class _Echo(asyncio.Protocol):
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        os.write(self._handle, data)
        os.fdatasync(self._handle)
        self._transport.write(data)


class EchoTwin:
    """A twin whose "hub" is the echo: a SCAN that comes back counts as an order for one and the same chute.

    It fulfils `karez.sorter.plc.protocol.Twin` as far as the generator goes.
    """

    def __init__(self, port: int, chute: ChuteId) -> None:
        self.port, self._chute = port, chute
        self.linked = False
        self.repeats = 0
        self.events: MutableSequence[LinkEvent] = deque(maxlen=1)
        self._orders: asyncio.Queue[Dest | State] = asyncio.Queue()
        self._sent = self._back = 0

    @property
    def all_acknowledged(self) -> bool:
        """Whether everything came back."""
        return self._back == self._sent

    async def start(self) -> None:
        """Call the echo."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._reading = asyncio.create_task(self._read())
        self.linked = True

    async def stop(self) -> None:
        """Hang up."""
        self._reading.cancel()
        self._writer.close()

    async def cut(self) -> None:
        """Hang up."""
        await self.stop()

    async def mend(self) -> None:
        """Call again."""
        await self.start()

    async def changed(self) -> None:
        """Linked from its start on, so there is nothing to wait for."""
        await asyncio.sleep(0)

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Send a telegram as one line."""
        self._sent += 1
        kind = b"S" if isinstance(telegram, Scan) else b"-"
        self._writer.write(kind + _ENCODE(telegram) + b"\n")

    async def receive(self) -> Dest | State:
        """Give the next order."""
        return await self._orders.get()

    def receive_now(self) -> Dest | State | None:
        """Give it without waiting."""
        return None if self._orders.empty() else self._orders.get_nowait()

    async def _read(self) -> None:
        while line := await self._reader.readline():
            self._back += 1
            if line.startswith(b"S"):
                scan = _SCAN.decode(line[1:])
                self._orders.put_nowait(Dest(OrderId(f"e{self._back}"), scan.parcel, self._chute, (), "echo"))
