"""Reader workers: processes of one thread that read pictures, watched, replaced when one dies, never waited for.

Codes go first. While other pictures wait, a picture whose codes do not suffice is put into a second queue for its text;
where that is full, or its deadline passes in it, its codes alone are the answer.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from karez.domain.errors import MissingPart
from karez.domain.ids import PictureId
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.hub.picture_queue import PictureQueue
from karez.hub.reading_work import Answer, Begun, Job, Question, Workplace, work
from karez.hub.watched_worker import WatchedWorker

log = logging.getLogger("karez.readers")
_GRACE_S = 3.0  # behind its deadline a picture gets this long before its worker is taken for hung
_START_S = 120.0
SET_ASIDE = "set_aside"
"""Folder, in the data folder, of pictures that a worker died on."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker made of a job; ``picture`` is ``None`` where it was not kept."""

    job: Job
    outcome: Reading | NoRead
    picture: PictureId | None


class ReaderPool:
    """Workers behind bounded queues.

    Parameters
    ----------
    on_done
        Called from a thread of the pool for each job that was taken, exactly once.
    set_aside
        Folder for pictures that a worker died on.

    Attributes
    ----------
    fault
        Why no picture is read, and what to do; empty while one can be.
    replaced
        Workers that died or hung on a picture.
    """

    def __init__(self, workplace: Workplace, on_done: Callable[[Done], None], set_aside: Path) -> None:
        self._workplace, self._on_done, self._set_aside = workplace, on_done, set_aside
        self._jobs = PictureQueue(workplace.reading.queue, workplace.reading.text_queue, self._late)
        self._threads = [
            threading.Thread(target=self._serve, name=f"reader-{number}", daemon=True)
            for number in range(workplace.reading.workers)
        ]
        self._able = len(self._threads)
        self._able_changes = threading.Lock()
        self._told = threading.Event()  # a worker is ready, or none ever will be, or none is wanted any more
        self._hiring: set[WatchedWorker] = set()
        self._stopping = False
        self.fault = ""
        self.replaced = 0

    def start(self) -> None:
        """Start the workers; they take jobs as soon as each is ready."""
        for thread in self._threads:
            thread.start()

    def wait_ready(self, timeout_s: float = _START_S) -> bool:
        """Wait until one worker is ready; ``False`` when none gets ready, and `fault` says why."""
        if not self._told.wait(timeout_s):
            self._say(f"no reader worker got ready within {timeout_s:.0f} s: see the log; it is tried again and again")
        return not self.fault

    @property
    def waiting(self) -> int:
        """Pictures in the queues."""
        return len(self._jobs)

    def offer(self, job: Job) -> bool:
        """Queue a picture; ``False`` when the queue is full (nothing is kept of it)."""
        return self._jobs.offer(job)

    def stop(self) -> None:
        """End the workers, also those that still load; pictures still waiting are not read."""
        self._stopping = True
        self._told.set()
        self._jobs.close()
        for worker in list(self._hiring):
            worker.abandon()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=10)

    def _serve(self) -> None:
        """Body of one thread: keep one worker process alive and feed it, as long as nothing is missing for that."""
        try:
            self._feed(WatchedWorker(work, (self._workplace,), lambda: self._stopping))
        except MissingPart as missing:
            with self._able_changes:
                self._able -= 1
                last = not self._able
            if last:
                self._say(f"no picture is read: {missing}, then start the hub again")
                self._told.set()
                self._turn_down()
            else:
                log.error("one reader worker fewer: %s, then start the hub again", missing)

    def _feed(self, worker: WatchedWorker) -> None:
        if not self._hire(worker):
            return
        while (job := self._jobs.take()) is not None:
            if job.begun is not None and self._late(job):
                self._on_done(_without_text(job, job.begun))
                continue
            codes_only = job.begun is None and self._jobs.fresh_waiting  # a text that is begun is not left again
            answer: Answer | None = worker.ask(Question(job, codes_only), self._patience_s)
            if answer is not None:
                self._take(job, answer)
                if not answer.last:
                    continue
                log.warning("a reader worker has grown near %d MB: replaced", self._workplace.reading.memory_mb)
                worker.close()
            elif self._stopping:
                return
            else:
                self._on_done(Done(job, self._poisonous(job), None))
                self.replaced += 1
            if not self._hire(worker):
                return
        worker.close()

    def _hire(self, worker: WatchedWorker) -> bool:
        self._hiring.add(worker)
        try:
            started = worker.start()
        finally:
            self._hiring.discard(worker)
        if started:
            self.fault = ""
            self._told.set()
        return started

    def _turn_down(self) -> None:
        """Answer for every picture without a worker, so that no parcel waits for its reading."""
        while (job := self._jobs.take()) is not None:
            unread = Done(job, NoRead(NoReadReason.READER_FAILED, self.fault), None)
            self._on_done(_without_text(job, job.begun) if job.begun else unread)

    def _say(self, fault: str) -> None:
        self.fault = fault
        log.error("%s", fault)

    def _take(self, job: Job, answer: Answer) -> None:
        """Hand on what a worker made of a picture, or queue it for its text."""
        if not answer.wants_text:
            if isinstance(answer.outcome, NoRead) and answer.outcome.reason is NoReadReason.READER_FAILED:
                self._put_aside(job)
            self._on_done(Done(job, answer.outcome, answer.picture))
            return
        begun = Begun(tuple(answer.outcome.codes), answer.picture, answer.outcome)
        if not self._jobs.offer_text(replace(job, begun=begun)):
            self._on_done(_without_text(job, begun))

    @property
    def _patience_s(self) -> float:
        return self._workplace.reading.deadline_ms / 1000 + _GRACE_S

    def _late(self, job: Job) -> bool:
        return monotonic() > job.arrived_s + self._workplace.reading.deadline_ms / 1000

    def _poisonous(self, job: Job) -> NoRead:
        """Set the picture aside and name it."""
        self._put_aside(job)
        why = "a reader worker died or hung on picture %s: set aside in %s"
        log.error(why, job.frame.picture, self._set_aside, extra={"parcel": job.parcel})
        return NoRead(
            NoReadReason.READER_FAILED, f"the reader worker failed on picture {job.frame.picture}; it is set aside"
        )

    def _put_aside(self, job: Job) -> None:
        with contextlib.suppress(OSError):
            self._set_aside.mkdir(parents=True, exist_ok=True)
            (self._set_aside / job.frame.picture).write_bytes(job.frame.data)


def _without_text(job: Job, begun: Begun) -> Done:
    """Answer with the codes alone: where they told no waybill, with their candidates, ready for a person."""
    outcome = begun.outcome
    if isinstance(outcome, NoRead) and outcome.reason is not NoReadReason.TIMEOUT:  # which says why itself
        why = "there was no time to read its text; its codes alone tell no waybill number"
        outcome = replace(outcome, reason=NoReadReason.TIMEOUT, explanation=why)
    return Done(job, outcome, begun.picture)
