"""Reader workers: codes first, every picture answered for once, and a worker started again whatever ended it."""

import multiprocessing
import os
import queue
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from karez.domain.errors import MissingPart
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.eventstore.store import EventStore
from karez.hub import readers, reading_work, watched_worker
from karez.hub.picture_queue import PictureQueue
from karez.hub.readers import Done, ReaderPool
from karez.hub.reading_work import Answer, Begun, Job, Question, Workplace, work
from karez.hub.watched_worker import Lacks, WatchedWorker, held_bytes, limit_memory
from karez.reading.reader import Reader
from karez.settings import PicturesSection, ReadingSection
from reading.drawn_labels import LabelText, label_jpeg
from small_hub import NO_READ, reading

CODES_ONLY = NoRead(NoReadReason.UNCONFIRMED, "codes only", ("YT2512345678901",), ms=9.0)


class Worker:
    """Stands in for a worker process: a thread that answers by what stands in the picture, or a start that fails."""

    exitcode = 1
    faults: list[Exception | Lacks] = []  # noqa: RUF012 - the test fills it
    slow = threading.Event()
    seen: list[tuple[bytes, bool]] = []  # noqa: RUF012 - the fixture empties it

    def __init__(self, target: object, args: tuple[Connection, Workplace], **_: Any) -> None:
        self._connection = Connection(os.dup(args[0].fileno()))

    def start(self) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            self._connection.close()
            raise fault
        threading.Thread(target=self._work, args=(fault,), daemon=True).start()

    def _work(self, said: Lacks | None) -> None:
        self._connection.send(said)
        try:
            while question := self._connection.recv():
                if question.job.frame.data == b"deadly":
                    break
                self._connection.send(self._answer(question))
        except (EOFError, OSError):
            pass
        self._connection.close()

    def _answer(self, question: Question) -> Answer:
        data = question.job.frame.data
        self.seen.append((data, question.codes_only))
        if data == b"slow":
            self.slow.wait(10)
        if data.startswith(b"text"):
            wants = question.codes_only
            return Answer(CODES_ONLY if wants else reading(1), None, wants, False)
        return Answer(NO_READ, None, False, data == b"greedy")

    def kill(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


@pytest.fixture
def workers(request: pytest.FixtureRequest) -> int:
    return int(getattr(request, "param", 1))


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> Iterator[Any]:
    monkeypatch.setattr(watched_worker, "_PAUSE_S", 0.01)
    context = SimpleNamespace(Pipe=multiprocessing.Pipe, Process=Worker)
    monkeypatch.setattr(watched_worker.multiprocessing, "get_context", lambda _: context)
    Worker.seen, Worker.slow, Worker.faults = [], threading.Event(), []
    done: queue.Queue[Done] = queue.Queue()
    workplace = Workplace(ReadingSection(workers=workers, text_queue=1), PicturesSection(), tmp_path / "pictures", "")
    pool = ReaderPool(workplace, done.put, tmp_path / "set_aside")
    pool.done = done  # type: ignore[attr-defined]
    yield pool
    Worker.slow.set()
    pool.stop()


def job(data: bytes, arrived_s: float | None = None) -> Job:
    return Job(Frame(data), ParcelId("p1"), "auto", monotonic() if arrived_s is None else arrived_s)


def answers(pool: Any, count: int) -> list[tuple[bytes, Reading | NoRead]]:
    done = [pool.done.get(timeout=10) for _ in range(count)]
    return [(each.job.frame.data, each.outcome) for each in done]


def held_up(pool: Any, *pictures: bytes) -> None:
    """Queue pictures while the only worker is busy with another."""
    pool.start()
    pool.offer(job(b"slow"))
    while (b"slow", False) not in Worker.seen:
        time.sleep(0.005)
    for data in pictures:
        assert pool.offer(job(data))
    Worker.slow.set()


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
    outcomes = [outcome for _, outcome in answers(pool, 2)]
    assert [outcome.reason for outcome in outcomes] == ["reader_failed", NO_READ.reason]
    assert (tmp_path / "set_aside" / Frame(b"deadly").picture).read_bytes() == b"deadly"
    assert pool.replaced == 1


def test_a_worker_that_holds_too_much_is_replaced_behind_its_picture(pool: Any) -> None:
    pool.start()
    for data in (b"greedy", b"picture"):
        pool.offer(job(data))
    assert [data for data, _ in answers(pool, 2)] == [b"greedy", b"picture"]
    assert pool.replaced == 0


def test_codes_of_fresh_pictures_do_not_wait_for_the_text_of_older_ones(pool: Any) -> None:
    held_up(pool, b"text 1", b"picture 2", b"picture 3")
    assert [data for data, _ in answers(pool, 4)] == [b"slow", b"picture 2", b"picture 3", b"text 1"]
    assert Worker.seen[1:] == [(b"text 1", True), (b"picture 2", True), (b"picture 3", False), (b"text 1", False)]


def test_text_is_read_at_once_where_nothing_else_waits(pool: Any) -> None:
    held_up(pool, b"text 1")
    answers(pool, 2)
    assert Worker.seen[1:] == [(b"text 1", False)]


def test_where_the_text_queue_is_full_the_codes_are_the_answer(pool: Any) -> None:
    held_up(pool, b"text 1", b"text 2", b"picture")
    outcomes = dict(answers(pool, 4))
    left = outcomes[b"text 2"]
    assert isinstance(left, NoRead)
    assert (left.reason, left.candidates) == (NoReadReason.TIMEOUT, CODES_ONLY.candidates)
    assert isinstance(outcomes[b"text 1"], Reading)


def test_a_text_that_waited_past_its_deadline_is_not_begun_and_is_answered_before_fresh_pictures(pool: Any) -> None:
    pool.start()
    pool.offer(job(b"slow"))
    while not Worker.seen:
        time.sleep(0.005)
    pool.offer(job(b"text 1", monotonic() - 60))
    for data in (b"picture 2", b"picture 3"):
        pool.offer(job(data))
    Worker.slow.set()
    done = answers(pool, 4)
    assert [data for data, _ in done] == [b"slow", b"text 1", b"picture 2", b"picture 3"]
    late = dict(done)[b"text 1"]
    assert isinstance(late, NoRead)
    assert late.reason is NoReadReason.TIMEOUT
    assert (b"text 1", False) not in Worker.seen


def test_a_text_once_begun_is_not_left_again_for_a_picture_that_comes_meanwhile(pool: Any) -> None:
    take = pool._jobs.take

    def take_then_another_comes() -> Job | None:
        taken: Job | None = take()
        if taken is not None and taken.begun is not None:
            pool.offer(job(b"picture"))
        return taken

    pool._jobs.take = take_then_another_comes
    assert pool._jobs.offer_text(replace(job(b"text 1"), begun=Begun((), None, CODES_ONLY)))
    pool.start()
    assert [data for data, _ in answers(pool, 2)] == [b"text 1", b"picture"]
    assert Worker.seen == [(b"text 1", False), (b"picture", False)]


MODELS = Lacks("the weights", "run `make setup`")


def test_without_models_each_picture_is_answered_with_what_is_missing_and_nothing_is_started_again(
    pool: Any, caplog: pytest.LogCaptureFixture
) -> None:
    Worker.faults = [MODELS]
    pool.start()
    assert not pool.wait_ready(10)
    assert "the weights is missing — run `make setup`" in pool.fault
    assert caplog.text.count("run `make setup`") == 1
    pool.offer(job(b"picture"))
    pool._jobs.offer_text(replace(job(b"text"), begun=Begun((), None, CODES_ONLY)))
    outcomes = dict(answers(pool, 2))
    assert isinstance(outcomes[b"picture"], NoRead)
    assert outcomes[b"picture"].reason is NoReadReason.READER_FAILED
    assert outcomes[b"picture"].explanation == pool.fault
    assert outcomes[b"text"].candidates == CODES_ONLY.candidates
    assert Worker.seen == []


@pytest.mark.parametrize("workers", [2], indirect=True)
def test_while_one_worker_reads_another_that_lacks_something_answers_nothing(pool: Any) -> None:
    Worker.faults = [MODELS]
    pool.start()
    assert pool.wait_ready(10)
    assert pool.fault == ""
    pictures = [b"1", b"2", b"3"]
    for data in pictures:
        pool.offer(job(data))
    assert [data for data, _ in answers(pool, 3)] == pictures
    assert [data for data, _ in Worker.seen] == pictures


def test_a_worker_that_is_long_in_coming_is_said_and_then_no_longer(pool: Any) -> None:
    assert not pool.wait_ready(0.01)
    assert "ready" in pool.fault
    pool.start()
    assert pool.wait_ready(10)
    assert pool.fault == ""


def test_a_full_queue_refuses_and_a_closed_one_lets_everyone_go() -> None:
    jobs = PictureQueue(1, 0, lambda _: False)
    assert jobs.offer(job(b"1"))
    assert not jobs.offer(job(b"2"))
    assert not jobs.offer_text(job(b"3"))
    taken = jobs.take()
    assert taken is not None and taken.frame.data == b"1"
    waiter = threading.Thread(target=jobs.take)
    waiter.start()
    jobs.close()
    waiter.join(timeout=10)
    assert not waiter.is_alive()
    assert not jobs.offer(job(b"4"))


# ---- real processes --------------------------------------------------------------------------------------------------


def _body(connection: Connection) -> None:
    """Answer as a worker does; some questions are poison."""
    limit_memory(held_bytes() + 100_000_000)
    connection.send(None)
    while True:
        question = connection.recv()
        if question == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        if question == "hang":
            time.sleep(60)
        if question == "hang half-way":
            os.write(connection.fileno(), struct.pack("!i", 100) + b"an answer cut off")
            time.sleep(60)
        if question == "swell":
            try:
                np.ones(300_000_000, np.uint8)
            except MemoryError:
                connection.send("refused")
                continue
        connection.send(f"{question}!")


def in_time(call: Callable[[], Any]) -> Any:
    """What a call gives; one that never comes back fails the test instead of stopping all of them."""
    given: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=lambda: given.put(call()), daemon=True).start()
    return given.get(timeout=20)


