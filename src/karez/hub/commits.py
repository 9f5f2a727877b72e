"""Durable before it acts: what may only happen once its events are on disk, done in order, after the commit."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from karez.domain.clock import Clock
from karez.eventstore.append import Append
from karez.hub.stages import Stages
from karez.hub.tally import Tally
from karez.hub.telling import tell

Act = Callable[[], None]


class Appending(Protocol):
    """The store's side of it."""

    def submit(self, append: Append) -> Future[int]:
        """Queue one transaction; futures are done in the order of submission, in whatever thread."""
        ...


class Commits:
    """A queue of appends and the acts that wait for them.

    The store's writer commits in the order of submission, so the acts run in that order too. An append that the store
    refuses is a broken promise: its error is raised in the loop, the control process ends, and its supervisor starts it
    again from what is stored.

    Attributes
    ----------
    stages, tally
        How long things take, and how many of them were committed, since the start.
    """

    def __init__(self, store: Appending, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._waiting: deque[tuple[Future[int], Append, Act | None]] = deque()
        self._called = False
        self.stages, self.tally = Stages(clock.monotonic_s), Tally()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, append: Append, then: Act | None = None) -> None:
        """Submit an append; ``then`` runs once it is durable."""
        tell(append)
        started_s = self._clock.monotonic_s()
        future = self._store.submit(append)
        self._waiting.append((future, append, then))
        future.add_done_callback(lambda _: self._stored(started_s))

    def _stored(self, started_s: float) -> None:
        """Run in the writer's thread, once for each append; a commit of many wakes the loop once."""
        self.stages.commit.add((self._clock.monotonic_s() - started_s) * 1000)
        if not self._called:
            self._called = True
            self._clock.call_soon(self._act)

    def _act(self) -> None:
        self._called = False  # before looking: what is stored from now on calls again
        while self._waiting and self._waiting[0][0].done():
            future, append, then = self._waiting.popleft()
            future.result()
            if then is not None:
                then()
            for parcel in self.tally.committed(append):
                self.stages.over(parcel)

    async def stored(self, append: Append) -> None:
        """Submit an append, and wait until it (and so what was submitted before it) is durable."""
        done = asyncio.Event()
        self.put(append, done.set)
        await done.wait()

    async def drained(self) -> None:
        """Wait until nothing waits."""
        while self._waiting:
            await self.stored(Append())
