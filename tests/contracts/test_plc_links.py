"""Every driver keeps its link, finds an honest PLC and keeps strangers out, over a real socket against its own twin."""

import asyncio
import re
from random import Random

import pytest

from driver_suite import (
    Cable,
    Ends,
    Entry,
    carried_order,
    drivers_that_acknowledge,
    drivers_that_call,
    drivers_that_listen,
    ends,
    every_driver,
    every_driver_and_role,
    free_port,
    induct,
    order,
    some_role,
    start_plc,
    start_twin,
)
from karez.domain.telegrams import Dest
from karez.sorter.plc import sequence
from karez.sorter.plc.protocol import Arrived, Linked, Rejected, Unlinked

# ---- the link -------------------------------------------------------------------------------------------------------


@every_driver_and_role
async def test_the_link_comes_back_after_a_cut_and_both_are_told(entry: Entry, hub_role: str) -> None:
    async with ends(entry, hub_role) as pair:
        for number in (1, 2):
            await pair.twin.cut()
            await pair.until(lambda: not pair.plc.linked)
            await pair.twin.mend()
            await pair.until(lambda: pair.plc.linked and pair.twin.linked)
            pair.twin.send(induct(number))
            await pair.until(lambda number=number: len(pair.telegrams) == number)
        kinds = [type(each) for each in pair.got if not isinstance(each, Arrived)]
        assert kinds == [Linked, Unlinked, Linked, Unlinked, Linked]


@every_driver_and_role
async def test_what_was_to_be_said_during_a_cut_is_said_behind_it_in_order(entry: Entry, hub_role: str) -> None:
    async with ends(entry, hub_role) as pair:
        pair.twin.send(induct(1))
        await pair.until(lambda: len(pair.telegrams) == 1)
        await pair.twin.cut()
        await pair.until(lambda: not pair.plc.linked)
        for number in range(2, 30):
            pair.twin.send(induct(number))
            pair.plc.order(order(number))
        await pair.twin.mend()
        await pair.until(lambda: len(pair.telegrams) == 29 and pair.twin.all_acknowledged)
        assert pair.telegrams == [induct(number) for number in range(1, 30)]
        if entry.capabilities.holds:
            for number in range(2, 30):
                got = await pair.twin.receive()
                assert isinstance(got, Dest) and got == carried_order(order(number), got, pair.capabilities)


@every_driver
async def test_a_hub_that_is_not_there_yet_is_found_when_it_comes(entry: Entry) -> None:
    role = some_role(entry)
    settings = entry.settings(role, free_port())
    if role == "server":
        twin = await start_twin(settings, settings.port)
        await asyncio.sleep(0.1)
        plc = await start_plc(settings)
    else:
        plc = await start_plc(settings)
        await asyncio.sleep(0.1)
        twin = await start_twin(settings, settings.port)
    pair = Ends(plc, twin, settings)
    reading = asyncio.create_task(pair.read())
    twin.send(induct(1))
    await pair.until(lambda: pair.telegrams == [induct(1)])
    await twin.stop()
    await plc.stop()
    await reading


@every_driver_and_role
async def test_a_link_that_falls_silent_is_reported_and_replaced(entry: Entry, hub_role: str) -> None:
    cable = Cable()
    async with ends(entry, hub_role, cable) as pair:
        cable.hold()
        await pair.until(lambda: bool(pair.events(Unlinked)))
        gone = pair.events(Unlinked)[0]
        assert isinstance(gone, Unlinked) and gone.reason
        cable.let_go()
        await pair.until(lambda: pair.plc.linked and pair.twin.linked)
        pair.twin.send(induct(7))
        await pair.until(lambda: induct(7) in pair.telegrams)
    await cable.stop()


@drivers_that_acknowledge
async def test_a_peer_that_acknowledges_nothing_loses_the_link_before_the_memory_is_full(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "_MOST_OPEN", 20)
    cable = Cable()
    async with ends(entry, some_role(entry), cable) as pair:
        cable.hold()
        for number in range(21):
            pair.plc.order(order(number))
        await pair.until(lambda: bool(pair.events(Unlinked)))
        gone = pair.events(Unlinked)[0]
        assert isinstance(gone, Unlinked) and gone.reason == sequence.UNANSWERED
        cable.let_go()
        await pair.until(lambda: pair.plc.linked and pair.plc.unacknowledged == 0)
    await cable.stop()


@every_driver
async def test_what_came_before_a_stop_is_given_behind_it_and_a_second_stop_changes_nothing(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.twin.send(induct(1))
        await pair.until(lambda: len(pair.telegrams) == 1)
        await pair.plc.stop()
        await pair.until(lambda: bool(pair.events(Unlinked)))
        await pair.plc.stop()
        assert len(pair.events(Unlinked)) == 1 and not pair.plc.linked


@drivers_that_call
async def test_a_plc_that_is_not_there_is_told_with_the_reason_once(
    entry: Entry, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    plc = await start_plc(entry.settings("client", port))
    async with asyncio.timeout(20):
        while not [each for each in caplog.messages if f":{port} cannot be reached" in each]:
            await asyncio.sleep(0.01)
    await asyncio.sleep(1.0)
    await plc.stop()
    told = [each for each in caplog.messages if f":{port} cannot be reached" in each]
    assert len(told) == 1 and re.search("refused|no connection", told[0])


# ---- strangers ------------------------------------------------------------------------------------------------------


@drivers_that_listen
async def test_bytes_that_are_no_telegrams_do_not_keep_an_honest_plc_out(entry: Entry) -> None:
    noise = Random(3)
    async with ends(entry, "server") as pair:
        for _ in range(5):
            _, writer = await asyncio.open_connection("127.0.0.1", pair.plc.port)
            writer.write(noise.randbytes(3_000))
            writer.close()
        await pair.until(lambda: pair.plc.linked and pair.twin.linked)
        pair.twin.send(induct(1))
        await pair.until(lambda: induct(1) in pair.telegrams)


@drivers_that_call
async def test_a_server_that_speaks_something_else_is_left_and_an_honest_one_found(entry: Entry) -> None:
    noise = Random(4)

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(noise.randbytes(3_000))
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    settings = entry.settings("client", server.sockets[0].getsockname()[1])
    plc = await start_plc(settings)
    await asyncio.sleep(0.2)
    assert not plc.linked
    server.close()
    twin = await start_twin(settings, settings.port)
    pair = Ends(plc, twin, settings)
    reading = asyncio.create_task(pair.read())
    twin.send(induct(1))
    await pair.until(lambda: induct(1) in pair.telegrams)
    await twin.stop()
    await plc.stop()
    await reading


@drivers_that_listen
async def test_a_peer_that_is_not_on_the_list_is_refused_and_reported(entry: Entry) -> None:
    settings = entry.settings("server", 0, allow=("10.99.0.0/16",))
    plc = await start_plc(settings)
    twin = await start_twin(settings, plc.port)
    pair = Ends(plc, twin, settings)
    reading = asyncio.create_task(pair.read())
    twin.send(induct(1))
    await pair.until(lambda: bool(pair.events(Rejected)))
    told = pair.events(Rejected)[0]
    assert isinstance(told, Rejected) and "allow" in told.reason and "127.0.0.1" in told.peer
    assert not plc.linked and not pair.telegrams and not pair.events(Linked)
    await twin.stop()
    await plc.stop()
    await reading
