"""What has happened: past participles with stable names and schema numbers.

An event holds ids, codes, areas and reasons; never a name, a phone number or an address (those live in the erasable
table, keyed by parcel). A kind and its schema number are stored as they stand here and are never renamed; a changed
meaning gets the next schema number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, get_args

from karez.domain.hand_events import (
    AddressLearned,
    AddressUnlearned,
    CodingAnswered,
    CodingAsked,
)
from karez.domain.hub_events import (
    AdviceImported,
    AlarmCleared,
    AlarmRaised,
    HubStarted,
    HubStopped,
    PlanActivated,
    PlanRejected,
)
from karez.domain.ids import AreaId, ChuteId, OrderId, ParcelId, PictureId, StreamId
from karez.domain.reading import Box
from karez.domain.sorter_events import (
    ChuteChanged,
    SorterChanged,
    SorterConnected,
    SorterDisconnected,
    TelegramRejected,
)
from karez.domain.track_events import (
    DivertOffWindow,
    ParcelAppeared,
    ParcelDoubled,
    ParcelMoved,
    ParcelOverdue,
    ParcelReappeared,
    ParcelsSwapped,
)

__all__ = [
    "EVENT_TYPES",
    "HUB_STREAM",
    "LEARNING_STREAM",
    "AddressLearned",
    "AddressUnlearned",
    "AdviceImported",
    "AlarmCleared",
    "AlarmRaised",
    "ChuteChanged",
    "CodingAnswered",
    "CodingAsked",
    "DestinationContradicted",
    "DivertOffWindow",
    "DivertOrdered",
    "Event",
    "FrameUnmatched",
    "HubStarted",
    "HubStopped",
    "ParcelAppeared",
    "ParcelAssigned",
    "ParcelDiverted",
    "ParcelDoubled",
    "ParcelExcepted",
    "ParcelInducted",
    "ParcelMissorted",
    "ParcelMoved",
    "ParcelNotRead",
    "ParcelOverdue",
    "ParcelRead",
    "ParcelReappeared",
    "ParcelRecirculated",
    "ParcelRemoved",
    "ParcelResolved",
    "ParcelScanned",
    "ParcelTakenOff",
    "ParcelUnresolved",
    "ParcelsSwapped",
    "PlanActivated",
    "PlanRejected",
    "Recorded",
    "Seen",
    "SorterChanged",
    "SorterConnected",
    "SorterDisconnected",
    "TelegramRejected",
    "WaybillDuplicated",
    "parcel_stream",
]


@dataclass(frozen=True, slots=True)
class ParcelInducted:
    """The PLC put a parcel on a carrier."""

    kind: ClassVar[str] = "parcel.inducted"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    carrier: int
    induction: str
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class ParcelScanned:
    """It passed the scan point and asks for its destination; ``codes`` are the PLC scanner's own."""

    kind: ClassVar[str] = "parcel.scanned"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    carrier: int
    lap: int
    plc_ts_ms: int
    codes: Sequence[str] = ()
    mass_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing found in the picture, for the overlay: what it is, where, how sure; no text of an address."""

    what: str  # "waybill", "sort_code", "address", "code", "line"
    box: Box
    label: str  # symbology, script, or the value where it is not personal
    confidence: float


@dataclass(frozen=True, slots=True)
class ParcelRead:
    """Its waybill number was read."""

    kind: ClassVar[str] = "parcel.read"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    waybill: str
    company: str | None
    sort_code: str | None
    has_address: bool
    confidence: float
    source: str  # "code" or "line"
    format: str | None  # symbology, where a code gave it
    picture: PictureId | None
    camera: str
    reading_ms: float
    seen: Sequence[Seen] = ()


@dataclass(frozen=True, slots=True)
class ParcelNotRead:
    """No waybill number; ``reason`` is one of `NoReadReason`."""

    kind: ClassVar[str] = "parcel.not_read"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    reason: str
    explanation: str
    picture: PictureId | None
    camera: str
    reading_ms: float
    seen: Sequence[Seen] = ()


@dataclass(frozen=True, slots=True)
class ParcelResolved:
    """Its destination is known; ``reason`` is one of `DestinationReason`."""

    kind: ClassVar[str] = "parcel.resolved"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    area: AreaId | None
    county: str | None
    county_name: str | None
    township_name: str | None
    province_name: str | None
    prefecture_name: str | None
    confidence: float
    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class ParcelUnresolved:
    """No destination; ``reason`` is one of `UnresolvedReason`. ``candidates`` are county names."""

    kind: ClassVar[str] = "parcel.unresolved"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    reason: str
    explanation: str
    candidates: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DestinationContradicted:
    """Pre-advice and label name different places; the pre-advice won."""

    kind: ClassVar[str] = "destination.contradicted"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    advised: str
    label: str


@dataclass(frozen=True, slots=True)
class WaybillDuplicated:
    """One waybill number on two live parcels: said, never merged."""

    kind: ClassVar[str] = "waybill.duplicated"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    waybill: str
    other: ParcelId


@dataclass(frozen=True, slots=True)
class ParcelAssigned:
    """The decision: which chute (none: go round), and why; ``reason`` is one of `AssignmentReason`."""

    kind: ClassVar[str] = "parcel.assigned"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    lap: int
    chute: ChuteId | None
    alternatives: Sequence[ChuteId]
    reason: str
    explanation: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class DivertOrdered:
    """An order to the sorter; committed before it leaves, sent again under its id after a reconnect.

    ``supersedes`` names the order of the same lap that it takes the place of, where an answer came late.
    """

    kind: ClassVar[str] = "divert.ordered"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    order: OrderId
    lap: int
    chute: ChuteId | None
    alternatives: Sequence[ChuteId]
    reason: str
    valid_for_ms: int | None
    supersedes: OrderId | None = None


@dataclass(frozen=True, slots=True)
class ParcelDiverted:
    """Confirmed in a chute that was ordered (first or alternative). Final."""

    kind: ClassVar[str] = "parcel.diverted"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    chute: ChuteId
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class ParcelExcepted:
    """Confirmed in the exception chute; ``reason`` is the assignment's. Final."""

    kind: ClassVar[str] = "parcel.excepted"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    chute: ChuteId
    reason: str
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class ParcelMissorted:
    """Confirmed in a chute that was not ordered. Final. ``cause`` is one of `MissortCause`; empty in old events."""

    kind: ClassVar[str] = "parcel.missorted"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    chute: ChuteId
    ordered: Sequence[ChuteId]
    plc_ts_ms: int
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ParcelRecirculated:
    """It passed its chute and goes round; ``outcome`` is the PLC's word (full, jam, late, aborted, recirculated)."""

    kind: ClassVar[str] = "parcel.recirculated"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    lap: int
    outcome: str
    chute: ChuteId | None
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class ParcelRemoved:
    """Its carrier was seen empty, or it was inducted again. Final."""

    kind: ClassVar[str] = "parcel.removed"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelTakenOff:
    """A person took it off. Final."""

    kind: ClassVar[str] = "parcel.taken_off"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    by: str


