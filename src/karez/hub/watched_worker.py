"""A worker process that is watched: asked one thing at a time, and replaced when it dies or hangs on it."""

import contextlib
import logging
import multiprocessing
import os
import resource
import socket
import struct
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from karez.domain.errors import MissingPart
from karez.hub.process import interrupts_held

log = logging.getLogger("karez.readers")
_START_S = 120.0
_PAUSE_S = 2.0  # between two tries to start it
_GROWN = 0.75  # a picture of 50 megapixels takes another 240 MB
_PAGE = resource.getpagesize()

Body = Callable[..., None]
"""What the process runs: given its end of a pipe, it sends ``None`` when ready, then an answer to each question."""


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a process says instead of being ready: a part that is not installed, and what brings it."""

    part: str
    advice: str


class WatchedWorker:
    """One worker process, started again as often as it takes.

    Parameters
    ----------
    body, args
        Run in the process, with its end of the pipe first. Both must be picklable.
    stopping
        Says that no new process is wanted any more.
    """

    def __init__(self, body: Body, args: tuple[object, ...], stopping: Callable[[], bool] = lambda: False) -> None:
        self._body, self._args, self._stopping = body, args, stopping
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._connection: Connection | None = None

    def start(self) -> bool:
        """Start a process, again and again, whatever keeps it from starting; ``False`` when stopped meanwhile.

        Raises
        ------
        MissingPart
            If the process says that it lacks something: no new start brings it.
        """
        while not self._stopping():
            fault = self._start_once()
            if fault is None:
                return True
            if not self._stopping():
                log.error("a reader worker did not start (%s); trying again", fault)
                time.sleep(_PAUSE_S)
        return False

    @property
    def pid(self) -> int | None:
        """Number of the process that runs now."""
        return None if self._process is None else int(self._process.pid)

    def ask(self, question: object, patience_s: float) -> Any:
        """Answer of the process; ``None`` when it died or hung on the question, and is gone.

        Where half a question or half an answer goes through, it may take twice ``patience_s`` to know.
        """
        assert self._connection is not None, "asked before it was started"
        try:
            _bound(self._connection, patience_s)
            ends_s = time.monotonic() + patience_s
            self._connection.send(question)
            if self._connection.poll(max(0.0, ends_s - time.monotonic())):
                return self._connection.recv()
        except (EOFError, OSError):
            pass
        self.kill()
        return None

    def close(self) -> None:
        """End the process."""
        if self._connection is not None:
            self._connection.close()
            self._process.join(timeout=5)
            self._process.kill()

    def kill(self) -> None:
        """End the process at once."""
        if self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()

    def abandon(self) -> None:
        """From another thread, once `stopping` says so: do not let `start` wait for what is only being loaded."""
        if self._process is not None:
            self._process.kill()

    def _start_once(self) -> str | None:
        """Start a process and wait until it is ready; what keeps it from that, else ``None``."""
        try:
            self._process, self._connection = self._spawn()
        except OSError as error:  # no processes, memory or file handles left
            return str(error)
        if self._stopping():  # it was said after the last look, when there was no process yet to be abandoned
            self.kill()
            return "it is not wanted any more"
        said = _first_word(self._connection)
        if said is None:
            return None
        self.kill()
        if isinstance(said, Lacks):
            raise MissingPart(said.part, said.advice)
        return f"exit code {self._process.exitcode}"

    def _spawn(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        try:
            process = self._context.Process(
                target=self._body, args=(theirs, *self._args), name="karez-reader", daemon=True
            )
            with interrupts_held():
                process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return process, ours


def _first_word(connection: Connection) -> object:
    """What a process that was just started says; ``"nothing"`` where it dies or hangs instead."""
    try:
        _bound(connection, _START_S)
        return connection.recv()
    except (EOFError, OSError):
        return "nothing"


def _bound(connection: Connection, patience_s: float) -> None:
    """Let one sending or receiving on a pipe wait no longer (socket(7): ``SO_SNDTIMEO``, ``SO_RCVTIMEO``).

    A stopped process takes in no question that is larger than the pipe, and one that hangs may leave half an answer:
    to wait no longer for the first byte of an answer ends neither. A thread that watches would, but where the machine
    has no room for a thread, the picture would get the blame.
    """
    seconds, microseconds = divmod(max(1, round(patience_s * 1e6)), 1_000_000)  # 0 would mean for ever
    pipe = socket.socket(fileno=connection.fileno())
    try:
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            pipe.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", seconds, microseconds))
    finally:
        pipe.detach()


def silence_libraries() -> None:
    """Keep from the terminal and the log what decoders print of every broken picture; errors of our own still speak."""
    warnings.filterwarnings("ignore", module="PIL")
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def held_bytes() -> int:
    """Memory that this process holds (resident set, Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE


def has_grown(limit_bytes: int) -> bool:
    """Say whether this process holds so much that it is to be replaced, while a large picture still finds room."""
    return held_bytes() > _GROWN * limit_bytes


def limit_memory(limit_bytes: int) -> None:
    """Let this process allocate no more than would make it hold ``limit_bytes``: an allocation beyond fails.

    Counted as data (`RLIMIT_DATA`), of which engines reserve more than they touch with every new shape: so it is to be
    set anew before each picture.
    """
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    data_bytes = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
    most = data_bytes + max(0, limit_bytes - held_bytes())
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError, OSError):  # a lower hard limit of the machine stands
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))
