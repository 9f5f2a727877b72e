"""The reading bench: each condition drawn, then read by every subject in turn, then scored."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from karez.bench.drawing import with_findings
from karez.bench.outcome import Outcome
from karez.bench.pictures import Shot, draw
from karez.bench.scoring import Mark, Score, mark
from karez.bench.subjects import CODES, DRAWING, KAREZ, MIXED, RAPIDOCR, ZXING
from karez.bench.throughput import Throughput, throughput
from karez.bench.workers import SubjectProcess
from karez.domain.errors import MissingPart

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

PEERS = (ZXING, RAPIDOCR)
_WORKERS = 2
_WARM_UP = 3  # pictures read first and not counted: caches, and shapes that engines compile when they first meet them
_MOST_FAILURES = 12  # kept a condition, to be looked at


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run.

    Attributes
    ----------
    peer_n
        The slow peer, RapidOCR, reads only so many pictures of a condition.
    drawn
        Whether what was found is to be drawn on the pictures that fell short.
    """

    conditions: tuple[str, ...]
    n: int
    seed: int
    peers: tuple[str, ...] = PEERS
    peer_n: int | None = None
    drawn: bool = False

    def n_of(self, subject: str) -> int:
        """Number of pictures of a condition that a subject reads."""
        return self.n if subject != RAPIDOCR or self.peer_n is None else min(self.n, self.peer_n)


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that Karez did not identify, or got wrong, or whose address lines it did not read exactly.

    Attributes
    ----------
    picture
        The file as it was read; with ``Wanted.drawn``, what was found is drawn on it.
    """

    shot: Shot
    picture: bytes
    outcome: Outcome
    mark: Mark


@dataclass(slots=True)
class ConditionResult:
    """One condition's scores by subject, Karez's speed, and pictures that failed."""

    condition: str
    scores: dict[str, Score] = field(default_factory=dict)
    two_workers: Throughput | None = None
    failures: list[Failure] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def run(wanted: Wanted, progress: Progress) -> Iterator[ConditionResult]:
    """Run the bench, condition by condition.

    Raises
    ------
    BadInput
        A condition's name is not known.
    MissingPart
        Karez itself lacks a part; a peer that is missing is noted in the result.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="karez-bench-")))
        subjects, missing = _started(stack, (KAREZ, CODES, *wanted.peers))
        workers = [stack.enter_context(SubjectProcess(MIXED)) for _ in range(_WORKERS)]
        drawer = stack.enter_context(SubjectProcess(DRAWING)) if wanted.drawn else None
        for condition in wanted.conditions:
            result = ConditionResult(condition, missing=missing)
            shots = draw(condition, wanted.n, wanted.seed, folder, _step(progress, f"{condition}: drawing", wanted.n))
            for subject in subjects:
                count = wanted.n_of(subject.name)
                step = _step(progress, f"{condition}: {subject.name}", count)
                _read(subject, shots[:count], result, step)
            progress(f"{condition}: two workers", 0, 1)
            result.two_workers = throughput([shot.path for shot in shots], workers)
            if drawer:
                step = _step(progress, f"{condition}: failures", len(result.failures))
                result.failures = _drawn(result.failures, drawer, step)
            for shot in shots:
                shot.path.unlink()
            yield result


def _started(stack: ExitStack, names: Sequence[str]) -> tuple[list[SubjectProcess], dict[str, str]]:
    """Start the subjects; a peer that lacks something is left out, with the reason."""
    started: list[SubjectProcess] = []
    missing: dict[str, str] = {}
    for name in names:
        try:
            started.append(stack.enter_context(SubjectProcess(name)))
        except MissingPart as error:
            if name not in PEERS:
                raise
            missing[name] = str(error)
    return started, missing


def _read(subject: SubjectProcess, shots: Sequence[Shot], result: ConditionResult, step: Callable[[int], None]) -> None:
    score = result.scores.setdefault(subject.name, Score())
    for shot in shots[:_WARM_UP]:
        subject.read(shot.path)
    for done, shot in enumerate(shots, 1):
        outcome = subject.read(shot.path)
        given = mark(shot.truth, outcome)
        score.add(given, outcome)
        if subject.name == KAREZ:
            _keep(result.failures, shot, outcome, given)
        step(done)


def _keep(failures: list[Failure], shot: Shot, outcome: Outcome, given: Mark) -> None:
    """Keep what failed, the worst kinds first."""
    if given.identified and not given.wrong and all(exact == printed for exact, printed in given.lines.values()):
        return
    failures.append(Failure(shot, shot.path.read_bytes(), outcome, given))
    failures.sort(key=lambda failure: (not failure.mark.wrong, failure.mark.identified))
    del failures[_MOST_FAILURES:]


def _drawn(failures: Sequence[Failure], drawer: SubjectProcess, step: Callable[[int], None]) -> list[Failure]:
    pictures = with_findings(drawer, [failure.shot.path for failure in failures], step)
    return [replace(failure, picture=picture) for failure, picture in zip(failures, pictures, strict=True)]


def _step(progress: Progress, what: str, total: int) -> Callable[[int], None]:
    progress(what, 0, total)
    return lambda done: progress(what, done, total)
