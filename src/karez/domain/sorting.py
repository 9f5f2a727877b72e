"""From a destination to a chute: what is asked, what the hall looks like, what was decided and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from karez.domain.destination import Destination
from karez.domain.ids import ChuteId


class ChuteState(StrEnum):
    """What a chute can do now. Only ``OPEN`` takes parcels."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    BAG_CHANGE = "bag_change"


CHUTE_TRANSITIONS: Mapping[ChuteState, frozenset[ChuteState]] = {
    ChuteState.OPEN: frozenset({ChuteState.FULL, ChuteState.CLOSED, ChuteState.BAG_CHANGE}),
    ChuteState.FULL: frozenset({ChuteState.OPEN, ChuteState.CLOSED, ChuteState.BAG_CHANGE}),
    ChuteState.CLOSED: frozenset({ChuteState.OPEN}),
    ChuteState.BAG_CHANGE: frozenset({ChuteState.OPEN, ChuteState.CLOSED}),
}
"""Which state may follow which; the docs draw their picture from this table."""


@dataclass(frozen=True, slots=True)
class HallState:
    """The chutes as the PLC last reported them; a chute not named is open."""

    chutes: Mapping[ChuteId, ChuteState]

    def takes(self, chute: ChuteId) -> bool:
        """Whether a parcel may be sent into this chute now."""
        return self.chutes.get(chute, ChuteState.OPEN) is ChuteState.OPEN


@dataclass(frozen=True, slots=True)
class Size:
    """Outer dimensions in millimetres, longest first."""

    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a sort plan looks at, of one parcel.

    Attributes
    ----------
    destination
        ``None`` where it is not known: only function rules (intercept, oversize) can then apply.
    mass_g, size
        As the hub's own scale and scanner measured them; ``None`` where they did not.
    """

    waybill: str | None
    destination: Destination | None
    company: str | None = None
    service: str | None = None
    mass_g: int | None = None
    size: Size | None = None


class AssignmentReason(StrEnum):
    """Why this chute."""

    PLAN = "plan"  # the plan's row for the destination
    ALTERNATIVE = "alternative"  # the row's first chute does not take parcels now; a later one does
    INTERCEPT = "intercept"  # 拦截: wins over the plan
    RETURN = "return"  # 退件: wins over the plan
    OVERSIZE = "oversize"
    OVERWEIGHT = "overweight"
    ALL_FULL = "all_full"  # every chute of the row is full or closed: recirculate
    NOT_READ = "not_read"  # no waybill number: recirculate, then the exception chute
    NOT_RESOLVED = "not_resolved"  # no destination: recirculate while that can help, then the exception chute
    NOT_IN_PLAN = "not_in_plan"  # the destination is in no row
    LAPS_SPENT = "laps_spent"  # it has gone round as often as it may


@dataclass(frozen=True, slots=True)
class Assignment:
    """The chute a parcel is to leave by, and why.

    Attributes
    ----------
    chute
        ``None`` says: go round once more (see ``reason``).
    alternatives
        Other chutes of the same destination, best first, that the PLC may use when the first does not take it.
    rule
        Name or number of the plan's row, where one decided.
    """

    chute: ChuteId | None
    alternatives: Sequence[ChuteId]
    reason: AssignmentReason
    explanation: str
    rule: str | None = None
