"""Reader workers: processes of one thread that read pictures, watched, replaced when one dies, never waited for."""

import contextlib
import logging
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Literal

from karez.domain.frames import Frame
from karez.domain.ids import ParcelId, PictureId
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub.process import end_with_parent, yield_to_control
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import PicturesSection, ReadingSection

log = logging.getLogger("karez.readers")
_GRACE_S = 3.0  # behind its deadline a picture gets this long before its worker is taken for hung
_START_S = 120.0
SET_ASIDE = "set_aside"
"""Folder, in the data folder, of pictures that a worker died on."""
_PAUSE_S = 2.0  # between two tries to start a worker


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to read.

    Attributes
    ----------
    arrived_s
        Monotonic clock (the same in all processes of a machine) when it came in; its deadline counts from here.
    """

    frame: Frame
    parcel: ParcelId
    text: Literal["always", "auto", "never"]
    arrived_s: float


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker made of a job; ``picture`` is ``None`` where it was not kept."""

    job: Job
    outcome: Reading | NoRead
    picture: PictureId | None


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a worker process is started with."""

    reading: ReadingSection
    pictures: PicturesSection
    pictures_dir: Path
    store_url: str


def work(connection: Connection, workplace: Workplace) -> None:
    """Body of a worker process: read what comes, answer, until the other end is gone."""
    end_with_parent()
    yield_to_control()
    store = EventStore.open_reading(workplace.store_url)
    pictures = PictureStore(workplace.pictures_dir, workplace.pictures.reserve_mb * 1_000_000)
    reader = Reader(workplace.reading)
    if workplace.reading.text != "never":
        reader.warm_up()
    rules = WaybillRules(workplace.reading.companies, lambda waybill: store.advice(waybill) is not None)
    connection.send(None)  # ready
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            job: Job = connection.recv()
            kept = pictures.keep(job.frame) if workplace.pictures.keep_days else None
            connection.send(Done(job, _read(reader, rules, store, job, workplace.reading.deadline_ms), kept))


def _read(reader: Reader, rules: WaybillRules, store: EventStore, job: Job, deadline_ms: int) -> Reading | NoRead:
    ends_s = job.arrived_s + deadline_ms / 1000
    return reader.read(
        [job.frame],
        rules,
        text=job.text,
        suffices=lambda reading: _suffices(reading, store),
        deadline=lambda: monotonic() > ends_s,
    )


def _suffices(reading: Reading, store: EventStore) -> bool:
    """Whether the codes alone tell where it goes: then no text is read."""
    if reading.sort_code is not None:
        return True
    advice = store.advice(reading.waybill.value)
    return advice is not None and (advice.area is not None or advice.county_name is not None)


class ReaderPool:
    """Workers behind one bounded queue.

    Parameters
    ----------
    on_done
        Called from a thread of the pool for each job that was taken, exactly once.
    set_aside
        Folder for pictures that a worker died on.
    """

    def __init__(self, workplace: Workplace, on_done: Callable[[Done], None], set_aside: Path) -> None:
        self._workplace, self._on_done, self._set_aside = workplace, on_done, set_aside
        self._jobs: queue.Queue[Job | None] = queue.Queue(workplace.reading.queue)
        self._threads = [
            threading.Thread(target=self._serve, name=f"reader-{number}", daemon=True)
            for number in range(workplace.reading.workers)
        ]
        self._ready = threading.Semaphore(0)
        self._stopping = False
        self.replaced = 0

    def start(self) -> None:
        """Start the workers; they take jobs as soon as each is ready."""
        for thread in self._threads:
            thread.start()

    def wait_ready(self, timeout_s: float = _START_S) -> bool:
        """Wait until one worker is ready."""
        ready = self._ready.acquire(timeout=timeout_s)
        if ready:
            self._ready.release()
        return ready

    @property
    def waiting(self) -> int:
        """Pictures in the queue."""
        return self._jobs.qsize()

    def offer(self, job: Job) -> bool:
        """Queue a picture; ``False`` when the queue is full (nothing is kept of it)."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    def stop(self) -> None:
        """End the workers; pictures still waiting are not read."""
        self._stopping = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout=10)

    def _serve(self) -> None:
        """Body of one thread: keep one worker process alive and feed it."""
        process, connection = self._hire()
        while (job := self._jobs.get()) is not None:
            done = self._ask(connection, job)
            if done is None:
                process.kill()
                process.join()
                connection.close()
                if self._stopping:
                    return
                self._on_done(Done(job, self._poisonous(job), None))
                self.replaced += 1
                process, connection = self._hire()
            else:
                self._on_done(done)
        connection.close()
        process.join(timeout=5)
        process.kill()

    def _hire(self) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        """Start a worker, again and again, whatever keeps it from starting: a thread that ends reads nothing more."""
        while True:
            try:
                process, connection = self._start()
            except OSError as error:  # no processes, memory or file handles left
                log.error("a reader worker could not be started (%s); trying again", error)
                time.sleep(_PAUSE_S)
                continue
            if self._is_ready(connection):
                self._ready.release()
                return process, connection
            process.kill()
            process.join()
            if self._stopping:
                return process, connection
            log.error("a reader worker did not start (exit code %s); trying again", process.exitcode)
            connection.close()
            time.sleep(_PAUSE_S)

    def _start(self) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        try:
            process = context.Process(target=work, args=(theirs, self._workplace), name="karez-reader", daemon=True)
            process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return process, ours

    @staticmethod
    def _is_ready(connection: Connection) -> bool:
        try:
            return connection.poll(_START_S) and connection.recv() is None
        except (EOFError, OSError):
            return False

    def _ask(self, connection: Connection, job: Job) -> Done | None:
        """Have the worker read one picture; ``None`` when it died or hung on it."""
        try:
            connection.send(job)
            patience_s = self._workplace.reading.deadline_ms / 1000 + _GRACE_S
            if connection.poll(patience_s):
                done: Done = connection.recv()
                return done
        except (EOFError, OSError):
            pass
        return None

    def _poisonous(self, job: Job) -> NoRead:
        """Set the picture aside and name it."""
        with contextlib.suppress(OSError):
            self._set_aside.mkdir(parents=True, exist_ok=True)
            (self._set_aside / job.frame.picture).write_bytes(job.frame.data)
        log.error("a reader worker died or hung on picture %s: set aside in %s", job.frame.picture, self._set_aside)
        return NoRead(
            NoReadReason.READER_FAILED, f"the reader worker failed on picture {job.frame.picture}; it is set aside"
        )
