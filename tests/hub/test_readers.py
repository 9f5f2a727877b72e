"""Reader workers are started again whatever keeps them from starting, and every picture is answered for once."""

import multiprocessing
import queue
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.hub import readers
from karez.hub.readers import Done, Job, ReaderPool, Workplace
from karez.settings import PicturesSection, ReadingSection
from small_hub import NO_READ


class Worker:
    """Stands in for a worker process: a thread that answers, or a start that fails."""

    exitcode = 1
    faults: list[Exception] = []  # noqa: RUF012 - the test fills it, `fresh` empties it

    def __init__(self, target: object, args: tuple[Connection, Workplace], **_: Any) -> None:
        self._connection = Connection(multiprocessing.connection.os.dup(args[0].fileno()))

    def start(self) -> None:
        if self.faults:
            self._connection.close()
            raise self.faults.pop(0)
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        self._connection.send(None)
        try:
            while job := self._connection.recv():
                if job.frame.data == b"deadly":
                    break
                self._connection.send(Done(job, NO_READ, None))
        except (EOFError, OSError):
            pass
        self._connection.close()

    def kill(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readers, "_PAUSE_S", 0.01)
    context = SimpleNamespace(Pipe=multiprocessing.Pipe, Process=Worker)
    monkeypatch.setattr(readers.multiprocessing, "get_context", lambda _: context)
    done: queue.Queue[Done] = queue.Queue()
    workplace = Workplace(ReadingSection(workers=1), PicturesSection(), tmp_path / "pictures", "")
    pool = ReaderPool(workplace, done.put, tmp_path / "set_aside")
    pool.done = done
    yield pool
    pool.stop()


def job(data: bytes) -> Job:
    return Job(Frame(data), ParcelId("p1"), "never", 0.0)


def test_a_worker_that_the_machine_has_no_room_for_is_started_later(pool: Any) -> None:
    Worker.faults = [OSError(11, "Resource temporarily unavailable"), OSError(24, "Too many open files")]
    pool.start()
    pool.offer(job(b"picture"))
    assert pool.done.get(timeout=10).outcome is not None
    assert Worker.faults == []


def test_a_picture_that_kills_its_worker_is_set_aside_and_the_next_is_read(pool: Any, tmp_path: Path) -> None:
    pool.start()
    for data in (b"deadly", b"picture"):
        pool.offer(job(data))
    outcomes = [pool.done.get(timeout=10).outcome for _ in range(2)]
    assert [outcome.reason for outcome in outcomes] == ["reader_failed", NO_READ.reason]
    assert (tmp_path / "set_aside" / Frame(b"deadly").picture).read_bytes() == b"deadly"
    assert pool.replaced == 1