def test_a_process_that_dies_hangs_or_swells_is_survived() -> None:
    worker = WatchedWorker(_body, ())
    assert worker.start()
    assert worker.ask("swell", 20) == "refused"
    assert worker.ask("a", 20) == "a!"
    for poison, patience_s in (("die", 20.0), ("hang", 0.2), ("hang half-way", 0.2)):
        assert in_time(partial(worker.ask, poison, patience_s)) is None
        assert worker.start()
        assert worker.ask("b", 20) == "b!"
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)  # takes in no question that is larger than the pipe
    assert in_time(partial(worker.ask, bytes(5_000_000), 0.2)) is None
    worker.close()


def test_no_process_is_tried_again_once_it_is_no_longer_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_worker, "_PAUSE_S", 0.01)
    tried = threading.Event()

    class NoRoom(Worker):
        def start(self) -> None:
            self._connection.close()
            tried.set()
            raise OSError(11, "Resource temporarily unavailable")

    context = SimpleNamespace(Pipe=multiprocessing.Pipe, Process=NoRoom)
    monkeypatch.setattr(watched_worker.multiprocessing, "get_context", lambda _: context)
    assert in_time(WatchedWorker(_body, (), tried.is_set).start) is False
    assert tried.is_set()


def _loads_for_ever(connection: Connection, *_: object) -> None:
    connection.poll(60)  # it never says that it is ready


