"""S7: a program written from the page behind a data block, and a PLC that hangs does not hold up the control loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from snap7.server import Server
from snap7.type import SrvArea

from driver_suite import Ends, free_port
from karez.domain.errors import BadConfig
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Induct
from karez.settings import SorterSection
from karez.sorter.plc.drivers import open_plc
from karez.sorter.plc.mailbox.layout import SLOT_BYTES
from karez.sorter.plc.protocol import Rejected, Unlinked
from karez.sorter.plc.s7.wire import most_bytes
from sorter.paper_plc import PaperPlc

DB, OFFSET = 42, 16


def settings(port: int, **options: object) -> SorterSection:
    fixed = {"poll_ms": 5, "slots": 8, "db": DB, "offset": OFFSET}
    return SorterSection(driver="s7", role="client", port=port, heartbeat_ms=50, options=fixed | options)


@asynccontextmanager
async def against_a_data_block(db: int = DB, wait: bool = True) -> AsyncIterator[tuple[Ends, PaperPlc]]:
    memory, port = bytearray(OFFSET + 128 + 16 * SLOT_BYTES), free_port()
    server = Server(log=False)
    server.register_area(SrvArea.DB, db, memory)
    server.start_to("127.0.0.1", port)

    def write(at: int, raw: bytes) -> None:
        memory[OFFSET + at : OFFSET + at + len(raw)] = raw

    program = PaperPlc(lambda at, size: bytes(memory[OFFSET + at : OFFSET + at + size]), write)
    plc = open_plc(settings(port), "hub-1")
    await plc.start()
    pair = Ends(plc, None, settings(port))

    async def cycles() -> None:
        while True:
            program.step()
            await asyncio.sleep(0.003)

    tasks = [asyncio.create_task(pair.read()), asyncio.create_task(cycles())]
    try:
        await pair.until(lambda: plc.linked or not wait)
        yield pair, program
    finally:
        await plc.stop()
        for task in tasks:
            task.cancel()
        await asyncio.to_thread(server.stop)


async def test_a_program_written_from_the_page_talks_to_the_hub_through_its_data_block() -> None:
    async with against_a_data_block() as (pair, program):
        for number in range(20):
            program.induct(f"p{number}", number)
            pair.plc.order(Dest(OrderId(f"o{number}"), ParcelId(f"p{number}"), ChuteId("K07"), (), "plan"))
        await pair.until(lambda: len(pair.telegrams) == 20 and len(program.orders) == 20)
        assert pair.telegrams == [Induct(ParcelId(f"p{n}"), n, "I1", 1_000) for n in range(20)]
        assert [each["order"] for each in program.orders] == [f"o{number}" for number in range(20)]
        program.beating = False
        await pair.until(lambda: bool(pair.events(Unlinked)))
        (gone,) = pair.events(Unlinked)
        assert isinstance(gone, Unlinked) and "no new heartbeat" in gone.reason


async def test_a_data_block_that_is_not_there_is_told() -> None:
    async with against_a_data_block(db=DB + 1, wait=False) as (pair, _):
        await pair.until(lambda: bool(pair.events(Rejected)))
        told = pair.events(Rejected)[0]
        assert isinstance(told, Rejected) and told.reason and not pair.plc.linked


async def test_a_plc_that_takes_the_call_and_never_answers_does_not_stop_the_event_loop() -> None:
    held = []
    server = await asyncio.start_server(lambda reader, writer: held.append(writer), "127.0.0.1", 0)
    plc = open_plc(settings(server.sockets[0].getsockname()[1]), "hub-1")
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    await plc.start()
    while not held:
        await asyncio.sleep(0.001)
    before = turns
    for number in range(100):
        plc.order(Dest(OrderId(f"o{number}"), ParcelId("p"), None, (), "plan"))
    assert turns == before and plc.unacknowledged == 100  # orders did not wait for anything
    while len(held) < 2:  # the first call was given up, a second one came: all the while the loop turned
        await asyncio.sleep(0.001)
    assert turns > before + 50 and not plc.linked
    await plc.stop()
    turning.cancel()
    server.close()
    for writer in held:
        writer.close()


def test_a_slot_fits_the_smallest_pdu_that_a_plc_agrees_to() -> None:
    assert min(most_bytes(240)) >= SLOT_BYTES and min(most_bytes(960)) >= 7 * SLOT_BYTES


def test_a_hub_that_would_wait_for_an_s7_plc_to_call_is_refused() -> None:
    with pytest.raises(BadConfig, match="can be client only"):
        open_plc(settings(0).model_copy(update={"role": "server"}), "hub-1")
