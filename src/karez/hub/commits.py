"""Durable before it acts: what may only happen once its events are on disk, done in order, after the commit."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Protocol

from karez.domain import events as ev
from karez.domain.clock import Clock
from karez.eventstore.append import Append

log = logging.getLogger("karez.hub")
Act = Callable[[], None]


class Appending(Protocol):
    """The store's side of it."""

    def submit(self, append: Append) -> Future[int]:
        """Queue one transaction; futures are done in the order of submission, in whatever thread."""
        ...


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
    refuses is a broken promise: its error is raised in the loop, the control process ends, and its supervisor starts it
    again from what is stored.
    """

    def __init__(self, store: Appending, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._waiting: deque[tuple[Future[int], Act | None]] = deque()
        self._called = False
        self.commit_ms = Latencies()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, append: Append, then: Act | None = None) -> None:
        """Submit an append; ``then`` runs once it is durable."""
        for entry in append.entries:
            if entry.stream == ev.HUB_STREAM:
                _tell(entry.events)
        started_s = self._clock.monotonic_s()
        future = self._store.submit(append)
        self._waiting.append((future, then))
        future.add_done_callback(lambda _: self._stored(started_s))

    def _stored(self, started_s: float) -> None:
        """Run in the writer's thread, once for each append; a commit of many wakes the loop once."""
        self.commit_ms.add((self._clock.monotonic_s() - started_s) * 1000)
        if not self._called:
            self._called = True
            self._clock.call_soon(self._act)

    def _act(self) -> None:
        self._called = False  # before looking: what is stored from now on calls again
        while self._waiting and self._waiting[0][0].done():
            future, then = self._waiting.popleft()
            future.result()
            if then is not None:
                then()

    async def stored(self, append: Append) -> None:
        """Submit an append, and wait until it (and so what was submitted before it) is durable."""
        done = asyncio.Event()
        self.put(append, done.set)
        await done.wait()

    async def drained(self) -> None:
        """Wait until nothing waits."""
        while self._waiting:
            await self.stored(Append())
