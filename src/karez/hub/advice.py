"""Pre-advice comes in: parsed and resolved outside the control process, committed by it."""

import asyncio
from hashlib import sha256
from typing import Any

import msgspec

from karez.address.advice import parse_advice
from karez.address.resolver import Resolver
from karez.domain.advice import PreAdvice
from karez.domain.events import HUB_STREAM, AdviceImported
from karez.domain.frames import Frame
from karez.eventstore.append import Append, Entry
from karez.hub.advice_memory import AdviceMemory
from karez.hub.commits import Commits
from karez.hub.doorway import AdviceReport, Doorway, FrameAnswer

_ROWS = msgspec.json.Decoder(list[PreAdvice])


class AdviceDesk:
    """What the web room talks to: the control process's door, with pre-advice made ready on this side of it."""

    def __init__(self, doorway: Doorway, resolver: Resolver) -> None:
        self._doorway, self._resolver = doorway, resolver

    async def frame(self, frame: Frame) -> FrameAnswer:
        """Hand in one picture."""
        return await self._doorway.frame(frame)

    async def status(self) -> dict[str, Any] | None:
        """How the control process is."""
        return await self._doorway.status()

    async def metrics(self) -> list[dict[str, Any]] | None:
        """Its figures for Prometheus."""
        return await self._doorway.metrics()

    async def advice(self, name: str, data: bytes) -> AdviceReport | None:
        """Resolve the rows of a courier company's CSV file, and have them stored.

        Returns
        -------
        AdviceReport | None
            ``None`` when the control process does not answer; the file is not in then, and can be handed in again.
        """
        rows, faults = await asyncio.to_thread(parse_advice, data, self._resolver)
        stored = await self._doorway.advice(name, sha256(data).hexdigest(), rows, len(faults))
        return AdviceReport(len(rows), len(faults), tuple(faults)) if stored else None


async def take(head: dict[str, Any], body: bytes, commits: Commits, memory: AdviceMemory) -> dict[str, Any]:
    """Answer an ``advice`` message, once its rows are durable; the last one of a file says that it is in."""
    rows = _ROWS.decode(body)
    imported = head.get("imported")
    entries = [] if imported is None else [Entry(HUB_STREAM, [msgspec.convert(imported, AdviceImported)])]
    await commits.stored(Append(entries, advice=rows))
    memory.forget(row.waybill for row in rows)
    return {"answer": "stored"}
