"""One process a subject: it loads its engines, answers picture by picture, and is replaced when one kills it."""

import contextlib
import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2

from karez.bench.outcome import Outcome
from karez.bench.subjects import MAKERS, timed
from karez.domain.errors import MissingPart
from karez.hub.process import end_with_parent, interrupts_held
from karez.hub.watched_worker import silence_libraries

_START_S = 180.0


def _answer(connection: Connection, name: str) -> None:
    """Body of the process; Ctrl-C is the parent's to hear, who then closes the connection."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    silence_libraries()
    try:
        subject = MAKERS[name]()
    except MissingPart as missing:
        connection.send(missing)
        return
    connection.send(None)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            connection.send(timed(subject, Path(connection.recv()).read_bytes()))


class SubjectProcess:
    """A subject in a process of one thread.

    Parameters
    ----------
    name
        One of `MAKERS`.
    patience_s
        A picture that takes longer counts as failed, and the process is replaced.

    Raises
    ------
    MissingPart
        On entry, if the subject lacks a library or weights, or its process does not start.
    """

    def __init__(self, name: str, patience_s: float = 120.0) -> None:
        self.name, self._patience_s = name, patience_s

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(within_s=5 if kind is None else 0.5)

    def read(self, picture: Path) -> Outcome:
        """Hand over a picture and wait for what it makes of it."""
        try:
            self._connection.send(str(picture))
            if self._connection.poll(self._patience_s):
                outcome: Outcome = self._connection.recv()
                return outcome
            why = f"No answer within {self._patience_s:g} s."
        except (EOFError, OSError):
            why = "Its process died on the picture."
        self._end()
        self._start()
        return Outcome(why=why, failed=True)

    def _end(self, within_s: float = 0.0) -> None:
        self._connection.close()
        self._process.join(timeout=within_s)
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(theirs, self.name), daemon=True)
        with interrupts_held():
            self._process.start()
        theirs.close()
        self._wait_ready()

    def _wait_ready(self) -> None:
        try:
            ready = self._connection.poll(_START_S)
            missing: MissingPart | None = self._connection.recv() if ready else None
        except (EOFError, OSError):
            ready, missing = False, None
        if missing is not None:
            raise missing
        if not ready:
            raise MissingPart(f"process of {self.name}", "it did not start; `karez doctor` tells what is not installed")
