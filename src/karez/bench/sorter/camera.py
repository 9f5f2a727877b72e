"""The cameras: a process that posts a drawn picture for each parcel the generator names, as it is inducted."""

import asyncio
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from karez.bench.sorter.elsewhere import be_elsewhere
from karez.hub.process import end_with_parent

_AT_ONCE = 16


@dataclass(slots=True)
class Posted:
    """What became of the pictures: taken in, refused because the readers' queue was full, or not answered."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0


def photograph(parent: Connection, named: Connection, page: str, pictures: Sequence[Path]) -> None:
    """Body of the process: sends `Posted` when the generator has closed its end."""
    end_with_parent()
    be_elsewhere()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent.send(asyncio.run(_post_all(named, page, [path.read_bytes() for path in pictures])))


async def _post_all(named: Connection, page: str, pictures: Sequence[bytes]) -> Posted:
    posted, posting = Posted(), set[asyncio.Task[None]]()
    limits = httpx.Limits(max_connections=_AT_ONCE)
    async with httpx.AsyncClient(base_url=page, timeout=30, trust_env=False, limits=limits) as web:
        started = time.monotonic()
        while (parcel := await asyncio.to_thread(_next, named)) is not None:
            task = asyncio.create_task(_post(web, posted, parcel[0], pictures[parcel[1]]))
            posting.add(task)
            task.add_done_callback(posting.discard)
            posted.seconds = time.monotonic() - started
        await asyncio.gather(*posting)
    return posted


def _next(named: Connection) -> tuple[str, int] | None:
    try:
        parcel: tuple[str, int] = named.recv()
    except EOFError:
        return None
    return parcel


async def _post(web: httpx.AsyncClient, posted: Posted, parcel: str, picture: bytes) -> None:
    """Post once: a picture that is refused has its next chance on the next lap, which the bench does not take."""
    try:
        answer = await web.post("api/frames", params={"camera": "C1", "parcel": parcel}, content=picture)
    except httpx.TransportError:
        posted.failed += 1
        return
    posted.accepted += answer.is_success
    posted.refused += answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    posted.failed += not answer.is_success and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE
