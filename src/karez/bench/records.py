"""The JSON shape of the reading bench: a contract, append-only, described in docs/reference/json.md."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from karez.bench.machine import machine
from karez.bench.reading import ConditionResult, Wanted
from karez.bench.samples import FolderResult
from karez.bench.scoring import Score
from karez.bench.subjects import CODES, KAREZ, RAPIDOCR, ZXING

Record = dict[str, Any]


def conditions_record(results: Sequence[ConditionResult], wanted: Wanted, at: datetime) -> Record:
    """``karez bench reading --json``."""
    return {
        **_head("reading", at),
        "seed": wanted.seed,
        "n": wanted.n,
        "conditions": [_condition(result) for result in results],
    }


def samples_record(results: Sequence[FolderResult], samples: str, at: datetime) -> Record:
    """``karez bench reading --samples DIR --json``."""
    rows = [_folder(result) for result in results]
    totals = ("with_truth", "karez_exact", "plain_exact", "without_truth", "waybills_without_truth")
    return {
        **_head("reading samples", at),
        "samples": samples,
        "folders": rows,
        "total": {name: sum(row[name] for row in rows) for name in totals},
    }


def _head(bench: str, at: datetime) -> Record:
    return {"bench": bench, "at": at.isoformat(timespec="seconds"), "machine": machine()}


def _condition(result: ConditionResult) -> Record:
    speed = result.two_workers
    return {
        "condition": result.condition,
        "subjects": [{"subject": name, **_score(score)} for name, score in result.scores.items()],
        "missing": result.missing,
        "codes_only_to_zxing": _ratio(result, CODES, ZXING),
        "whole_label_to_rapidocr": _ratio(result, KAREZ, RAPIDOCR),
        "two_workers_pictures_per_s": round(speed.on_wall, 1) if speed else None,
        "two_workers_pictures_per_s_by_cpu": round(speed.by_cpu, 1) if speed else None,
        "failures": [failure.shot.path.stem for failure in result.failures],
    }


def _score(score: Score) -> Record:
    return {
        "n": score.pictures,
        "identified": score.identified,
        "wrong": score.wrong,
        "failed": score.failed,
        "lines": {column: {"exact": exact, "of": printed} for column, (exact, printed) in score.lines.items()},
        "cpu_ms": {"median": round(score.median_ms, 1), "p95": round(score.p95_ms, 1)},
    }


def _ratio(result: ConditionResult, one: str, other: str) -> float | None:
    """Ratio of two medians of processor time."""
    scores = result.scores.get(one), result.scores.get(other)
    if scores[0] is None or scores[1] is None or not scores[1].median_ms:
        return None
    return round(scores[0].median_ms / scores[1].median_ms, 3)


def _folder(result: FolderResult) -> Record:
    karez_ms, plain_ms = result.medians_ms
    return {
        "folder": result.folder,
        "with_truth": result.with_truth,
        "karez_exact": result.karez,
        "plain_exact": result.plain,
        "without_truth": result.without_truth,
        "waybills_without_truth": result.waybills,
        "codes_without_truth": {"karez": result.codes[0], "plain": result.codes[1]},
        "cpu_ms": {"karez": round(karez_ms, 1), "plain": round(plain_ms, 1)},
        "missed": [each.path.name for each in result.missed],
        "accepted": [each.path.name for each in result.accepted],
    }
