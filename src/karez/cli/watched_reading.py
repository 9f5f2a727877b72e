"""Pictures read in watched processes: one that crashes or hangs the reader is a no-read, and the run goes on."""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from karez.domain.errors import MissingPart
from karez.domain.frames import Frame
from karez.domain.reading import UNDECODED, NoRead, NoReadReason, Reading
from karez.hub.process import end_with_parent
from karez.hub.watched_worker import Lacks, WatchedWorker, has_grown, limit_memory, silence_libraries
from karez.reading.overlay import draw
from karez.reading.reader import Reader, Text
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

_GRACE_S = 10.0  # behind its deadline a picture gets this long before its process is taken for hung


@dataclass(frozen=True, slots=True)
class How:
    """How pictures are to be read.

    Attributes
    ----------
    deadline_s
        For each parcel.
    drawn
        Whether overlays are wanted.
    """

    text: Text
    deadline_s: float
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """The pictures of one parcel, what was read, and the overlays (``b""`` for a file that is no picture)."""

    paths: tuple[Path, ...]
    outcome: Reading | NoRead
    overlays: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Reading | NoRead
    overlays: tuple[bytes, ...]
    last: bool


def read_parcels(
    parcels: Iterable[tuple[Path, ...]], how: How, section: ReadingSection, workers: int = 1
) -> Iterator[Parcel]:
    """Read parcel after parcel, in the order given, in a number of processes.

    Raises
    ------
    MissingPart
        If text is wanted and weights, an engine or the Uyghur model are not installed.
    """
    desks = _Desks(how, section)
    with ThreadPoolExecutor(workers) as threads:
        try:
            yield from threads.map(desks.read, parcels)
        finally:
            desks.close()
            threads.shutdown(cancel_futures=True)


class _Desks:
    """One watched process a thread."""

    def __init__(self, how: How, section: ReadingSection) -> None:
        self._how, self._section = how, section
        self._own = threading.local()
        self._all: list[WatchedWorker] = []
        self._closed = threading.Event()

    def read(self, paths: tuple[Path, ...]) -> Parcel:
        """Read one parcel; files that cannot be opened or that crash the reader are no-reads too."""
        frames, fault = _open(paths)
        if fault is not None:
            return Parcel(paths, fault)
        worker = self._worker()
        answer: _Answer | None = None if worker is None else worker.ask(frames, self._how.deadline_s + _GRACE_S)
        if worker is None or answer is None:
            self._own.worker = None
            died = "The reader's process died or hung on it; it was started again."
            return Parcel(paths, NoRead(NoReadReason.READER_FAILED, died))
        if answer.last:
            worker.close()
            self._own.worker = None
        return Parcel(paths, answer.outcome, answer.overlays)

    def close(self) -> None:
        """End the processes."""
        self._closed.set()
        for worker in self._all:
            worker.close()

    def _worker(self) -> WatchedWorker | None:
        """Worker of this thread; ``None`` when none is wanted any more."""
        worker: WatchedWorker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = WatchedWorker(work, (self._how, self._section), self._closed.is_set)
            self._all.append(worker)
            if not worker.start():
                return None
            self._own.worker = worker
        return worker


def _open(paths: Sequence[Path]) -> tuple[list[Frame], NoRead | None]:
    frames: list[Frame] = []
    fault: NoRead | None = None
    for path in paths:
        try:
            frames.append(Frame(path.read_bytes(), camera=path.name))
        except OSError as error:
            frames.append(Frame(b"", camera=path.name))
            fault = NoRead(NoReadReason.CANNOT_OPEN, f"the file cannot be opened: {error.strerror or error}")
    return frames, fault if all(not frame.data for frame in frames) else None


def work(connection: Connection, how: How, section: ReadingSection) -> None:
    """Body of a process."""
    end_with_parent()
    silence_libraries()
    reader, rules = Reader(section), WaybillRules(section.companies, lambda _: False)
    try:
        if how.text != "never":
            reader.warm_up()
    except MissingPart as missing:
        connection.send(Lacks(missing.part, missing.advice))
        return
    most_bytes = section.memory_mb * 1_000_000
    connection.send(None)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            frames: list[Frame] = connection.recv()
            limit_memory(most_bytes)
            outcome = _read(reader, rules, frames, how)
            overlays = _overlays(frames, outcome) if how.drawn else ()
            connection.send(_Answer(outcome, overlays, has_grown(most_bytes)))


def _read(reader: Reader, rules: WaybillRules, frames: Sequence[Frame], how: How) -> Reading | NoRead:
    ends_s = monotonic() + how.deadline_s
    return reader.read(frames, rules, text=how.text, deadline=lambda: monotonic() > ends_s)


def _overlays(frames: Sequence[Frame], outcome: Reading | NoRead) -> tuple[bytes, ...]:
    if isinstance(outcome, NoRead) and outcome.reason in UNDECODED:
        return ()
    return tuple(draw(frame, outcome, index) for index, frame in enumerate(frames))
