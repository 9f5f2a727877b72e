"""A store of an earlier version is upgraded where it stands, with all it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from karez.domain import events as ev
from karez.domain.errors import StoreError
from karez.domain.ids import ChuteId, ParcelId, StreamId
from karez.eventstore import migrations
from karez.eventstore.append import Append, Journalled
from karez.eventstore.codec import encode
from karez.eventstore.database import connect, head, revision, upgrade
from karez.eventstore.store import EventStore, utc_now

P1, P2 = ParcelId("p1"), ParcelId("p2")
LINK = ev.AlarmRaised("sorter.link", "sorter", 1, "no link to the PLC")
FULL = ev.AlarmRaised("chute.full", "K07", 3, "chute K07 is full")
K07 = StreamId("chute-K07")
HISTORY: list[tuple[StreamId, ev.Event]] = [
    (ev.parcel_stream(P1), ev.ParcelInducted(P1, 7, "I1", 12)),
    (ev.HUB_STREAM, LINK),
    (ev.parcel_stream(P2), ev.ParcelInducted(P2, 8, "I1", 13)),
    (K07, ev.ChuteChanged(ChuteId("K07"), "full", 100, 14)),
    (ev.HUB_STREAM, FULL),
    (ev.HUB_STREAM, ev.AlarmCleared(LINK.key, LINK.place)),
    (ev.parcel_stream(P2), ev.ParcelDiverted(P2, ChuteId("K07"), 15)),
    (K07, ev.ChuteChanged(ChuteId("K07"), "open", 0, 16)),
]
PARCELS = [(P1, "inducted", None), (P2, "diverted", 8_000_000)]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'karez.db'}"
    new: str = request.getfixturevalue("postgres").new_store()
    return new


@pytest.fixture(params=["0001", "0003"])
def old(request: pytest.FixtureRequest, url: str) -> Iterator[str]:
    """A store as an earlier version left it."""
    engine = connect(url)
    upgrade(engine, utc_now(), to=request.param)
    versions: dict[StreamId, int] = {}
    with engine.begin() as connection:
        for position, (stream, event) in enumerate(HISTORY, 1):
            versions[stream] = versions.get(stream, 0) + 1
            row = (position, stream, versions[stream], position * 1_000_000, event.kind, event.schema, encode(event))
            names = ("position", "stream", "version", "at", "kind", "schema", "data")
            values = ", ".join(f":{name}" for name in names)
            connection.execute(text(f"INSERT INTO events VALUES ({values})"), dict(zip(names, row, strict=True)))
        connection.execute(
            text(
                "INSERT INTO telegrams (at_us, direction, session, seq, type, body)"
                " VALUES (5000000, 'in', 'plc-1', 41, 'SCAN', '{}')"
            )
        )
        if request.param == "0003":
            for name, state, finished in PARCELS:
                row = {"parcel": name, "state": state, "finished": finished}
                insert = (
                    "INSERT INTO parcels (parcel, state, laps, inducted_at_us, finished_at_us, waybill, county_name)"
                )
                connection.execute(
                    text(f"{insert} VALUES (:parcel, :state, 1, 1000000, :finished, 'SF1', 'as it was')"), row
                )
            connection.execute(text("INSERT INTO projections VALUES ('parcels', 8)"))
    assert revision(engine) == request.param != head()
    engine.dispose()
    return request.param


def test_it_is_upgraded_and_goes_on_with_all_it_held(url: str, old: str) -> None:
    with pytest.raises(StoreError, match=old):
        EventStore.open_reading(url)
    store = EventStore.open_writing(url)
    try:
        assert [each.event for each in store.read()] == [event for _, event in HISTORY]
        assert [each.event for each in store.standing()] == [FULL, HISTORY[-1][1]]
        assert [row.parcel for row in store.parcels.live()] == [P1]
        row = store.parcels.get(P2)
        assert row is not None and row.county_name == ("as it was" if old == "0003" else None)
        assert store.last_inbound() == ("plc-1", 41)
        assert store.append(ev.parcel_stream(P1), 1, [ev.ParcelDiverted(P1, ChuteId("K07"), 17)]) == 9
        store.submit(Append(telegrams=[Journalled("in", "plc-1", 42, "DIVERT", "{}")])).result()
        assert [(line.id, line.seq, line.position) for line in store.journal()] == [(1, 41, None), (2, 42, 9)]
        assert store.parcels.live() == []
    finally:
        store.close()


def test_what_was_filled_once_is_not_filled_again(url: str, old: str) -> None:
    EventStore.open_writing(url).close()
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE parcels SET county_name = 'kept' WHERE parcel = 'p1'"))
        filled = connection.execute(text("SELECT name FROM projections ORDER BY name")).scalars().all()
    engine.dispose()
    assert filled == ["parcels", "standing"]
    store = EventStore.open_writing(url)
    row = store.parcels.get(P1)
    store.close()
    assert row is not None and row.county_name == "kept"


def test_the_newest_migration_is_the_one_that_this_version_works_with() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == head()
