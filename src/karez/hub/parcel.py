"""One live parcel as the control loop knows it: nothing but its events, applied in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from karez.domain import events as ev
from karez.domain.coding import CodingOutcome
from karez.domain.destination import Destination, DestinationReason
from karez.domain.ids import ParcelId
from karez.domain.parcels import FINAL, PARCEL_TRANSITIONS, ParcelState
from karez.domain.reading import NoReadReason
from karez.domain.sorting import AssignmentReason, Size

_INTERIM = frozenset({AssignmentReason.NOT_READ, AssignmentReason.NOT_RESOLVED, AssignmentReason.ALL_FULL})


@dataclass(slots=True)
class LiveParcel:
    """State in memory; a projection, rebuilt from the store after a restart.

    Attributes
    ----------
    version
        Number of events in its stream.
    lap, decided_lap, recognised_lap
        The lap of its last SCAN, and the laps its last decision and its last picture belong to; 0 before the first.
    not_read
        The reason (`NoReadReason`) of the last picture without a waybill, while none is known.
    unresolved
        The reason (`UnresolvedReason`), while no destination is known.
    order
        The last order committed for it.
    superseded
        The interim order that it took the place of on this lap: the PLC may have carried out that one already.
    coding
        What a person was last asked or answered about it.
    """

    parcel: ParcelId
    carrier: int
    induction: str
    state: ParcelState = ParcelState.INDUCTED
    version: int = 1
    lap: int = 0
    decided_lap: int = 0
    recognised_lap: int = 0
    codes: Sequence[str] = ()
    mass_g: int | None = None
    size: Size | None = None
    waybill: str | None = None
    company: str | None = None
    not_read: str | None = None
    destination: Destination | None = None
    unresolved: str | None = None
    assigned: ev.ParcelAssigned | None = None
    order: ev.DivertOrdered | None = None
    superseded: ev.DivertOrdered | None = None
    coding: ev.CodingAsked | ev.CodingAnswered | None = None

    @property
    def final(self) -> bool:
        """Whether its way has ended."""
        return self.state in FINAL

    @property
    def awaits_decision(self) -> bool:
        """It was scanned this lap and has no order for this lap yet."""
        return not self.final and self.lap > self.decided_lap

    @property
    def order_stands(self) -> bool:
        """It has an order for this lap, and nothing has been heard of what became of it."""
        return self.state is ParcelState.ORDERED and self.decided_lap >= self.lap

    @property
    def is_interim(self) -> bool:
        """Whether its order of this lap only says where it goes while nobody knows better: a late answer serves yet."""
        return self.order_stands and self.order is not None and self.order.reason in _INTERIM

    @property
    def wants_picture(self) -> bool:
        """Whether reading (again) could still tell something; a person's word needs no number beside it."""
        if self.destination is not None and self.destination.reason is DestinationReason.CODED:
            return False
        return self.waybill is None or self.destination is None

    @property
    def awaits_person(self) -> bool:
        """Whether a coding operator was asked, and nobody and nothing has told since."""
        return isinstance(self.coding, ev.CodingAsked) and self.wants_picture and not self.final

    @property
    def pictured_for_lap(self) -> int:
        """The lap that a picture serves: taken before the scan point, the one that is about to be scanned."""
        return self.lap if self.awaits_decision else self.lap + 1

    @property
    def given_up(self) -> bool:
        """Whether a person looked and could not tell: what she did not see no further picture will show."""
        answered = isinstance(self.coding, ev.CodingAnswered) and self.coding.outcome == CodingOutcome.GIVEN_UP
        return answered and self.wants_picture

    @property
    def recognised(self) -> bool:
        """Whether this lap's decision has all it can get from pictures."""
        return not self.wants_picture or self.recognised_lap >= max(self.lap, 1)

    def apply(self, event: ev.Event) -> None:
        """Take in one more event of its stream."""
        self.version += 1
        match event:
            case ev.ParcelScanned():
                self._scanned(event)
            case ev.ParcelRead():
                self.waybill, self.company, self.not_read = event.waybill, event.company, None
                self._recognised()
            case ev.ParcelNotRead():
                self._not_read(event.reason)
            case ev.ParcelResolved():
                self._resolved(event)
            case ev.ParcelUnresolved():
                self.unresolved = event.reason
            case ev.CodingAsked():
                self.coding = event
            case ev.CodingAnswered():
                self._answered(event)
            case ev.ParcelAssigned():
                self.assigned, self.decided_lap = event, event.lap
                self._become(ParcelState.IDENTIFIED)
            case ev.DivertOrdered():
                self.superseded = self.order if event.supersedes else None
                self.order = event
                self._become(ParcelState.ORDERED)
            case ev.ParcelRecirculated():
                self._become(ParcelState.RECIRCULATING)
            case ev.ParcelDiverted():
                self._become(ParcelState.DIVERTED)
            case ev.ParcelExcepted():
                self._become(ParcelState.EXCEPTION)
            case ev.ParcelMissorted():
                self._become(ParcelState.MISSORTED)
            case ev.ParcelRemoved():
                self._become(ParcelState.REMOVED)
            case ev.ParcelTakenOff():
                self._become(ParcelState.TAKEN_OFF)
            case _:
                pass

    def _scanned(self, event: ev.ParcelScanned) -> None:
        self.lap, self.carrier = self._lap_of(event.lap), event.carrier
        self.codes = event.codes
        if event.mass_g is not None:
            self.mass_g = event.mass_g
        if event.length_mm is not None and event.width_mm is not None and event.height_mm is not None:
            self.size = Size(*sorted((event.length_mm, event.width_mm, event.height_mm), reverse=True))

    def _lap_of(self, told: int) -> int:
        """Lap of a scan: the PLC's count, or our own where a PLC that was restarted counts anew."""
        if told > self.lap:
            return told
        return self.lap + 1 if self.lap == 0 or self.state is ParcelState.RECIRCULATING else self.lap

    def _not_read(self, reason: str) -> None:
        """Nothing new; but a number that another picture contradicts is none any more, nor where it led to."""
        if reason == NoReadReason.CONTRADICTION and not self.order_stands:
            self.waybill = self.company = self.destination = None
        self.not_read = reason if self.waybill is None else None
        self._recognised()

    def _resolved(self, event: ev.ParcelResolved) -> None:
        self.destination, self.unresolved = destination_of(event), None
        if isinstance(self.coding, ev.CodingAsked):
            self.coding = None  # nobody need look any more; should this turn out wrong, somebody is asked anew

    def _answered(self, event: ev.CodingAnswered) -> None:
        self.coding = event
        if event.waybill is not None:
            self.waybill, self.company, self.not_read = event.waybill, event.company, None

    def _recognised(self) -> None:
        self.recognised_lap = max(self.recognised_lap, self.pictured_for_lap)

    def _become(self, state: ParcelState) -> None:
        assert state in PARCEL_TRANSITIONS[self.state], f"{self.parcel}: {self.state} → {state}"
        self.state = state


def first(event: ev.ParcelInducted) -> LiveParcel:
    """Parcel as its first event makes it."""
    return LiveParcel(event.parcel, event.carrier, event.induction)


def from_history(history: Sequence[ev.Recorded]) -> LiveParcel:
    """Parcel as its whole stream makes it."""
    inducted = history[0].event
    assert isinstance(inducted, ev.ParcelInducted), f"stream {history[0].stream} does not start with an induction"
    parcel = first(inducted)
    for recorded in history[1:]:
        parcel.apply(recorded.event)
    return parcel


def destination_of(event: ev.ParcelResolved) -> Destination:
    """Destination that an event speaks of, with all that a sort plan looks at."""
    return Destination(
        province_name=event.province_name,
        prefecture_name=event.prefecture_name,
        county=event.county,
        county_name=event.county_name,
        township=None,
        township_name=event.township_name,
        area=event.area,
        confidence=event.confidence,
        reason=DestinationReason(event.reason),
        explanation=event.explanation,
    )
