"""The hall runs against a hub over a real socket: same seed, same outcomes, whatever happens to the link."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from driver_suite import SUITE, Entry, start_plc, start_twin
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, Induct, Scan, State, Subject
from karez.settings import HallSection, SorterSection
from karez.simulation.faults import NO_FAULTS, Cut, Faults, FullChute
from karez.simulation.hall import Hall
from karez.simulation.hall_run import HallRun
from karez.simulation.happenings import HallParcel, HallResult
from karez.sorter.plc.protocol import Arrived, Plc, Resume, Twin
from karez.sorter.plc.tcp.driver import TcpPlc
from karez.sorter.plc.tcp.twin import TcpTwin

CHUTES = [ChuteId(f"K{n:02d}") for n in range(1, 9)]
SECTION = HallSection(carriers=40, pitch_mm=500, speed_mm_s=3000, inductions=2)


def chute_of(parcel: ParcelId) -> ChuteId:
    return CHUTES[int(parcel.rsplit("-", 1)[1]) % len(CHUTES)]


@dataclass
class Disk:
    """What a hub has committed; outlives it."""

    resume: Resume | None = None
    orders: dict[OrderId, Dest] = field(default_factory=dict)
    inducted: list[ParcelId] = field(default_factory=list)
    diverted: list[Divert] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


@dataclass
class FakeHub:
    """Commits at once, answers every SCAN with one order, and repeats open orders after a start."""

    disk: Disk
    plc: TcpPlc
    on_scan: Callable[[Scan], None] = lambda scan: None
    orders_twice: bool = False
    only_open: bool = False

    async def run(self) -> None:
        left = {each.parcel for each in self.disk.diverted if each.outcome == "ok"} if self.only_open else set()
        for order in list(self.disk.orders.values()):
            if order.parcel not in left:
                self.plc.order(order)
        async for each in self.plc.received():
            if isinstance(each, Arrived):
                orders = self.commit(each)
                for order in orders:
                    self.plc.order(order)
                each.acknowledge()

    def commit(self, arrived: Arrived) -> list[Dest]:
        self.disk.resume = (arrived.session, arrived.seq)
        telegram = arrived.telegram
        if isinstance(telegram, Induct):
            self.disk.inducted.append(telegram.parcel)
        elif isinstance(telegram, Divert):
            self.disk.diverted.append(telegram)
        elif isinstance(telegram, State):
            self.disk.states.append(telegram)
        else:
            self.on_scan(telegram)
            chute = chute_of(telegram.parcel)
            order = Dest(OrderId(f"{telegram.parcel}/{telegram.lap}"), telegram.parcel, chute, (), "plan", 20_000)
            self.disk.orders[order.order] = order
            return [order, order] if self.orders_twice else [order]
        return []


def parcels(count: int) -> list[HallParcel]:
    return [HallParcel(n, n * 300, n % 2, 500, 300, 200, 100) for n in range(count)]


@asynccontextmanager
async def hub_and_twin(disk: Disk, **hub: object) -> AsyncIterator[tuple[FakeHub, TcpTwin]]:
    plc = TcpPlc(SorterSection(port=0, heartbeat_ms=200), "hub-1")
    await plc.start()
    twin = TcpTwin("127.0.0.1", plc.port, "client", "plc-1", heartbeat_ms=200)
    fake = FakeHub(disk, plc, **hub)
    running = asyncio.create_task(fake.run())
    await twin.start()
    try:
        yield fake, twin
    finally:
        await twin.stop()
        await plc.stop()
        await running


async def no_picture(parcel: ParcelId, index: int, lap: int) -> None:
    await asyncio.sleep(0)


async def run_hall(disk: Disk, faults: Faults = NO_FAULTS, count: int = 60, **hub: object) -> HallResult:
    hall = Hall(SECTION, CHUTES, parcels(count), seed=1, faults=faults)
    async with hub_and_twin(disk, **hub) as (_, twin), asyncio.timeout(60):
        return await HallRun(hall, twin, no_picture).run()


async def test_every_parcel_falls_into_its_chute_and_the_hub_hears_of_it() -> None:
    disk = Disk()
    result = await run_hall(disk)
    assert not result.without_final_state
    assert all(each.chute == chute_of(each.parcel) for each in result.outcomes.values() if each.parcel)
    assert {each.parcel for each in disk.diverted} == {each.parcel for each in result.outcomes.values()}
    assert len(disk.inducted) == len(set(disk.inducted)) == 60


async def test_the_same_seed_gives_the_same_outcomes_with_and_without_repeated_orders() -> None:
    faults = Faults(full=(FullChute(CHUTES[2], 4_000, 12_000),))
    plain, again = await run_hall(Disk(), faults), await run_hall(Disk(), faults)
    doubled = await run_hall(Disk(), faults, orders_twice=True)
    assert plain == again
    assert doubled.repeats > 0
    assert doubled.outcomes == plain.outcomes
    assert plain.recirculated


async def test_a_cut_link_sends_parcels_round_and_loses_none() -> None:
    faults = Faults(cuts=(Cut(6_000, 2_500),))
    disk = Disk()
    first = await run_hall(disk, faults)
    second = await run_hall(Disk(), faults)
    assert first == second
    assert first.cuts == 1
    assert first.recirculated
    assert not first.without_final_state
    assert all(each.times_diverted == 1 for each in first.outcomes.values())
    assert len(disk.inducted) == len(set(disk.inducted)) == 60
    scans_answered = {order.parcel for order in disk.orders.values()}
    assert scans_answered == set(disk.inducted)


def others(*in_normal_runs: str) -> pytest.MarkDecorator:
    """Every row but TCP's; those not named are for `make soak`: a hall over OPC UA, Modbus or S7 takes seconds."""
    rows = [each for each in SUITE if each.driver != "tcp"]
    soak = pytest.mark.soak
    marked = [pytest.param(each, id=each.name, marks=() if each.name in in_normal_runs else soak) for each in rows]
    return pytest.mark.parametrize("entry", marked)


