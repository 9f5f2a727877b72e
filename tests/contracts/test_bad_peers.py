"""Whatever a peer sends, the hub's end of the link stays up, says what it saw, and serves an honest PLC."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from random import Random

from karez.domain.ids import OrderId, ParcelId
from karez.domain.telegrams import Dest, Induct
from karez.settings import SorterSection
from karez.sorter.plc.protocol import Arrived, Linked, Received, Rejected, Unlinked
from karez.sorter.plc.tcp.driver import TcpPlc
from karez.sorter.plc.tcp.twin import TcpTwin


class Hub:
    """A driver that acknowledges at once, and all that it gave."""

    def __init__(self, heartbeat_ms: int) -> None:
        self.plc = TcpPlc(SorterSection(port=0, heartbeat_ms=heartbeat_ms), "hub-1")
        self.got: list[Received] = []

    async def read(self) -> None:
        async for each in self.plc.received():
            self.got.append(each)
            if isinstance(each, Arrived):
                each.acknowledge()

    def of(self, kind: type) -> list:
        return [each for each in self.got if isinstance(each, kind)]

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not reached():
                await asyncio.sleep(0.005)

    async def serves_an_honest_plc(self) -> None:
        twin = TcpTwin("127.0.0.1", self.plc.port, "client", "honest", heartbeat_ms=500)
        await twin.start()
        twin.send(Induct(ParcelId("honest"), 1, "I1", 1))
        await self.until(lambda: twin.all_acknowledged)
        assert any(each.telegram.parcel == "honest" for each in self.of(Arrived))
        await twin.stop()


@asynccontextmanager
async def hub(heartbeat_ms: int = 500) -> AsyncIterator[Hub]:
    it = Hub(heartbeat_ms)
    await it.plc.start()
    reading = asyncio.create_task(it.read())
    try:
        yield it
    finally:
        await it.plc.stop()
        await reading


class RawPeer:
    """A socket that says what it likes."""

    @classmethod
    async def call(cls, to: Hub, hello: bool = True) -> "RawPeer":
        peer = cls()
        peer.reader, peer.writer = await asyncio.open_connection("127.0.0.1", to.plc.port)
        if hello:
            peer.say(type="HELLO", side="plc", version=1, first=1)
            await to.until(lambda: bool(to.of(Linked)))
        return peer

    def say(self, **fields: object) -> None:
        self.writer.write(json.dumps({"session": "raw", **fields}).encode() + b"\n")

    async def hears(self, kind: str) -> dict[str, object]:
        async with asyncio.timeout(20):
            while True:
                line = json.loads(await self.reader.readline())
                if line["type"] == kind:
                    return line

    async def hang_up(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


def induct(seq: int) -> dict[str, object]:
    return {"type": "INDUCT", "seq": seq, "parcel": f"p{seq}", "carrier": 1, "induction": "I1", "ts_ms": seq}


async def test_random_bytes_before_hello_end_that_connection_only() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it, hello=False)
        peer.writer.write(Random(1).randbytes(5_000) + b"\n")
        await it.until(lambda: bool(it.of(Rejected)))
        bad = it.of(Rejected)[0]
        assert len(bad.head_hex) <= 512 and len(bad.sha256) == 64
        assert not it.of(Linked)
        await peer.hang_up()
        await it.serves_an_honest_plc()


async def test_bad_lines_between_good_ones_are_told_and_skipped() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it)
        peer.say(**induct(1))
        peer.writer.write(b"\x00\xff garbage\n" + b"x" * 200_000 + b"\n\n")
        peer.say(**induct(2))
        await it.until(lambda: len(it.of(Arrived)) == 2)
        assert [each.telegram.parcel for each in it.of(Arrived)] == ["p1", "p2"]
        assert len(it.of(Rejected)) == 3
        assert not it.of(Unlinked)
        await peer.hang_up()


async def test_a_flood_is_told_twenty_times_then_counted_and_the_link_ends() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it)
        peer.writer.write(b"flood\n" * 20_000)
        await it.until(lambda: bool(it.of(Unlinked)))
        rejected = it.of(Rejected)
        assert sum(bool(each.head_hex) for each in rejected) == 20
        assert sum(each.count for each in rejected) == 200
        await peer.hang_up()
        await it.serves_an_honest_plc()


async def test_a_numbered_telegram_that_cannot_be_understood_does_not_stop_the_line() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it)
        peer.say(**(induct(1) | {"carrier": "seven"}))
        peer.say(**(induct(2) | {"type": "NEWS"}))
        peer.say(type="DEST", seq=3, order="o", parcel="p", chute=None, alternatives=[], reason="plan")
        peer.say(**induct(4))
        await it.until(lambda: len(it.of(Arrived)) == 1)
        assert len(it.of(Rejected)) == 3
        while (await peer.hears("ACK"))["ack"] != 4:
            pass
        await peer.hang_up()


async def test_a_gap_is_asked_for_and_filled() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it)
        peer.say(**induct(1))
        peer.say(**induct(3))
        assert (await peer.hears("RESEND"))["after"] == 1
        peer.say(**induct(2))
        peer.say(**induct(3))
        await it.until(lambda: len(it.of(Arrived)) == 3)
        assert [each.seq for each in it.of(Arrived)] == [1, 2, 3]
        await peer.hang_up()


async def test_a_gap_that_the_peer_never_fills_is_given_up_and_told() -> None:
    async with hub(heartbeat_ms=50) as it:
        peer = await RawPeer.call(it)
        peer.say(**induct(1))
        for _ in range(3):
            peer.say(**induct(5))
            await peer.hears("RESEND")
            await asyncio.sleep(0.06)
        peer.say(**induct(5))
        await it.until(lambda: len(it.of(Arrived)) == 2)
        assert "never came" in it.of(Rejected)[0].reason
        await peer.hang_up()


async def test_acknowledging_what_was_never_sent_is_refused() -> None:
    async with hub() as it:
        peer = await RawPeer.call(it)
        peer.say(**(induct(1) | {"ack": 99}))
        await it.until(lambda: bool(it.of(Rejected)))
        assert not it.of(Arrived)
        await peer.hang_up()


async def test_half_a_line_and_silence_end_the_link_after_three_heartbeats() -> None:
    async with hub(heartbeat_ms=50) as it:
        peer = await RawPeer.call(it)
        peer.writer.write(b'{"type":"INDUCT","seq":1,')
        await it.until(lambda: bool(it.of(Unlinked)))
        assert "3 heartbeats missed" in it.of(Unlinked)[0].reason
        assert not it.of(Arrived)
        await peer.hang_up()


async def test_a_peer_of_the_same_side_or_another_version_is_turned_away() -> None:
    async with hub() as it:
        for fields in ({"side": "wcs", "version": 1}, {"side": "plc", "version": 2}):
            peer = await RawPeer.call(it, hello=False)
            peer.say(type="HELLO", first=1, **fields)
            async with asyncio.timeout(20):
                await peer.reader.read()  # to the end: the hub closes
            await peer.hang_up()
        assert not it.of(Linked)
        assert len(it.of(Rejected)) == 2


async def test_connections_that_say_nothing_do_not_keep_the_plc_out() -> None:
    async with hub(heartbeat_ms=100) as it:
        idle = [await RawPeer.call(it, hello=False) for _ in range(40)]
        await it.serves_an_honest_plc()
        for peer in idle:
            await peer.hang_up()


async def test_a_peer_that_falls_silent_without_reading_is_let_go_with_what_it_did_not_read() -> None:
    async with hub(heartbeat_ms=50) as it:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", it.plc.port))
        peer = RawPeer()
        peer.reader, peer.writer = await asyncio.open_connection(sock=raw, limit=1024)
        peer.say(type="HELLO", side="plc", version=1, first=1)
        await it.until(lambda: bool(it.of(Linked)))
        order = Dest(OrderId("o" * 150), ParcelId("p" * 150), None, (), "r" * 150)
        for _ in range(6_000):  # more than the kernel takes, less than what counts as stuck at once
            it.plc.order(order)
        assert it.plc.linked
        await it.until(lambda: bool(it.of(Unlinked)))
        assert "heartbeats missed" in it.of(Unlinked)[0].reason
        await peer.hang_up()


async def test_each_link_has_its_own_three_requests_for_what_is_missing() -> None:
    async with hub() as it:
        for session in "abcde":
            peer = await RawPeer.call(it, hello=False)
            peer.say(type="HELLO", side="plc", version=1, first=1, session=session)
            peer.say(**induct(1), session=session)
            peer.say(**induct(3), session=session)
            assert (await peer.hears("RESEND"))["after"] == 1
            await peer.hang_up()
        assert not it.of(Rejected)


async def test_what_is_missing_is_asked_for_again_on_a_quiet_line_and_then_the_line_goes_on() -> None:
    async with hub(heartbeat_ms=100) as it:
        peer = await RawPeer.call(it)
        peer.say(**induct(1))
        peer.say(**induct(3))

        async def beats() -> None:
            while True:
                peer.say(type="HEARTBEAT", ts_ms=0)
                await asyncio.sleep(0.05)

        beating = asyncio.create_task(beats())
        for _ in range(3):
            assert (await peer.hears("RESEND"))["after"] == 1
        assert (await peer.hears("RESEND"))["after"] == 2, "given up: what came behind it is asked for"
        peer.say(**induct(3))
        await it.until(lambda: len(it.of(Arrived)) == 2)
        assert "never came" in it.of(Rejected)[0].reason and not it.of(Unlinked)
        beating.cancel()
        await peer.hang_up()
