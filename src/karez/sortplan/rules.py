"""Which chute a parcel leaves by: one pure function, quick, that never fails and always says why."""

from collections.abc import Iterator, Sequence

from karez.domain.destination import Destination
from karez.domain.ids import ChuteId
from karez.domain.sorting import Assignment, AssignmentReason, Consignment, HallState
from karez.sortplan.plan import Rule, SortPlan


def assign(consignment: Consignment, plan: SortPlan, hall: HallState) -> Assignment:
    """Assign a chute.

    In this order: intercept list, return list, oversize, overweight; then the rules, by the most specific place first
    (area, county, prefecture, province, rest), of one place those that ask most, then in the order of the file.

    Returns
    -------
    Assignment
        ``chute`` is open in this hall, or ``None`` where every chute of the parcel's row is full or closed
        (``ALL_FULL``; of a list or limit its own reason): it goes round. Without a destination, or without a row for
        it, the exception chute.
    """
    found = _function(consignment, plan)
    if found is not None:
        reason, chutes, why = found
        return _open_first(chutes, hall, reason, reason, why, reason.value)
    if consignment.destination is None:
        return _exception(plan, hall, AssignmentReason.NOT_RESOLVED, "its destination is not known")
    match = next(_matching(consignment, consignment.destination, plan), None)
    if match is None:
        where = _place_words(consignment.destination)
        return _exception(plan, hall, AssignmentReason.NOT_IN_PLAN, f"no rule of the plan takes {where}")
    place, rule = match
    return _open_first(
        rule.chutes, hall, AssignmentReason.PLAN, AssignmentReason.ALL_FULL, f"{place}, rule {rule.name}", rule.name
    )


def _function(consignment: Consignment, plan: SortPlan) -> tuple[AssignmentReason, Sequence[ChuteId], str] | None:
    """List or limit that wins over every rule."""
    waybill = (consignment.waybill or "").upper()
    if plan.intercept and waybill in plan.intercept.waybills:
        return AssignmentReason.INTERCEPT, plan.intercept.chutes, "its number is on the intercept list"
    if plan.returns and waybill in plan.returns.waybills:
        return AssignmentReason.RETURN, plan.returns.chutes, "its number is on the return list"
    if plan.oversize and (why := _oversize(consignment, plan)):
        return AssignmentReason.OVERSIZE, plan.oversize.chutes, why
    if plan.overweight and (why := _overweight(consignment, plan)):
        return AssignmentReason.OVERWEIGHT, plan.overweight.chutes, why
    return None


def _oversize(consignment: Consignment, plan: SortPlan) -> str | None:
    size, limits = consignment.size, plan.oversize
    if size is None or limits is None:
        return None
    sides = (size.length_mm, size.width_mm, size.height_mm)
    if limits.longest_mm is not None and max(sides) > limits.longest_mm:
        return f"{max(sides)} mm long, more than {limits.longest_mm}"
    if limits.sides_sum_mm is not None and sum(sides) > limits.sides_sum_mm:
        return f"its sides add up to {sum(sides)} mm, more than {limits.sides_sum_mm}"
    return None


def _overweight(consignment: Consignment, plan: SortPlan) -> str | None:
    limit = plan.overweight.mass_g if plan.overweight else None
    if limit is None or consignment.mass_g is None or consignment.mass_g <= limit:
        return None
    return f"{consignment.mass_g} g, more than {limit}"


def _matching(consignment: Consignment, to: Destination, plan: SortPlan) -> Iterator[tuple[str, Rule]]:
    """Rules that take the parcel, best first, with the words for its place."""
    for level, value in _places(to):
        for rule in plan.by_place.get((level, value), ()):
            if _fits(consignment, rule):
                yield f"{level} {value}".strip(), rule


def _places(to: Destination) -> Iterator[tuple[str, str]]:
    """Names of the place from the most to the least specific, as rules write them."""
    if to.area is not None:
        yield "area", to.area
    if to.county_name is not None:
        yield "county", f"{to.prefecture_name}/{to.county_name}"
        yield "county", to.county_name
    if to.prefecture_name is not None:
        yield "prefecture", to.prefecture_name
    if to.province_name is not None:
        yield "province", to.province_name
    yield "rest", ""


def _fits(consignment: Consignment, rule: Rule) -> bool:
    size = consignment.size
    longest_mm = max(size.length_mm, size.width_mm, size.height_mm) if size else None
    return (
        (rule.companies is None or consignment.company in rule.companies)
        and (rule.services is None or consignment.service in rule.services)
        and _within(consignment.mass_g, rule.mass_g)
        and _within(longest_mm, rule.longest_mm)
    )


def _within(value: int | None, bounds: tuple[int, int] | None) -> bool:
    """Whether a measure lies in the range; what was not measured fits no range."""
    return bounds is None or (value is not None and bounds[0] <= value <= bounds[1])


def _open_first(
    chutes: Sequence[ChuteId],
    hall: HallState,
    reason: AssignmentReason,
    when_full: AssignmentReason,
    why: str,
    rule: str,
) -> Assignment:
    """First open chute of the row; the others follow as alternatives, open ones before those that may open yet."""
    takes = [chute for chute in chutes if hall.takes(chute)]
    if not takes:
        return Assignment(None, (), when_full, f"{why}: {', '.join(chutes)} full or closed", rule)
    first = takes[0]
    others = (*takes[1:], *(chute for chute in chutes if chute not in takes))
    if first != chutes[0] and reason is AssignmentReason.PLAN:
        reason = AssignmentReason.ALTERNATIVE
        why = f"{why}: {chutes[0]} takes nothing now"
    return Assignment(first, others, reason, f"{why}: {first}", rule)


def _exception(plan: SortPlan, hall: HallState, reason: AssignmentReason, why: str) -> Assignment:
    if hall.takes(plan.exception_chute):
        return Assignment(plan.exception_chute, (), reason, f"{why}: exception chute")
    return Assignment(None, (), reason, f"{why}, and the exception chute takes nothing now")


def _place_words(to: Destination) -> str:
    """Place for an explanation: names of areas and counties, never of an address."""
    named = to.area or to.county_name or to.prefecture_name or to.province_name
    return f"area {named}" if to.area else str(named or "a place without a name")