@dataclass(frozen=True, slots=True)
class FrameUnmatched:
    """A picture that could not be given to exactly one parcel; ``trigger`` is the PLC's id that came with it."""

    kind: ClassVar[str] = "frame.unmatched"
    schema: ClassVar[int] = 1
    picture: PictureId
    camera: str
    trigger: str | None
    candidates: int


Event = (
    ParcelInducted
    | ParcelScanned
    | ParcelRead
    | ParcelNotRead
    | ParcelResolved
    | ParcelUnresolved
    | DestinationContradicted
    | WaybillDuplicated
    | ParcelAssigned
    | DivertOrdered
    | ParcelDiverted
    | ParcelExcepted
    | ParcelMissorted
    | ParcelRecirculated
    | ParcelRemoved
    | ParcelTakenOff
    | FrameUnmatched
    | ChuteChanged
    | SorterChanged
    | SorterConnected
    | SorterDisconnected
    | TelegramRejected
    | PlanActivated
    | PlanRejected
    | AdviceImported
    | HubStarted
    | HubStopped
    | AlarmRaised
    | AlarmCleared
    | AddressLearned
    | AddressUnlearned
    | CodingAsked
    | CodingAnswered
    | ParcelAppeared
    | ParcelMoved
    | ParcelsSwapped
    | ParcelDoubled
    | ParcelOverdue
    | ParcelReappeared
    | DivertOffWindow
)

EVENT_TYPES: dict[tuple[str, int], type[Event]] = {(each.kind, each.schema): each for each in get_args(Event)}
"""Every stored event by kind and schema number."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in the store.

    Attributes
    ----------
    position
        Running number over the whole store, from 1.
    stream, version
        The history it belongs to and its number in it, from 1.
    at
        When the hub recorded it, aware UTC.
    """

    position: int
    stream: StreamId
    version: int
    at: datetime
    event: Event


def parcel_stream(parcel: ParcelId) -> StreamId:
    """Stream of one parcel's history."""
    return StreamId(f"parcel-{parcel}")


LEARNING_STREAM = StreamId("learning")
"""Stream of what was learned from coding operators, and undone."""

HUB_STREAM = StreamId("hub")
"""Stream of what concerns the hub as a whole: links, plans, alarms, chutes."""
