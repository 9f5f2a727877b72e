"""A loop sorter with no hardware, as a pure model: it is stepped, it takes orders, and it tells what happens.

Hall time is whole milliseconds and moves only by `Hall.step`. Nothing here waits, sleeps, draws chance or knows where
a parcel belongs: the same parcels, script and orders give the same happenings.
"""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from karez.domain.ids import ChuteId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.settings import HallSection
from karez.simulation.chutes import ChuteHabits, HallChute
from karez.simulation.faults import NO_FAULTS, Cut, Faults, FullChute
from karez.simulation.happenings import (
    Asked,
    HallParcel,
    HallResult,
    Happening,
    LinkCut,
    LinkMended,
    Outcome,
    Photographed,
    Said,
)
from karez.simulation.loop import lay_out


@dataclass(slots=True)
class _Riding:
    """A parcel on a carrier, as the PLC tracks it."""

    parcel: ParcelId
    source: HallParcel
    carrier: int
    lap: int = 1
    asked: bool = False  # between scan point and last chute
    answered: bool = True
    order: Dest | None = None
    order_ends_ms: int | None = None


@dataclass(slots=True)
class _Induction:
    name: str
    point_mm: int
    on: bool = True
    offering: bool = False
    waiting: deque[HallParcel] = field(default_factory=deque)


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
        habits = habits or ChuteHabits()
        self.loop = lay_out(section, chutes)
        self.chutes = {name: HallChute(name, habits.capacity) for name in chutes}
        self.now_ms = 0
        self.link_cut = False
        self.orders_after_leaving = 0
        self.cuts = 0
        self._emptied_after_ms = habits.emptied_after_ms
        self._series = series or f"P{seed}"
        self._parcels = {each.index: each for each in parcels}
        self._inductions = [_Induction(f"I{i + 1}", at) for i, at in enumerate(self.loop.inductions)]
        self._riding: dict[ParcelId, _Riding] = {}
        self._carriers: dict[int, ParcelId] = {}
        self._left: dict[int, Outcome] = {}
        self._gone: set[ParcelId] = set()
        self._inducted = 0
        self._happened: list[Happening] = []
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._entries = 0
        self._quiet_since_ms = 0
        self._patience_ms = max_laps * self.loop.lap_ms
        self._occupied_ms = self._recirculating_ms = 0
        self._write_script(parcels, faults)

    # ---- the door -------------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Every parcel has left, or nothing has moved for too many laps."""
        return len(self._left) == len(self._parcels) or self.now_ms - self._quiet_since_ms > self._patience_ms

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
        """Parcels that are in a chute."""
        return len(self._left)

    def step(self) -> Sequence[Happening]:
        """Go on to the next thing that happens, and say what comes of it."""
        at_ms, _, action = heapq.heappop(self._agenda)
        self._occupied_ms += (at_ms - self.now_ms) * len(self._riding)
        self._recirculating_ms += (at_ms - self.now_ms) * sum(each.lap > 1 for each in self._riding.values())
        self.now_ms = at_ms
        self._happened = []
        action()
        return self._happened

    def take(self, telegram: Dest | State) -> Sequence[Happening]:
        """Take an order or a request of the hub, at the present hall time."""
        self._happened = []
        if isinstance(telegram, Dest):
            self._ordered(telegram)
        elif telegram.subject is Subject.INDUCTION:
            self._switch(telegram.name, telegram.state == "on")
        return self._happened

    def give_up_waiting(self) -> None:
        """Count open questions as answered: the default applies to those parcels (they go round)."""
        for each in self._riding.values():
            each.answered = True

    def result(self, repeats: int = 0) -> HallResult:
        """The truth about the run so far."""
        outcomes = dict(self._left)
        for each in self._riding.values():
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
            without_final_state=frozenset(index for index, each in outcomes.items() if each.chute is None),
        )

    # ---- script and induction ---------------------------------------------------------------------------------------

    def _write_script(self, parcels: Sequence[HallParcel], faults: Faults) -> None:
        for each in sorted(parcels, key=lambda parcel: (parcel.arrives_ms, parcel.index)):
            self._at(each.arrives_ms, partial(self._arrive, each))
        for full in faults.full:
            self._at(full.at_ms, partial(self._block, full))
        for cut in faults.cuts:
            self._at(cut.at_ms, partial(self._cut, cut))

    def _at(self, at_ms: int, action: Callable[[], None]) -> None:
        self._entries += 1
        heapq.heappush(self._agenda, (max(at_ms, self.now_ms), self._entries, action))

    def _arrive(self, parcel: HallParcel) -> None:
        induction = self._inductions[parcel.induction % len(self._inductions)]
        induction.waiting.append(parcel)
        self._offer(induction)

    def _offer(self, induction: _Induction) -> None:
        """Look at the next carrier, while there is something to put on it."""
        if induction.on and not self.link_cut and induction.waiting and not induction.offering:
            induction.offering = True
            carrier, at_ms = self.loop.next_carrier(induction.point_mm, self.now_ms)
            self._at(at_ms, partial(self._carrier_comes, induction, carrier))

    def _carrier_comes(self, induction: _Induction, carrier: int) -> None:
        induction.offering = False
        held = not induction.on or self.link_cut
        if not held and carrier not in self._carriers and self._may_take(induction, carrier):
            self._induct(induction, induction.waiting.popleft(), carrier)
        self._offer(induction)

    def _may_take(self, induction: _Induction, carrier: int) -> bool:
        """Carriers are shared out evenly, so that the first induction does not starve the others."""
        owner = self._inductions[carrier % len(self._inductions)]
        return owner is induction or not owner.waiting or not owner.on

    def _induct(self, induction: _Induction, source: HallParcel, carrier: int) -> None:
        self._inducted += 1
        parcel = ParcelId(f"{self._series}-{self._inducted:06d}")
        riding = _Riding(parcel, source, carrier)
        self._riding[parcel] = riding
        self._carriers[carrier] = parcel
        self._quiet_since_ms = self.now_ms
        self._happened.append(Said(Induct(parcel, carrier, induction.name, self.now_ms)))
        self._pass(riding, self.loop.camera_mm, self._under_camera)

    def _switch(self, name: str, on: bool) -> None:
        for induction in self._inductions:
            if induction.name == name or name == "*":
                induction.on = on
                state = State(Subject.INDUCTION, induction.name, "on" if on else "off", self.now_ms)
                self._happened.append(Said(state))
                self._offer(induction)

    # ---- once round -----------------------------------------------------------------------------------------------

    def _pass(self, riding: _Riding, point_mm: int, action: Callable[[_Riding], None]) -> None:
        self._at(self.loop.passes(riding.carrier, point_mm, self.now_ms), partial(action, riding))

    def _under_camera(self, riding: _Riding) -> None:
        self._happened.append(Photographed(riding.parcel, riding.source.index, riding.lap))
        self._pass(riding, self.loop.scan_mm, self._scan)

    def _scan(self, riding: _Riding) -> None:
        riding.asked, riding.answered, riding.order = True, False, None
        source = riding.source
        scan = Scan(
            riding.parcel,
            riding.carrier,
            riding.lap,
            self.now_ms,
            mass_g=source.mass_g,
            length_mm=source.length_mm,
            width_mm=source.width_mm,
            height_mm=source.height_mm,
        )
        self._happened.append(Asked(scan))
        self._pass(riding, self.loop.end_mm, self._end_of_lap)

    def _ordered(self, order: Dest) -> None:
        riding = self._riding.get(order.parcel)
        if riding is None:
            self.orders_after_leaving += order.parcel in self._gone
            return
        riding.answered = True
        if not riding.asked:  # too late for this lap; the next scan asks anew
            return
        riding.order = order
        riding.order_ends_ms = None if order.valid_for_ms is None else self.now_ms + order.valid_for_ms
        ends_ms = self.loop.passes(riding.carrier, self.loop.end_mm, self.now_ms)
        for chute in self._ahead(riding, order, ends_ms):
            self._pass(riding, self.loop.chutes[chute], partial(self._at_chute, order, chute))

    def _ahead(self, riding: _Riding, order: Dest, ends_ms: int) -> list[ChuteId]:
        """Chutes of the order that the parcel still passes before the end of this lap, best first."""
        wanted = [order.chute, *order.alternatives] if order.chute is not None else []
        points = [(chute, self.loop.chutes[chute]) for chute in wanted if chute is not None and chute in self.chutes]
        return [chute for chute, at in points if self.loop.passes(riding.carrier, at, self.now_ms) < ends_ms]

    def _at_chute(self, order: Dest, chute: ChuteId, riding: _Riding) -> None:
        """Divert, if this is the best chute that is open now and still ahead."""
        if riding.order is not order or riding.parcel not in self._riding or self._too_late(riding):
            return
        ends_ms = self.loop.passes(riding.carrier, self.loop.end_mm, self.now_ms)
        for better in (each for each in (order.chute, *order.alternatives) if each in self.chutes):
            if better == chute:
                break
            at_ms = self.loop.passes(riding.carrier, self.loop.chutes[better], self.now_ms)
            if at_ms < ends_ms and self.chutes[better].state is ChuteState.OPEN:
                return
        if self.chutes[chute].state is ChuteState.OPEN:
            self._divert(riding, order, self.chutes[chute])

    def _too_late(self, riding: _Riding) -> bool:
        return riding.order_ends_ms is not None and self.now_ms > riding.order_ends_ms

    def _divert(self, riding: _Riding, order: Dest, chute: HallChute) -> None:
        index = riding.source.index
        before = self._left[index].times_diverted if index in self._left else 0
        self._left[index] = Outcome(index, riding.parcel, chute.name, riding.lap, before + 1)
        del self._riding[riding.parcel], self._carriers[riding.carrier]
        self._gone.add(riding.parcel)
        self._quiet_since_ms = self.now_ms
        ok = Divert(riding.parcel, riding.carrier, DivertOutcome.OK, self.now_ms, chute.name, order.order)
        self._happened.append(Said(ok))
        if chute.drop():
            self._tell(chute)
            if chute.inside == chute.capacity:
                self._at(self.now_ms + self._emptied_after_ms, partial(self._empty, chute))

    def _end_of_lap(self, riding: _Riding) -> None:
        if riding.parcel not in self._riding:
            return
        outcome, chute = self._why_still_here(riding)
        order = riding.order.order if riding.order else None
        self._happened.append(Said(Divert(riding.parcel, riding.carrier, outcome, self.now_ms, chute, order)))
        riding.asked, riding.order = False, None
        riding.lap += 1
        self._pass(riding, self.loop.camera_mm, self._under_camera)

    def _why_still_here(self, riding: _Riding) -> tuple[DivertOutcome, ChuteId | None]:
        order = riding.order
        if order is None or order.chute is None:
            return DivertOutcome.RECIRCULATED, None
        if order.chute not in self.chutes:
            return DivertOutcome.ABORTED, order.chute
        return (DivertOutcome.LATE if self._too_late(riding) else DivertOutcome.FULL), order.chute

    # ---- chutes and script ----------------------------------------------------------------------------------------

    def _tell(self, chute: HallChute) -> None:
        fill = 100 if chute.blocked else chute.fill_percent
        self._happened.append(Said(State(Subject.CHUTE, chute.name, chute.state.value, self.now_ms, fill)))

    def _empty(self, chute: HallChute) -> None:
        chute.empty()
        self._tell(chute)

    def _block(self, full: FullChute) -> None:
        chute = self.chutes[full.chute]
        chute.block()
        self._tell(chute)
        self._at(self.now_ms + full.for_ms, partial(self._unblock, chute))

    def _unblock(self, chute: HallChute) -> None:
        chute.unblock()
        self._tell(chute)

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
