"""Modbus TCP against a second, independent stack; and who may write what, and who not at all."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from pyModbusTCP.client import ModbusClient
from pyModbusTCP.server import ModbusServer

from driver_suite import Ends, free_port
from karez.domain.errors import BadConfig
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Induct, Scan
from karez.settings import SorterSection
from karez.sorter.plc.drivers import open_plc
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.wire import bytes_of, registers_of
from karez.sorter.plc.protocol import Linked, Plc, Rejected, Unlinked
from sorter.paper_plc import PaperPlc

BASE = 1_000


class Pair(Ends):
    """The hub's end, and a PLC's program that runs a cycle every few milliseconds in a thread of its own."""

    plc_program: PaperPlc

    async def cycles(self) -> None:
        while True:
            await asyncio.to_thread(self.plc_program.step)
            await asyncio.sleep(0.002)


def reach_client(client: ModbusClient) -> tuple[Callable[[int, int], bytes], Callable[[int, bytes], None]]:
    def read(at: int, size: int) -> bytes:
        found = client.read_holding_registers(BASE + at // 2, size // 2)
        return bytes_of(found) if found else bytes(size)

    return read, lambda at, raw: client.write_multiple_registers(BASE + at // 2, registers_of(raw)) and None


def reach_bank(server: ModbusServer) -> tuple[Callable[[int, int], bytes], Callable[[int, bytes], None]]:
    bank = server.data_bank
    return (
        lambda at, size: bytes_of(bank.get_holding_registers(BASE + at // 2, size // 2)),
        lambda at, raw: bank.set_holding_registers(BASE + at // 2, registers_of(raw)) and None,
    )


def settings(role: str, port: int, **options: object) -> SorterSection:
    fixed = {"poll_ms": 5, "slots": 8, "base_address": BASE}
    return SorterSection(driver="modbus", role=role, port=port, heartbeat_ms=100, options=fixed | options)


@asynccontextmanager
async def against_another_stack(role: str, low_first: bool = False) -> AsyncIterator[Pair]:
    word_order = "low_first" if low_first else "high_first"
    server, client = None, None
    if role == "server":
        plc = await started(settings("server", 0, word_order=word_order))
        client = ModbusClient("127.0.0.1", plc.port, unit_id=1, timeout=1)
        reach = reach_client(client)
    else:
        server = ModbusServer("127.0.0.1", free_port(), no_block=True)
        server.start()
        plc = await started(settings("client", server.port, word_order=word_order))
        reach = reach_bank(server)
    pair = Pair(plc, None, settings(role, 0))
    pair.plc_program = PaperPlc(*reach, low_first=low_first)
    tasks = [asyncio.create_task(pair.read()), asyncio.create_task(pair.cycles())]
    try:
        await pair.until(lambda: plc.linked)
        yield pair
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await plc.stop()
        if client is not None:
            client.close()
        if server is not None:
            await asyncio.to_thread(server.stop)


async def started(of: SorterSection) -> Plc:
    plc = open_plc(of, "hub-1")
    await plc.start()
    return plc


def dest(number: int) -> Dest:
    return Dest(
        OrderId(f"o{number}"), ParcelId(f"p{number}"), ChuteId("K07"), (ChuteId("K08"), ChuteId("K09")), "plan", 20_000
    )


@pytest.mark.parametrize("role", ["server", "client"])
@pytest.mark.parametrize("low_first", [False, True], ids=["high-first", "low-first"])
async def test_a_program_written_from_the_page_talks_to_the_hub_through_another_stack(role, low_first) -> None:
    async with against_another_stack(role, low_first) as pair:
        program = pair.plc_program
        for number in range(30):  # more than the rings hold
            program.induct(f"p{number}", 70_000 + number)
            pair.plc.order(dest(number))
        program.scan("p1", 70_001, "YT1234567890123")
        await pair.until(lambda: len(pair.telegrams) == 31 and len(program.orders) == 30)
        await pair.until(lambda: pair.plc.unacknowledged == 0 and program.hub_acked == 31)
        assert pair.telegrams[:30] == [Induct(ParcelId(f"p{n}"), 70_000 + n, "I1", 1_000) for n in range(30)]
        assert pair.telegrams[30] == Scan(ParcelId("p1"), 70_001, 1, 2_000, ("YT1234567890123",), 1_240, 310, 220, None)
        assert [each["order"] for each in program.orders] == [f"o{number}" for number in range(30)]
        assert program.orders[3] == {
            "order": "o3",
            "parcel": "p3",
            "chute": "K07",
            "alternatives": ["K08", "K09"],
            "reason": "plan",
            "valid_for_ms": 20_000,
        }
        assert not pair.events(Rejected)


@pytest.mark.parametrize("role", ["server", "client"])
async def test_a_program_that_stands_still_while_its_network_card_answers_is_reported_stale(role) -> None:
    async with against_another_stack(role) as pair:
        pair.plc_program.beating = False
        await pair.until(lambda: bool(pair.events(Unlinked)))
        (gone,) = pair.events(Unlinked)
        assert isinstance(gone, Unlinked) and "no new heartbeat" in gone.reason
        pair.plc_program.beating = True
        await pair.until(lambda: len(pair.events(Linked)) == 2)


async def test_the_plc_cannot_write_the_hubs_own_registers() -> None:
    async with against_another_stack("server") as pair:
        client = ModbusClient("127.0.0.1", pair.plc.port, unit_id=1, timeout=1)
        own = [32, 40, 64 + 8 * 61, 64 + 16 * 61 - 1]  # header and ring of the hub, in registers of the block
        told = [await asyncio.to_thread(client.write_multiple_registers, BASE + at, [1]) for at in own]
        assert told == [False] * 4 and client.last_except == 2
        across = await asyncio.to_thread(client.write_multiple_registers, BASE + 31, [1, 1])
        outside = await asyncio.to_thread(client.read_holding_registers, BASE + 64 + 16 * 61, 1)
        assert across is False and outside is None
        assert await asyncio.to_thread(client.write_single_register, BASE + 64, 1) is True
        client.close()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "protocol identifier"),
        (struct.pack(">HHHBBHH", 1, 0, 6, 9, 3, BASE, 10), "asks for unit 9"),
        (struct.pack(">HHHBBHH", 1, 0, 6, 1, 8, 0, 0), "function 8 is not served"),
        (struct.pack(">HHHBB", 1, 0, 9_000, 1, 3), "a length of 9000"),
    ],
)
async def test_a_peer_that_asks_for_something_else_is_sent_away_and_told_of(raw, why) -> None:
    plc = await started(settings("server", 0))
    pair = Ends(plc, None, settings("server", 0))
    reading = asyncio.create_task(pair.read())
    reader, writer = await asyncio.open_connection("127.0.0.1", plc.port)
    writer.write(raw)
    with suppress(ConnectionResetError):  # hung up without reading the rest
        assert await reader.read() == b""
    await pair.until(lambda: bool(pair.events(Rejected)))
    (told,) = pair.events(Rejected)
    assert isinstance(told, Rejected) and why in told.reason
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    await plc.stop()
    await reading


async def test_more_connections_than_there_is_room_for_do_not_keep_the_plc_out() -> None:
    async with against_another_stack("server") as pair:
        idle = [await asyncio.open_connection("127.0.0.1", pair.plc.port) for _ in range(40)]
        pair.plc_program.induct("p1", 1)
        await pair.until(lambda: len(pair.telegrams) == 1)
        assert not pair.events(Unlinked)
        for _, writer in idle:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in idle), return_exceptions=True)


async def test_an_order_that_does_not_fit_is_told_and_the_next_goes_out() -> None:
    async with against_another_stack("server") as pair:
        pair.plc.order(Dest(OrderId("o1"), ParcelId("p1"), ChuteId("a-chute-with-a-long-name"), (), "plan"))
        pair.plc.order(Dest(OrderId("o2"), ParcelId("p2"), ChuteId("K1"), tuple("ABCDEF"), "plan"))
        await pair.until(lambda: len(pair.plc_program.orders) == 1)
        assert pair.plc_program.orders[0]["alternatives"] == list("ABCD")
        (told,) = pair.events(Rejected)
        assert isinstance(told, Rejected) and "takes 24 bytes of 8" in told.reason


def test_options_that_cannot_be_are_named() -> None:
    with pytest.raises(ValueError, match="beyond 65535"):
        ModbusOptions(base_address=65_000)
    with pytest.raises(BadConfig, match=r"sorter\.options\.slots"):
        open_plc(settings("server", 0, slots=2), "hub-1")


def test_tls_is_refused_rather_than_left_out(tmp_path) -> None:
    with pytest.raises(BadConfig, match="has no TLS"):
        open_plc(settings("server", 0).model_copy(update={"tls_cert": tmp_path / "hub.pem"}), "hub-1")
