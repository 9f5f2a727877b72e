"""One live Hall page: in Chromium where it and Playwright are there, else its stream read by an HTTP client."""

import importlib.util
import os
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from karez.bench.sorter.elsewhere import be_elsewhere, send_elsewhere
from karez.hub.process import end_with_parent

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
_COUNT_MESSAGES = """
window.karezMessages = 0;
const Made = window.EventSource;
window.EventSource = class extends Made {
  constructor(...words) { super(...words); this.addEventListener("fragments", () => { window.karezMessages += 1; }); }
};
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the page was shown in, and how many messages its stream brought."""

    client: str
    messages: int


def watch(parent: Connection, address: str) -> None:
    """Body of the process: sends ``None`` when the page is open, and `Watched` when it is told to close it."""
    end_with_parent()
    be_elsewhere()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _CHROMIUM.exists() and importlib.util.find_spec("playwright"):
        _in_chromium(parent, address)
    else:
        _by_client(parent, address)


def _in_chromium(parent: Connection, address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=list(_FLAGS))
        page = browser.new_page()
        page.add_init_script(_COUNT_MESSAGES)
        page.goto(address)
        send_elsewhere(os.getpid())
        parent.send(None)
        while not parent.poll():
            page.wait_for_timeout(500)  # lets Playwright take in what the browser says
        parent.recv()
        parent.send(Watched("chromium", int(page.evaluate("window.karezMessages"))))
        browser.close()


def _by_client(parent: Connection, address: str) -> None:
    messages = 0
    with (
        httpx.Client(timeout=None, trust_env=False) as client,
        client.stream("GET", f"{address}live/hall") as stream,
    ):
        parent.send(None)
        for line in stream.iter_lines():
            messages += line.startswith("event: fragments")
            if parent.poll():
                break
    parent.recv()
    parent.send(Watched("HTTP client", messages))