every_other_driver = others("osip")
one_of_every_driver = others("osip", "osip-simplex-crossed", "opcua-tags", "modbus", "s7")


@asynccontextmanager
async def hub_and_twin_of(entry: Entry, disk: Disk, **hub: object) -> AsyncIterator[Twin]:
    """The same over any driver; at its end the hub has heard of every divert, though not every driver can say so."""
    settings = entry.settings("server" if "server" in entry.capabilities.roles else "client", 0)
    if settings.role == "server":
        plc: Plc = await start_plc(settings)
        twin = await start_twin(settings, plc.port)
    else:
        twin = await start_twin(settings, 0)
        plc = await start_plc(settings.model_copy(update={"port": twin.port}))
    running = asyncio.create_task(FakeHub(disk, plc, **hub).run())
    yield twin
    async with asyncio.timeout(20):
        while len(disk.diverted) < len(disk.inducted):
            await asyncio.sleep(0.005)
    await twin.stop()
    await plc.stop()
    await running


async def run_hall_of(entry: Entry, disk: Disk, faults: Faults = NO_FAULTS, **hub: object) -> HallResult:
    hall = Hall(SECTION, CHUTES, parcels(60), seed=1, faults=faults)
    async with hub_and_twin_of(entry, disk, **hub) as twin, asyncio.timeout(60):
        return await HallRun(hall, twin, no_picture).run()


@one_of_every_driver
async def test_the_same_seed_has_the_same_outcomes_over_every_driver(entry: Entry) -> None:
    faults = Faults(full=(FullChute(CHUTES[2], 4_000, 12_000),))
    disk = Disk()
    result = await run_hall_of(entry, disk, faults)
    assert result == await run_hall(Disk(), faults)
    assert result.recirculated and not result.without_final_state
    told = {each.parcel: each.chute for each in disk.diverted if each.outcome == "ok"}
    assert told == {each.parcel: each.chute for each in result.outcomes.values()}


@every_other_driver
async def test_repeated_orders_change_no_outcome_over_any_driver(entry: Entry) -> None:
    result = await run_hall_of(entry, Disk(), orders_twice=True)
    assert result.repeats == 60
    assert result.outcomes == (await run_hall(Disk())).outcomes


@every_other_driver
async def test_a_cut_has_the_same_outcomes_over_every_driver(entry: Entry) -> None:
    faults = Faults(cuts=(Cut(6_000, 2_500),))
    result = await run_hall_of(entry, Disk(), faults)
    assert result.outcomes == (await run_hall(Disk(), faults)).outcomes
    assert result.recirculated and not result.without_final_state


@dataclass
class DyingHub(FakeHub):
    """Dies at a given SCAN: before its commit, or between commit and order, or between order and acknowledgement."""

    at_scan: int = 30
    where: str = "before"
    scans: int = 0

    async def run(self) -> None:
        async for each in self.plc.received():
            if not isinstance(each, Arrived):
                continue
            self.scans += isinstance(each.telegram, Scan)
            now = self.scans == self.at_scan
            if now and self.where == "before commit":
                return
            orders = self.commit(each)
            if now and self.where == "after commit":
                return
            for order in orders:
                self.plc.order(order)
            if now:
                return
            each.acknowledge()


