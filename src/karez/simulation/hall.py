"""A loop sorter with no hardware, as a pure model: it is stepped, it takes orders, and it tells what happens.

Hall time is whole milliseconds and moves only by `Hall.step`. Nothing here waits, sleeps, draws chance or knows where
a parcel belongs: the same parcels, script and orders give the same happenings.
"""

from collections.abc import Callable, Sequence
from functools import partial

from karez.domain.ids import ChuteId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, State, Subject
from karez.settings import HallSection
from karez.simulation.agenda import Agenda
from karez.simulation.chutes import ChuteHabits, HallChute
from karez.simulation.faults import NO_FAULTS, Faults, Removal
from karez.simulation.happenings import (
    Asked,
    HallParcel,
    HallResult,
    Happening,
    Photographed,
    Said,
)
from karez.simulation.inductions import Induction, Inductions
from karez.simulation.loop import Station, lay_out
from karez.simulation.outages import Outages
from karez.simulation.outlets import Outlets, state_of
from karez.simulation.rides import Rides
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
        self.agenda = Agenda()
        self._outlets = Outlets(chutes, habits or ChuteHabits(), self._tell, self.agenda.later)
        self._rides = Rides(series or f"P{seed}")
        self._inductions = Inductions(self.loop, self.agenda, self._stands_still, self._is_free, self._induct)
        self.chutes, self.filled = self._outlets.chutes, self._outlets.filled
        self._outages = Outages(self.agenda, self._rides, self._say, self._go_on)
        self.orders_after_leaving = 0
        self._parcels = {each.index: each for each in parcels}
        self._happened: list[Happening] = []
        self._quiet_since_ms = 0
        self._patience_ms = max_laps * self.loop.lap_ms
        self._strays = {each.index: each for each in faults.strays}
        self._removals = {each.index: each for each in faults.removals}
        self._write_script(parcels, faults)

    # ---- the door -------------------------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """Hall time."""
        return self.agenda.now_ms

    @property
    def link_cut(self) -> bool:
        """Whether the script has cut the link."""
        return self._outages.link_cut

    @link_cut.setter
    def link_cut(self, cut: bool) -> None:
        self._outages.link_cut = cut

    @property
    def finished(self) -> bool:
        """Every parcel has left, and the PLC knows it; or nothing has moved for too many laps."""
        if len(self._rides.left) == len(self._parcels) and not self._rides.riding:
            return True
        return self.now_ms - self._quiet_since_ms > self._patience_ms

    @property
    def next_ms(self) -> int | None:
        """When the next thing happens; ``None`` where the hall waits for an order (an induction that is held)."""
        return self.agenda.next_ms

    @property
    def unanswered(self) -> frozenset[ParcelId]:
        """Parcels that asked and have had no order since."""
        return frozenset(parcel for parcel, each in self._rides.riding.items() if not each.answered)

    @property
    def occupied(self) -> int:
        """Carriers with a parcel on them."""
        return len(self._rides.carriers)

    @property
    def left(self) -> int:
        """Parcels that have left the sorter, into a chute or by hand."""
        return len(self._rides.left)

    def rides(self, parcel: ParcelId) -> bool:
        """Whether it lies on a carrier, as anybody can see."""
        riding = self._rides.riding.get(parcel)
        return riding is not None and not riding.gone

    @property
    def carrier_ms(self) -> tuple[int, int]:
        """Time that carriers have been occupied so far, added up, and how much of it on lap 2 or later."""
        return self._rides.occupied_ms, self._rides.recirculating_ms

    def step(self) -> Sequence[Happening]:
        """Go on to the next thing that happens, and say what comes of it."""
        at_ms, action = self.agenda.pop()
        self.pass_time(at_ms)
        self._happened = []
        action()
        return self._happened

    def pass_time(self, until_ms: int) -> None:
        """Let hall time go on to a moment before the next thing happens."""
        self._rides.pass_time(until_ms - self.now_ms)
        self.agenda.now_ms = until_ms

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
        known = self._rides.left.keys() | {each.source.index for each in self._rides.riding.values()}
        self._parcels = {index: each for index, each in self._parcels.items() if index in known}
        self._inductions.clear()

    def give_up_waiting(self) -> None:
        """Count open questions as answered: the default applies to those parcels (they go round)."""
        for each in self._rides.riding.values():
            each.answered = True

    def result(self, repeats: int = 0) -> HallResult:
        """The truth about the run so far."""
        outcomes, taken_off = self._rides.outcomes(set(self._parcels)), frozenset(self._rides.taken_off)
        occupied_ms, recirculating_ms = self.carrier_ms
        return HallResult(
            outcomes=outcomes,
            hall_ms=self.now_ms,
            recirculated=frozenset(index for index, each in outcomes.items() if each.laps > 1),
            recirculating_share=recirculating_ms / occupied_ms if occupied_ms else 0.0,
            orders_after_leaving=self.orders_after_leaving,
            repeats=repeats,
            cuts=self._outages.cuts,
            filled=tuple(self.filled),
            taken_off=taken_off,
            without_final_state=frozenset(
                index for index, each in outcomes.items() if each.chute is None and index not in taken_off
            ),
        )

    # ---- script and induction ---------------------------------------------------------------------------------------

    def _write_script(self, parcels: Sequence[HallParcel], faults: Faults) -> None:
        for each in sorted(parcels, key=lambda parcel: (parcel.arrives_ms, parcel.index)):
            come = self._lay_on if each.index in faults.by_hand else self._arrive
            self.agenda.at(each.arrives_ms, partial(come, each))
        self._outlets.write_script(faults)
        self._outages.write_script(faults)

    def _arrive(self, parcel: HallParcel) -> None:
        if parcel.index in self._parcels:
            self._inductions.arrive(parcel)

    def _stands_still(self) -> bool:
        return self._outages.any

    def _is_free(self, carrier: int) -> bool:
        return carrier not in self._rides.carriers

    def _induct(self, induction: Induction, source: HallParcel, carrier: int) -> None:
        riding = self._ride(source, carrier, induction.station)
        self._happened.append(Said(Induct(riding.parcel, carrier, induction.name, self.now_ms)))
        self._pass(riding, riding.station.camera_mm, self._under_camera)

    def _ride(self, source: HallParcel, carrier: int, station: Station) -> Riding:
        self._quiet_since_ms = self.now_ms
        return self._rides.put_on(source, carrier, station)

    def _switch(self, name: str, on: bool) -> None:
        for induction in self._inductions.all:
            if name in (induction.name, "*"):
                induction.on = on
                state = State(Subject.INDUCTION, induction.name, "on" if on else "off", self.now_ms)
                self._happened.append(Said(state))
                self._inductions.offer(induction)

    # ---- once round -----------------------------------------------------------------------------------------------

    def _pass(self, riding: Riding, point_mm: int, action: Callable[[Riding], None]) -> None:
        self.agenda.at(self.loop.passes(riding.carrier, point_mm, self.now_ms), partial(action, riding))

    def _under_camera(self, riding: Riding) -> None:
        if not self._outages.plc_down:
            self._happened.append(Photographed(riding.parcel, riding.source.index, riding.lap))
        self._pass(riding, riding.station.scan_mm, self._scan)

    def _scan(self, riding: Riding) -> None:
        if not self._outages.plc_down:
            self._happened.append(Asked(riding.ask(self.now_ms)))
        if (removal := self._removals.pop(riding.source.index, None)) is not None:
            self._take_off(riding, removal)
        if riding.parcel in self._rides.riding:
            self._pass(riding, riding.station.end_mm, self._end_of_lap)

    def _ordered(self, order: Dest) -> None:
        riding = self._rides.riding.get(order.parcel)
        if riding is None:
            self.orders_after_leaving += order.parcel in self._rides.gone
        elif riding.answer(order, self.now_ms):
            for chute in ahead(riding, self.loop, self.now_ms):
                self._pass(riding, self.loop.chutes[chute], partial(self._at_chute, order, chute))

    def _at_chute(self, order: Dest, here: ChuteId, riding: Riding) -> None:
        known = riding.parcel in self._rides.riding and riding.order is order
        if known and riding.gone:
            self._seen_empty(riding)
        elif known and may_leave(riding, here, self.chutes, self.loop, self.now_ms):
            self._divert(riding, order, self.chutes[here])

    def _divert(self, riding: Riding, order: Dest, chute: HallChute) -> None:
        """Drop it; where it strays, the PLC tells the chute that it saw, or (silent) the one that was ordered."""
        stray = self._strays.get(riding.source.index)
        fell = self.chutes[stray.into] if stray else chute
        told = chute if stray and stray.silent else fell
        self._rides.leave(riding, fell.name)
        self._quiet_since_ms = self.now_ms
        ok = Divert(riding.parcel, riding.carrier, DivertOutcome.OK, self.now_ms, told.name, order.order)
        self._happened.append(Said(ok))
        self._outlets.drop(fell)

    def _no_longer_tracked(self, riding: Riding) -> None:
        self._rides.no_longer_tracked(riding)
        self._quiet_since_ms = self.now_ms

    def _end_of_lap(self, riding: Riding) -> None:
        if riding.parcel not in self._rides.riding:
            return
        if riding.gone and not self._outages.plc_down:
            self._seen_empty(riding)
            return
        if not self._outages.plc_down:
            outcome, chute = why_still_here(riding, self.chutes, self.now_ms)
            order = riding.order.order if riding.order else None
            self._happened.append(Said(Divert(riding.parcel, riding.carrier, outcome, self.now_ms, chute, order)))
        self._rides.next_lap(riding)
        self._pass(riding, riding.station.camera_mm, self._under_camera)

    # ---- hands ----------------------------------------------------------------------------------------------------

    def _lay_on(self, parcel: HallParcel) -> None:
        """A person lays it on the next empty carrier that comes under its station's camera."""
        station = self._inductions.of(parcel).station
        carrier, at_ms = self.loop.next_carrier(station.camera_mm, self.now_ms)
        self.agenda.at(at_ms, partial(self._laid_on, parcel, carrier, station))

    def _laid_on(self, parcel: HallParcel, carrier: int, station: Station) -> None:
        if not self._is_free(carrier) or self._outages.plc_down:
            self._lay_on(parcel)
        else:
            self._under_camera(self._ride(parcel, carrier, station))

    def _take_off(self, riding: Riding, removal: Removal) -> None:
        if removal.back_after_ms is None:
            self._rides.take_off(riding)
        else:
            self.agenda.later(removal.back_after_ms, partial(self._arrive, riding.source))
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
        if not self._outages.plc_down:
            self._happened.append(Said(state_of(chute, self.now_ms)))

    def _say(self, happening: Happening) -> None:
        self._happened.append(happening)

    def _go_on(self, plc: bool) -> None:
        """A PLC that is up again tells the chutes anew: what changed meanwhile it sees now."""
        if plc:
            self._outlets.tell_all()
        self._inductions.go_on()
