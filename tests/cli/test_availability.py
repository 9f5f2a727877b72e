"""`karez availability` over a real store: windows, states from before them, and what it prints."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from karez.cli import app
from karez.cli.availability import measured, position_before, report_record
from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId, StreamId
from karez.eventstore.append import Append, Entry
from karez.eventstore.store import EventStore
from karez.settings import Settings, load
from small_hub import write_files

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A hub whose store holds two hours: chute C closed since the first, three parcels, a sorter that stood."""
    settings = load(write_files(tmp_path)).settings
    settings.hub.data_dir.mkdir()
    now = [DAY]
    store = EventStore.open_writing(settings.store_url, lambda: now[0])

    def at(second: float, stream: str, *events: ev.Event) -> None:
        now[0] = DAY + timedelta(seconds=second)
        store.submit(Append([Entry(StreamId(stream), events)])).result()

    at(0, "hub", ev.HubStarted("small", "0", 0, True), ev.SorterConnected("plc", "s", 0))
    at(10, "chute-C", ev.ChuteChanged(ChuteId("C"), "closed", None, 0))
    for number in range(3):
        at(3600 + number, f"parcel-p{number}", ev.ParcelInducted(ParcelId(f"p{number}"), 1, "I1", 0))
    for number, took_s in enumerate((100, 200, 400)):
        at(3600 + number + took_s, f"parcel-p{number}", ev.ParcelDiverted(ParcelId(f"p{number}"), ChuteId("A"), 0))
    at(5000, "hub", ev.SorterChanged("sorter", "loop", "stopped", None, 0))
    at(5360, "hub", ev.SorterChanged("sorter", "loop", "running", None, 0))
    store.close()
    return settings


def test_a_window_knows_what_was_down_before_it(settings: Settings) -> None:
    store = EventStore.open_reading(settings.store_url)
    report = measured(store, settings, DAY + timedelta(hours=1), DAY + timedelta(hours=2))
    down = {part.name: part.down_s for part in report.parts if part.down_s}
    assert down == {"C": 3600, "sorter": 360}
    assert report.technical == pytest.approx(0.9), "nothing fell into C, so it weighs nothing"
    assert report.technical_unweighted == pytest.approx(0.9 * 3 / 4), "one of four chutes was closed"
    assert (report.parcels, report.in_time) == (3, 2)
    earlier = measured(store, settings, DAY + timedelta(hours=1), DAY + timedelta(seconds=5000))
    assert "sorter" not in {part.name for part in earlier.parts if part.down_s}
    store.close()


def test_the_window_s_first_event_is_found_by_halving(settings: Settings) -> None:
    store = EventStore.open_reading(settings.store_url)
    events = store.read()
    for recorded in events:
        before = [each.position for each in events if each.at < recorded.at]
        assert position_before(store, recorded.at) == max(before, default=0)
    assert position_before(store, DAY + timedelta(days=1)) == events[-1].position
    store.close()


def test_the_command_tells_the_same_as_text_and_as_json(settings: Settings, tmp_path: Path) -> None:
    config, run = ["--config", str(tmp_path / "hub.toml")], CliRunner().invoke
    window = ["--from", "2026-03-01T09:00", "--to", "2026-03-01T02:00Z"]  # 09:00 in Kashi is 01:00 UTC
    found = run(app, ["availability", *window, "--json", *config])
    assert found.exit_code == 0, found.output
    record = json.loads(found.stdout)
    store = EventStore.open_reading(settings.store_url)
    window_s = DAY + timedelta(hours=1), DAY + timedelta(hours=2)
    assert record == json.loads(json.dumps(report_record(measured(store, settings, *window_s))))
    store.close()
    shown = run(app, ["availability", *window, *config]).stdout
    assert "90.00 %" in shown and "2 of 3 parcels in time" in " ".join(shown.split())


def test_every_field_is_in_the_reference(settings: Settings) -> None:
    store = EventStore.open_reading(settings.store_url)
    record = report_record(measured(store, settings, DAY, DAY + timedelta(hours=2)))
    store.close()
    root = Path(__file__).parents[2]
    page = (root / "docs/reference/json.md").read_text("utf-8").partition("## `karez availability --json`")[2]
    fields = [*record, *record["parts"][0], *record["hours"][0]]
    assert [field for field in fields if field not in page.partition("\n## ")[0]] == []
