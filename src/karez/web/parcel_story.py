"""Why a parcel went where it went: one sentence for the top of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karez.domain import events as ev
from karez.domain.ids import AreaId, PictureId
from karez.web.languages import N_
from karez.web.lifeline import place_of
from karez.web.wording import why_chute


@dataclass(frozen=True, slots=True)
class Story:
    """One sentence (a message and its placeholders) and the picture that belongs to it."""

    text: str
    values: Mapping[str, Any]
    explanation: str
    picture: PictureId | None
    seen: Sequence[ev.Seen]


def story(recorded: Sequence[ev.Recorded], area_names: Mapping[AreaId, str]) -> Story:
    """Tell a parcel's way from its events; ``area_names`` in the reader's language."""
    events = [each.event for each in recorded]
    decided = _last(events, ev.ParcelAssigned)
    resolved = _last(events, ev.ParcelResolved)
    shown = next((each for each in reversed(events) if isinstance(each, ev.ParcelRead | ev.ParcelNotRead)), None)
    text, values = _sentence(events, decided)
    return Story(
        text,
        {"place": _place(resolved, area_names), **values},
        decided.explanation if decided else "",
        shown.picture if shown else None,
        shown.seen if shown else (),
    )


def _sentence(events: Sequence[ev.Event], decided: ev.ParcelAssigned | None) -> tuple[str, Mapping[str, Any]]:
    last = next((each for each in reversed(events) if isinstance(each, _ENDS)), None)
    match last:
        case ev.ParcelDiverted():
            return why_chute(decided.reason if decided else ""), {"chute": last.chute}
        case ev.ParcelExcepted():
            return why_chute(last.reason), {"chute": last.chute}
        case ev.ParcelMissorted():
            text = N_("Chute %(chute)s by mistake: it was ordered to %(ordered)s.")
            return text, {"chute": last.chute, "ordered": ", ".join(last.ordered) or "–"}
        case ev.ParcelRemoved():
            return N_("No longer on the sorter: its carrier was found without it, or it was inducted again."), {}
        case ev.ParcelTakenOff():
            return N_("A person took it off the sorter."), {}
        case _:
            return _under_way(decided)


def _under_way(decided: ev.ParcelAssigned | None) -> tuple[str, Mapping[str, Any]]:
    if decided is None:
        return N_("On the sorter; nothing is decided yet."), {}
    if decided.chute is None:
        return N_("On the sorter; it goes round once more."), {}
    return N_("On its way to chute %(chute)s for %(place)s."), {"chute": decided.chute}


_ENDS = (ev.ParcelDiverted, ev.ParcelExcepted, ev.ParcelMissorted, ev.ParcelRemoved, ev.ParcelTakenOff)


def _last(events: Sequence[ev.Event], kind: type[Any]) -> Any:
    return next((each for each in reversed(events) if isinstance(each, kind)), None)


def _place(resolved: ev.ParcelResolved | None, area_names: Mapping[AreaId, str]) -> str:
    if resolved is None:
        return "–"
    return (area_names.get(resolved.area, "") if resolved.area else "") or place_of(resolved) or resolved.area or "–"
