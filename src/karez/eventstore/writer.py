"""The one writer: gathers what is waiting and commits it together (group commit)."""

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType

from karez.domain.errors import StoreAway, StoreError, StoreFull, StoreTaken
from karez.eventstore.append import Append
from karez.eventstore.books import Books, Page
from karez.eventstore.faults import is_away, is_full, said
from karez.eventstore.pens import pen_for
from karez.eventstore.seat import Seat

_Job = tuple[Append, "Future[int]"]
_MOST_A_COMMIT = 512
_RETRY_S = 0.25


class Trouble(Enum):
    """Why the writer waits and tries again."""

    FULL = auto()
    AWAY = auto()


Tell = Callable[[bool], None]


class Writer:
    """Thread that owns all writing.

    Parameters
    ----------
    seat
        Taken by the caller, left by `close`.
    now
        Clock, aware UTC.
    gather_s
        How long a commit waits for company; 0 takes what is there, which under load is plenty: while one commit
        syncs, the next ones queue up.
    tell
        For each trouble who is told ``True`` when it begins and ``False`` when it is over. What waits is then kept and
        tried again until it is stored; for a trouble without an entry, each waiting append fails.
    committed
        Called behind each commit, in the writer's thread.
    """

    def __init__(
        self,
        seat: Seat,
        now: Callable[[], datetime],
        gather_s: float = 0.0,
        tell: Mapping[Trouble, Tell] = MappingProxyType({}),
        committed: Callable[[], None] | None = None,
    ) -> None:
        self._seat, self._now, self._gather_s, self._tell, self._committed = seat, now, gather_s, tell, committed
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._books, self._pen = Books(seat.connection), pen_for(seat.connection.dialect)
        self._told: set[Trouble] = set()
        self._lost = False
        self._unsure: tuple[Sequence[_Job], Page] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="karez-writer", daemon=True)
        self._thread.start()

    def submit(self, append: Append) -> "Future[int]":
        """Queue one transaction; the future gives the position of its last event once it is on disk."""
        future: Future[int] = Future()
        future.set_running_or_notify_cancel()  # it will be stored: nobody can cancel that by no longer waiting
        if self._stopping.is_set():
            future.set_exception(StoreError("the store is closed"))
            return future
        self._jobs.put((append, future))
        return future

    def close(self) -> None:
        """Store what is waiting, then end the thread and leave the seat."""
        self._stopping.set()
        self._jobs.put(None)
        self._thread.join()
        self._seat.leave()

    def _run(self) -> None:
        ended = False
        while not ended:
            jobs, ended = self._gather()
            if jobs:
                self._store(jobs)
                if self._committed is not None:
                    self._committed()

    def _gather(self) -> tuple[list[_Job], bool]:
        first = self._jobs.get()
        if first is None:
            return [], True
        if self._gather_s:
            time.sleep(self._gather_s)
        jobs = [first]
        while len(jobs) < _MOST_A_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _store(self, jobs: Sequence[_Job], *, trusting: bool = True) -> None:
        while True:
            try:
                results = self._commit(jobs, trusting)
            except Exception as error:  # whatever it is: without its thread the hub would hang in silence
                self._books.forget()
                trouble = _trouble(error)
                if trouble is None:
                    return self._store_apart(jobs, error, trusting)
                if trouble not in self._tell or self._stopping.is_set():
                    return _fail(jobs, _refusal(trouble, error))
                self._wait(trouble)
                continue
            self._over()
            for (_, future), result in zip(jobs, results, strict=True):
                future.set_exception(result) if isinstance(result, StoreError) else future.set_result(result)
            return None

    def _wait(self, trouble: Trouble) -> None:
        if trouble not in self._told:
            self._told.add(trouble)
            self._tell[trouble](True)
        self._stopping.wait(_RETRY_S)

    def _over(self) -> None:
        while self._told:
            self._tell[self._told.pop()](False)

    def _store_apart(self, jobs: Sequence[_Job], error: Exception, trusting: bool) -> None:
        """One bad append must not take its neighbours with it; each is tried alone, and nothing taken on trust."""
        if trusting:
            for job in jobs:
                self._store([job], trusting=False)
        else:
            _fail(jobs, StoreError(f"the event store refused an append: {said(error)}"))

    def _commit(self, jobs: Sequence[_Job], trusting: bool) -> list[int | StoreError]:
        if self._lost:
            found = self._come_back()
            if found is not None and found[0] is jobs:
                return found[1].results
        try:
            page = self._books.page(
                self._seat.connection, [append for append, _ in jobs], self._now(), trusting=trusting
            )
            self._unsure = jobs, page
            self._pen.write(self._seat.driver, self._books.rows(page))
        except Exception as error:  # noted, whatever it is, and raised on: an answer may be lost on its way
            self._lost = is_away(error)
            if not self._lost:
                self._unsure = None
            raise
        self._unsure = None
        self._books.keep(page)
        return page.results

    def _come_back(self) -> "tuple[Sequence[_Job], Page] | None":
        """Take the seat again; gives the commit whose answer was lost, if it had come through."""
        self._seat.take_again()
        unsure = self._unsure
        stored = self._books.was_stored(self._seat.connection, None if unsure is None else unsure[1])
        self._lost, self._unsure = False, None
        if unsure is None or not stored:
            return None
        self._books.keep(unsure[1])
        return unsure


def _trouble(error: Exception) -> Trouble | None:
    if is_full(error):
        return Trouble.FULL
    # The lost session may have the seat for a while yet.
    return Trouble.AWAY if is_away(error) or isinstance(error, StoreTaken) else None


def _refusal(trouble: Trouble, error: Exception) -> StoreError:
    if trouble is Trouble.FULL:
        return StoreFull(f"no space left for the event store: {said(error)}")
    return StoreAway(f"the event store's server cannot be reached: {said(error)}")


def _fail(jobs: Sequence[_Job], error: StoreError) -> None:
    for _, future in jobs:
        future.set_exception(error)
