"""The part of the address bench's record that is about labels of parts, and its table."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karez.address.gazetteer import Gazetteer
from karez.bench.part_labels import LabelScore, PartScores, score_parts
from karez.bench.table import Table
from karez.domain.errors import BadInput

Record = dict[str, Any]

SET = "ncap"
"""Folder of the labelled set."""

PUBLISHED_F1 = 0.899
"""Li, Lu, Xie and Li (NAACL 2019): a neural parser trained on 8,957 addresses of NCAP, on its test split."""


@dataclass(frozen=True, slots=True)
class PartsResult:
    """Scores of a split, and the mean processor time of one address in microseconds (the parse alone is most of it)."""

    scores: PartScores
    cpu_us: float


def run(data: Path, gazetteer: Gazetteer, split: str) -> PartsResult:
    """Parse a split.

    Raises
    ------
    BadInput
        The folder does not hold the set, or it is none.
    """
    if not holds_parts(data, split):
        raise BadInput(f"there is no {SET}/{split}.txt in it", str(data), f"name the folder that holds {SET}/")
    started = time.process_time()
    scores = score_parts(data / SET, gazetteer, split)
    return PartsResult(scores, (time.process_time() - started) / max(1, scores.addresses) * 1e6)


def holds_parts(data: Path, split: str) -> bool:
    """Whether a folder of labelled sets holds the split."""
    return (data / SET / f"{split}.txt").is_file()


def parts_record(result: PartsResult) -> Record:
    """Count all labels together, and each by itself."""
    scores = result.scores
    return {
        "set": SET,
        "addresses": scores.addresses,
        "exact": scores.exact,
        **_score(scores.overall),
        "published_f1": PUBLISHED_F1,
        "us": round(result.cpu_us, 1),
        "labels": [{"label": label, **_score(score)} for label, score in scores.labels.items()],
    }


def _score(score: LabelScore) -> Record:
    shares = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    counts = {"true": score.true, "found": score.found, "right": score.right}
    return {**counts, **{name: round(share, 4) for name, share in shares.items()}}


def parts_table(record: Record) -> Table:
    """One row for all labels together, the published figure, and one row a label."""
    published = ("published, a neural parser, its test split", "", "", "", "", "", _share(record["published_f1"]))
    total = _row(f"all of {record['addresses']} addresses, {record['exact']} exact", record)
    heads = ("label", "true", "found", "right", "precision", "recall", "F1")
    return Table(heads, [total, published, *(_row(each["label"], each) for each in record["labels"])])


def _row(name: str, score: Record) -> tuple[str, ...]:
    counts = (str(score[each]) for each in ("true", "found", "right"))
    return (name, *counts, *(_share(score[each]) for each in ("precision", "recall", "f1")))


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"
