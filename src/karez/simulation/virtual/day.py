"""One day of the simulated hall against the real hub, on one virtual clock."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from karez.domain.advice import PreAdvice
from karez.domain.ids import AreaId, ParcelId
from karez.domain.telegrams import Dest, State
from karez.eventstore.append import Append
from karez.eventstore.memory import MemoryStore
from karez.hub.plan_desk import PlanDesk
from karez.settings import HallSection, Settings
from karez.simulation.chutes import ChuteHabits
from karez.simulation.day_run import hall_parcel
from karez.simulation.hall import Hall
from karez.simulation.happenings import (
    Asked,
    HallResult,
    Happening,
    LinkCut,
    LinkMended,
    Photographed,
    PlcDown,
    PlcUp,
    Said,
)
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.attendant import Attendant
from karez.simulation.virtual.clock import VirtualClock
from karez.simulation.virtual.coders import CodingHabits, VirtualCoders
from karez.simulation.virtual.hub import VirtualDisk, VirtualHub
from karez.simulation.virtual.link import VirtualLink
from karez.simulation.virtual.readers import ReaderHabits, Truth
from karez.simulation.virtual.script import Jump, Kill, Script, SlowDisk
from karez.simulation.virtual.wire import WireHabits

__all__ = ["DayHabits", "VirtualDay"]

_LOOKS_EVERY = 512  # steps between two looks at whether to stop
_SETTLES_LAPS = 20  # what was said last is committed by then, however slow the disk, and what is missed is looked for
_OVERDUE_LAPS = 3


@dataclass(frozen=True, slots=True)
class DayHabits:
    """How everything but the control code behaves on a day.

    Attributes
    ----------
    commit_ms
        A usual commit.
    coders
        How many operators there are.
    """

    wire: WireHabits = field(default_factory=WireHabits)
    readers: ReaderHabits = field(default_factory=ReaderHabits)
    coding: CodingHabits = field(default_factory=CodingHabits)
    chutes: ChuteHabits = field(default_factory=ChuteHabits)
    commit_ms: float = 0.5
    coders: int = 0


class VirtualDay:
    """Everything of one day, wired up.

    Parameters
    ----------
    settings
        The hub's.
    plans
        Its plan desk; several days may share one.
    planned
        The day's parcels, in the order of their arrival.

    Attributes
    ----------
    happened
        What went wrong, counted by name.
    stopped
        It was not run to its end.
    names
        By the demand's index, the PLC's ids that a parcel was photographed under.
    """

    def __init__(
        self,
        settings: Settings,
        plans: PlanDesk,
        section: HallSection,
        planned: Sequence[PlannedParcel],
        seed: int,
        script: Script,
        habits: DayHabits,
    ) -> None:
        self.clock = VirtualClock()
        self.happened: Counter[str] = Counter()
        self.truth = Truth(planned, seed, habits.readers)
        self.hall = Hall(
            section,
            list(plans.plan.chutes),
            [hall_parcel(each) for each in planned],
            seed,
            script.hall,
            habits=habits.chutes,
        )
        self._disk = VirtualDisk(self.clock, Random(f"disk {seed}"), habits.commit_ms)
        self.store = MemoryStore(self.clock.now, self._disk.commit, keep_journal=False)
        self.link = VirtualLink(self.clock, Random(f"wire {seed}"), habits.wire, self._ordered, self.happened)
        self.hub = VirtualHub(settings, self.clock, self.store, plans, self.link, self.truth, seed)
        self._index: dict[ParcelId, int] = {}
        self.coders = VirtualCoders(self.clock, self.hub, planned, self._index.get, seed, habits.coders, habits.coding)
        self.attendant = Attendant(self.clock, self.hub, self.hall.rides, _OVERDUE_LAPS * self.hall.loop.lap_ms)
        self.stopped = False
        self.names: dict[int, list[ParcelId]] = {}
        self._plan_troubles(script)
        self.store.submit(Append(advice=[advice_of(each) for each in planned if each.advised]))

    # ---- running ----------------------------------------------------------------------------------------------------

    def run(self, on_progress: Callable[[int], bool] = lambda left: True) -> HallResult:
        """Run the day to its end, or until ``on_progress`` (told how many parcels have left) says no."""
        self.link.plc_up()
        self.hub.start()
        steps = 0
        while not self.hall.finished and not self.stopped and self._once():
            steps += 1
            self.stopped = steps % _LOOKS_EVERY == 0 and not on_progress(self.hall.left)
        if not self.stopped:
            self._settle()
        on_progress(self.hall.left)
        return self.hall.result(self.link.order_repeats)

    def _once(self) -> bool:
        """Do the next thing, of the hall or of anybody else; ``False`` where nothing will ever happen again."""
        hall_ms, other_ms = self.hall.next_ms, self.clock.next_ms
        if other_ms is not None and (hall_ms is None or other_ms <= hall_ms):
            self.clock.step()
            if hall_ms is None:  # the inductions are held, and nothing rides
                self.hall.pass_time(int(self.clock.now_ms))
            return True
        if hall_ms is None:
            return False
        self.clock.pass_time(float(hall_ms))
        for each in self.hall.step():
            self._do(each)
        return True

    def _settle(self) -> None:
        """Leave nothing unsaid, nothing uncommitted, and nothing missed that nobody has looked for."""
        self.link.mend()
        ends_ms = self.clock.now_ms + _SETTLES_LAPS * self.hall.loop.lap_ms
        while not (self.link.all_acknowledged and self.hub.idle and not self.hub.live):
            next_ms = self.clock.next_ms
            if next_ms is None or next_ms > ends_ms:
                return
            self.clock.step()

    def _do(self, happening: Happening) -> None:
        match happening:
            case Said(telegram=telegram) | Asked(telegram=telegram):
                self.link.send(telegram)
            case Photographed():
                self._photograph(happening)
            case LinkCut():
                self.happened["link_cut"] += 1
                self.link.cut()
            case LinkMended():
                self.link.mend()
            case PlcDown():
                self.happened["plc_restart"] += 1
                self.link.plc_down()
            case PlcUp():
                self.link.plc_up()

    def _photograph(self, under: Photographed) -> None:
        if under.parcel not in self._index:
            self._index[under.parcel] = under.index
            self.names.setdefault(under.index, []).append(under.parcel)
        if self.hub.control is not None:  # a camera has nobody to give its picture to while the hub is down
            self.hub.control.take_frame(self.truth.frame(under.parcel, under.index, under.lap))

    def _ordered(self, telegram: Dest | State) -> None:
        now_ms = int(self.clock.now_ms)
        next_ms = self.hall.next_ms
        if now_ms > self.hall.now_ms:
            self.hall.pass_time(now_ms if next_ms is None else min(now_ms, next_ms))
        for each in self.hall.take(telegram):
            self._do(each)

    # ---- what goes wrong --------------------------------------------------------------------------------------------

    def _plan_troubles(self, script: Script) -> None:
        for kill in script.kills:
            if kill.in_commit:
                self.clock.at(kill.at_ms, self._disk.strike, partial(self._kill, kill))
            else:
                self.clock.at(kill.at_ms, self._kill, kill)
        for jump in script.jumps:
            self.clock.at(jump.at_ms, self._jump, jump)
        for slow in script.slow:
            self.clock.at(slow.at_ms, self._slow, slow)

    def _kill(self, kill: Kill) -> None:
        if self.hub.control is None:
            return
        self.happened["hub_kill"] += 1
        self.hub.kill(kill.reached_disk)
        self.clock.at(self.clock.now_ms + kill.down_ms, self.hub.start)

    def _jump(self, jump: Jump) -> None:
        self.happened["clock_jump"] += 1
        if jump.of_plc:
            self.link.ts_ahead_ms += jump.by_ms
        else:
            self.clock.wall_ahead_s += jump.by_ms / 1000

    def _slow(self, slow: SlowDisk) -> None:
        self.happened["disk_slow"] += 1
        self._disk.slow_ms = slow.commit_ms
        self.clock.at(self.clock.now_ms + slow.for_ms, self._fast_again)

    def _fast_again(self) -> None:
        self._disk.slow_ms = 0.0


def advice_of(parcel: PlannedParcel) -> PreAdvice:
    """What the courier company told, with the place as it was resolved at its import."""
    return PreAdvice(
        waybill=parcel.waybill,
        company=parcel.company,
        service=parcel.service,
        area=AreaId(parcel.area),
        county_name=parcel.county_name,
        township_name=parcel.township_name,
        province_name=parcel.province_name,
        prefecture_name=parcel.prefecture_name,
    )
