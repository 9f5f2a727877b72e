"""The story: the way of one parcel through the hub. Read this page first.

A parcel is put on the sorter and has no name yet (`inducted`). Its picture is read and its destination found
(`recognised`). When it passes the scan point the hub decides on a chute (`decided`). The sorter says what became of it
(`confirmed`). Each step is a pure function: what is known, and what came in, give the events that are then committed;
only after that does an order leave. Live hub, demo, simulation and tests call the same functions. What no machine could
place is asked of a person on the way (`hub/coding.py`).

::

    INDUCT ──▶ inducted     ParcelInducted
    picture ─▶ recognised   ParcelRead | ParcelNotRead, ParcelResolved | ParcelUnresolved, …
    SCAN ────▶ decided      ParcelAssigned, DivertOrdered ──commit──▶ DEST
    late answer ▶ overruled the same, while a chute still lies ahead on this lap
    DIVERT ──▶ confirmed    ParcelDiverted | ParcelExcepted | ParcelMissorted | ParcelRecirculated | ParcelRemoved
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from karez.address.resolver import Resolver
from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.destination import Destination, Unresolved, UnresolvedReason
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.parcels import MissortCause
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.domain.sorting import Assignment
from karez.domain.telegrams import Divert, DivertOutcome, Induct, Scan
from karez.hub.assignment import House, assignment
from karez.hub.parcel import LiveParcel
from karez.hub.seen import Shot, not_read_event, read_event


def inducted(telegram: Induct) -> ev.ParcelInducted:
    """Make a parcel, before any code is known. Every INDUCT makes a new one."""
    return ev.ParcelInducted(telegram.parcel, telegram.carrier, telegram.induction, telegram.ts_ms)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading leads.

    Attributes
    ----------
    contradiction
        Area or county that the pre-advice names, and the label's, where they are clearly different.
    """

    where: Destination | Unresolved
    contradiction: tuple[str, str] | None = None


def place_of(outcome: Reading, advice: PreAdvice | None, resolver: Resolver) -> Place:
    """Look for a reading's destination; what the courier company said about the number before wins over the label."""
    contradiction = resolver.contradiction(outcome, advice) if advice else None
    return Place(resolver.resolve(outcome, advice), contradiction)


def recognised(
    parcel: LiveParcel,
    outcome: Reading | NoRead,
    shot: Shot,
    place: Place | None,
    others: Mapping[str, ParcelId],
    least: float,
) -> list[ev.Event]:
    """Take in what a picture told: the waybill number, and where the parcel must go.

    Parameters
    ----------
    place
        Where the reading leads (`place_of`): looked for before, as the store may be asked for it; ``None``: a no-read.
    others
        Waybill numbers of the other live parcels: one number on two parcels is said, never merged.
    """
    outcome = _agree(parcel, outcome)
    if isinstance(outcome, NoRead):
        return [not_read_event(parcel.parcel, outcome, shot)]
    assert place is not None, "it is looked for with every reading"
    found: list[ev.Event] = [read_event(parcel.parcel, outcome, shot)]
    other = others.get(outcome.waybill.value)
    if other is not None and other != parcel.parcel and parcel.waybill is None:
        found.append(ev.WaybillDuplicated(parcel.parcel, outcome.waybill.value, other))
    found.append(_resolved(parcel.parcel, place.where, least))
    if place.contradiction:
        found.append(ev.DestinationContradicted(parcel.parcel, *place.contradiction))
    return found


def _agree(parcel: LiveParcel, outcome: Reading | NoRead) -> Reading | NoRead:
    """Hold a second lap's reading against the first: two different numbers are a contradiction, never a guess."""
    if isinstance(outcome, NoRead) or parcel.waybill in (None, outcome.waybill.value):
        return outcome
    both = (str(parcel.waybill), outcome.waybill.value)
    return NoRead(
        NoReadReason.CONTRADICTION,
        f"an earlier lap read {both[0]}, this one {both[1]}",
        candidates=both,
        codes=outcome.codes,
        lines=outcome.lines,
        ms=outcome.ms,
    )


def _resolved(parcel: ParcelId, where: Destination | Unresolved, least: float) -> ev.Event:
    if isinstance(where, Unresolved):
        names = [each.county_name for each in where.candidates if each.county_name]
        return ev.ParcelUnresolved(parcel, where.reason, where.explanation, names)
    if where.confidence < least:
        why = f"{where.kept_explanation.rstrip('.')}; confidence {where.confidence:.2f} is below {least:.2f}"
        return ev.ParcelUnresolved(parcel, UnresolvedReason.UNSURE, why, [where.county_name or ""])
    return resolved_event(parcel, where)


