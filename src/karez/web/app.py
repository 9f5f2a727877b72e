"""The web application: rooms and pages put together; `create_app` is its only door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

import karez
from karez.hub.shift import RunningShift
from karez.settings import Settings
from karez.web.access import Doorkeeper, Sessions, check_settings
from karez.web.api import health_routes, intake_routes, reading_routes
from karez.web.api_page import api_page_routes
from karez.web.doors import Control, Events, Parcels, Pictures, PlanView
from karez.web.faults import add_fault_answers
from karez.web.follow import Follower
from karez.web.hall_page import HallPage, hall_routes
from karez.web.metrics import metrics_routes, of_shift
from karez.web.pages import Pages
from karez.web.parcels_page import ParcelPages, parcel_routes
from karez.web.sign_in import preference_routes, sign_in_routes


def utc_now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    store: Events,
    parcels: Parcels,
    pictures: Pictures,
    control: Control,
    plan: PlanView,
    clock: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """Put the web application together.

    Parameters
    ----------
    store, parcels, pictures
        Reading sides; they may be of another process than control.
    control
        The running control process.
    plan
        What to draw.

    Raises
    ------
    BadConfig
        When the hub would listen beyond loopback without a token.
    """
    check_settings(settings.web)
    sessions = Sessions(settings.web.token) if settings.web.token else None
    shift = RunningShift(settings.availability, settings.hub.time_zone, [view.id for view in plan.chutes])
    pages, follower = Pages(settings), Follower(store, control, clock, shift.apply)
    hall = HallPage(settings, plan, pages, follower)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(follower.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    app = FastAPI(
        title="Karez",
        version=karez.__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Doorkeeper, web=settings.web, sessions=sessions)],
    )
    app.state.follower = follower
    shown = ParcelPages(store, parcels, pictures, plan, pages, follower)
    for routes in (
        hall_routes(hall, pages, follower),
        parcel_routes(shown),
        api_page_routes(app, pages, follower),
        preference_routes(),
        intake_routes(settings, control),
        reading_routes(store, parcels, follower),
        health_routes(store, follower),
        metrics_routes(control, lambda: of_shift(shift.report(clock()))),
    ):
        app.include_router(routes)
    if sessions:
        app.include_router(sign_in_routes(pages, sessions))
    add_fault_answers(app, pages, follower)
    app.mount("/static", StaticFiles(packages=[("karez.web", "static")]), name="static")
    return app
