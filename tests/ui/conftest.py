"""A hub's web application on a free loopback port, its day going on, and a Chromium that tells what went wrong."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from karez.settings import HubSection, Settings, WebSection
from karez.web.app import create_app
from web.fake_day import Day, FakeControl, FakeParcels, FakePictures, FakeStore, Playing, plan_view, utc_now

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PARCELS = 1_000
PER_HOUR = 18_000
PLAYED_S = 60.0
"""300 parcels have come before the first page is opened; the others come while the tests look on."""


@dataclass
class LiveHub:
    """A served hub and what it stands on."""

    url: str
    store: FakeStore
    control: FakeControl


@contextmanager
def served(pictures: Path, goes_on: bool = True) -> Iterator[LiveHub]:
    """Serve a hub whose day goes on, or stands still: then only what a test appends happens."""
    plan, store, control = plan_view(), FakeStore(), FakeControl()
    playing = Playing(store, Day(PARCELS, PER_HOUR, 1, plan).moments, utc_now(), PLAYED_S)
    settings = Settings(hub=HubSection(simulated=True), web=WebSection(language="en"))
    app = create_app(settings, store, FakeParcels(store), FakePictures(pictures), control, plan)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    over = threading.Event()

    def play() -> None:
        while goes_on and not over.wait(0.05):
            playing.advance(utc_now())

    threads = [
        threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True),
        threading.Thread(target=play, daemon=True),
    ]
    for thread in threads:
        thread.start()
    while not server.started:
        time.sleep(0.02)
    yield LiveHub(f"http://127.0.0.1:{listening.getsockname()[1]}", store, control)
    over.set()
    server.should_exit = True
    for thread in threads:
        thread.join(10)
    listening.close()


@pytest.fixture(scope="module")
def live_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    with served(tmp_path_factory.mktemp("pictures")) as hub:
        yield hub


@pytest.fixture(scope="module")
def playwright_here() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright_here: Playwright) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing — install the Debian package chromium (apt-get install chromium)")
    browser = playwright_here.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
    yield browser
    browser.close()


@dataclass
class Watched:
    """A page with everything that it complained of and every machine it called."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


Open = Callable[..., Watched]
Size = tuple[int, int]


@pytest.fixture
def open_page(browser: Browser, live_hub: LiveHub) -> Iterator[Open]:
    contexts = []

    def open_page(
        path: str, language: str = "en", size: tuple[int, int] = (1280, 720), url: str = "", **looks: Any
    ) -> Watched:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, **looks)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "karez_language", "value": language, "url": url or live_hub.url}])
        watched = Watched(context.new_page())
        watched.page.on("console", lambda said: _note(watched, said.type, said.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("request", lambda request: watched.hosts.add(urlsplit(request.url).hostname or ""))
        watched.page.goto((url or live_hub.url) + path)
        return watched

    yield open_page
    for context in contexts:
        context.close()


def _note(watched: Watched, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        watched.complaints.append(f"{kind}: {text}")


@pytest.fixture(scope="module")
def screenshots() -> Path:
    folder = Path(os.environ.get("KAREZ_SCREENSHOTS", Path(__file__).parent / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
