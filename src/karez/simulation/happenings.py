"""What goes into the simulated hall and what comes out of it: parcels, happenings, outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from karez.domain.ids import ChuteId, ParcelId
from karez.domain.telegrams import Divert, Induct, Scan, State


@dataclass(frozen=True, slots=True)
class HallParcel:
    """A parcel as the hall knows it: when and where it comes, and how big it is; never where it belongs.

    ``index`` is the demand's number of it, ``induction`` counts from 0; ``codes`` is what the sorter's own scanner
    reads on each lap.
    """

    index: int
    arrives_ms: int
    induction: int
    mass_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """The PLC sends a telegram."""

    telegram: Induct | Divert | State


@dataclass(frozen=True, slots=True)
class Asked:
    """A parcel passed the scan point and needs its order: the SCAN to send."""

    telegram: Scan


@dataclass(frozen=True, slots=True)
class Photographed:
    """A parcel is under the camera."""

    parcel: ParcelId
    index: int
    lap: int


@dataclass(frozen=True, slots=True)
class LinkCut:
    """The script cuts the link now."""


@dataclass(frozen=True, slots=True)
class LinkMended:
    """The script lets the link come back now."""


@dataclass(frozen=True, slots=True)
class PlcDown:
    """The PLC stops: what it had not got acknowledged is lost with it."""


@dataclass(frozen=True, slots=True)
class PlcUp:
    """The PLC is up again, in a new session."""


Happening = Said | Asked | Photographed | LinkCut | LinkMended | PlcDown | PlcUp


@dataclass(frozen=True, slots=True)
class Outcome:
    """The hall's truth about one parcel.

    Attributes
    ----------
    chute
        Where it lies; ``None`` where it never left the sorter (or never got on it).
    laps
        On which lap it left, or how far it came.
    times_diverted
        How often it physically left a carrier. More than one would be a fault of the hall or of the hub.
    """

    index: int
    parcel: ParcelId | None
    chute: ChuteId | None
    laps: int
    times_diverted: int


@dataclass(frozen=True, slots=True)
class HallResult:
    """The hall's truth about a whole run.

    Attributes
    ----------
    outcomes
        By the demand's index, of every parcel.
    hall_ms
        Hall time from the start to the last divert.
    recirculated
        Indices with at least one extra lap.
    recirculating_share
        Time-averaged share of occupied carriers that are on lap 2 or later.
    orders_after_leaving
        Orders with a new id for parcels that had already left: each is a decision made twice.
    repeats
        Orders sent again under their id; normal after a restart.
    cuts
        How often the script cut the link.
    filled
        Chutes that became full, by the script or by what fell into them, in order.
    taken_off
        Indices of parcels that a person took off a carrier for good.
    without_final_state
        Indices of parcels that are neither in a chute nor taken off.
    """

    outcomes: Mapping[int, Outcome]
    hall_ms: int
    recirculated: frozenset[int]
    recirculating_share: float
    orders_after_leaving: int = 0
    repeats: int = 0
    cuts: int = 0
    filled: Sequence[ChuteId] = ()
    taken_off: frozenset[int] = field(default_factory=frozenset)
    without_final_state: frozenset[int] = field(default_factory=frozenset)
