"""A hub's web application on a free loopback port, its day going on, and a Chromium that tells what went wrong."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from karez.settings import HubSection, Settings, WebSection
from karez.web.app import create_app
from web.fake_day import Day, FakeControl, FakeParcels, FakePictures, FakeStore, Playing, plan_view, utc_now

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PARCELS = 300
PER_HOUR = 18_000


@dataclass
class LiveHub:
    """A served hub; `play` lets its day go on by so many seconds at once."""

    url: str
    store: FakeStore
    control: FakeControl


@pytest.fixture(scope="session")
def live_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    plan, store, control = plan_view(), FakeStore(), FakeControl()
    playing = Playing(store, Day(PARCELS, PER_HOUR, 1, plan).moments, utc_now(), 0.7 * PARCELS * 3600 / PER_HOUR)
    settings = Settings(hub=HubSection(simulated=True), web=WebSection(language="en"))
    pictures = FakePictures(tmp_path_factory.mktemp("pictures"))
    app = create_app(settings, store, FakeParcels(store), pictures, control, plan)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    over = threading.Event()

    def play() -> None:
        while not over.wait(0.05):
            playing.advance(utc_now())

    player = threading.Thread(target=play, daemon=True)
    serving.start()
    player.start()
    while not server.started:
        time.sleep(0.02)
    yield LiveHub(f"http://127.0.0.1:{listening.getsockname()[1]}", store, control)
    over.set()
    server.should_exit = True
    serving.join(10)
    player.join(5)
    listening.close()


@pytest.fixture(scope="session")
def playwright_here() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_here: Playwright) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing — install the Debian package chromium (apt-get install chromium)")
    browser = playwright_here.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


@dataclass
class Watched:
    """A page with everything that it complained of and every machine it called."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


Open = Callable[..., Watched]


@pytest.fixture
def open_page(browser: Browser, live_hub: LiveHub) -> Iterator[Open]:
    contexts = []

    def open_page(
        path: str, language: str = "en", width: int = 1280, height: int = 720, scheme: str = "light", motion: str = "no-preference"
    ) -> Watched:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion=motion,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.add_cookies([{"name": "karez_language", "value": language, "url": live_hub.url}])
        watched = Watched(context.new_page())
        watched.page.on("console", lambda said: _note(watched, said.type, said.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("request", lambda request: watched.hosts.add(urlsplit(request.url).hostname or ""))
        watched.page.goto(live_hub.url + path)
        return watched

    yield open_page
    for context in contexts:
        context.close()


def _note(watched: Watched, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        watched.complaints.append(f"{kind}: {text}")


@pytest.fixture(scope="session")
def screenshots() -> Path:
    folder = Path(os.environ.get("KAREZ_SCREENSHOTS", Path(__file__).parent / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
