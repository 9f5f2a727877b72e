"""The dialogue between hub (WCS) and sorter control (PLC), free of any wire format.

::

    PLC → WCS  INDUCT   a parcel exists, before any code is known
    PLC → WCS  SCAN     it passed the scan point (own scanner's codes, mass, size, lap) and asks for a destination
    WCS → PLC  DEST     the order: chute and alternatives, or none (go round)
    PLC → WCS  DIVERT   what became of it
    PLC → WCS  STATE    chute, induction or sorter changed
    WCS → PLC  STATE    asks: induction on or off
    PLC ↔ WCS  HEARTBEAT

Sequence numbers, acknowledgement and replay belong to the driver, not to these words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from karez.domain.ids import ChuteId, OrderId, ParcelId


@dataclass(frozen=True, slots=True)
class Induct:
    """A parcel was put on a carrier. ``ts_ms`` is the PLC's own clock: recorded, never compared with ours."""

    parcel: ParcelId
    carrier: int
    induction: str
    ts_ms: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The parcel passed the scan point and asks for its destination.

    Attributes
    ----------
    codes
        What the PLC's own scanner read; empty says no-read.
    lap
        1 on the first pass.
    mass_g, length_mm, width_mm, height_mm
        Scale and volume scanner; ``None`` where there is none.
    """

    parcel: ParcelId
    carrier: int
    lap: int
    ts_ms: int
    codes: Sequence[str] = ()
    mass_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Dest:
    """The hub's order.

    Attributes
    ----------
    order
        Its name; a repeat carries the same one and must do nothing twice.
    chute
        ``None``: go round once more.
    alternatives
        Tried in this order when ``chute`` does not take the parcel.
    valid_for_ms
        How long after receipt the order may still be carried out; ``None`` as long as the parcel is on the sorter.
    """

    order: OrderId
    parcel: ParcelId
    chute: ChuteId | None
    alternatives: Sequence[ChuteId]
    reason: str
    valid_for_ms: int | None = None


class DivertOutcome(StrEnum):
    """What became of a parcel at its chute."""

    OK = "ok"
    FULL = "full"
    JAM = "jam"
    LATE = "late"
    ABORTED = "aborted"
    LOST = "lost"  # the carrier was seen empty
    RECIRCULATED = "recirculated"


@dataclass(frozen=True, slots=True)
class Divert:
    """Confirmation. ``chute`` is where the parcel went (``ok``), or where it could not go; ``None`` without one."""

    parcel: ParcelId
    carrier: int
    outcome: DivertOutcome
    ts_ms: int
    chute: ChuteId | None = None
    order: OrderId | None = None


class Subject(StrEnum):
    """What a STATE telegram speaks of."""

    CHUTE = "chute"
    INDUCTION = "induction"
    SORTER = "sorter"


@dataclass(frozen=True, slots=True)
class State:
    """A part of the sorter is in a new state.

    ``name`` is the chute or induction; ``state`` one of `ChuteState` for chutes, ``on``/``off`` for inductions,
    ``running``/``stopped`` for the sorter. ``value`` carries a figure (fill in percent, speed in mm/s) where there is
    one.
    """

    subject: Subject
    name: str
    state: str
    ts_ms: int
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Still here. Not journalled, never kept waiting. ``ts_ms`` counts from any beginning: the other end ignores it."""

    ts_ms: int


Telegram = Induct | Scan | Dest | Divert | State | Heartbeat
