"""The sort plan, the areas and the hall as the pages draw them."""

from collections.abc import Mapping

from karez.address.areas import Area, Areas
from karez.domain.ids import AreaId, ChuteId
from karez.settings import HallSection, Settings
from karez.simulation.loop import lay_out
from karez.sortplan.plan import SortPlan
from karez.web.doors import ChuteView, InductionView, PlanView

_SEVERAL: Mapping[str, str] = {"en": "several areas", "zh": "多个流向"}


def plan_view(settings: Settings, areas: Areas | None) -> PlanView:
    """What the pages show of the plan in force at the start."""
    assert settings.plan.file is not None, "checked when the hub was started"
    plan = SortPlan.load(settings.plan.file)
    known = {area.id: _names(area) for area in areas.all} if areas else {}
    where = _positions(settings.hall, plan)
    return PlanView(
        name=plan.name,
        chutes=[
            ChuteView(chute, _label(plan, chute, known), _function(plan, chute), where[chute]) for chute in plan.chutes
        ],
        inductions=_inductions(settings.hall, plan),
        exception=plan.exception_chute,
        area_names=known,
    )


def _names(area: Area) -> dict[str, str]:
    given = {"zh": area.name, "en": area.name_en, "ug": area.name_ug}
    return {language: name for language, name in given.items() if name}


def _label(plan: SortPlan, chute: ChuteId, known: Mapping[AreaId, Mapping[str, str]]) -> Mapping[str, str]:
    """Name of the one area a chute is for, or that it is for several."""
    mine = {
        value
        for (level, value), rules in plan.by_place.items()
        if level == "area" and any(chute == rule.chutes[0] for rule in rules)
    }
    if len(mine) == 1:
        return known.get(AreaId(mine.pop()), {})
    return _SEVERAL if mine else {}


def _function(plan: SortPlan, chute: ChuteId) -> str:
    """What a chute is for, beside sorting."""
    outlets = {
        "exception": (plan.exception_chute,),
        "intercept": plan.intercept.chutes[:1] if plan.intercept else (),
        "return": plan.returns.chutes[:1] if plan.returns else (),
        "oversize": plan.oversize.chutes[:1] if plan.oversize else (),
    }
    return next((name for name, chutes in outlets.items() if chute in chutes), "sort")


def _positions(hall: HallSection, plan: SortPlan) -> dict[ChuteId, float]:
    loop = lay_out(hall, list(plan.chutes))
    return {chute: _share(at, loop.scan_mm, loop.length_mm) for chute, at in loop.chutes.items()}


def _inductions(hall: HallSection, plan: SortPlan) -> list[InductionView]:
    loop = lay_out(hall, list(plan.chutes))
    return [
        InductionView(f"I{number}", _share(at, loop.scan_mm, loop.length_mm))
        for number, at in enumerate(loop.inductions, 1)
    ]


def _share(at_mm: int, scan_mm: int, length_mm: int) -> float:
    """Share of the loop from the scan point, in the direction of travel."""
    return ((at_mm - scan_mm) % length_mm) / length_mm
