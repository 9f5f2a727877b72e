"""A projection: one row a parcel, for search and for finding what is still open after a restart."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Text, bindparam, or_, select

from karez.domain.ids import ParcelId
from karez.domain.parcels import ParcelState
from karez.eventstore.codec import microseconds, moment
from karez.eventstore.database import begins, fetch
from karez.eventstore.lookup import Line, Lookup
from karez.eventstore.parcel_row import ParcelRow
from karez.eventstore.schema import parcels


def _row(stored: Sequence[Any]) -> ParcelRow:
    parcel, waybill, company, state, chute, area, county_name, laps, inducted_at_us, finished_at_us = stored
    return ParcelRow(
        parcel=ParcelId(parcel),
        waybill=waybill,
        company=company,
        state=ParcelState(state),
        chute=chute,
        area=area,
        county_name=county_name,
        laps=laps,
        inducted_at=moment(inducted_at_us),
        finished_at=None if finished_at_us is None else moment(finished_at_us),
    )


def values(row: ParcelRow) -> tuple[object, ...]:
    """Values of a row, in the order of the table's columns."""
    return (
        row.parcel,
        row.waybill,
        row.company,
        row.state.value,
        row.chute,
        row.area,
        row.county_name,
        row.laps,
        microseconds(row.inducted_at),
        None if row.finished_at is None else microseconds(row.finished_at),
    )


def load(connection: Connection, parcel: str) -> ParcelRow | None:
    """Row of one parcel."""
    stored = connection.execute(select(parcels).where(parcels.c.parcel == parcel)).first()
    return None if stored is None else _row(stored)


class ParcelIndex:
    """Reading side of the index; safe to use from any process."""

    def __init__(self, engine: Engine, line: Line) -> None:
        self._engine = engine
        wanted = bindparam("wanted", type_=Text)
        self._by_id = Lookup(line, select(parcels).where(parcels.c.parcel == wanted))
        newest = select(parcels).where(parcels.c.waybill == wanted).order_by(parcels.c.inducted_at_us.desc())
        self._by_waybill = Lookup(line, newest)

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        """Parcels whose waybill or id starts with ``text``, newest first; all of them for an empty text."""
        wanted = text.strip()
        query = select(parcels).order_by(parcels.c.inducted_at_us.desc(), parcels.c.parcel).limit(limit)
        if wanted:
            dialect = self._engine.dialect
            query = query.where(
                or_(begins(parcels.c.waybill, wanted.upper(), dialect), begins(parcels.c.parcel, wanted, dialect))
            )
        return [_row(stored) for stored in fetch(self._engine, query)]

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        """Parcel of this id, else the newest with this waybill number."""
        stored = self._by_id.first(parcel_or_waybill) or self._by_waybill.first(parcel_or_waybill.upper())
        return None if stored is None else _row(stored)

    def holds(self, parcel: ParcelId) -> bool:
        """Whether there is, or was, a parcel of this id."""
        return self._by_id.first(parcel) is not None

    def live(self) -> Sequence[ParcelRow]:
        """Parcels that have no final state yet, oldest first."""
        query = select(parcels).where(parcels.c.finished_at_us.is_(None)).order_by(parcels.c.inducted_at_us)
        return [_row(stored) for stored in fetch(self._engine, query)]
