"""Broken pictures through the process that `karez read` reads in: no crash, no hang, no memory beyond the limit."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pytest

from karez.cli.watched_reading import How, work
from karez.domain.frames import Frame
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.hub.watched_worker import WatchedWorker
from karez.settings import ReadingSection
from reading.mutations import NUMBERS, mutation, whole

_DEADLINE_S, _PATIENCE_S = 10.0, 40.0
_MOST_BYTES = 1_000_000_000


@dataclass
class Report:
    """What became of the broken pictures; each worst one is named by its index."""

    outcomes: Counter[str] = field(default_factory=Counter)
    crashed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    started: int = 1


def _peak_bytes(worker: WatchedWorker) -> int:
    """Most memory that the worker ever held (Linux)."""
    status = Path(f"/proc/{worker.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def fuzz(indices: Iterable[int], text: str) -> Report:
    """Read broken pictures one after another in a watched process."""
    report, worker = Report(), WatchedWorker(work, (How(text, _DEADLINE_S), ReadingSection()))  # type: ignore[arg-type]
    assert worker.start()
    for index in indices:
        way, data = mutation(index)
        name = f"{index} ({way})"
        started = perf_counter()
        answer = worker.ask([Frame(data)], _PATIENCE_S)
        report.slowest = max(report.slowest, (round(perf_counter() - started, 2), name))
        if answer is None:
            report.crashed.append(name)
        else:
            report.largest = max(report.largest, (_peak_bytes(worker), name))
            _note(report, name, answer.outcome)
        if answer is None or answer.last:
            worker.kill()
            report.started += 1
            assert worker.start()
    worker.close()
    return report


def _note(report: Report, name: str, outcome: Reading | NoRead) -> None:
    report.outcomes["read" if isinstance(outcome, Reading) else outcome.reason] += 1
    if isinstance(outcome, Reading) and outcome.waybill.value not in NUMBERS:
        report.wrong.append(f"{name}: {outcome.waybill.value}")
    if isinstance(outcome, NoRead) and outcome.reason is NoReadReason.READER_FAILED:
        report.failed.append(f"{name}: {outcome.explanation}")


def _assert_survived(report: Report) -> None:
    assert report.crashed == []
    assert report.failed == []
    assert report.wrong == []
    assert report.largest[0] < _MOST_BYTES


def test_broken_pictures_are_values() -> None:
    report = fuzz(range(150), "auto")
    _assert_survived(report)
    assert sum(report.outcomes.values()) == 150
    assert len(report.outcomes) >= 5  # they break in more than one way
    assert report.outcomes["read"] > 10  # and some are read all the same


def test_every_kind_of_whole_picture_is_read() -> None:
    worker = WatchedWorker(work, (How("never", _DEADLINE_S), ReadingSection()))
    assert worker.start()
    for index, data in enumerate(whole()):
        outcome = worker.ask([Frame(data)], _PATIENCE_S).outcome
        assert isinstance(outcome, Reading), (index, outcome)
        assert outcome.waybill.value == NUMBERS[index * 2 // len(whole())]
    worker.close()


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_ten_thousand_broken_pictures_are_values(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Take half an hour of one core; KAREZ_FUZZ_FROM names the first index, to go on from where a run ended."""
    if "soak" not in request.config.option.markexpr:
        pytest.skip("a long proof: `make soak`")
    first = int(os.environ.get("KAREZ_FUZZ_FROM", "1000"))
    os.nice(10)
    report = fuzz(range(first, first + 10_000), "auto")
    with capsys.disabled():
        print(json.dumps(report.__dict__, indent=1, ensure_ascii=False))
    _assert_survived(report)
