"""A loop sorter with no hardware, as a pure model: it is stepped, it takes orders, and it tells what happens.

Hall time is whole milliseconds and moves only by `Hall.step`. Nothing here waits, sleeps, draws chance or knows where
a parcel belongs: the same parcels, script and orders give the same happenings.
"""

import heapq
from collections.abc import Callable, Sequence
from functools import partial

from karez.domain.ids import ChuteId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, State, Subject
from karez.settings import HallSection
from karez.simulation.chutes import ChuteHabits, HallChute
from karez.simulation.faults import NO_FAULTS, Cut, Faults, PlcRestart, Removal
from karez.simulation.happenings import (
    Asked,
    HallParcel,
    HallResult,
    Happening,
    LinkCut,
    LinkMended,
    Outcome,
    Photographed,
    PlcDown,
    PlcUp,
    Said,
)
from karez.simulation.inductions import Induction, may_take
from karez.simulation.loop import lay_out
from karez.simulation.outlets import Outlets, state_of
from karez.simulation.tracking import Riding, ahead, may_leave, why_still_here


class Hall:
    """The loop, its carriers, inductions, chutes and the PLC's tracking.

    Parameters
    ----------
    section
        Carriers, pitch, speed, inductions.
    chutes
        Names along the loop, in the direction of travel.
    parcels
        What arrives; their order does not matter.
    seed
        Names the parcels: the n-th INDUCT of a seed always makes the same id.
    faults
        The script.
    series
        Beginning of the parcel ids, where runs of one seed share a store.
    max_laps
        After so many laps without anything leaving or coming on, the run ends as it stands.
    """

    def __init__(
        self,
        section: HallSection,
        chutes: Sequence[ChuteId],
        parcels: Sequence[HallParcel],
        seed: int,
        faults: Faults = NO_FAULTS,
        *,
        habits: ChuteHabits | None = None,
        series: str | None = None,
        max_laps: int = 60,
    ) -> None:
        self.loop = lay_out(section, chutes)
        self._outlets = Outlets(chutes, habits or ChuteHabits(), self._tell, self._later)
        self.chutes, self.filled = self._outlets.chutes, self._outlets.filled
        self.now_ms = 0
        self.link_cut = False
        self.orders_after_leaving = 0
        self.cuts = 0
        self._series = series or f"P{seed}"
        self._parcels = {each.index: each for each in parcels}
        self._inductions = [Induction(f"I{i + 1}", at) for i, at in enumerate(self.loop.inductions)]
        self._riding: dict[ParcelId, Riding] = {}
        self._carriers: dict[int, ParcelId] = {}
        self._left: dict[int, Outcome] = {}
        self._gone: set[ParcelId] = set()
        self._inducted = 0
        self._happened: list[Happening] = []
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._entries = 0
        self._quiet_since_ms = 0
        self._patience_ms = max_laps * self.loop.lap_ms
        self._occupied_ms = self._recirculating_ms = self._on_later_laps = 0
        self._down = False
        self._taken_off: set[int] = set()
        self._strays = {each.index: each for each in faults.strays}
        self._removals = {each.index: each for each in faults.removals}
        self._write_script(parcels, faults)

    # ---- the door -------------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Every parcel has left, and the PLC knows it; or nothing has moved for too many laps."""
        if len(self._left) == len(self._parcels) and not self._riding:
            return True
        return self.now_ms - self._quiet_since_ms > self._patience_ms

    @property
    def next_ms(self) -> int | None:
        """When the next thing happens; ``None`` where the hall waits for an order (an induction that is held)."""
        return self._agenda[0][0] if self._agenda else None

    @property
    def unanswered(self) -> frozenset[ParcelId]:
        """Parcels that asked and have had no order since."""
        return frozenset(parcel for parcel, each in self._riding.items() if not each.answered)

    @property
    def occupied(self) -> int:
        """Carriers with a parcel on them."""
        return len(self._carriers)

    @property
    def left(self) -> int:
        """Parcels that have left the sorter, into a chute or by hand."""
        return len(self._left)

    def rides(self, parcel: ParcelId) -> bool:
        """Whether it lies on a carrier, as anybody can see."""
        riding = self._riding.get(parcel)
        return riding is not None and not riding.gone

    @property
    def carrier_ms(self) -> tuple[int, int]:
        """Time that carriers have been occupied so far, added up, and how much of it on lap 2 or later."""
        return self._occupied_ms, self._recirculating_ms

    def step(self) -> Sequence[Happening]:
        """Go on to the next thing that happens, and say what comes of it."""
        at_ms, _, action = heapq.heappop(self._agenda)
        self.pass_time(at_ms)
        self._happened = []
        action()
        return self._happened

    def pass_time(self, until_ms: int) -> None:
        """Let hall time go on to a moment before the next thing happens."""
        passed_ms = until_ms - self.now_ms
        self._occupied_ms += passed_ms * len(self._riding)
        self._recirculating_ms += passed_ms * self._on_later_laps
        self.now_ms = until_ms

    def take(self, telegram: Dest | State) -> Sequence[Happening]:
        """Take an order or a request of the hub, at the present hall time."""
        self._happened = []
        if isinstance(telegram, Dest):
            self._ordered(telegram)
        elif telegram.subject is Subject.INDUCTION:
            self._switch(telegram.name, telegram.state == "on")
        return self._happened

    def close(self) -> None:
        """Let nothing more come: what is not on the loop by now, nor has left it, is no parcel of this run."""
        known = self._left.keys() | {each.source.index for each in self._riding.values()}
        self._parcels = {index: each for index, each in self._parcels.items() if index in known}
        for induction in self._inductions:
            induction.waiting.clear()

    def give_up_waiting(self) -> None:
        """Count open questions as answered: the default applies to those parcels (they go round)."""
        for each in self._riding.values():
            each.answered = True

    def result(self, repeats: int = 0) -> HallResult:
        """The truth about the run so far."""
        outcomes = dict(self._left)
        for each in self._riding.values():
            if each.gone:
                continue
            outcomes[each.source.index] = Outcome(each.source.index, each.parcel, None, each.lap, 0)
        for index in self._parcels.keys() - outcomes.keys():
            outcomes[index] = Outcome(index, None, None, 0, 0)
        return HallResult(
            outcomes=dict(sorted(outcomes.items())),
            hall_ms=self.now_ms,
            recirculated=frozenset(index for index, each in outcomes.items() if each.laps > 1),
            recirculating_share=self._recirculating_ms / self._occupied_ms if self._occupied_ms else 0.0,
            orders_after_leaving=self.orders_after_leaving,
            repeats=repeats,
            cuts=self.cuts,
            filled=tuple(self.filled),
            taken_off=frozenset(self._taken_off),
            without_final_state=frozenset(
                index for index, each in outcomes.items() if each.chute is None and index not in self._taken_off
            ),
        )

    # ---- script and induction ---------------------------------------------------------------------------------------

    def _write_script(self, parcels: Sequence[HallParcel], faults: Faults) -> None:
        for each in sorted(parcels, key=lambda parcel: (parcel.arrives_ms, parcel.index)):
            come = self._lay_on if each.index in faults.by_hand else self._arrive
            self._at(each.arrives_ms, partial(come, each))
        self._outlets.write_script(faults)
        for restart in faults.restarts:
            self._at(restart.at_ms, partial(self._restart, restart))
        for cut in faults.cuts:
            self._at(cut.at_ms, partial(self._cut, cut))

    def _at(self, at_ms: int, action: Callable[[], None]) -> None:
        self._entries += 1
        heapq.heappush(self._agenda, (max(at_ms, self.now_ms), self._entries, action))

    def _later(self, delay_ms: int, action: Callable[[], None]) -> None:
        self._at(self.now_ms + delay_ms, action)

    def _arrive(self, parcel: HallParcel) -> None:
        if parcel.index not in self._parcels:
            return
        induction = self._inductions[parcel.induction % len(self._inductions)]
        induction.waiting.append(parcel)
        self._offer(induction)

    def _offer(self, induction: Induction) -> None:
        """Look at the next carrier, while there is something to put on it."""
        if not self._held(induction) and induction.waiting and not induction.offering:
            induction.offering = True
            carrier, at_ms = self.loop.next_carrier(induction.point_mm, self.now_ms)
            self._at(at_ms, partial(self._carrier_comes, induction, carrier))

    def _held(self, induction: Induction) -> bool:
        return not induction.on or self.link_cut or self._down

    def _carrier_comes(self, induction: Induction, carrier: int) -> None:
        induction.offering = False
        if (
            induction.waiting  # else the hall was closed meanwhile
            and not self._held(induction)
            and carrier not in self._carriers
            and may_take(induction, carrier, self._inductions)
        ):
            self._induct(induction, induction.waiting.popleft(), carrier)
        self._offer(induction)

    def _induct(self, induction: Induction, source: HallParcel, carrier: int) -> None:
        riding = self._ride(source, carrier)
        self._happened.append(Said(Induct(riding.parcel, carrier, induction.name, self.now_ms)))
        self._pass(riding, self.loop.camera_mm, self._under_camera)

    def _ride(self, source: HallParcel, carrier: int) -> Riding:
        riding = Riding(self._new_name(), source, carrier)
        self._riding[riding.parcel] = riding
        self._carriers[carrier] = riding.parcel
        self._quiet_since_ms = self.now_ms
        return riding

    def _new_name(self) -> ParcelId:
        self._inducted += 1
        return ParcelId(f"{self._series}-{self._inducted:06d}")

    def _switch(self, name: str, on: bool) -> None:
        for induction in self._inductions:
            if induction.name == name or name == "*":
                induction.on = on
                state = State(Subject.INDUCTION, induction.name, "on" if on else "off", self.now_ms)
                self._happened.append(Said(state))
                self._offer(induction)

    # ---- once round -----------------------------------------------------------------------------------------------

    def _pass(self, riding: Riding, point_mm: int, action: Callable[[Riding], None]) -> None:
        self._at(self.loop.passes(riding.carrier, point_mm, self.now_ms), partial(action, riding))

    def _under_camera(self, riding: Riding) -> None:
        if not self._down:
            self._happened.append(Photographed(riding.parcel, riding.source.index, riding.lap))
        self._pass(riding, self.loop.scan_mm, self._scan)

    def _scan(self, riding: Riding) -> None:
        if not self._down:
            self._happened.append(Asked(riding.ask(self.now_ms)))
        if (removal := self._removals.pop(riding.source.index, None)) is not None:
            self._take_off(riding, removal)
        if riding.parcel in self._riding:
            self._pass(riding, self.loop.end_mm, self._end_of_lap)

    def _ordered(self, order: Dest) -> None:
        riding = self._riding.get(order.parcel)
        if riding is None:
            self.orders_after_leaving += order.parcel in self._gone
        elif riding.answer(order, self.now_ms):
            for chute in ahead(riding, self.loop, self.now_ms):
                self._pass(riding, self.loop.chutes[chute], partial(self._at_chute, order, chute))

    def _at_chute(self, order: Dest, here: ChuteId, riding: Riding) -> None:
        known = riding.parcel in self._riding and riding.order is order
        if known and riding.gone:
            self._seen_empty(riding)
        elif known and may_leave(riding, here, self.chutes, self.loop, self.now_ms):
            self._divert(riding, order, self.chutes[here])

    def _divert(self, riding: Riding, order: Dest, chute: HallChute) -> None:
        """Drop it; where it strays, the PLC tells the chute that it saw, or (silent) the one that was ordered."""
        stray = self._strays.get(riding.source.index)
        fell = self.chutes[stray.into] if stray else chute
        told = chute if stray and stray.silent else fell
        self._leave(riding, fell.name)
        ok = Divert(riding.parcel, riding.carrier, DivertOutcome.OK, self.now_ms, told.name, order.order)
        self._happened.append(Said(ok))
        self._outlets.drop(fell)

    def _leave(self, riding: Riding, chute: ChuteId) -> None:
        index = riding.source.index
        before = self._left[index].times_diverted if index in self._left else 0
        self._left[index] = Outcome(index, riding.parcel, chute, riding.lap, before + 1)
        self._no_longer_tracked(riding)

    def _no_longer_tracked(self, riding: Riding) -> None:
        del self._riding[riding.parcel], self._carriers[riding.carrier]
        self._on_later_laps -= riding.lap > 1
        self._gone.add(riding.parcel)
        self._quiet_since_ms = self.now_ms

    def _end_of_lap(self, riding: Riding) -> None:
        if riding.parcel not in self._riding:
            return
        if riding.gone and not self._down:
            self._seen_empty(riding)
            return
        if not self._down:
            outcome, chute = why_still_here(riding, self.chutes, self.now_ms)
            order = riding.order.order if riding.order else None
            self._happened.append(Said(Divert(riding.parcel, riding.carrier, outcome, self.now_ms, chute, order)))
        self._on_later_laps += riding.lap == 1
        riding.next_lap()
        self._pass(riding, self.loop.camera_mm, self._under_camera)

    # ---- hands ----------------------------------------------------------------------------------------------------

    def _lay_on(self, parcel: HallParcel) -> None:
        """A person lays it on the next empty carrier that comes under the camera."""
        carrier, at_ms = self.loop.next_carrier(self.loop.camera_mm, self.now_ms)
        self._at(at_ms, partial(self._laid_on, parcel, carrier))

    def _laid_on(self, parcel: HallParcel, carrier: int) -> None:
        if carrier in self._carriers or self._down:
            self._lay_on(parcel)
        else:
            self._under_camera(self._ride(parcel, carrier))

    def _take_off(self, riding: Riding, removal: Removal) -> None:
        index = riding.source.index
        if removal.back_after_ms is None:
            self._left[index] = Outcome(index, riding.parcel, None, riding.lap, 0)
            self._taken_off.add(index)
        else:
            self._at(self.now_ms + removal.back_after_ms, partial(self._arrive, riding.source))
        if removal.told:
            riding.gone = True
        else:
            self._no_longer_tracked(riding)

    def _seen_empty(self, riding: Riding) -> None:
        self._no_longer_tracked(riding)
        order = riding.order.order if riding.order else None
        lost = Divert(riding.parcel, riding.carrier, DivertOutcome.LOST, self.now_ms, None, order)
        self._happened.append(Said(lost))

    # ---- script ---------------------------------------------------------------------------------------------------

    def _tell(self, chute: HallChute) -> None:
        if not self._down:
            self._happened.append(Said(state_of(chute, self.now_ms)))

    def _restart(self, restart: PlcRestart) -> None:
        self._down = True
        self._happened.append(PlcDown())
        for each in list(self._riding.values()):
            each.forget()
            if restart.forgets:
                self._rename(each)
        self._at(self.now_ms + restart.for_ms, self._up_again)

    def _rename(self, riding: Riding) -> None:
        """The PLC no longer knows what lies there: what is gone it never learns of, the rest gets a new name."""
        del self._riding[riding.parcel]
        self._gone.add(riding.parcel)
        if riding.gone:
            del self._carriers[riding.carrier]
            self._on_later_laps -= riding.lap > 1
            return
        riding.parcel = self._new_name()
        self._riding[riding.parcel] = riding
        self._carriers[riding.carrier] = riding.parcel

    def _up_again(self) -> None:
        """Chutes are told anew: what changed meanwhile the PLC sees now."""
        self._down = False
        self._happened.append(PlcUp())
        self._outlets.tell_all()
        for induction in self._inductions:
            self._offer(induction)

    def _cut(self, cut: Cut) -> None:
        self.link_cut = True
        self.cuts += 1
        self._happened.append(LinkCut())
        self._at(self.now_ms + cut.for_ms, self._mend)

    def _mend(self) -> None:
        self.link_cut = False
        self._happened.append(LinkMended())
        for induction in self._inductions:
            self._offer(induction)
