"""Whatever stands in the block or comes over its ports: no crash, told in bounds, and an honest PLC is served."""

import asyncio
from contextlib import suppress
from random import Random
from zlib import adler32

import pytest

from karez.domain.telegrams import Induct
from karez.sorter.plc.access import AllowList
from karez.sorter.plc.mailbox.header import Header, encode_header
from karez.sorter.plc.mailbox.layout import HEADER_BYTES, SLOT_BYTES
from karez.sorter.plc.mailbox.memory import LinkDown, Memory
from karez.sorter.plc.modbus.client import RegistersOverThere
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.server import RegistersHere
from karez.sorter.plc.protocol import Rejected
from karez.sorter.plc.s7.client import DataBlockOverThere
from karez.sorter.plc.s7.options import S7Options
from karez.sorter.plc.s7.server import DataBlockHere
from sorter.test_mailbox_end import BLOCK, Clock, Seat, induct

soak = pytest.mark.soak


def spoil(memory: bytearray, run: int, noise: Random) -> None:
    """Change the PLC's half of the block, often so that the checks still fit."""
    way = noise.randrange(4)
    if way == 0:  # some bytes anywhere
        for _ in range(noise.randrange(1, 20)):
            memory[noise.choice((noise.randrange(HEADER_BYTES), noise.randrange(len(memory))))] = noise.randrange(256)
        return
    if way == 1:  # a header that is whole, of any numbers
        few, any_u32 = noise.randrange(8), noise.choice((noise.randrange(2**32), 2**32 - 1))
        first = noise.choice((few, any_u32, 1))
        sent = noise.choice((first + noise.randrange(4), any_u32)) % 2**32
        told = (
            noise.choice((run, any_u32 or 1)),
            noise.choice(("", "plc-1", "x" * 24)),
            noise.choice((0, 11, any_u32)),
        )
        header = Header(*told, noise.choice((0, 1, any_u32)), first, sent, noise.randrange(2**16), BLOCK.slots)
        memory[:HEADER_BYTES] = encode_header(header, "high_first")
        return
    number = noise.randrange(1, 9)  # a slot that is whole, with any body
    at = BLOCK.slot_at("plc", number)
    body = bytearray(memory[at + 8 : at + 116]) if way == 2 else bytearray(noise.randbytes(108))
    for _ in range(noise.randrange(1, 6)):
        body[noise.randrange(108)] = noise.choice((0, 1, 0x41, 0xFF, noise.randrange(256)))
    kind = noise.choice((1, 2, 3, 4, 5, noise.randrange(2**16)))
    raw = number.to_bytes(4, "big") + (run & 0xFFFF).to_bytes(2, "big") + kind.to_bytes(2, "big") + bytes(body)
    raw += (number & 0xFFFF).to_bytes(2, "big")
    memory[at : at + SLOT_BYTES] = raw + adler32(raw).to_bytes(4, "big")


@pytest.mark.parametrize("blocks", [2_000, pytest.param(1_000_000, marks=soak)])
def test_any_block_is_survived_and_an_honest_plc_is_understood_after_it(blocks) -> None:
    noise, clock = Random(5), Clock()
    memory = bytearray(BLOCK.size_bytes)
    hub = Seat("wcs", "hub-1", 11, memory, clock)
    for turn in range(blocks // 50):
        run = 100 + turn
        plc = Seat("plc", f"plc-{turn}", run, memory, clock)
        for number in range(1, 4):
            plc.end.send(induct(number))
        for _ in range(50):
            clock.now_s += 0.01
            plc.post()
            spoil(memory, run, noise)
            hub.look()
            hub.commit()
            hub.post()
            hub.end.check_silence("")
        hub.end.lost("the next PLC")
        honest = Seat("plc", f"honest-{turn}", 2**31 + turn, memory, clock)
        honest.end.send(induct(77))
        for _ in range(3):
            honest.post(), hub.look(), hub.commit(), hub.post(), honest.look()
        assert hub.got[-1] == induct(77) and not honest.end.outbox
        hub.end.lost("the next PLC")
        told = [each for each in hub.told(Rejected) if isinstance(each, Rejected) and each.head_hex]
        assert len(told) <= 20
        hub.events.clear(), hub.got.clear()


def stream(noise: Random, good: bytes) -> bytes:
    """Noise, or a good request that is spoilt, cut or repeated."""
    way = noise.randrange(4)
    if way == 0:
        return noise.randbytes(noise.randrange(400))
    raw = bytearray(good * noise.randrange(1, 4))
    for _ in range(noise.randrange(6)):
        raw[noise.randrange(len(raw))] = noise.randrange(256)
    return bytes(raw if way == 1 else raw[: noise.randrange(len(raw) + 1)])


async def pour(port: int, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(OSError):  # hung up on in the midst of it
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(10):
            await reader.read()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


MODBUS_READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 32])
MODBUS_WRITE = bytes([0, 2, 0, 0, 0, 11, 1, 16, 0, 0, 0, 2, 4, 1, 2, 3, 4])
S7_CALL = bytes.fromhex("0300001611e00000000100c1020100c2020101c0010a")
S7_SETUP = bytes.fromhex("0300001902f08032010000000100080000f0000001000101e0")
S7_READ = bytes.fromhex("0300001f02f080320100000002000e00000401120a10020020006484000000")
OPTIONS = ModbusOptions(slots=4)
S7_OPTIONS = S7Options(slots=4)


