"""The sort plan, the areas and the hall as the pages draw them."""

from collections.abc import Mapping

from karez.address.areas.areas import Area, Areas
from karez.domain.ids import AreaId, ChuteId
from karez.settings import HallSection
from karez.simulation.loop import lay_out
from karez.sortplan.plan import SortPlan
from karez.web.doors import ChuteView, InductionView, PlanView, name_in

LANGUAGES = ("en", "zh", "ug")


def plan_view(hall: HallSection, plan: SortPlan, areas: Areas | None) -> PlanView:
    """What the pages show of a plan."""
    known = {area.id: _names(area) for area in areas.all} if areas else {}
    where = _positions(hall, plan)
    return PlanView(
        name=plan.name,
        chutes=[
            ChuteView(chute, _label(plan, chute, known), _function(plan, chute), where[chute]) for chute in plan.chutes
        ],
        inductions=_inductions(hall, plan),
        exception=plan.exception_chute,
        area_names=known,
    )


def _names(area: Area) -> dict[str, str]:
    given = {"zh": area.name, "en": area.name_en, "ug": area.name_ug}
    return {language: name for language, name in given.items() if name}


def _label(plan: SortPlan, chute: ChuteId, known: Mapping[AreaId, Mapping[str, str]]) -> Mapping[str, str]:
    """Names of the areas whose first chute this is, by language; where one area has no name in it, the next best."""
    mine = [known.get(area, {}) for area in _areas_of(plan, chute)]
    return {
        language: " · ".join(name_in(language, names) for names in mine)
        for language in LANGUAGES
        if any(language in names for names in mine)
    }


def _areas_of(plan: SortPlan, chute: ChuteId) -> list[AreaId]:
    """Areas whose parcels go to this chute first, in the order of the plan."""
    return [
        AreaId(value)
        for (level, value), rules in plan.by_place.items()
        if level == "area" and any(chute == rule.chutes[0] for rule in rules)
    ]


def _function(plan: SortPlan, chute: ChuteId) -> str:
    """What a chute is for: sorting, standing in for full chutes, or a function of its own."""
    outlets = {
        "exception": (plan.exception_chute,),
        "intercept": plan.intercept.chutes[:1] if plan.intercept else (),
        "return": plan.returns.chutes[:1] if plan.returns else (),
        "oversize": plan.oversize.chutes[:1] if plan.oversize else (),
    }
    named = next((name for name, chutes in outlets.items() if chute in chutes), None)
    if named is not None:
        return named
    first = any(chute == rule.chutes[0] for rule in plan.rules)
    return "sort" if first or not any(chute in rule.chutes for rule in plan.rules) else "overflow"


def _positions(hall: HallSection, plan: SortPlan) -> dict[ChuteId, float]:
    loop = lay_out(hall, list(plan.chutes))
    scan_mm = loop.stations[0].scan_mm
    return {chute: _share(at, scan_mm, loop.length_mm) for chute, at in loop.chutes.items()}


def _inductions(hall: HallSection, plan: SortPlan) -> list[InductionView]:
    loop = lay_out(hall, list(plan.chutes))
    return [
        InductionView(f"I{number}", _share(at, loop.stations[0].scan_mm, loop.length_mm))
        for number, at in enumerate(loop.inductions, 1)
    ]


def _share(at_mm: int, scan_mm: int, length_mm: int) -> float:
    """Share of the loop from the scan point, in the direction of travel."""
    return ((at_mm - scan_mm) % length_mm) / length_mm
