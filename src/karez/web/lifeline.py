"""A parcel's events in words: one sentence each, with its reason and the facts worth knowing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from karez.domain import events as ev
from karez.web.languages import N_
from karez.web.lifeline_astray import ASTRAY
from karez.web.lifeline_entry import Entry


def lifeline(recorded: Sequence[ev.Recorded]) -> Sequence[Entry]:
    """Tell a parcel's events in order."""
    return [_entry(each) for each in recorded]


def _entry(recorded: ev.Recorded) -> Entry:
    tell = _TELLERS.get(recorded.event.kind)
    told = tell(recorded.event) if tell else Entry(recorded.event.kind)
    return Entry(
        told.text,
        told.values,
        told.reason,
        told.explanation,
        [(name, value) for name, value in told.facts if value not in (None, "", ())],
        told.weight,
        recorded.at,
        recorded.position,
        recorded.event.kind,
    )


def place_of(event: ev.ParcelResolved) -> str:
    """Give the destination's name as the gazetteer writes it, from the larger to the smaller."""
    names = (event.province_name, event.prefecture_name, event.county_name, event.township_name)
    return " ".join(name for name in names if name)


def _inducted(event: ev.ParcelInducted) -> Entry:
    return Entry(
        N_("Put on carrier %(carrier)s at induction %(induction)s."),
        {"carrier": event.carrier, "induction": event.induction},
    )


def _scanned(event: ev.ParcelScanned) -> Entry:
    size = (event.length_mm, event.width_mm, event.height_mm)
    return Entry(
        N_("Passed the scan point on lap %(lap)s."),
        {"lap": event.lap},
        facts=[
            (N_("Mass"), None if event.mass_g is None else f"{event.mass_g:,} g"),
            (N_("Size"), None if None in size else " × ".join(str(side) for side in size) + " mm"),
            (N_("Codes of the sorter's scanner"), ", ".join(event.codes)),
        ],
    )


def _read(event: ev.ParcelRead) -> Entry:
    return Entry(
        N_("Waybill number %(waybill)s was read."),
        {"waybill": event.waybill},
        ("SourceKind", event.source),
        facts=[
            (N_("Symbology"), event.format),
            (N_("Courier company"), ("Companies", event.company) if event.company else None),
            (N_("Sort code"), event.sort_code),
            *_reading_facts(event),
            (N_("Confidence"), f"{event.confidence:.0%}"),
        ],
    )


def _not_read(event: ev.ParcelNotRead) -> Entry:
    return Entry(
        N_("No waybill number was read."),
        {},
        ("NoReadReason", event.reason),
        event.explanation,
        _reading_facts(event),
        "attention",
    )


def _reading_facts(event: ev.ParcelRead | ev.ParcelNotRead) -> list[tuple[str, Any]]:
    return [(N_("Camera"), event.camera), (N_("Reading time"), f"{event.reading_ms:.0f} ms")]


def _resolved(event: ev.ParcelResolved) -> Entry:
    return Entry(
        N_("The destination is known: %(place)s."),
        {"place": place_of(event) or event.area or "–"},
        ("DestinationReason", event.reason),
        event.explanation,
        [(N_("Delivery area"), event.area), (N_("Confidence"), f"{event.confidence:.0%}")],
    )


def _unresolved(event: ev.ParcelUnresolved) -> Entry:
    return Entry(
        N_("No destination was found."),
        {},
        ("UnresolvedReason", event.reason),
        event.explanation,
        [(N_("Candidates"), ", ".join(event.candidates))],
        "attention",
    )


def _contradicted(event: ev.DestinationContradicted) -> Entry:
    return Entry(
        N_("Order data says %(advised)s, the label says %(label)s; the order data wins."),
        {"advised": event.advised, "label": event.label},
        weight="attention",
    )


def _duplicated(event: ev.WaybillDuplicated) -> Entry:
    return Entry(
        N_("Waybill number %(waybill)s is also on parcel %(other)s."),
        {"waybill": event.waybill, "other": event.other},
        weight="attention",
    )


