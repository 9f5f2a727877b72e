"""The JSON API for machines: pictures and order data in, events out, health."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, StreamingResponse

from karez.domain.errors import BadInput, KarezError
from karez.domain.events import Recorded
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.hub.doorway import FrameAnswer
from karez.settings import Settings
from karez.web.doors import Control, Events, ParcelRow, Parcels
from karez.web.follow import Follower
from karez.web.live import event_stream, message
from karez.web.uploads import receive_file

RETRY_AFTER_S = 1
_MOST_ADVICE_BYTES = 64_000_000
_MOST_EVENTS = 1000
_BODY_DOC: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}


def event_json(recorded: Recorded) -> dict[str, Any]:
    """Give an event as the API shows it; kind and schema number are stable, fields are those of `karez.domain`."""
    return {
        "position": recorded.position,
        "stream": recorded.stream,
        "version": recorded.version,
        "at": recorded.at.isoformat(),
        "kind": recorded.event.kind,
        "schema": recorded.event.schema,
        "data": msgspec.to_builtins(recorded.event),
    }


def parcel_json(row: ParcelRow) -> dict[str, Any]:
    """Give one row of the parcel index."""
    return {
        "parcel": row.parcel,
        "waybill": row.waybill,
        "company": row.company,
        "state": str(row.state),
        "chute": row.chute,
        "area": row.area,
        "county_name": row.county_name,
        "laps": row.laps,
        "inducted_at": row.inducted_at.isoformat() if row.inducted_at else None,
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }


def unavailable(what: str) -> JSONResponse:
    """Answer that the hub cannot take it now, and when to come again."""
    body = {"error": "unavailable", "what": what, "where": "hub", "advice": f"try again in {RETRY_AFTER_S} s"}
    return JSONResponse(body, 503, {"Retry-After": str(RETRY_AFTER_S)})


def _captured_at(text: str | None) -> datetime | None:
    if not text:
        return None
    advice = "write ISO 8601 with a zone, for example 2026-03-01T08:15:30.250+08:00"
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in a query arrives as a space
    except ValueError:
        raise BadInput(f"{text!r} is no time", "captured_at", advice) from None
    if at.tzinfo is None:
        raise BadInput(f"{text!r} names no time zone", "captured_at", advice)
    return at


def intake_routes(settings: Settings, control: Control) -> APIRouter:
    """Give the doors for pictures and order data."""
    router = APIRouter(prefix="/api", tags=["intake"])
    most_bytes = int(settings.frames.max_mb * 1_000_000)

    @router.post(
        "/frames",
        status_code=202,
        openapi_extra=_BODY_DOC,
        summary="Hand in one picture",
        responses={400: {}, 413: {}, 503: {}},
    )
    async def frames(
        request: Request,
        camera: str | None = None,
        captured_at: str | None = None,
        parcel: str | None = None,
        trigger: str | None = None,
    ) -> JSONResponse:
        """Take a picture (JPEG, PNG, WebP, TIFF) with its camera and the PLC's parcel or trigger id.

        The fields may stand in the query or in the form. 202: it waits for a reader. 503: the queue is full, or the
        control process does not answer; try again after ``Retry-After`` seconds.
        """
        upload = await receive_file(request, most_bytes)
        named = {"camera": camera, "captured_at": captured_at, "parcel": parcel, "trigger": trigger}
        fields = upload.fields | {name: value for name, value in named.items() if value}
        if not fields.get("camera"):
            raise BadInput("is missing", "camera", "name the camera in the query or in the form")
        at = _captured_at(fields.get("captured_at"))
        owner = ParcelId(fields["parcel"]) if fields.get("parcel") else None
        frame = Frame(upload.data, fields["camera"], at, owner, fields.get("trigger"))
        return _frame_answer(frame, await control.frame(frame))

    @router.post(
        "/advice", openapi_extra=_BODY_DOC, summary="Hand in pre-advice", responses={400: {}, 413: {}, 503: {}}
    )
    async def advice(request: Request, name: str | None = None) -> JSONResponse:
        """Take a CSV file of order data (waybill, company, address, …); tells how many rows were taken, and faults."""
        upload = await receive_file(request, _MOST_ADVICE_BYTES)
        report = await control.advice(name or upload.fields.get("name") or upload.filename or "upload.csv", upload.data)
        if report is None:
            return unavailable("the control process does not answer")
        faults = [{"line": line, "field": field, "what": what} for line, field, what in report.faults]
        return JSONResponse({"rows": report.rows, "rejected": report.rejected, "faults": faults})

    return router


def _frame_answer(frame: Frame, answer: FrameAnswer) -> JSONResponse:
    if answer is FrameAnswer.ACCEPTED:
        return JSONResponse({"answer": "accepted", "picture": frame.picture}, 202)
    if answer is FrameAnswer.QUEUE_FULL:
        return unavailable("the queue of pictures is full")
    return unavailable("the control process does not answer")


def reading_routes(store: Events, parcels: Parcels, follower: Follower) -> APIRouter:
    """Give the doors through which events and parcels are read."""
    router = APIRouter(tags=["events"])

    @router.get("/api/events", summary="Read events")
    def events(
        after: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=_MOST_EVENTS)] = 100
    ) -> JSONResponse:
        """Give events after a position, in order; ``next`` is the position to go on from."""
        found = [event_json(each) for each in store.read(after, limit)]
        following = found[-1]["position"] if found else after
        return JSONResponse({"events": found, "next": following, "last": store.last_position()})

    @router.get("/api/parcels", summary="Search parcels")
    def search(q: str = "", limit: Annotated[int, Query(ge=1, le=500)] = 50) -> JSONResponse:
        """Give parcels whose waybill number or id begins with ``q``, newest first."""
        return JSONResponse({"parcels": [parcel_json(row) for row in parcels.search(q.strip(), limit)]})

    @router.get("/stream", summary="Follow events", response_class=StreamingResponse)
    async def stream(request: Request, after: Annotated[int | None, Query(ge=0)] = None) -> StreamingResponse:
        """Send events as they come (server-sent events), after ``Last-Event-ID`` or ``after``, else from now on."""
        known = request.headers.get("last-event-id", "")
        position = int(known) if known.isdigit() else after
        if position is None:
            position = await asyncio.to_thread(store.last_position)
        return event_stream(_events(store, follower, position))

    return router


async def _events(store: Events, follower: Follower, position: int) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    while True:
        tick = follower.tick
        batch = await asyncio.to_thread(store.read, position, _MOST_EVENTS)
        for recorded in batch:
            position = recorded.position
            yield message(recorded.event.kind, json.dumps(event_json(recorded), ensure_ascii=False), position)
        if not batch:
            yield b": still here\n\n"
            await follower.wait(tick, 10.0)


def health_routes(store: Events, follower: Follower) -> APIRouter:
    """Give the health check."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Is the hub well?", responses={503: {}})
    async def healthz() -> JSONResponse:
        """Answer 200 when the store can be read and the control process answers, else 503 with the reasons."""
        reasons = []
        try:
            await asyncio.to_thread(store.last_position)
        except (KarezError, OSError) as fault:
            reasons.append(f"event store: {fault}")
        if not await follower.ask_control():
            reasons.append("control: does not answer")
        return JSONResponse({"ok": not reasons, "reasons": reasons}, 503 if reasons else 200)

    return router
