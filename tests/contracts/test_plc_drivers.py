"""Every driver keeps its promises to the hub, over a real socket against its own twin.

Each row of `DRIVERS` is tried in every role it has; a promise that a protocol cannot make is skipped by its capability.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.settings import SorterSection
from karez.sorter.plc.drivers import DRIVERS, open_plc
from karez.sorter.plc.protocol import Arrived, Capabilities, Linked, Received, Rejected, Resume, Unlinked
from karez.sorter.plc.tcp.driver import CAPABILITIES as TCP_CAPABILITIES
from karez.sorter.plc.tcp.driver import TcpPlc
from karez.sorter.plc.tcp.twin import TcpTwin


@dataclass
class Ends:
    """A driver and its twin, and what the driver gave."""

    plc: TcpPlc
    twin: TcpTwin
    got: list[Received] = field(default_factory=list)
    commit: bool = True

    @property
    def telegrams(self) -> list[object]:
        return [each.telegram for each in self.got if isinstance(each, Arrived)]

    def events(self, kind: type) -> list[Received]:
        return [each for each in self.got if isinstance(each, kind)]

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not reached():
                await asyncio.sleep(0.005)

    async def read(self) -> None:
        async for each in self.plc.received():
            self.got.append(each)
            if self.commit and isinstance(each, Arrived):
                each.acknowledge()


@dataclass(frozen=True)
class Driver:
    """A row of the suite: how to make both ends, on the same port."""

    name: str
    capabilities: Capabilities
    twin: Callable[[int, str, str], TcpTwin]

    async def start_plc(self, role: str, port: int, session: str = "hub-1", resume: Resume | None = None) -> TcpPlc:
        plc = open_plc(SorterSection(driver=self.name, role=role, port=port, heartbeat_ms=100), session, resume)
        await plc.start()
        return plc

    async def start_twin(self, port: int, role: str, session: str = "plc-1") -> TcpTwin:
        twin = self.twin(port, role, session)
        await twin.start()
        return twin


TCP = Driver(
    "tcp", TCP_CAPABILITIES, lambda port, role, session: TcpTwin("127.0.0.1", port, role, session, heartbeat_ms=100)
)
SUITE = [TCP]


def test_every_driver_of_the_table_is_in_the_suite_and_says_what_it_can() -> None:
    assert {driver.name for driver in SUITE} == set(DRIVERS)
    for driver in SUITE:
        plc = open_plc(SorterSection(driver=driver.name, port=0), "hub-1")
        assert plc.capabilities == driver.capabilities
        assert plc.capabilities.name == driver.name and plc.capabilities.roles


@asynccontextmanager
async def ends(driver: Driver, hub_role: str = "server") -> AsyncIterator[Ends]:
    if hub_role == "server":
        plc = await driver.start_plc("server", 0)
        twin = await driver.start_twin(plc.port, "client")
    else:
        twin = await driver.start_twin(0, "server")
        plc = await driver.start_plc("client", twin.port)
    pair = Ends(plc, twin)
    reading = asyncio.create_task(pair.read())
    await pair.until(lambda: twin.linked and pair.plc.linked)
    try:
        yield pair
    finally:
        await pair.twin.stop()
        await pair.plc.stop()
        reading.cancel()


def induct(number: int) -> Induct:
    return Induct(ParcelId(f"p{number}"), number, "I1", number)


def order(number: int, chute: str | None = "K01") -> Dest:
    return Dest(
        OrderId(f"o{number}"), ParcelId(f"p{number}"), ChuteId(chute) if chute else None, ("K02",), "plan", 5000
    )


every_driver_and_role = pytest.mark.parametrize(
    ("driver", "hub_role"),
    [pytest.param(each, role, id=f"{each.name}-{role}") for each in SUITE for role in sorted(each.capabilities.roles)],
)
drivers_that_replay = pytest.mark.parametrize(
    "driver",
    [each for each in SUITE if each.capabilities.replays and each.capabilities.acknowledges],
    ids=lambda each: each.name,
)


@every_driver_and_role
async def test_every_kind_of_telegram_arrives_as_it_was_sent(driver: Driver, hub_role: str) -> None:
    sent = [
        induct(1),
        Scan(ParcelId("p1"), 1, 2, 5, ("YT1234567890123",), 1200, 300, 200, 100),
        Divert(ParcelId("p1"), 1, DivertOutcome.FULL, 9, ChuteId("K01"), OrderId("o1")),
        State(Subject.CHUTE, "K01", "full", 11, 100),
    ]
    async with ends(driver, hub_role) as pair:
        for telegram in sent:
            pair.twin.send(telegram)
        await pair.until(lambda: len(pair.telegrams) == 4 and pair.twin.all_acknowledged)
        assert pair.telegrams == sent
        pair.plc.order(order(1))
        pair.plc.order(State(Subject.INDUCTION, "I1", "off", 3))
        assert await pair.twin.receive() == order(1)
        assert await pair.twin.receive() == State(Subject.INDUCTION, "I1", "off", 3)


@every_driver_and_role
async def test_nothing_is_lost_doubled_or_reordered_over_a_cut(driver: Driver, hub_role: str) -> None:
    async with ends(driver, hub_role) as pair:
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
        assert [await pair.twin.receive() for _ in range(28)] == [order(number) for number in range(2, 30)]
        await pair.until(lambda: pair.plc.unacknowledged == 0)
        kinds = [type(each) for each in pair.got if not isinstance(each, Arrived)]
        assert kinds == [Linked, Unlinked, Linked]


@drivers_that_replay
async def test_a_telegram_is_not_acknowledged_before_the_hub_has_committed_it(driver: Driver) -> None:
    async with ends(driver) as pair:
        pair.commit = False
        pair.twin.send(induct(1))
        pair.twin.send(induct(2))
        await pair.until(lambda: len(pair.telegrams) == 2)
        await pair.twin.cut()
        await pair.twin.mend()
        await pair.until(lambda: pair.twin.linked and pair.plc.linked)
        assert not pair.twin.all_acknowledged
        assert len(pair.telegrams) == 2
        arrived = [each for each in pair.got if isinstance(each, Arrived)]
        arrived[1].acknowledge()
        await asyncio.sleep(0.05)
        assert not pair.twin.all_acknowledged
        arrived[0].acknowledge()
        await pair.until(lambda: pair.twin.all_acknowledged)


@drivers_that_replay
async def test_a_hub_that_was_killed_gets_exactly_what_it_had_not_committed(driver: Driver) -> None:
    async with ends(driver) as pair:
        pair.commit = False
        for number in range(1, 6):
            pair.twin.send(induct(number))
        await pair.until(lambda: len(pair.telegrams) == 5)
        port = pair.plc.port
        await pair.plc.stop()
        again = Ends(await driver.start_plc("server", port, "hub-2", ("plc-1", 3)), pair.twin)
        reading = asyncio.create_task(again.read())
        await again.until(lambda: len(again.telegrams) == 2 and pair.twin.all_acknowledged)
        assert again.telegrams == [induct(4), induct(5)]
        await again.plc.stop()
        await reading


@drivers_that_replay
async def test_an_order_sent_again_by_a_new_hub_session_is_given_to_the_hall_once(driver: Driver) -> None:
    async with ends(driver) as pair:
        pair.plc.order(order(1))
        assert await pair.twin.receive() == order(1)
        port = pair.plc.port
        await pair.plc.stop()
        again = await driver.start_plc("server", port, "hub-2", ("plc-1", 0))
        again.order(order(1))
        again.order(order(2))
        assert await pair.twin.receive() == order(2)
        assert pair.twin.repeats == 1
        await again.stop()


@drivers_that_replay
async def test_a_plc_that_restarts_begins_a_new_session_and_gets_the_open_orders(driver: Driver) -> None:
    async with ends(driver) as pair:
        pair.twin.send(induct(1))
        await pair.until(lambda: pair.twin.all_acknowledged)
        await pair.twin.cut()
        await pair.until(lambda: not pair.plc.linked)
        pair.plc.order(order(1))
        fresh = await driver.start_twin(pair.plc.port, "client", "plc-2")
        fresh.send(induct(7))
        assert await fresh.receive() == order(1)
        await pair.until(lambda: len(pair.telegrams) == 2 and fresh.all_acknowledged)
        assert [each.session for each in pair.got if isinstance(each, Arrived)] == ["plc-1", "plc-2"]
        await fresh.stop()


@drivers_that_replay
async def test_a_plc_that_restarts_under_its_old_session_name_is_heard_and_told_of(driver: Driver) -> None:
    async with ends(driver) as pair:
        for number in range(1, 6):
            pair.twin.send(induct(number))
        await pair.until(lambda: pair.twin.all_acknowledged)
        await pair.twin.stop()
        fresh = await driver.start_twin(pair.plc.port, "client", "plc-1")
        await pair.until(lambda: fresh.linked)
        fresh.send(induct(9))
        await pair.until(lambda: fresh.all_acknowledged)
        assert pair.telegrams[-1] == induct(9)
        (told,) = pair.events(Rejected)
        assert isinstance(told, Rejected) and "began anew" in told.reason
        await fresh.stop()


@drivers_that_replay
async def test_a_second_connection_replaces_the_first_and_says_so(driver: Driver) -> None:
    async with ends(driver) as pair:
        other = await driver.start_twin(pair.plc.port, "client", "plc-9")
        await pair.until(lambda: len(pair.events(Unlinked)) > 0)
        gone = pair.events(Unlinked)[0]
        assert isinstance(gone, Unlinked) and "replaced" in gone.reason
        await other.stop()