@pytest.mark.parametrize("streams", [50, pytest.param(100_000, marks=soak)])
async def test_raw_streams_on_the_modbus_port_are_survived(streams) -> None:
    noise, told = Random(6), []
    here = RegistersHere(
        "127.0.0.1", 0, "wcs", OPTIONS, AllowList(("127.0.0.0/8",)), lambda: None, lambda *what: told.append(what[0])
    )
    await here.start()
    before = await here.read(0, OPTIONS.block.size_bytes)
    for _ in range(streams):
        await pour(here.port, stream(noise, noise.choice((MODBUS_READ, MODBUS_WRITE))))
    assert told and len(here.connections) <= 16
    own = slice(HEADER_BYTES, 2 * HEADER_BYTES)
    assert (await here.read(0, OPTIONS.block.size_bytes))[own] == before[own]
    await answers(RegistersOverThere("127.0.0.1", here.port, OPTIONS, 1.0), here)


@pytest.mark.parametrize("streams", [50, pytest.param(100_000, marks=soak)])
async def test_raw_streams_on_the_s7_port_of_the_twin_are_survived(streams) -> None:
    noise = Random(7)
    here = DataBlockHere("127.0.0.1", 0, S7_OPTIONS, lambda: None)
    await here.start()
    for _ in range(streams):
        spoilt = stream(noise, noise.choice((S7_CALL, S7_SETUP, S7_READ)))
        await pour(here.port, noise.choice((b"", S7_CALL, S7_CALL + S7_SETUP)) + spoilt)
    await answers(DataBlockOverThere("127.0.0.1", here.port, S7_OPTIONS, 1.0), here)


async def answers(there: Memory, here: Memory) -> None:
    """A good exchange works."""
    await there.open()
    await there.write(0, b"good")
    assert await there.read(0, 4) == b"good" == await here.read(0, 4)
    await there.close()
    await here.close()


@pytest.mark.parametrize("streams", [50, pytest.param(100_000, marks=soak)])
@pytest.mark.parametrize("protocol", ["modbus", "s7"])
async def test_a_server_that_answers_anything_at_all_is_left_without_harm(streams, protocol) -> None:
    noise = Random(8)
    good = bytes([0, 1, 0, 0, 0, 7, 1, 3, 4, 1, 2, 3, 4])
    if protocol == "s7":
        good = bytes.fromhex("0300001611d00001000200c0010ac1020100c2020101")
        good += bytes.fromhex("0300001b02f080320300000001000800000000f0000001000101e0")
        good += bytes.fromhex("0300001d02f0803203000000020002000800000401ff04002001020304")

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # the driver may have hung up already
            writer.write(stream(noise, good))
            writer.write_eof()
            await reader.read()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    there: Memory = RegistersOverThere("127.0.0.1", port, OPTIONS, 0.2)
    if protocol == "s7":
        there = DataBlockOverThere("127.0.0.1", port, S7_OPTIONS, 0.2)
    broken = 0
    for _ in range(streams):
        try:
            await there.open()
            assert len(await there.read(0, 4)) == 4
        except LinkDown as down:
            broken += bool(str(down))
        await there.close()
    assert broken > streams // 2
    server.close()


def test_the_seat_of_these_tests_hears_what_an_honest_plc_says() -> None:
    clock, memory = Clock(), bytearray(BLOCK.size_bytes)
    hub, plc = Seat("wcs", "hub-1", 11, memory, clock), Seat("plc", "plc-1", 22, memory, clock)
    plc.end.send(induct(1))
    for _ in range(3):
        plc.post(), hub.look()
    assert all(isinstance(each, Induct) for each in hub.got) and len(hub.got) == 1
