"""Durable before it acts: what may only happen once its events are on disk, done in order, after the commit."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from time import monotonic

from karez.domain import events as ev
from karez.eventstore.append import Append
from karez.eventstore.store import EventStore

log = logging.getLogger("karez.hub")
Act = Callable[[], Awaitable[None]]


class Latencies:
    """The last few thousand times of one stage, in milliseconds."""

    def __init__(self, most: int = 20_000) -> None:
        self._ms: deque[float] = deque(maxlen=most)

    def add(self, ms: float) -> None:
        """Take in one more."""
        self._ms.append(ms)

    def quantile(self, share: float) -> float | None:
        """Value that ``share`` of the times do not exceed (nearest rank); ``None`` without any."""
        if not self._ms:
            return None
        ordered = sorted(self._ms)
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

    def __len__(self) -> int:
        return len(self._ms)


def _tell(events: Iterable[ev.Event]) -> None:
    """Write into the log what a technician looks for there: links and alarms."""
    for event in events:
        match event:
            case ev.AlarmRaised():
                log.warning(
                    "alarm %s at %s (priority %d): %s", event.key, event.place, event.priority, event.explanation
                )
            case ev.AlarmCleared():
                log.info("alarm %s at %s is over", event.key, event.place)
            case ev.SorterConnected():
                log.info("sorter connected: %s, session %s", event.peer, event.session)
            case ev.SorterDisconnected():
                log.warning("sorter disconnected: %s: %s", event.peer, event.reason)
            case _:
                pass


class Commits:
    """A queue of appends and the acts that wait for them.

    The store's writer commits in the order of submission, so the acts run in that order too. An append that the store
    refuses is a broken promise: `run` raises, the control process ends, and its supervisor starts it again from what is
    stored.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._waiting: asyncio.Queue[tuple[Future[int], Act | None]] = asyncio.Queue()
        self.commit_ms = Latencies()

    def put(self, append: Append, then: Act | None = None) -> None:
        """Submit an append; ``then`` runs once it is durable."""
        for entry in append.entries:
            if entry.stream == ev.HUB_STREAM:
                _tell(entry.events)
        self._waiting.put_nowait((self._timed(self._store.submit(append)), then))

    def _timed(self, future: Future[int]) -> Future[int]:
        started = monotonic()
        future.add_done_callback(lambda _: self.commit_ms.add((monotonic() - started) * 1000))
        return future

    async def run(self) -> None:
        """Carry out acts as their commits come in, until cancelled."""
        while True:
            future, then = await self._waiting.get()
            await asyncio.wrap_future(future)
            if then is not None:
                await then()
            self._waiting.task_done()

    async def stored(self, append: Append) -> None:
        """Submit an append, and wait until it (and so what was submitted before it) is durable."""
        done = asyncio.Event()

        async def act() -> None:
            done.set()

        self.put(append, act)
        await done.wait()

    async def drained(self) -> None:
        """Wait until nothing waits."""
        await self._waiting.join()
