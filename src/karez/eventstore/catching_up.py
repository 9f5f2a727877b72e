"""A projection that is new in this version is filled from the events of before; then every commit keeps it."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from karez.domain.events import Recorded
from karez.eventstore import parcel_index, standing
from karez.eventstore import schema as tables
from karez.eventstore.codec import recorded
from karez.eventstore.parcel_row import ParcelRow, after

_AT_ONCE = 5000


def catch_up(engine: Engine) -> None:
    """Fill what was never filled, each projection in one transaction."""
    for name, fill in (("parcels", _fill_parcels), ("standing", _fill_standing)):
        with engine.begin() as connection:
            known = select(tables.projections.c.position).where(tables.projections.c.name == name)
            if connection.execute(known).first() is None:
                fill(connection)
                last = connection.execute(select(func.max(tables.events.c.position))).scalar() or 0
                connection.execute(insert(tables.projections).values(name=name, position=last))


def _fill_parcels(connection: Connection) -> None:
    def take(batch: Iterable[Recorded]) -> None:
        touched: dict[str, ParcelRow | None] = {}
        for each in batch:
            parcel = getattr(each.event, "parcel", None)
            if parcel is not None:
                if parcel not in touched:
                    touched[parcel] = parcel_index.load(connection, parcel) if each.version > 1 else None
                touched[parcel] = after(touched[parcel], each)
        rows = [parcel_index.values(row) for row in touched.values() if row is not None]
        if rows:
            _replace(connection, rows)

    _each_batch(connection, select(tables.events), take)


def _replace(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    names = [column.name for column in tables.parcels.columns]
    statement = (sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert)(tables.parcels)
    changed = {name: statement.excluded[name] for name in names if name != "parcel"}
    statement = statement.on_conflict_do_update(index_elements=["parcel"], set_=changed)
    connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])


def _fill_standing(connection: Connection) -> None:
    stands: dict[standing.Place, int] = {}

    def take(batch: Iterable[Recorded]) -> None:
        for each in batch:
            place = standing.place_of(each.event)
            if place is not None:
                stands[place] = each.position
                if standing.ends(each.event):
                    del stands[place]

    _each_batch(connection, select(tables.events).where(tables.events.c.kind.in_(standing.KINDS)), take)
    if stands:
        rows = [{"what": what, "place": place, "position": position} for (what, place), position in stands.items()]
        connection.execute(insert(tables.standing), rows)


def _each_batch(connection: Connection, query: Select[Any], take: Callable[[Iterable[Recorded]], None]) -> None:
    position = 0
    while True:
        some = query.where(tables.events.c.position > position).order_by(tables.events.c.position).limit(_AT_ONCE)
        batch = [recorded(row) for row in connection.execute(some)]
        if not batch:
            return
        take(batch)
        position = batch[-1].position