def test_a_pool_that_is_stopped_while_its_workers_load_waits_for_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "work", _loads_for_ever)
    workplace = Workplace(ReadingSection(workers=2), PicturesSection(), tmp_path / "pictures", "")
    pool = ReaderPool(workplace, lambda done: None, tmp_path / "set_aside")
    pool.start()
    ready: queue.Queue[bool] = queue.Queue()
    waiting = threading.Thread(target=lambda: ready.put(pool.wait_ready()))
    waiting.start()
    while not pool._hiring:
        time.sleep(0.005)
    in_time(pool.stop)
    ready.get(timeout=20)
    assert not any(thread.is_alive() for thread in pool._threads)


def test_a_worker_process_says_what_it_lacks_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(reader: object) -> None:
        raise MissingPart(MODELS.part, MODELS.advice)

    for of_a_process_alone in ("end_with_parent", "yield_to_control", "silence_libraries"):
        monkeypatch.setattr(reading_work, of_a_process_alone, lambda **_: None)
    monkeypatch.setattr(Reader, "warm_up", not_installed)
    url = f"sqlite:///{tmp_path / 'karez.db'}"
    EventStore.open_writing(url).close()
    ours, theirs = multiprocessing.Pipe()
    work(theirs, Workplace(ReadingSection(), PicturesSection(), tmp_path / "pictures", url))
    assert ours.poll(0)
    assert ours.recv() == MODELS
    ours.close()
    theirs.close()


def test_a_real_worker_reads_leaves_text_and_goes_on_with_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'karez.db'}"
    EventStore.open_writing(url).close()
    place = Workplace(ReadingSection(), PicturesSection(), tmp_path / "pictures", url)
    done: queue.Queue[Done] = queue.Queue()
    pool = ReaderPool(place, done.put, tmp_path / "set_aside")
    worker = WatchedWorker(work, (place,))
    assert worker.start()
    picture = job(label_jpeg(LabelText(matrix=False)), monotonic() + 60)
    first: Answer = worker.ask(Question(picture, codes_only=True), 60)
    assert first.wants_text and not first.outcome.lines
    pool._take(picture, first)
    begun = pool._jobs.take()
    assert begun is not None and begun.begun is not None
    second: Answer = worker.ask(Question(begun, codes_only=False), 60)
    worker.close()
    assert isinstance(second.outcome, Reading)
    assert second.outcome.codes == first.outcome.codes
    assert second.outcome.address is not None
    assert (second.picture, second.wants_text, second.last) == (picture.frame.picture, False, False)
