"""One parcel as it stands, worked out from its events: a row of the parcel index."""

from dataclasses import dataclass, replace
from datetime import datetime

from karez.domain import events as ev
from karez.domain.ids import AreaId, ChuteId, ParcelId
from karez.domain.parcels import ParcelState


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel as it stands; times are aware UTC."""

    parcel: ParcelId
    waybill: str | None
    company: str | None
    state: ParcelState
    chute: ChuteId | None
    area: AreaId | None
    county_name: str | None
    laps: int
    inducted_at: datetime
    finished_at: datetime | None


def after(row: ParcelRow | None, recorded: ev.Recorded) -> ParcelRow | None:
    """Row after one more event; pure. Events of other streams leave it as it is."""
    event = recorded.event
    if isinstance(event, ev.ParcelInducted):
        return ParcelRow(event.parcel, None, None, ParcelState.INDUCTED, None, None, None, 1, recorded.at, None)
    if row is None:
        return None
    match event:
        case ev.ParcelScanned():
            return replace(row, laps=max(row.laps, event.lap))
        case ev.ParcelRead():
            return replace(row, waybill=event.waybill, company=event.company)
        case ev.CodingAnswered(waybill=str()):
            return replace(row, waybill=event.waybill, company=event.company)
        case ev.ParcelResolved():
            return replace(row, area=event.area, county_name=event.county_name)
        case ev.ParcelAssigned():
            return replace(row, state=ParcelState.IDENTIFIED, chute=event.chute)
        case ev.DivertOrdered():
            return replace(row, state=ParcelState.ORDERED, chute=event.chute)
        case ev.ParcelRecirculated():
            return replace(row, state=ParcelState.RECIRCULATING)
        case ev.ParcelDiverted():
            return replace(row, state=ParcelState.DIVERTED, chute=event.chute, finished_at=recorded.at)
        case ev.ParcelExcepted():
            return replace(row, state=ParcelState.EXCEPTION, chute=event.chute, finished_at=recorded.at)
        case ev.ParcelMissorted():
            return replace(row, state=ParcelState.MISSORTED, chute=event.chute, finished_at=recorded.at)
        case ev.ParcelRemoved():
            return replace(row, state=ParcelState.REMOVED, finished_at=recorded.at)
        case ev.ParcelTakenOff():
            return replace(row, state=ParcelState.TAKEN_OFF, finished_at=recorded.at)
        case _:
            return row
