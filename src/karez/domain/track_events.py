"""Events of parcels that are not where they should be: none is a guess, and none ends a parcel's way."""

from dataclasses import dataclass
from typing import ClassVar

from karez.domain.ids import ChuteId, ParcelId


@dataclass(frozen=True, slots=True)
class ParcelAppeared:
    """It was scanned, and nobody had told of its induction: laid on by hand, or its telegram was lost."""

    kind: ClassVar[str] = "parcel.appeared"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    carrier: int
    lap: int


@dataclass(frozen=True, slots=True)
class ParcelReappeared:
    """It was scanned although its way had ended: it rides still, or the PLC has given one name to two parcels."""

    kind: ClassVar[str] = "parcel.reappeared"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    carrier: int
    lap: int


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """It was scanned on another carrier than the one it was on; ``other`` was tracked there."""

    kind: ClassVar[str] = "parcel.moved"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    from_carrier: int
    to_carrier: int
    other: ParcelId | None = None


@dataclass(frozen=True, slots=True)
class ParcelsSwapped:
    """Two parcels lie on each other's carriers; told of the second that was scanned."""

    kind: ClassVar[str] = "parcel.swapped"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    other: ParcelId
    carrier: int


@dataclass(frozen=True, slots=True)
class ParcelDoubled:
    """The PLC inducted the name of a live parcel once more, on another carrier: two parcels, or one told twice."""

    kind: ClassVar[str] = "parcel.doubled"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    carrier: int
    other_carrier: int


@dataclass(frozen=True, slots=True)
class ParcelOverdue:
    """Nothing was heard of it for longer than a lap can take. It may still come: timeout is not lost."""

    kind: ClassVar[str] = "parcel.overdue"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    lap: int
    silent_ms: int


@dataclass(frozen=True, slots=True)
class DivertOffWindow:
    """It was confirmed in a chute earlier or later than it can have passed there: belt speed, or a wrong carrier."""

    kind: ClassVar[str] = "divert.off_window"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    chute: ChuteId
    timing: str  # "early" or "late"
    since_scan_ms: int
    window_ms: int
