"""The JSON shape of the address bench: a contract, append-only, described in docs/reference/json.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from karez.bench.address.conditions import Condition
from karez.bench.address.handwritten import HandMark
from karez.bench.address.kashi_bench import KashiMark
from karez.bench.address.kashi_records import drawn_record, hand_record
from karez.bench.address.labelled_bench import SET, LabelledResult, Wanted
from karez.bench.address.notes import notes
from karez.bench.address.part_records import PartsResult, parts_record
from karez.bench.address.scoring import Mark, Score, Verdict, reliability, wrong_numbers
from karez.bench.checkout import Code
from karez.bench.machine import machine

Record = dict[str, Any]

PACKAGES = ("cpca", "jionlp", "pandas", "pyahocorasick", "rapidfuzz", "msgspec")
"""Whose versions belong to the figures."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a run brought; ``None`` for a set that was not wanted."""

    labelled: LabelledResult | None = None
    drawn: Sequence[KashiMark] | None = None
    by_hand: Sequence[HandMark] | None = None
    parts: PartsResult | None = None


def record(wanted: Wanted, results: Results, vintage: str, at: datetime, code: Code | None = None) -> Record:
    """``karez bench address --json``; ``code`` as it was when the run began."""
    made = {
        "bench": "address",
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(PACKAGES),
        "commit": code.commit if code else None,
        "changed": code.changed if code else None,
        "seed": wanted.seed,
        "split": wanted.split,
        "noise": wanted.noise,
        "limit": wanted.limit,
        "gazetteer": vintage,
        "labelled": _labelled(results.labelled) if results.labelled else None,
        "kashi_drawn": drawn_record(results.drawn) if results.drawn else None,
        "kashi_by_hand": hand_record(results.by_hand) if results.by_hand else None,
        "parts": parts_record(results.parts) if results.parts else None,
    }
    return {**made, "notes": notes(made)}


def _labelled(result: LabelledResult) -> Record:
    return {
        "set": SET,
        "rows": result.rows,
        "left_out": [
            {"why": why, "n": len(numbers), "rows": numbers} for why, numbers in sorted(result.left_out.items())
        ],
        "missing": result.missing,
        "conditions": [_condition(each, result.scores[each.name]) for each in result.conditions],
    }


def _condition(condition: Condition, scores: dict[str, Score]) -> Record:
    return {
        "condition": condition.name,
        "n": len(condition.texts),
        "decidable": sum(condition.decidable),
        "changed": sum(condition.changed),
        "changed_characters_share": round(condition.changed_share, 4),
        "subjects": [{"subject": name, **_score(score)} for name, score in scores.items()],
    }


def _score(score: Score) -> Record:
    sure = any(mark.confidence is not None for mark in score.marks)
    return {
        "right": score.count(Verdict.RIGHT),
        "right_as_labelled": sum(mark.as_labelled for mark in score.marks),
        "wrong": score.count(Verdict.WRONG),
        "no_place": score.count(Verdict.NAMED, Verdict.NONE),
        "right_of_decidable": score.count(Verdict.RIGHT, decidable=True),
        "undecidable": {
            "n": len(score.marks) - score.decidable,
            **{verdict.value: score.count(verdict, decidable=False) for verdict in Verdict},
        },
        "sure_and_wrong": score.sure_and_wrong if sure else None,
        "sure_of_decidable": score.sure_of_decidable if sure else None,
        "reliability": reliability_record(score.marks),
        "wrong_by_reason": _by_reason(score.marks),
        "wrong_rows": wrong_numbers(score.marks) if sure else [],
        "us": {
            "cpu": round(score.cpu_us, 1),
            "wall": round(score.wall_us, 1),
            "cpu_where_changed": None if score.noisy_cpu_us is None else round(score.noisy_cpu_us, 1),
        },
    }


def reliability_record(marks: Sequence[Mark]) -> list[Record]:
    """Give a reliability table: confidence given, how often, and how many of those were right."""
    return [{"confidence": each.confidence, "n": each.n, "right": each.right} for each in reliability(marks)]


def _by_reason(marks: Sequence[Mark]) -> dict[str, int]:
    """Count what is not right on decidable rows, by the reason code of the answer."""
    counted: dict[str, int] = {}
    for mark in marks:
        if mark.decidable and mark.verdict != Verdict.RIGHT and mark.why:
            counted[mark.why] = counted.get(mark.why, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: -item[1]))
