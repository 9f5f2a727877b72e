"""The block in this end's holding registers, served to the other side, if it is on the list of those who may."""

import asyncio
from collections.abc import Callable
from typing import Any

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.server.requesthandler import ServerRequestHandler
from pymodbus.simulator import DataType, SimData, SimDevice

from karez.sorter.plc.access import AllowList
from karez.sorter.plc.mailbox.layout import Block, Side
from karez.sorter.plc.mailbox.memory import Reject
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.wire import bytes_of, frame_fault, registers_of

_MAX_CONNECTIONS = 16
_ALL = 1 << 20  # of memory that is here, everything can be read at once


class RegistersHere:
    """`Memory` that this end keeps and serves.

    Parameters
    ----------
    side
        Whose end this is: the other side may write the registers that are its own, and no others.
    allowed
        Who may connect.
    wake
        Called when the other side has written.
    reject
        Called for refused peers and bytes that are no request.
    """

    own = True
    max_read_bytes = _ALL
    max_write_bytes = _ALL

    def __init__(
        self,
        host: str,
        port: int,
        side: Side,
        options: ModbusOptions,
        allowed: AllowList,
        wake: Callable[[], None],
        reject: Reject,
    ) -> None:
        self._host, self.port, self._options = host, port, options
        self.allowed, self.reject = allowed, reject
        self.peer = "?"
        self.connections: dict[_Connection, None] = {}
        self._wake = wake
        self._bytes = bytearray(options.block.size_bytes)
        self._theirs = theirs_of(side, options.block)
        self._server: _Server | None = None

    @property
    def unit_id(self) -> int:
        """The Modbus unit that is served."""
        return self._options.unit_id

    async def start(self) -> None:
        """Listen. Raises `OSError` where the address cannot be bound."""
        self._server = _Server(self, self._device(), self._host, self.port)
        self.port = await self._server.begin()

    async def open(self) -> None:
        """Nothing to do: the block is here."""

    async def read(self, at_byte: int, size_bytes: int) -> bytes:
        """Bytes of the block."""
        return bytes(self._bytes[at_byte : at_byte + size_bytes])

    async def write(self, at_byte: int, raw: bytes) -> None:
        """Put bytes into the block."""
        self._bytes[at_byte : at_byte + len(raw)] = raw

    async def close(self) -> None:
        """Hang up, and listen no longer."""
        if self._server is not None:
            await self._server.shutdown()
            self._server = None
        for connection in list(self.connections):
            connection.abort()
        await asyncio.sleep(0)  # what was ended is closed in the loop's next turn

    def _device(self) -> SimDevice:
        registers = SimData(
            self._options.base_address, count=len(self._bytes) // 2, values=0, datatype=DataType.REGISTERS
        )
        return SimDevice(self._options.unit_id, registers, action=self._asked)

    async def _asked(
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Serve a request out of the block, or into it."""
        del function
        at, end = 2 * (address - start), 2 * (address - start + count)
        if values is None:
            registers[address - start : address - start + count] = registers_of(bytes(self._bytes[at:end]))
            return None
        if not any(at in part and end - 1 in part for part in self._theirs):
            return ExcCodes.ILLEGAL_ADDRESS
        self._bytes[at:end] = bytes_of(values)
        self._wake()
        return None


def theirs_of(side: Side, block: Block) -> tuple[range, range]:
    """Bytes of the block that the side opposite ``side`` writes: its header and its ring."""
    other: Side = "wcs" if side == "plc" else "plc"
    header, ring = block.header_at(other), block.slot_at(other, 1)
    wide = block.header_at("wcs") - block.header_at("plc")
    return range(header, header + wide), range(ring, ring + block.slot_at("wcs", 1) - block.slot_at("plc", 1))


class _Server(ModbusTcpServer):
    """Accepts whom the list allows, and only so many of them."""

    def __init__(self, memory: RegistersHere, device: SimDevice, host: str, port: int) -> None:
        super().__init__(device, address=(host, port))
        self.memory = memory

    async def begin(self) -> int:
        """Listen; the port. Raises `OSError`: the library itself would only log it."""
        self.is_listener = True
        listening: asyncio.Server = await self.call_create()
        self.transport: Any = listening
        return int(listening.sockets[0].getsockname()[1])

    def callback_new_connection(self) -> ServerRequestHandler:
        """Make what serves a new connection."""
        return _Connection(self, self.memory)


class _Connection(ServerRequestHandler):
    """One connection: refused before a byte is read where the peer is foreign, ended where it speaks no Modbus."""

    def __init__(self, server: _Server, memory: RegistersHere) -> None:
        super().__init__(server, None, None, None)
        self._owner, self._memory = server, memory
        self._socket: asyncio.Transport | None = None
        self._peer = "?"

    def connection_made(self, transport: Any) -> None:
        """Take the peer in, or send it away."""
        host, port = (transport.get_extra_info("peername") or ("?", 0))[:2]
        self._socket, self._peer = transport, f"{host}:{port}"
        refusal = self._memory.allowed.refusal(host)
        if refusal is not None:
            self._memory.reject(refusal, b"", self._peer)
            self._owner.active_connections.pop(self.unique_id, None)
            transport.abort()
            return
        self._memory.connections[self] = None
        if len(self._memory.connections) > _MAX_CONNECTIONS:
            next(iter(self._memory.connections)).abort()  # the one that has been silent for longest
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the peer."""
        self._memory.connections.pop(self, None)
        super().connection_lost(exc)

    def callback_data(self, data: bytes, addr: Any = None) -> int:
        """Serve one request; what cannot be one ends the connection."""
        fault = frame_fault(data, self._memory.unit_id)
        if fault is not None:
            self._memory.reject(fault, data, self._peer)
            self.abort()
            return len(data)
        self._memory.connections[self] = self._memory.connections.pop(self, None)
        self._memory.peer = self._peer
        return super().callback_data(data, addr)

    def abort(self) -> None:
        """End the connection now."""
        if self._socket is not None:
            self._socket.abort()