@pytest.mark.parametrize("where", ["before commit", "after commit", "after order"])
@pytest.mark.parametrize("at_scan", [1, 17, 60])
async def test_a_hub_killed_and_started_again_changes_no_outcome(where: str, at_scan: int) -> None:
    undisturbed = await run_hall(Disk())
    disk = Disk()
    plc = TcpPlc(SorterSection(port=0, heartbeat_ms=200), "hub-1")
    await plc.start()
    twin = TcpTwin("127.0.0.1", plc.port, "client", "plc-1", heartbeat_ms=200)
    await twin.start()
    hall = asyncio.create_task(HallRun(Hall(SECTION, CHUTES, parcels(60), seed=1), twin, no_picture).run())
    await DyingHub(disk, plc, at_scan=at_scan, where=where).run()
    await plc.stop()
    again = TcpPlc(SorterSection(port=plc.port, heartbeat_ms=200), "hub-2", disk.resume)
    await again.start()
    living = asyncio.create_task(FakeHub(disk, again).run())
    async with asyncio.timeout(60):
        result = await hall
    assert result.outcomes == undisturbed.outcomes
    assert result.orders_after_leaving == 0
    assert all(each.times_diverted == 1 for each in result.outcomes.values())
    assert len(disk.inducted) == len(set(disk.inducted)) == 60
    assert len(disk.diverted) == len({each.parcel for each in disk.diverted}) == 60
    await twin.stop()
    await again.stop()
    await living


@every_other_driver
@pytest.mark.parametrize("where", ["before commit", "after commit", "after order"])
async def test_a_hub_killed_and_started_again_changes_no_outcome_over_any_driver(entry: Entry, where: str) -> None:
    """Where nothing is acknowledged a hub that dies may miss a telegram; what was asked is asked again."""
    undisturbed = await run_hall(Disk())
    disk = Disk()
    settings = entry.settings("server" if "server" in entry.capabilities.roles else "client", 0)
    if settings.role == "server":
        plc: Plc = await start_plc(settings)
        settings = settings.model_copy(update={"port": plc.port})
        twin = await start_twin(settings, plc.port)
    else:
        twin = await start_twin(settings, 0)
        settings = settings.model_copy(update={"port": twin.port})
        plc = await start_plc(settings)
    hall = asyncio.create_task(HallRun(Hall(SECTION, CHUTES, parcels(60), seed=1), twin, no_picture).run())
    await DyingHub(disk, plc, at_scan=17, where=where).run()
    await plc.stop()
    again = await start_plc(settings, "hub-2", disk.resume)
    living = asyncio.create_task(FakeHub(disk, again, only_open=True).run())
    async with asyncio.timeout(60):
        result = await hall
    assert result.outcomes == undisturbed.outcomes
    assert result.orders_after_leaving == 0 or not entry.capabilities.acknowledges  # a divert was missed
    await twin.stop()
    await again.stop()
    await living


async def test_a_picture_is_delivered_after_its_parcel_is_known_and_before_its_scan() -> None:
    disk, seen, under_way = Disk(), [], [0, 0]

    async def photograph(parcel: ParcelId, index: int, lap: int) -> None:
        assert parcel in disk.inducted
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0.02)
        under_way[0] -= 1
        seen.append((parcel, lap))

    def scanned(scan: Scan) -> None:
        assert (scan.parcel, scan.lap) in seen

    hall = Hall(SECTION, CHUTES, parcels(30), seed=1, faults=Faults(full=(FullChute(CHUTES[2], 2_000, 12_000),)))
    async with hub_and_twin(disk, on_scan=scanned) as (_, twin), asyncio.timeout(60):
        result = await HallRun(hall, twin, photograph).run()
    assert len(seen) == sum(each.laps for each in result.outcomes.values()) > 30
    assert under_way[1] > 1


async def test_a_picture_that_cannot_be_delivered_ends_the_run_with_its_error() -> None:
    async def photograph(parcel: ParcelId, index: int, lap: int) -> None:
        raise OSError("no camera")

    async with hub_and_twin(Disk()) as (_, twin), asyncio.timeout(60):
        with pytest.raises(OSError, match="no camera"):
            await HallRun(Hall(SECTION, CHUTES, parcels(3), seed=1), twin, photograph).run()


async def test_a_paced_hall_without_lock_step_brings_every_parcel_to_its_chute() -> None:
    hall = Hall(SECTION, CHUTES, parcels(40), seed=1, faults=Faults(cuts=(Cut(4_000, 2_000),)))
    async with hub_and_twin(Disk()) as (_, twin), asyncio.timeout(60):
        result = await HallRun(hall, twin, no_picture, speed=20, lock_step=False).run()
    assert all(each.parcel and each.chute == chute_of(each.parcel) for each in result.outcomes.values())


async def test_a_hall_that_is_held_waits_for_the_hub_to_let_it_go_on() -> None:
    hall = Hall(SECTION, CHUTES, parcels(5), seed=1)
    disk = Disk()
    async with hub_and_twin(disk) as (hub, twin), asyncio.timeout(60):
        for name in ("I1", "I2"):
            hub.plc.order(State(Subject.INDUCTION, name, "off", 0))
        while hub.plc.unacknowledged:
            await asyncio.sleep(0.005)
        running = asyncio.create_task(HallRun(hall, twin, no_picture).run())
        while len(disk.states) < 2:
            await asyncio.sleep(0.005)
        assert not disk.inducted and not running.done()
        hub.plc.order(State(Subject.INDUCTION, "*", "on", 0))
        result = await running
    assert not result.without_final_state
