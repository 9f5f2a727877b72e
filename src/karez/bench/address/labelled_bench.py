"""Bench on a labelled set: every condition, answered by every subject in turn."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from karez.address.gazetteer import Gazetteer
from karez.bench.address.answers import Answer
from karez.bench.address.conditions import Condition, conditions
from karez.bench.address.decidable import Decider
from karez.bench.address.labelled import read
from karez.bench.address.noise import halved
from karez.bench.address.scoring import Mark, Score, Verdict
from karez.bench.address.subjects import JIONLP, KAREZ, PEERS, Karez, Subject, peer
from karez.bench.address.truth import CountyNames, Row, is_among, is_right, judged
from karez.domain.errors import BadInput, MissingPart

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

SET = "swei412"
"""Folder of the labelled set."""

_PASSES = 3  # over a condition's rows, of which the median counts; JioNLP, 15 s a pass, makes one

_WARM_UP = 100  # rows of a condition that a peer answers before any is timed: it reads its tables at the first


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run on a labelled set.

    Attributes
    ----------
    data
        The folder that holds ``swei412/<split>.txt``.
    noise
        Probability with which a character that has a look-alike is replaced, or misread.
    limit
        Only so many of the judged rows, drawn by the seed; ``None`` takes all.
    """

    data: Path
    split: str
    noise: float
    seed: int
    limit: int | None = None
    peers: tuple[str, ...] = PEERS


@dataclass(slots=True)
class LabelledResult:
    """The labelled set: which rows were judged, and the scores of each condition by subject.

    Attributes
    ----------
    left_out
        Reason → the numbers of the rows in the file.
    truths
        (province, county) of each judged row, as labelled.
    answers
        Condition → Karez's answer to each judged row, as (province, county), or what it names instead.
    """

    rows: int
    left_out: dict[str, list[int]]
    conditions: list[Condition] = field(default_factory=list)
    scores: dict[str, dict[str, Score]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    truths: list[tuple[str | None, ...]] = field(default_factory=list)
    answers: dict[str, list[tuple[str | None, ...]]] = field(default_factory=dict)


def labelled_file(data: Path, split: str) -> Path:
    """Give the file of a split.

    Raises
    ------
    BadInput
        The folder does not hold it.
    """
    path = data / SET / f"{split}.txt"
    if not path.is_file():
        raise BadInput(f"there is no {SET}/{split}.txt in it", str(data), "name the folder that holds swei412/")
    return path


def run(wanted: Wanted, gazetteer: Gazetteer, progress: Progress) -> LabelledResult:
    """Answer every condition by every subject.

    Raises
    ------
    BadInput
        The labelled set is not there, or is none.
    """
    every = read(labelled_file(wanted.data, wanted.split))
    names = CountyNames(gazetteer)
    rows, left_out = judged(every, names)
    if not rows:
        raise BadInput("none of its addresses names a county that the gazetteer knows", str(wanted.data), "")
    if wanted.limit is not None and wanted.limit < len(rows):
        rows = random.Random(wanted.seed).sample(rows, wanted.limit)
    halves = halved(gazetteer.lookalikes, wanted.seed)
    result = LabelledResult(len(every), left_out, truths=[(row.province, row.county) for row in rows])
    result.conditions = list(conditions(rows, Decider(names), halves, wanted.noise, wanted.seed))
    for subject, under_noise in _subjects(wanted.peers, gazetteer, halves.for_repair, result.missing):
        progress(f"{subject.name}: warming up", 0, 1)
        _warm_up(subject, under_noise, result.conditions)
        for done, condition in enumerate(result.conditions, 1):
            used = under_noise if condition.holds_out else subject
            scores = result.scores.setdefault(condition.name, {})
            scores[subject.name], answers = _scored(used, condition, rows, names)
            if subject.name == KAREZ:
                result.answers[condition.name] = [_named(answer) for answer in answers]
            progress(f"{subject.name}: {condition.name}", done, len(result.conditions))
    return result


def _subjects(
    peers: Sequence[str], gazetteer: Gazetteer, for_repair: dict[str, str], missing: dict[str, str]
) -> Iterator[tuple[Subject, Subject]]:
    """Make the subjects ready: each as it is, and without the look-alikes that noise is made of."""
    yield Karez(gazetteer), Karez(without_lookalikes_but(for_repair))
    for name in peers:
        try:
            subject = peer(name)
        except MissingPart as fault:
            missing[name] = str(fault)
        else:
            yield subject, subject


def _warm_up(subject: Subject, under_noise: Subject, given: Sequence[Condition]) -> None:
    """Answer once what is to be timed, so that what is made once is made; of the peers' that is little."""
    for each in given:
        used = under_noise if each.holds_out else subject
        used.answer(each.texts if subject.name == KAREZ else each.texts[:_WARM_UP])


def without_lookalikes_but(for_repair: dict[str, str]) -> Gazetteer:
    """Load the shipped gazetteer with another table to repair by."""
    gazetteer = Gazetteer.load()
    gazetteer.lookalikes = for_repair
    return gazetteer


def _named(answer: Answer) -> tuple[str | None, ...]:
    """Give province and county of an answer, or its candidates."""
    if answer.county is not None:
        return answer.province, answer.county, answer.former
    return tuple(f"{province or ''}{county or ''}?" for province, county in answer.candidates)


def _scored(
    subject: Subject, condition: Condition, rows: Sequence[Row], names: CountyNames
) -> tuple[Score, list[Answer]]:
    answers, score = timed(subject, condition.texts)
    score.marks = [
        _mark(row, answer, decidable, names, condition.names_county)
        for row, answer, decidable in zip(rows, answers, condition.decidable, strict=True)
    ]
    changed = [text for text, is_changed in zip(condition.texts, condition.changed, strict=True) if is_changed]
    if changed and subject.name == KAREZ:
        score.noisy_cpu_us = timed(subject, changed)[1].cpu_us
    return score, answers


def timed(subject: Subject, texts: Sequence[str]) -> tuple[list[Answer], Score]:
    """Answer texts in one go, several times over; the score has what one of them cost, the median of the passes."""
    answers: list[Answer] = []
    walls_s, cpus_s = [], []
    for _ in range(1 if subject.name == JIONLP else _PASSES):
        wall, cpu = time.perf_counter(), time.process_time()
        answers = subject.answer(texts)
        cpus_s.append(time.process_time() - cpu)
        walls_s.append(time.perf_counter() - wall)
    cpu_us, wall_us = (median(passes) / len(texts) * 1e6 for passes in (cpus_s, walls_s))
    return answers, Score(cpu_us=cpu_us, wall_us=wall_us)


def _mark(row: Row, answer: Answer, decidable: bool, names: CountyNames, names_county: bool) -> Mark:
    if answer.county is not None:
        verdict = Verdict.RIGHT if is_right(row, answer, names, names_county) else Verdict.WRONG
    else:
        verdict = Verdict.NAMED if is_among(row, answer, names) else Verdict.NONE
    as_labelled = verdict == Verdict.RIGHT and row.county in (answer.county, answer.former)
    return Mark(row.address.number, verdict, decidable, answer.confidence, answer.why, as_labelled)
