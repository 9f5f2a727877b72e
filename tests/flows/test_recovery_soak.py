"""Soak: after a kill the hub goes on at once, also with ten million events stored (it replays only what is open)."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.hand_hall import HandHall, hand_hall, hub_process, until_up, write_hub
from karez.bench.sorter.processes import find
from karez.domain import events as ev
from karez.domain.events import Event
from karez.domain.ids import AreaId, ChuteId, OrderId, ParcelId
from karez.eventstore.codec import encode
from karez.eventstore.database import connect
from karez.eventstore.store import EventStore
from karez.settings import load
from postgres import Cluster

_LIVE, _FINISHED, _AT_ONCE = 200, 1_250_000, 125_000
_NUMBER = "#"  # in the text of an event or a telegram: the parcel's
_KILLS = 3


def history(parcel: ParcelId, waybill: str, order: str) -> list[Event]:
    """A parcel that was ordered into chute A."""
    return [
        ev.ParcelInducted(parcel, 7, "I1", 0),
        ev.ParcelScanned(parcel, 7, 1, 0),
        ev.ParcelRead(parcel, waybill, "sf", None, False, 0.99, "code", "Code128", None, "C1", 1.0),
        ev.ParcelResolved(parcel, AreaId("KS"), "653101", "喀什市", None, None, None, 1.0, "sort_code", "by hand"),
        ev.ParcelAssigned(parcel, 1, ChuteId("A"), (), "plan", "by hand", None),
        ev.DivertOrdered(parcel, OrderId(order), 1, ChuteId("A"), (), "plan", None),
    ]


def finished() -> list[Event]:
    """Eight events of a parcel that has left."""
    parcel = ParcelId(f"h{_NUMBER}")
    return [
        *history(parcel, f"YT{_NUMBER}", f"h{_NUMBER}"),
        ev.ParcelRecirculated(parcel, 1, "full", ChuteId("A"), 0),
        ev.ParcelDiverted(parcel, ChuteId("A"), 0),
    ]


def fill(url: str) -> None:
    """Two hundred parcels on the sorter, and ten million events of parcels that have left it."""
    store = EventStore.open_writing(url)
    for number in range(_LIVE):
        parcel = ParcelId(f"live{number}")
        store.append(ev.parcel_stream(parcel), 0, history(parcel, f"SF{number:013d}", f"o{number}"))
    store.close()
    engine = connect(url)
    for first in range(1, _FINISHED, _AT_ONCE):
        with engine.begin() as connection:
            for statement in _statements(first, first + _AT_ONCE - 1):
                connection.exec_driver_sql(statement)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE projections SET position = (SELECT MAX(position) FROM events)")
        stored = connection.exec_driver_sql("SELECT COUNT(*) FROM events").scalar()
    engine.dispose()
    assert stored is not None and stored >= 10_000_000


def _statements(first: int, last: int) -> Iterator[str]:
    """Events, index rows and a telegram each of so many parcels, in words that both databases understand."""
    parcels = (
        f"(WITH RECURSIVE n(i) AS (SELECT {first} AS i UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
        " SELECT i, CAST(i AS TEXT) AS name FROM n) AS parcel"
    )
    events = finished()
    kinds = " UNION ALL ".join(
        f"SELECT {k} AS k, '{event.kind}' AS kind, {event.schema} AS version, '{encode(event)}' AS data"
        for k, event in enumerate(events, 1)
    )
    before, at_us = _LIVE * len(history(ParcelId(""), "", "")), "1700000000000000 + i * 1000"
    yield (
        f"INSERT INTO events SELECT {before} + (i - 1) * {len(events)} + k, 'parcel-h' || name, k, {at_us}, kind,"
        f" version, REPLACE(data, '{_NUMBER}', name) FROM {parcels} CROSS JOIN ({kinds}) AS kinds ORDER BY i, k"
    )
    yield (
        f"INSERT INTO parcels SELECT 'h' || name, 'YT' || name, 'yto', 'diverted', 'A', 'KS', NULL, 1, {at_us}, {at_us}"
        f" FROM {parcels}"
    )
    yield (
        f"INSERT INTO telegrams SELECT i, {at_us}, 'in', 'before', i, 'DIVERT', '{{}}', {before} + i * {len(events)}"
        f" FROM {parcels}"
    )


@pytest.mark.soak
async def test_after_a_kill_orders_go_out_again_with_ten_million_events_in_sqlite(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    (tmp_path / "data").mkdir()
    url = f"sqlite:///{tmp_path / 'data' / 'karez.db'}"
    fill(url)
    await goes_on_after_kills(config, url)


@pytest.mark.soak
async def test_after_a_kill_orders_go_out_again_with_ten_million_events_in_postgresql(
    tmp_path: Path, postgres: Cluster
) -> None:
    url = postgres.new_store()
    fill(url)
    config = write_hub(tmp_path)
    config.write_text(f'{config.read_text("utf-8")}[store]\nurl = "{url}"\n', "utf-8")
    await goes_on_after_kills(config, url)
    postgres.sql(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE")


async def goes_on_after_kills(config: Path, url: str) -> None:
    """Each time the open orders come again under their names, and a new parcel gets its own."""
    assert load(config).settings.store_url == url
    with hub_process(config) as process:
        settings = await until_up(config, process)
        async with hand_hall(settings) as hall:
            await ordered(hall, 0)
            assert {f"o{number}" for number in range(_LIVE)} <= {order.order for order in hall.orders}
            for kill in range(1, _KILLS + 1):
                await asyncio.sleep(4.5)  # it has been up for a while
                repeats = hall.twin.repeats
                control = find(f"hub-process control --config {config}")
                assert control is not None
                os.kill(control, signal.SIGKILL)
                killed_s = time.monotonic()
                await ordered(hall, kill)
                again = hall.twin.repeats - repeats
                print(f"\nkill {kill}: {time.monotonic() - killed_s:.2f} s until a new order, {again} sent again")
                assert again >= _LIVE


async def ordered(hall: HandHall, number: int) -> None:
    """One more parcel comes, and gets its order."""
    parcel = hall.parcel(number)
    async with asyncio.timeout(60):
        while parcel not in {order.parcel for order in hall.orders}:
            await asyncio.sleep(0.005)
