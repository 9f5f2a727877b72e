"""The web process: pages and API over the event store, in a process of its own."""

import time

import uvicorn

from karez.cli import compose
from karez.cli.plan_view import plan_view
from karez.domain.errors import StoreError
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub.advice import AdviceDesk
from karez.hub.doorway import Doorway
from karez.settings import Settings
from karez.web.app import create_app

_WAIT_S = 60.0


def run_web(settings: Settings) -> None:
    """Serve until told to stop."""
    store = _open_when_there(settings.store_url)
    resolver = compose.resolver(settings.address)
    desk = AdviceDesk(Doorway(settings.socket), resolver)
    app = create_app(
        settings=settings,
        store=store,
        parcels=store.parcels,
        pictures=PictureStore(settings.pictures_dir),
        control=desk,
        plan=plan_view(settings, resolver.areas),
    )
    uvicorn.run(app, host=settings.web.host, port=settings.web.port, log_level="warning", timeout_graceful_shutdown=2)


def _open_when_there(url: str) -> EventStore:
    """Open the store that the control process makes or upgrades at its start."""
    ends = time.monotonic() + _WAIT_S
    while True:
        try:
            return EventStore.open_reading(url)
        except StoreError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
