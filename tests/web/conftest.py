import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from karez.settings import HubSection, Settings, WebSection
from karez.web.app import create_app
from web.fake_day import Day, FakeControl, FakeParcels, FakePictures, FakeStore, Playing, plan_view

with warnings.catch_warnings():
    # Starlette would rather have httpx2, which the locks do not hold; httpx does all that is used here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOW = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)


@dataclass
class Hub:
    """A web application over a played day, with everything it stands on."""

    client: TestClient
    store: FakeStore
    control: FakeControl

    def wait_until_read(self) -> None:
        """Wait until the pages know the newest event."""
        follower, ends = self.client.app.state.follower, time.monotonic() + 10  # type: ignore[attr-defined]
        while follower.hall.position < len(self.store.recorded):
            assert time.monotonic() < ends, "the events were never read"
            time.sleep(0.01)


def open_hub(folder: Path, web: WebSection, simulated: bool = False, parcels: int = 60) -> TestClient:
    plan, store, control = plan_view(), FakeStore(), FakeControl()
    Playing(store, Day(parcels, 18_000, 1, plan).moments, NOW, parcels / 5 + 60)
    settings = Settings(hub=HubSection(simulated=simulated), web=web)
    app = create_app(settings, store, FakeParcels(store), FakePictures(folder), control, plan, clock=lambda: NOW)
    app.state.fakes = (store, control)
    return TestClient(app, base_url="http://127.0.0.1:8410", raise_server_exceptions=False)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub whose day is over: sixty parcels, all at their end."""
    with open_hub(tmp_path, WebSection(language="en")) as client:
        store, control = client.app.state.fakes
        ends = time.monotonic() + 10
        while not client.app.state.follower.caught_up:  # the day is read beside the first page
            assert time.monotonic() < ends, "the day was never read"
            time.sleep(0.01)
        yield Hub(client, store, control)
