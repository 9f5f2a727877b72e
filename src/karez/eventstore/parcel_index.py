"""A projection: one row a parcel, for search and for finding what is still open after a restart."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, case, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from karez.domain import events as ev
from karez.domain.ids import ParcelId
from karez.domain.parcels import FINAL, ParcelState
from karez.eventstore.codec import microseconds, moment
from karez.eventstore.database import reading
from karez.eventstore.parcel_row import ParcelRow, after
from karez.eventstore.schema import parcels

NAME = "parcels"


def _row(stored: Any) -> ParcelRow:
    return ParcelRow(
        parcel=ParcelId(stored.parcel),
        waybill=stored.waybill,
        company=stored.company,
        state=ParcelState(stored.state),
        chute=stored.chute,
        area=stored.area,
        county_name=stored.county_name,
        laps=stored.laps,
        inducted_at=moment(stored.inducted_at_us),
        finished_at=None if stored.finished_at_us is None else moment(stored.finished_at_us),
    )


def _values(row: ParcelRow) -> dict[str, Any]:
    return {
        "parcel": row.parcel,
        "waybill": row.waybill,
        "company": row.company,
        "state": row.state.value,
        "chute": row.chute,
        "area": row.area,
        "county_name": row.county_name,
        "laps": row.laps,
        "inducted_at_us": microseconds(row.inducted_at),
        "finished_at_us": None if row.finished_at is None else microseconds(row.finished_at),
    }


def project(connection: Connection, batch: Iterable[ev.Recorded]) -> None:
    """Bring the rows of the batch's parcels up to date, in the transaction that stores the events."""
    touched: dict[str, ParcelRow | None] = {}
    for recorded in batch:
        parcel = getattr(recorded.event, "parcel", None)
        if parcel is None:
            continue
        if parcel not in touched:
            touched[parcel] = _load(connection, parcel) if recorded.version > 1 else None
        touched[parcel] = after(touched[parcel], recorded)
    rows = [_values(row) for row in touched.values() if row is not None]
    if rows:
        insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        statement = insert(parcels)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "parcel"}
        connection.execute(statement.on_conflict_do_update(index_elements=["parcel"], set_=changed), rows)


def _load(connection: Connection, parcel: str) -> ParcelRow | None:
    stored = connection.execute(select(parcels).where(parcels.c.parcel == parcel)).first()
    return None if stored is None else _row(stored)


class ParcelIndex:
    """Reading side of the index; safe to use from any process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        """Parcels whose waybill or id starts with ``text``, newest first; all of them for an empty text."""
        wanted = text.strip()
        query = select(parcels).order_by(parcels.c.inducted_at_us.desc(), parcels.c.parcel).limit(limit)
        if wanted:
            query = query.where(
                or_(
                    parcels.c.waybill.startswith(wanted.upper(), autoescape=True),
                    parcels.c.parcel.startswith(wanted, autoescape=True),
                )
            )
        with reading(self._engine) as connection:
            return [_row(stored) for stored in connection.execute(query)]

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        """Parcel of this id, else the newest with this waybill number."""
        query = (
            select(parcels)
            .where(or_(parcels.c.parcel == parcel_or_waybill, parcels.c.waybill == parcel_or_waybill.upper()))
            .order_by(
                case((parcels.c.parcel == parcel_or_waybill, 0), else_=1),
                parcels.c.inducted_at_us.desc(),
            )
            .limit(1)
        )
        with reading(self._engine) as connection:
            stored = connection.execute(query).first()
        return None if stored is None else _row(stored)

    def live(self) -> Sequence[ParcelRow]:
        """Parcels that have no final state yet, oldest first."""
        final = [state.value for state in FINAL]
        query = select(parcels).where(parcels.c.state.not_in(final)).order_by(parcels.c.inducted_at_us)
        with reading(self._engine) as connection:
            return [_row(stored) for stored in connection.execute(query)]
