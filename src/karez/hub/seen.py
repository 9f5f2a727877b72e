"""From a reading to its event: what was seen and where, without a word of what may name a person."""

from dataclasses import dataclass

from karez.domain.events import ParcelNotRead, ParcelRead, Seen
from karez.domain.ids import ParcelId, PictureId
from karez.domain.reading import Code, Found, Line, NoRead, Reading, SourceKind


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture a reading comes from; ``picture`` is ``None`` where it was not kept."""

    picture: PictureId | None
    camera: str


def read_event(parcel: ParcelId, reading: Reading, shot: Shot) -> ParcelRead:
    """Event of a parcel whose waybill number was read."""
    source = reading.waybill.source
    by_code = source.kind is SourceKind.CODE
    return ParcelRead(
        parcel=parcel,
        waybill=reading.waybill.value,
        company=reading.company,
        sort_code=reading.sort_code.value if reading.sort_code else None,
        has_address=reading.address is not None,
        confidence=reading.waybill.confidence,
        source=source.kind,
        format=reading.codes[source.indices[0]].format if by_code and source.indices else None,
        picture=shot.picture,
        camera=shot.camera,
        reading_ms=reading.ms,
        seen=_seen(reading) if shot.picture else (),
    )


def not_read_event(parcel: ParcelId, no_read: NoRead, shot: Shot) -> ParcelNotRead:
    """Event of a parcel that gave no waybill number."""
    return ParcelNotRead(
        parcel=parcel,
        reason=no_read.reason,
        explanation=no_read.explanation,
        picture=shot.picture,
        camera=shot.camera,
        reading_ms=no_read.ms,
        seen=_seen(no_read) if shot.picture else (),
    )


def _seen(outcome: Reading | NoRead) -> tuple[Seen, ...]:
    """Boxes for the overlay; only the waybill number and the sort code keep their text."""
    named = _named(outcome)
    seen = [
        Seen(what, _item(outcome, found, index).box, found.value if what != "address" else "", found.confidence)
        for what, found in named.items()
        for index in found.source.indices
    ]
    taken = {(found.source.kind, index) for found in named.values() for index in found.source.indices}
    seen += [
        Seen("code", code.box, code.format, 1.0)
        for index, code in enumerate(outcome.codes)
        if (SourceKind.CODE, index) not in taken
    ]
    seen += [
        Seen("line", line.box, line.script, line.confidence)
        for index, line in enumerate(outcome.lines)
        if (SourceKind.LINE, index) not in taken
    ]
    return tuple(seen)


def _named(outcome: Reading | NoRead) -> dict[str, Found]:
    named = {"sort_code": outcome.sort_code, "address": outcome.address}
    if isinstance(outcome, Reading):
        named["waybill"] = outcome.waybill
    return {what: found for what, found in named.items() if found is not None}


def _item(outcome: Reading | NoRead, found: Found, index: int) -> Code | Line:
    return outcome.codes[index] if found.source.kind is SourceKind.CODE else outcome.lines[index]
