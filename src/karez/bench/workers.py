"""One process a subject: it loads its engines, answers picture by picture, and is replaced when one kills it."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2

from karez.bench.outcome import Outcome
from karez.bench.subjects import MAKERS, timed
from karez.domain.errors import MissingPart
from karez.hub.process import end_with_parent

_PATIENCE_S = 120.0
_START_S = 180.0


def _answer(connection: Connection, name: str) -> None:
    """Body of the process."""
    end_with_parent()
    cv2.setNumThreads(1)
    try:
        subject = MAKERS[name]()
    except MissingPart as missing:
        connection.send(missing)
        return
    connection.send(None)
    try:
        while True:
            connection.send(timed(subject, Path(connection.recv()).read_bytes()))
    except (EOFError, KeyboardInterrupt):
        return


class SubjectProcess:
    """A subject in a process of one thread.

    Raises
    ------
    MissingPart
        On entry, if the subject lacks a library or weights, or its process does not start.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._process.join(timeout=5)
        self._process.kill()

    def ask(self, picture: Path) -> None:
        """Hand over the next picture."""
        self._connection.send(str(picture))

    def answer(self) -> Outcome:
        """Wait for what it made of the picture asked for last."""
        try:
            if self._connection.poll(_PATIENCE_S):
                outcome: Outcome = self._connection.recv()
                return outcome
            why = f"No answer within {_PATIENCE_S:.0f} s."
        except (EOFError, OSError):
            why = "Its process died on the picture."
        self._process.kill()
        self._process.join()
        self._start()
        return Outcome(why=why, failed=True)

    def read(self, picture: Path) -> Outcome:
        """Hand over a picture and wait for the outcome."""
        self.ask(picture)
        return self.answer()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(theirs, self.name), daemon=True)
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
