"""Server-sent events: a page's fragments, at most two messages a second, with the event position as their id."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping

from starlette.responses import StreamingResponse

from karez.web.follow import Follower

LEAST_GAP_S = 0.5
"""Two messages a second per page at most; what happens in between is in the next one."""

IDLE_S = 2.0
"""Without news a page still hears from us, so that it can tell a quiet hub from a broken line."""

Parts = Callable[[], Mapping[str, str]]


def message(event: str, data: str, position: int) -> bytes:
    """Give one server-sent event; ``data`` has no line breaks (it is JSON)."""
    return f"id: {position}\nevent: {event}\ndata: {data}\n\n".encode()


async def fragments(follower: Follower, parts: Parts) -> AsyncIterator[bytes]:
    """Send all parts, then those that changed.

    A page that reconnects gets the whole state again: the parts are a projection of all events, so nothing that
    happened in between is missing.
    """
    sent: Mapping[str, str] = {}
    yield b"retry: 1000\n\n"
    while True:
        tick = follower.tick
        current = parts()
        changed = {name: html for name, html in current.items() if sent.get(name) != html}
        sent = current
        yield message("fragments", json.dumps(changed, ensure_ascii=False), follower.hall.position)
        await asyncio.sleep(LEAST_GAP_S)
        await follower.wait(tick, IDLE_S - LEAST_GAP_S)


def event_stream(body: AsyncIterator[bytes]) -> StreamingResponse:
    """Answer with a stream that no proxy may hold back or keep."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(body, media_type="text/event-stream", headers=headers)
