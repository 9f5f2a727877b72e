"""Which chute a parcel is to leave by on this lap: the sort plan's, else once more round, else the exception chute."""

from dataclasses import dataclass, field

from karez.address.resolver import Resolver
from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.reading import NoReadReason
from karez.domain.sorting import Assignment, AssignmentReason, Consignment, HallState
from karez.hub.parcel import LiveParcel
from karez.sorter.recirculation import Hope, LoopLoad, go_round
from karez.sorter.windows import ChuteWindows
from karez.sortplan.plan import SortPlan
from karez.sortplan.rules import assign

_FUNCTIONS = frozenset(
    {AssignmentReason.INTERCEPT, AssignmentReason.RETURN, AssignmentReason.OVERSIZE, AssignmentReason.OVERWEIGHT}
)


@dataclass(frozen=True, slots=True)
class House:
    """What a decision looks at beside the parcel itself.

    Attributes
    ----------
    max_laps
        On this lap the exception chute takes what has no other.
    min_confidence
        A destination below it counts as unresolved.
    coding_laps
        A parcel that waits for a coding operator may go round so many times; ``None``: no operator is asked.
    load, windows
        The loop and the coding queue now, and when a parcel passes which chute.
    """

    resolver: Resolver
    plan: SortPlan
    hall: HallState
    max_laps: int
    min_confidence: float
    valid_for_ms: int | None
    coding_laps: int | None = None
    load: LoopLoad = field(default_factory=LoopLoad)
    windows: ChuteWindows = field(default_factory=lambda: ChuteWindows({}))


def assignment(parcel: LiveParcel, advice: PreAdvice | None, house: House, ahead: int = 0) -> Assignment:
    """Assign a chute, or none: it goes round. The reason goes with it.

    Parameters
    ----------
    ahead
        Parcels before it in the coding queue.
    """
    wanted = Consignment(
        waybill=parcel.waybill,
        destination=parcel.destination,
        company=parcel.company or (advice.company if advice else None),
        service=advice.service if advice else None,
        mass_g=parcel.mass_g,
        size=parcel.size,
    )
    planned = assign(wanted, house.plan, house.hall)
    if planned.chute is None and planned.reason in _FUNCTIONS:
        return _round_or_exception(parcel, house, planned, ahead)
    if planned.reason in _FUNCTIONS or (parcel.destination is not None and planned.chute):
        return planned
    if parcel.waybill is None and parcel.destination is None:
        why = f"no waybill number was read ({parcel.not_read or NoReadReason.NO_PICTURE})"
        planned = Assignment(None, (), AssignmentReason.NOT_READ, why)
    elif parcel.destination is None:
        why = f"the destination is not resolved ({parcel.unresolved})"
        planned = Assignment(None, (), AssignmentReason.NOT_RESOLVED, why)
    return _round_or_exception(parcel, house, planned, ahead)


def _round_or_exception(parcel: LiveParcel, house: House, why: Assignment, ahead: int) -> Assignment:
    """Go round once more while that can help, then leave by the exception chute."""
    exception = house.plan.exception_chute
    again, explanation = _may_go_round(parcel, house, why, ahead)
    if again:
        return Assignment(None, (), why.reason, f"{why.explanation}; {explanation}", why.rule)
    if not house.hall.takes(exception):
        return Assignment(None, (), why.reason, f"{why.explanation}; the exception chute takes nothing now", why.rule)
    reason = AssignmentReason.LAPS_SPENT if why.reason is AssignmentReason.ALL_FULL else why.reason
    return Assignment(exception, (), reason, f"{why.explanation}; {explanation}: exception chute", why.rule)


def _may_go_round(parcel: LiveParcel, house: House, why: Assignment, ahead: int) -> tuple[bool, str]:
    """Ask the policy, for each hope there is: a person who was asked, a chute that may open, another picture."""
    asked = parcel.coding if isinstance(parcel.coding, ev.CodingAsked) else None
    unknown = why.reason in (AssignmentReason.NOT_READ, AssignmentReason.NOT_RESOLVED)
    if unknown and parcel.given_up:
        return False, "a person could not tell either"
    if unknown and asked is not None:
        by_person = go_round(parcel.lap, asked.until_lap, Hope.PERSON, house.load, ahead)
        if by_person.go_round or parcel.lap >= house.max_laps:
            return by_person.go_round, by_person.explanation
    verdict = go_round(parcel.lap, house.max_laps, Hope.PICTURE if unknown else Hope.CHUTE, house.load)
    return verdict.go_round, verdict.explanation
