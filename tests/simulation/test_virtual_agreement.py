"""On the same seed and without faults, the twin on the virtual clock and the twin over a socket agree by parcel."""

import asyncio
import itertools
from pathlib import Path

from karez.cli import compose
from karez.domain.ids import OrderId, ParcelId
from karez.eventstore.append import Append
from karez.eventstore.memory import MemoryStore
from karez.hub.clock import LoopClock
from karez.hub.control import Control
from karez.hub.plan_desk import PlanDesk
from karez.hub.readers import Done
from karez.hub.reading_work import Job
from karez.settings import HallSection, Settings, load
from karez.simulation.chutes import ChuteHabits
from karez.simulation.day_run import hall_parcel
from karez.simulation.demand import day
from karez.simulation.demo_hub import prepare
from karez.simulation.hall import Hall
from karez.simulation.hall_run import HallRun
from karez.simulation.happenings import HallResult
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.day import DayHabits, VirtualDay, advice_of
from karez.simulation.virtual.readers import ReaderHabits, Truth
from karez.simulation.virtual.script import Script
from karez.simulation.virtual.wire import STILL
from karez.sorter.plc.tcp.driver import TcpPlc
from karez.sorter.plc.tcp.twin import TcpTwin

SEED, PARCELS = 5, 200
HALL = HallSection()
CHUTES = ChuteHabits(capacity=6, emptied_after_ms=15_000)  # some are full while others come
READERS = ReaderHabits(no_read=0.05, read_again=0.5)


class SocketReaders:
    """The same truth, read in the event loop."""

    fault, replaced, waiting = "", 0, 0

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self.control: Control | None = None

    def offer(self, job: Job) -> bool:
        assert self.control is not None
        done = Done(job, self._truth.read(job.frame), None)
        asyncio.get_running_loop().call_soon(self.control.read_done, done)
        return True


async def over_a_socket(settings: Settings, plans: PlanDesk, planned: list[PlannedParcel]) -> HallResult:
    store = MemoryStore()
    store.submit(Append(advice=[advice_of(each) for each in planned if each.advised]))
    truth = Truth(planned, SEED, READERS)
    readers = SocketReaders(truth)
    names = itertools.count(1)
    plc = TcpPlc(settings.sorter, "hub-1")
    control = Control(settings, store, plc, readers, plans.house, lambda: OrderId(f"1-{next(names)}"), LoopClock())
    readers.control = control
    await plc.start()

    async def listen() -> None:
        async for received in plc.received():
            control.receive(received)

    listening = asyncio.create_task(listen())
    twin = TcpTwin("127.0.0.1", plc.port, "client", "hall-1")
    await twin.start()

    async def photograph(parcel: ParcelId, index: int, lap: int) -> None:
        control.take_frame(truth.frame(parcel, index, lap))

    try:
        parcels = [hall_parcel(each) for each in planned]
        hall = Hall(HALL, list(plans.plan.chutes), parcels, SEED, habits=CHUTES)
        return await HallRun(hall, twin, photograph).run()
    finally:
        await twin.stop()
        await plc.stop()
        await listening


async def test_socket_twin_and_virtual_twin_agree_parcel_by_parcel(tmp_path: Path) -> None:
    example = compose.example()
    planned = day(SEED, PARCELS, 20_000, example / "areas.toml", example / "sort_codes.toml", HALL.inductions)
    folder = prepare(tmp_path / "hub", example, planned, 0, 0, "agreement")
    settings = load(folder.config).settings
    plans = PlanDesk(settings, compose.resolver(settings))
    habits = DayHabits(wire=STILL, readers=READERS, chutes=CHUTES, commit_ms=0.0)
    virtual = VirtualDay(settings, plans, HALL, planned, SEED, Script(), habits).run()
    socket = await over_a_socket(settings, plans, planned)
    assert virtual.outcomes == socket.outcomes
    assert virtual.recirculated and virtual.filled, "a day on which nothing goes round proves little"
    assert not virtual.without_final_state
