"""Soak: after a kill the hub goes on at once, also with ten million events stored (it replays only what is open)."""

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from flows.hand_hall import hand_hall, hub_process, until_up, write_hub
from karez.domain import events as ev
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.eventstore.store import EventStore

_LIVE, _FINISHED, _EVENTS_EACH = 200, 1_250_000, 8


def fill(database: Path) -> None:
    """Two hundred parcels on the sorter, and ten million events of parcels that have left it."""
    store = EventStore.open_writing(f"sqlite:///{database}")
    for number in range(_LIVE):
        parcel = ParcelId(f"live{number}")
        history = [
            ev.ParcelInducted(parcel, 1000 + number, "I1", 0),
            ev.ParcelScanned(parcel, 1000 + number, 1, 0),
            ev.ParcelRead(parcel, f"SF{number:013d}", "sf", None, False, 0.99, "code", "Code128", None, "C1", 1.0),
            ev.ParcelAssigned(parcel, 1, ChuteId("A"), (), "plan", "by hand", None),
            ev.DivertOrdered(parcel, OrderId(f"o{number}"), 1, ChuteId("A"), (), "plan", None),
        ]
        store.append(ev.parcel_stream(parcel), 0, history)
    store.close()
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " SELECT i FROM n",
            (_FINISHED,),
        )
        body = """'{"parcel":"h' || i || '","carrier":7,"lap":1,"plc_ts_ms":12,"codes":[]}'"""
        for k in range(_EVENTS_EACH):
            connection.execute(
                f"INSERT INTO events SELECT ? + (i - 1) * ? + ?, 'parcel-h' || i, ?, 1700000000000000 + i * 1000,"
                f" 'parcel.scanned', 1, {body} FROM n",
                (_LIVE * 5, _EVENTS_EACH, k + 1, k + 1),
            )
        connection.execute(
            "INSERT INTO parcels SELECT 'h' || i, 'YT' || i, 'yto', 'diverted', 'A', 'KS', NULL, 1,"
            " 1700000000000000 + i * 1000, 1700000000000000 + i * 1000 FROM n"
        )
        connection.execute("UPDATE projections SET position = (SELECT MAX(position) FROM events)")
    connection.close()


@pytest.mark.soak
async def test_after_a_kill_orders_go_out_again_with_ten_million_events_stored(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    (tmp_path / "data").mkdir()
    fill(tmp_path / "data" / "karez.db")
    for run in (1, 2):
        started = time.monotonic()
        with hub_process(config) as process:
            settings = await until_up(config, process)
            async with hand_hall(settings, session=f"hand-{run}") as hall:
                parcel = hall.parcel(run)
                while parcel not in {order.parcel for order in hall.orders}:
                    await hall.answered(len(hall.orders) + 1)
                print(f"\nrun {run}: {time.monotonic() - started:.1f} s from start to a new decision")
                again = {order.order for order in hall.orders}
                assert {f"o{number}" for number in range(_LIVE)} <= again
            os.killpg(process.pid, signal.SIGKILL)
