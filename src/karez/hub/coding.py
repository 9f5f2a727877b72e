"""Video coding: when a person is asked about a parcel, and what the answer makes of it; pure, like `induction`.

::

    picture that tells too little ─▶ asked      CodingAsked                     (the parcel goes round meanwhile)
    answer ────────────────────────▶ answered   CodingAnswered, ParcelResolved  (its chute ahead: this lap; else next)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from karez.address.by_area import destination_in
from karez.address.resolver import Resolver
from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.coding import CodingAnswer, CodingOutcome
from karez.domain.destination import Destination, DestinationReason, Unresolved
from karez.domain.ids import OrderId, ParcelId, PictureId
from karez.domain.reading import UNDECODED, NoRead, Reading
from karez.hub.assignment import House
from karez.hub.induction import overruled, resolved_event
from karez.hub.parcel import LiveParcel

CODED_CONFIDENCE = 0.98
"""Of what a person keyed: entering one field once goes wrong in 0.29 % of cases (Garza et al. 2023, doi:10.21203/
rs.3.rs-2386986), and a label that no machine could read is harder than a form; that it is this much harder is ours."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that can be used: where it leads, and the keyed number as the rules for numbers judged it."""

    answer: CodingAnswer
    where: Destination | None = None
    number: Reading | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that cannot be used, and why."""

    outcome: CodingOutcome
    explanation: str


def asked(
    parcel: LiveParcel, outcome: Reading | NoRead, picture: PictureId | None, house: House
) -> list[ev.CodingAsked]:
    """Ask a person about a parcel that its pictures did not place: once, and only where there is something to see."""
    nothing_to_see = isinstance(outcome, NoRead) and outcome.reason in UNDECODED
    if house.coding_laps is None or parcel.coding is not None or not parcel.wants_picture or nothing_to_see:
        return []
    why = parcel.not_read if parcel.waybill is None else parcel.unresolved
    until_lap = max(house.coding_laps, house.max_laps)
    return [ev.CodingAsked(parcel.parcel, why or "", parcel.lap, until_lap, picture, parcel.waybill)]


def refusal(parcel: LiveParcel | None) -> Refusal | None:
    """Say why no answer about this parcel is wanted; ``None`` where one is."""
    if parcel is None:
        return Refusal(CodingOutcome.GONE, "it has left the sorter, or was never on it")
    if isinstance(parcel.coding, ev.CodingAnswered):
        return Refusal(CodingOutcome.ALREADY_ANSWERED, f"{parcel.coding.operator} answered before")
    if not parcel.wants_picture:
        return Refusal(CodingOutcome.KNOWN_BY_NOW, "the hub knows where it must go")
    if parcel.coding is None:
        return Refusal(CodingOutcome.NOT_ASKED, "the hub has not asked about it")
    return None


def place_meant(answer: CodingAnswer, resolver: Resolver, least: float) -> Destination | Refusal | None:
    """Return where the area or the words of an answer lead; ``None`` where it names neither."""
    if answer.area is not None:
        if resolver.areas is not None and resolver.areas.get(answer.area) is None:
            return Refusal(CodingOutcome.UNKNOWN_AREA, f"no area of this hub is called {answer.area}")
        reason, why = DestinationReason.CODED, "A coding operator chose the area."
        return destination_in(answer.area, resolver.areas, resolver.gazetteer, reason, why, CODED_CONFIDENCE)
    if not answer.place:
        return None
    found = resolver.from_text(answer.place)
    if isinstance(found, Unresolved):
        return Refusal(CodingOutcome.UNKNOWN_PLACE, found.explanation)
    if found.confidence < least:
        return Refusal(CodingOutcome.UNKNOWN_PLACE, f"confidence {found.confidence:.2f} is below {least:.2f}")
    return found


def answered(
    parcel: LiveParcel,
    told: Told,
    advice: PreAdvice | None,
    others: Mapping[str, ParcelId],
    house: House,
    since_scan_ms: float = 0.0,
) -> list[ev.Event]:
    """Take in what a person told; pre-advice of a keyed number wins over an area, as it does over the label.

    Parameters
    ----------
    advice
        Of the number that was keyed, or of the one that was read.
    since_scan_ms
        How long ago the parcel was scanned: its chute may have been passed.
    """
    waybill = told.number.waybill.value if told.number else None
    where = _leads_to(told, advice, house.resolver)
    answer = ev.CodingAnswered(
        parcel.parcel,
        told.answer.operator,
        _outcome(parcel, told, where, _serves_this_lap(parcel, told, where, advice, house, since_scan_ms)),
        parcel.lap,
        told.where.area if told.where else None,
        waybill,
        told.number.company if told.number else None,
    )
    found: list[ev.Event] = [answer]
    other = others.get(waybill) if waybill else None
    if waybill is not None and other is not None and other != parcel.parcel:
        found.append(ev.WaybillDuplicated(parcel.parcel, waybill, other))
    if where is not None:
        found.append(resolved_event(parcel.parcel, where))
    if told.where and where and where.area != told.where.area:
        found.append(
            ev.DestinationContradicted(parcel.parcel, where.area or where.county_name or "", told.where.area or "")
        )
    return found


def _leads_to(told: Told, advice: PreAdvice | None, resolver: Resolver) -> Destination | None:
    advised = resolver.from_advice(advice) if advice else None
    return advised or _coded(told.where)


def _coded(where: Destination | None) -> Destination | None:
    """A place in words stays as sure as the resolver is of it: the person keyed the words, not the area."""
    if where is None or where.reason is DestinationReason.CODED:
        return where
    told, kept = (f"Keyed by a person. {each}" for each in (where.explanation, where.kept_explanation))
    return replace(where, reason=DestinationReason.CODED, explanation=told, for_the_record=kept)


def _outcome(parcel: LiveParcel, told: Told, where: Destination | None, this_lap: bool) -> CodingOutcome:
    if told.answer.tells_nothing:
        return CodingOutcome.GIVEN_UP
    if where is None:
        return CodingOutcome.STILL_UNRESOLVED
    return CodingOutcome.THIS_LAP if this_lap else CodingOutcome.NEXT_LAP


def _serves_this_lap(
    parcel: LiveParcel,
    told: Told,
    where: Destination | None,
    advice: PreAdvice | None,
    house: House,
    since_scan_ms: float,
) -> bool:
    """Whether no order has left for this lap, or the one that has gives way to this answer."""
    if not parcel.order_stands:
        return True
    knowing = replace(parcel, destination=where, waybill=told.number.waybill.value if told.number else parcel.waybill)
    return bool(overruled(knowing, advice, house, lambda: OrderId(""), since_scan_ms))
