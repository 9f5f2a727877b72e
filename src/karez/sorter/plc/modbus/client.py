"""The block in the other side's holding registers, reached as Modbus client."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable
from typing import Any, cast

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from karez.sorter.plc.mailbox.memory import LinkDown
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.wire import MAX_READ_BYTES, MAX_WRITE_BYTES, bytes_of, registers_of


class RegistersOverThere:
    """`Memory` that the other side keeps.

    Parameters
    ----------
    timeout_s
        An answer that takes longer ends the connection.
    """

    own = False
    max_read_bytes = MAX_READ_BYTES
    max_write_bytes = MAX_WRITE_BYTES

    def __init__(self, host: str, port: int, options: ModbusOptions, timeout_s: float) -> None:
        self._host, self.port, self._options, self._timeout_s = host, port, options, timeout_s
        self._client: AsyncModbusTcpClient | None = None
        self._hung_up: asyncio.Future[None] | None = None

    @property
    def peer(self) -> str:
        """Host and port that are called."""
        return f"{self._host}:{self.port}"

    async def start(self) -> None:
        """Nothing to do before `open`."""

    async def open(self) -> None:
        """Connect. Raises `LinkDown`."""
        await self.close()
        client = self._client = AsyncModbusTcpClient(
            self._host,
            port=self.port,
            timeout=self._timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_connect=self._connection_changed,
        )
        self._hung_up = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._timeout_s):
                connected = await client.connect()
        except (OSError, TimeoutError, ModbusException) as error:
            raise LinkDown(f"no connection ({type(error).__name__})") from None
        if not connected:
            raise LinkDown("no connection")

    async def read(self, at_byte: int, size_bytes: int) -> bytes:
        """Registers of the block. Raises `LinkDown`."""
        count = size_bytes // 2
        answer = await self._ask(
            self._connected().read_holding_registers(
                self._options.base_address + at_byte // 2, count=count, device_id=self._options.unit_id
            )
        )
        registers = getattr(answer, "registers", [])
        if len(registers) != count:
            raise LinkDown(f"asked for {count} registers, {len(registers)} came")
        return bytes_of(registers)

    async def write(self, at_byte: int, raw: bytes) -> None:
        """Put registers into the block. Raises `LinkDown`."""
        await self._ask(
            self._connected().write_registers(
                self._options.base_address + at_byte // 2, registers_of(raw), device_id=self._options.unit_id
            )
        )

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _connected(self) -> AsyncModbusTcpClient:
        if self._client is None or not self._client.connected:
            raise LinkDown("the peer closed the connection")
        return self._client

    def _connection_changed(self, stands: bool) -> None:
        if not stands and self._hung_up is not None and not self._hung_up.done():
            self._hung_up.set_result(None)

    async def _ask(self, request: Awaitable[ModbusPDU]) -> ModbusPDU:
        """Wait for the answer, but no longer than the connection stands: the library would wait on."""
        assert self._hung_up is not None
        asked = asyncio.ensure_future(request)
        either: set[asyncio.Future[Any]] = {asked, self._hung_up}
        try:
            await asyncio.wait(either, timeout=2 * self._timeout_s, return_when=FIRST_COMPLETED)
            if not asked.done():
                raise LinkDown(f"the peer {'closed the connection' if self._hung_up.done() else 'did not answer'}")
            answer = asked.result()
        except LinkDown:
            raise
        except Exception as error:  # whatever the library makes of a PLC's broken answer
            raise LinkDown(f"the peer did not answer as it should ({type(error).__name__})") from None
        finally:
            asked.cancel()
        if answer.isError():
            code = cast(ExceptionResponse, answer).exception_code
            raise LinkDown(f"the peer refuses the registers of the block: Modbus exception {code}")
        return answer
