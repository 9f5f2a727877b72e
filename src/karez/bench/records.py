"""The JSON shape of the reading bench: a contract, append-only, described in docs/reference/json.md."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from karez.bench.checkout import Code
from karez.bench.machine import machine
from karez.bench.notes import SAMPLES_NOTES, conditions_notes
from karez.bench.reading import ConditionResult, Wanted
from karez.bench.samples import FolderResult
from karez.bench.scoring import Score, ratio_of_medians
from karez.bench.subjects import CODES, KAREZ, RAPIDOCR, ZXING

Record = dict[str, Any]


def conditions_record(
    results: Sequence[ConditionResult], wanted: Wanted, at: datetime, code: Code | None = None
) -> Record:
    """``karez bench reading --json``; ``code`` as it was when the run began."""
    record = {
        **_head("reading", at, code),
        "seed": wanted.seed,
        "n": wanted.n,
        "peer_n": wanted.n_of(RAPIDOCR) if RAPIDOCR in wanted.peers else None,
        "conditions": [_condition(result) for result in results],
    }
    return {**record, "notes": conditions_notes(record)}


def samples_record(results: Sequence[FolderResult], samples: str, at: datetime, code: Code | None = None) -> Record:
    """``karez bench reading --samples DIR --json``."""
    rows = [_folder(result) for result in results]
    counts = ("with_truth", "karez_exact", "plain_exact", "without_truth", "waybills_without_truth")
    pairs = ("other_texts", "failed")
    return {
        **_head("reading samples", at, code),
        "samples": samples,
        "folders": rows,
        "total": {
            **{name: sum(row[name] for row in rows) for name in counts},
            **{name: {who: sum(row[name][who] for row in rows) for who in ("karez", "plain")} for name in pairs},
        },
        "notes": list(SAMPLES_NOTES),
    }


def _head(bench: str, at: datetime, code: Code | None) -> Record:
    return {
        "bench": bench,
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(),
        "commit": code.commit if code else None,
        "changed": code.changed if code else None,
    }


def _condition(result: ConditionResult) -> Record:
    speed = result.two_workers
    return {
        "condition": result.condition,
        "subjects": _subjects(result.scores),
        "missing": result.missing,
        "common_pictures": _common(result),
        "codes_only_to_zxing": _ratio(result, CODES, ZXING),
        "whole_label_to_rapidocr": _ratio(result, KAREZ, RAPIDOCR),
        "two_workers_pictures_per_s": _rounded(speed.on_wall) if speed else None,
        "two_workers_pictures_per_s_by_cpu": _rounded(speed.by_cpu) if speed else None,
        "two_workers_failed": speed.failed if speed else None,
        "failures": [failure.shot.path.stem for failure in result.failures],
    }


def _subjects(scores: Mapping[str, Score]) -> list[Record]:
    return [{"subject": name, **_score(score)} for name, score in scores.items()]


def _common(result: ConditionResult) -> Record | None:
    """Give all scores over the pictures that RapidOCR was given."""
    if RAPIDOCR not in result.scores:
        return None
    count = result.scores[RAPIDOCR].pictures
    return {"n": count, "subjects": _subjects({name: score.first(count) for name, score in result.scores.items()})}


def _score(score: Score) -> Record:
    return {
        "n": score.pictures,
        "identified": score.identified,
        "wrong": score.wrong,
        "failed": score.failed,
        "lines": {column: {"exact": exact, "of": printed} for column, (exact, printed) in score.lines.items()},
        "cpu_ms": {"median": _rounded(score.median_ms), "p95": _rounded(score.p95_ms)},
    }


def _ratio(result: ConditionResult, one: str, other: str) -> float | None:
    if one not in result.scores or other not in result.scores:
        return None
    return _rounded(ratio_of_medians(result.scores[one], result.scores[other]), 3)


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)


def _folder(result: FolderResult) -> Record:
    sides = {"karez": result.karez, "plain": result.plain}
    return {
        "folder": result.folder,
        "with_truth": result.with_truth,
        "karez_exact": result.karez.exact,
        "plain_exact": result.plain.exact,
        "without_truth": result.without_truth,
        "waybills_without_truth": len(result.accepted),
        "codes_without_truth": {who: side.codes for who, side in sides.items()},
        "other_texts": {who: side.others for who, side in sides.items()},
        "failed": {who: side.failed for who, side in sides.items()},
        "cpu_ms": {who: _rounded(side.median_ms) for who, side in sides.items()},
        "missed": [each.path.name for each in result.missed],
        "accepted": [each.path.name for each in result.accepted],
        "with_other_texts": [each.path.name for each in result.with_others],
    }
