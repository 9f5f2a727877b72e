"""The web process: pages and API over the event store, in a process of its own."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import uvicorn

from karez.cli import compose
from karez.cli.plan_view import plan_view
from karez.domain.errors import BadConfig, StoreError
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub.advice import AdviceDesk
from karez.hub.doorway import Doorway
from karez.settings import Settings
from karez.sortplan.plan import SortPlan
from karez.web.app import create_app

_WAIT_S = 60.0
_DOORS = 4
"""Connections to the control process that stay: more than one camera is seldom between question and answer."""
_LOOK_EVERY_S = 2.0


def run_web(settings: Settings) -> None:
    """Serve until told to stop, or until another plan is in force: its supervisor then starts it with that one."""
    assert settings.plan.file is not None, "checked when the hub was started"
    store = _open_when_there(settings.store_url)
    resolver = compose.resolver(settings, store.learned)
    plan = SortPlan.load(settings.plan.file)
    door = Doorway(settings.socket, keep=_DOORS)
    desk = AdviceDesk(door, resolver)
    app = create_app(
        settings=settings,
        store=store,
        parcels=store.parcels,
        pictures=PictureStore(settings.pictures_dir),
        control=desk,
        plan=plan_view(settings.hall, plan, resolver.areas),
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.web.host,
            port=settings.web.port,
            log_config=None,  # as the hub's log is set up
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    )
    asyncio.run(_serve(server, door, _end_on_another_plan(server, desk, plan, settings)))


async def _serve(server: uvicorn.Server, door: Doorway, watch: Coroutine[Any, Any, None]) -> None:
    watching = asyncio.create_task(watch)
    await server.serve()
    watching.cancel()
    door.close()


async def _end_on_another_plan(server: uvicorn.Server, desk: AdviceDesk, plan: SortPlan, settings: Settings) -> None:
    """Stop serving once control works with a plan that is not the one drawn, and that can be read here."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        status = await desk.status()
        in_force = None if status is None else status["plan"]["sha256"]
        if in_force not in (None, plan.sha256) and _on_disk(settings) == in_force:
            server.should_exit = True
            return


def _on_disk(settings: Settings) -> str | None:
    try:
        return SortPlan.load(settings.plan.file).sha256 if settings.plan.file else None
    except BadConfig:
        return None


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
