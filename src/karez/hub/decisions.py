"""Decisions: when a parcel is decided on, what the decision looks at, and that it is one transaction with its cause."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.clock import Clock
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText
from karez.domain.sorting import AssignmentReason, ChuteState, HallState
from karez.eventstore.append import Entry, Journalled
from karez.hub import induction
from karez.hub.assignment import House
from karez.hub.coding_pace import CodingPace
from karez.hub.journal import Looked, looked
from karez.hub.ledger import Ledger
from karez.hub.parcel import LiveParcel
from karez.hub.rereading import Rereading
from karez.hub.tracking import Tracking
from karez.settings import Settings
from karez.sorter.recirculation import LoopLoad
from karez.sorter.windows import ChuteWindows


@dataclass(frozen=True, slots=True)
class Decision:
    """Events of a decision (none: nothing to decide now), and the journal's lines of what it looked at."""

    events: Sequence[ev.Event] = ()
    lines: Sequence[Journalled] = ()


_NOTHING = Decision()


def _windows(told: Mapping[str, int]) -> ChuteWindows:
    return ChuteWindows({ChuteId(name): ms for name, ms in told.items()})


def _advised(it: Looked) -> PreAdvice | None:
    return PreAdvice("", it.company, it.service) if it.company or it.service else None


class Decisions:
    """Beside the control loop, whose memory it changes in its thread only.

    Parameters
    ----------
    house
        Makes what a decision looks at, from the state of the hall.
    new_order
        Gives each order its name.
    advice
        Pre-advice of a waybill number.

    Attributes
    ----------
    look
        What a decision looks at beside the parcel; a replay puts what was recorded in its place.
    chutes
        As the PLC last told them.
    """

    def __init__(
        self,
        settings: Settings,
        tracking: Tracking,
        ledger: Ledger,
        house: Callable[[HallState], House],
        new_order: Callable[[], OrderId],
        advice: Callable[[str], PreAdvice | None],
        clock: Clock,
    ) -> None:
        self._settings, self._tracking, self._ledger = settings, tracking, ledger
        self._house_of, self._new_order, self._advice, self._clock = house, new_order, advice, clock
        self._windows = _windows(settings.sorter.windows_ms)
        self._windows_from = {name: _windows(each) for name, each in settings.sorter.windows_from.items()}
        self.look: Callable[[LiveParcel], Looked] = self._look
        self.pace = CodingPace(settings.coding.ask, clock.monotonic_s)
        self.rereading = Rereading()
        self.chutes: dict[ChuteId, ChuteState] = {}

    @property
    def house(self) -> House:
        """Plan and chutes now; a decision adds windows and load."""
        return self._house_of(HallState(self.chutes))

    def house_in_time(self, parcel: LiveParcel) -> House:
        """The same, and when this parcel passes which chute."""
        return replace(self.house, windows=self.windows_of(parcel))

    def windows_of(self, parcel: LiveParcel) -> ChuteWindows:
        """When a parcel passes which chute: that depends on the scan point behind its induction."""
        return self._windows_from.get(parcel.induction, self._windows)

    def _house_for(self, parcel: LiveParcel, looked: Looked) -> House:
        sorter = self._settings.sorter
        load = LoopLoad(
            lap_ms=sorter.lap_ms,
            carriers=sorter.carriers,
            occupied=len(self._tracking),
            crowded_share=sorter.crowded_share,
            coders=looked.coders,
            coding_ms=looked.coding_ms,
            reread_share=looked.reread_share,
        )
        return replace(self.house, load=load, windows=self.windows_of(parcel))

    def _look(self, parcel: LiveParcel) -> Looked:
        """Look only at what can matter: the rest would be noise in the journal."""
        advice = self._advice(parcel.waybill) if parcel.waybill else None
        asked = parcel.awaits_person and self._settings.sorter.lap_ms is not None
        in_time = parcel.is_interim and bool(self.windows_of(parcel).ms)
        return Looked(
            parcel.parcel,
            ahead=self._tracking.coding.ahead_of(parcel.parcel) if asked else 0,
            coders=self.pace.coders if asked else 0,
            coding_ms=self.pace.coding_ms if asked else 0.0,
            since_scan_ms=self.since_scan_ms(parcel.parcel) if in_time else 0.0,
            company=advice.company if advice and not parcel.company else None,
            service=advice.service if advice else None,
            reread_share=self.rereading.share if parcel.wants_picture else 1.0,
        )

    def if_ready(self, parcel: LiveParcel) -> Decision:
        """Decision and order, once the scan has asked and no picture can change it any more; or a better one."""
        if parcel.is_interim and (parcel.destination is not None or parcel.given_up):
            return self._overruled(parcel)
        still_reading = parcel.wants_picture and (self._tracking.in_flight[parcel.parcel] or not parcel.recognised)
        if not parcel.awaits_decision or still_reading:
            return _NOTHING
        it = self.look(parcel)
        events = induction.decided(parcel, _advised(it), self._house_for(parcel, it), self._new_order(), it.ahead)
        return Decision(events, looked(it))

    def _overruled(self, parcel: LiveParcel) -> Decision:
        it = self.look(parcel)
        house = self._house_for(parcel, it)
        found = induction.overruled(parcel, _advised(it), house, self._new_order, it.since_scan_ms)
        if found or (it != Looked(parcel.parcel) and self._blindly_overruled(parcel)):  # else a replay needs no line
            return Decision(found, looked(it))
        return _NOTHING

    def _blindly_overruled(self, parcel: LiveParcel) -> bool:
        """Whether the parcel alone would lead to another order: then what kept it from that is told."""
        blind = Looked(parcel.parcel)
        return bool(induction.overruled(parcel, None, self._house_for(parcel, blind), lambda: OrderId(""), 0.0))

    def since_scan_ms(self, parcel: ParcelId, at_s: float | None = None) -> float:
        """How long ago, or before a telegram that came ``at_s``, it was scanned; 0 where this run did not see it."""
        scanned_s = self._tracking.scanned_s.get(parcel)
        now_s = self._clock.monotonic_s() if at_s is None else at_s
        return 0.0 if scanned_s is None else (now_s - scanned_s) * 1000

    def commit(
        self,
        parcel: LiveParcel,
        entries: Sequence[Entry] = (),
        since_s: float | None = None,
        texts: Sequence[PersonalText] = (),
        lesson: Sequence[LearnedAnswer] = (),
        lines: Sequence[Journalled] = (),
    ) -> None:
        """Reading, decision and order are one transaction; ``since_s`` is when the last needed input came."""
        decided = self.if_ready(parcel)
        self._ledger.commit(
            [*entries, self._ledger.of_parcel(parcel, decided.events)],
            lines=[*lines, *decided.lines],
            order=parcel.order if decided.events else None,
            texts=texts,
            since_s=self._clock.monotonic_s() if since_s is None else since_s,
            learned=lesson,
        )

    def look_up_waiting(self) -> None:
        """Have at hand what `chute_opened` will ask of the store.

        Raises
        ------
        StoreAway
        """
        for parcel in self._wait_for_a_chute():
            if parcel.waybill:
                self._advice(parcel.waybill)

    def chute_opened(self) -> None:
        """What goes round because its chutes took nothing may leave on this lap after all."""
        for parcel in self._wait_for_a_chute():
            self.commit(parcel)

    def _wait_for_a_chute(self) -> list[LiveParcel]:
        return [
            parcel
            for parcel in self._tracking
            if parcel.is_interim and parcel.order and parcel.order.reason == AssignmentReason.ALL_FULL
        ]