def resolved_event(parcel: ParcelId, where: Destination) -> ev.ParcelResolved:
    """Event of a parcel whose destination is known."""
    return ev.ParcelResolved(
        parcel=parcel,
        area=where.area,
        county=where.county,
        county_name=where.county_name,
        township_name=where.township_name,
        province_name=where.province_name,
        prefecture_name=where.prefecture_name,
        confidence=where.confidence,
        reason=where.reason,
        explanation=where.kept_explanation,
    )


def scanned(telegram: Scan) -> ev.ParcelScanned:
    """It passed the scan point and asks for its destination."""
    return ev.ParcelScanned(
        parcel=telegram.parcel,
        carrier=telegram.carrier,
        lap=telegram.lap,
        plc_ts_ms=telegram.ts_ms,
        codes=telegram.codes,
        mass_g=telegram.mass_g,
        length_mm=telegram.length_mm,
        width_mm=telegram.width_mm,
        height_mm=telegram.height_mm,
    )


def decided(
    parcel: LiveParcel, advice: PreAdvice | None, house: House, order: OrderId, ahead: int = 0
) -> list[ev.Event]:
    """Decide on a chute for this lap, and order it; the reason goes with it.

    Parameters
    ----------
    ahead
        Parcels before it in the coding queue.
    """
    return _ordered_as(parcel, assignment(parcel, advice, house, ahead), house, order)


def overruled(
    parcel: LiveParcel,
    advice: PreAdvice | None,
    house: House,
    new_order: Callable[[], OrderId],
    since_scan_ms: float,
) -> list[ev.Event]:
    """Decide anew on the same lap, where an answer came late: a chute that still lies ahead takes the place of none.

    Nothing, where the order that stands is no interim one, or none of the new chutes lies ahead any more.
    """
    if not parcel.is_interim or parcel.order is None:
        return []
    it = assignment(parcel, advice, house, 0)
    ahead = house.windows.still_ahead((it.chute, *it.alternatives) if it.chute else (), since_scan_ms)
    first = next((chute for chute in ahead if house.hall.takes(chute)), None)
    if first is None or first == parcel.order.chute:
        return []
    others = tuple(chute for chute in ahead if chute != first)
    there = Assignment(first, others, it.reason, it.explanation, it.rule)
    return _ordered_as(parcel, there, house, new_order(), parcel.order.order)


def _ordered_as(
    parcel: LiveParcel, it: Assignment, house: House, order: OrderId, instead_of: OrderId | None = None
) -> list[ev.Event]:
    chutes = tuple(it.alternatives)
    return [
        ev.ParcelAssigned(parcel.parcel, parcel.lap, it.chute, chutes, it.reason, it.explanation, it.rule),
        ev.DivertOrdered(
            parcel.parcel, order, parcel.lap, it.chute, chutes, it.reason, house.valid_for_ms, supersedes=instead_of
        ),
    ]


def confirmed(parcel: LiveParcel, telegram: Divert, exception_chute: ChuteId) -> list[ev.Event]:
    """Take in what the sorter says became of the parcel."""
    if parcel.final:
        return []  # a repeat: nothing happens twice
    at = telegram.ts_ms
    if telegram.outcome is DivertOutcome.LOST:
        return [ev.ParcelRemoved(parcel.parcel, "the PLC saw its carrier empty")]
    if telegram.outcome is not DivertOutcome.OK or telegram.chute is None:
        return [ev.ParcelRecirculated(parcel.parcel, parcel.lap, telegram.outcome, telegram.chute, at)]
    if telegram.chute == exception_chute:
        return [ev.ParcelExcepted(parcel.parcel, telegram.chute, _why_excepted(parcel, telegram), at)]
    ordered = _ordered(parcel)
    if telegram.chute in ordered:
        return [ev.ParcelDiverted(parcel.parcel, telegram.chute, at)]
    return [ev.ParcelMissorted(parcel.parcel, telegram.chute, ordered, at, _cause(parcel, telegram))]


def _why_excepted(parcel: LiveParcel, telegram: Divert) -> str:
    """Reason of the order that was carried out: it may be one that gave way too late to a better one."""
    before = parcel.superseded
    if before is not None and before.chute == telegram.chute and telegram.order in (None, before.order):
        return before.reason
    return parcel.assigned.reason if parcel.assigned else "no_order"


def _ordered(parcel: LiveParcel) -> Sequence[ChuteId]:
    if parcel.order is None or parcel.order.chute is None:
        return ()
    return (parcel.order.chute, *parcel.order.alternatives)


def _cause(parcel: LiveParcel, telegram: Divert) -> MissortCause:
    if parcel.order is None:
        return MissortCause.NO_ORDER
    if telegram.order is not None and telegram.order != parcel.order.order:
        return MissortCause.OLD_ORDER
    return MissortCause.GO_ROUND if parcel.order.chute is None else MissortCause.OTHER_CHUTE
