"""The JSON shape of the loop bench: a contract, append-only, described in docs/reference/json.md."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from karez.bench.checkout import Code
from karez.bench.loop.bench import PolicyRun
from karez.bench.loop.score import Score
from karez.bench.machine import machine

Record = dict[str, Any]

PACKAGES = ("numba", "llvmlite", "numpy")
"""Whose versions belong to the figures."""

NOTES = (
    "recirculating: time-averaged share of occupied carriers whose parcel is on lap 2 or later.",
    "in system: mean time from arrival to chute; makespan: when the last parcel left.",
    "CPU ms and × real time: the planning model from arrays to arrays, median of three runs after a first; compiling "
    "takes some ten seconds, once, and is kept.",
    "every result was checked by the scorer as an entrant's is: carriers, chutes, coders and times.",
)


def record(runs: Sequence[PolicyRun], seed: int | None, at: datetime, code: Code | None) -> Record:
    """``karez bench loop --json``; ``code`` as it was when the run began."""
    by_name: dict[str, list[PolicyRun]] = {}
    for each in runs:
        by_name.setdefault(each.opened.loop.name, []).append(each)
    return {
        "bench": "loop",
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(PACKAGES),
        "commit": code.commit if code else None,
        "changed": code.changed if code else None,
        "seed": seed,
        "instances": [_instance(name, its) for name, its in by_name.items()],
        "notes": list(NOTES),
    }


def _instance(name: str, runs: Sequence[PolicyRun]) -> Record:
    opened = runs[0].opened
    return {
        "instance": name,
        "sha256": opened.sha256,
        "seed": opened.seed,
        "parcels": len(opened.loop.parcels),
        "carriers": opened.loop.carriers,
        "chutes": len(opened.chutes),
        "policies": [_policy(each) for each in runs],
    }


def _policy(run: PolicyRun) -> Record:
    return {
        "policy": run.result.policy,
        **score_record(run.score),
        "inductions_held": run.result.holds,
        "result_sha256": run.result_sha256,
        "cpu_ms": round(run.cpu_ms, 2),
        "wall_ms": round(run.wall_ms, 2),
        "times_real_time": round(run.times_real_time),
    }


def score_record(score: Score) -> Record:
    """Give a score's figures, as ``--score --json`` does."""
    rounded = {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(score).items()}
    return {**rounded, "violations": list(score.violations), "valid": not score.violations}


def reference(made: Record) -> Record:
    """Keep of a record what must come out again anywhere: no times, no machine."""
    fields = {"cpu_ms", "wall_ms", "times_real_time", "violations", "valid"}
    return {
        each["instance"]: {
            "sha256": each["sha256"],
            "policies": {
                one["policy"]: {name: value for name, value in one.items() if name not in {*fields, "policy"}}
                for one in each["policies"]
            },
        }
        for each in made["instances"]
    }