def _asked(event: ev.CodingAsked) -> Entry:
    kind = "UnresolvedReason" if event.waybill else "NoReadReason"
    return Entry(
        N_("A coding operator is asked; after lap %(lap)s it goes to the exception chute."),
        {"lap": event.until_lap},
        (kind, event.why) if event.why else None,
    )


def _answered(event: ev.CodingAnswered) -> Entry:
    return Entry(
        N_("Coding operator %(operator)s answered."),
        {"operator": event.operator},
        ("CodingOutcome", event.outcome),
        facts=[(N_("Delivery area"), event.area), (N_("Waybill number"), event.waybill)],
    )


def _assigned(event: ev.ParcelAssigned) -> Entry:
    text = N_("Decided: chute %(chute)s.") if event.chute else N_("Decided: go round once more.")
    return Entry(
        text,
        {"chute": event.chute},
        ("AssignmentReason", event.reason),
        event.explanation,
        [(N_("Alternatives"), ", ".join(event.alternatives)), (N_("Row of the plan"), event.rule)],
    )


def _ordered(event: ev.DivertOrdered) -> Entry:
    text = N_("Order to the sorter: chute %(chute)s.") if event.chute else N_("Order to the sorter: go round.")
    valid = None if event.valid_for_ms is None else f"{event.valid_for_ms:,} ms"
    return Entry(
        text,
        {"chute": event.chute},
        facts=[
            (N_("Order number"), event.order),
            (N_("Lap"), event.lap),
            (N_("Valid for"), valid),
        ],
    )


def _recirculated(event: ev.ParcelRecirculated) -> Entry:
    return Entry(
        N_("Goes round again after lap %(lap)s."),
        {"lap": event.lap},
        ("DivertOutcome", event.outcome),
        facts=[(N_("Chute"), event.chute)],
        weight="attention",
    )


def _diverted(event: ev.ParcelDiverted) -> Entry:
    return Entry(N_("Confirmed in chute %(chute)s."), {"chute": event.chute}, weight="final")


def _excepted(event: ev.ParcelExcepted) -> Entry:
    return Entry(
        N_("Confirmed in the exception chute %(chute)s."),
        {"chute": event.chute},
        ("AssignmentReason", event.reason),
        weight="final",
    )


def _missorted(event: ev.ParcelMissorted) -> Entry:
    return Entry(
        N_("Confirmed in chute %(chute)s, but ordered to %(ordered)s."),
        {"chute": event.chute, "ordered": ", ".join(event.ordered) or "–"},
        ("MissortCause", event.cause) if event.cause else None,
        weight="final",
    )


def _removed(event: ev.ParcelRemoved) -> Entry:
    return Entry(N_("Removed from the sorter."), {}, explanation=event.reason, weight="final")


def _taken_off(event: ev.ParcelTakenOff) -> Entry:
    return Entry(N_("Taken off by %(by)s."), {"by": event.by}, weight="final")


_TELLERS: Mapping[str, Callable[[Any], Entry]] = {
    ev.ParcelInducted.kind: _inducted,
    ev.ParcelScanned.kind: _scanned,
    ev.ParcelRead.kind: _read,
    ev.ParcelNotRead.kind: _not_read,
    ev.ParcelResolved.kind: _resolved,
    ev.ParcelUnresolved.kind: _unresolved,
    ev.DestinationContradicted.kind: _contradicted,
    ev.WaybillDuplicated.kind: _duplicated,
    ev.CodingAsked.kind: _asked,
    ev.CodingAnswered.kind: _answered,
    ev.ParcelAssigned.kind: _assigned,
    ev.DivertOrdered.kind: _ordered,
    ev.ParcelRecirculated.kind: _recirculated,
    ev.ParcelDiverted.kind: _diverted,
    ev.ParcelExcepted.kind: _excepted,
    ev.ParcelMissorted.kind: _missorted,
    ev.ParcelRemoved.kind: _removed,
    ev.ParcelTakenOff.kind: _taken_off,
    **ASTRAY,
}
"""Who tells which kind; a test walks all events of a parcel."""
