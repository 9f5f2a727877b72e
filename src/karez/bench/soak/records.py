"""The JSON shape of a soak, its table and its notes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from statistics import median
from typing import Any

from karez.bench.checkout import Code
from karez.bench.machine import machine
from karez.bench.soak.blows import Blow
from karez.bench.soak.run import PartDone
from karez.bench.soak.striking import RESUMES_S, Struck
from karez.bench.table import Table

Record = dict[str, Any]


def record(done: Sequence[PartDone], seed: int, seconds: float, at: datetime, code: Code | None) -> Record:
    """``karez soak --json``."""
    return {
        "bench": "soak",
        "at": at.isoformat(),
        "machine": machine(("sqlalchemy", "psycopg")),
        "commit": code.commit if code else None,
        "changed": code.changed if code else None,
        "seed": seed,
        "seconds": round(seconds, 1),
        "parts": [_part(each) for each in done],
        "holds": holds(done),
    }


def holds(done: Sequence[PartDone]) -> bool:
    """Whether every invariant held, and every kill was survived in time."""
    struck = [each for part in done for each in part.struck]
    return not any(each.broken for part in done for each in part.findings) and not any(map(_too_late, struck))


def _too_late(each: Struck) -> bool:
    return bool(each.amiss) or each.resumed_s is None or each.resumed_s > RESUMES_S


def _part(done: PartDone) -> Record:
    return {
        "store": done.part.store,
        "parcels": done.parcels,
        "sorted": done.sorted,
        "excepted": done.excepted,
        "events": done.events,
        "rejected_telegrams": done.rejected,
        "orders_repeated": done.repeated,
        "orders_crossed": done.crossed,
        "blows": {blow: _blow([each for each in done.struck if each.blow is blow]) for blow in _kinds(done)},
        "invariants": [asdict(each) for each in done.findings],
    }


def _kinds(done: PartDone) -> Sequence[Blow]:
    return [blow for blow in Blow if any(each.blow is blow for each in done.struck)]


def _blow(struck: Sequence[Struck]) -> Record:
    took = [each.resumed_s for each in struck if each.resumed_s is not None]
    return {
        "count": len(struck),
        "resumed_s_median": round(median(took), 2) if took else None,
        "resumed_s_max": round(max(took), 2) if took else None,
        "held_s_max": round(max(each.held_s for each in struck), 2),
        "not_within_limit": sum(map(_too_late, struck)),
        "amiss": sorted({each.amiss for each in struck if each.amiss}),
    }


def table(record: Mapping[str, Any]) -> Table:
    """Blows by store."""
    rows: list[tuple[str, ...]] = [
        (
            str(part["store"]),
            str(name),
            str(blow["count"]),
            f"{blow['resumed_s_median']} s",
            f"{blow['resumed_s_max']} s",
            f"{blow['held_s_max']} s",
            str(blow["not_within_limit"]),
        )
        for part in record["parts"]
        for name, blow in part["blows"].items()
    ]
    over = f"over {RESUMES_S:.0f} s"
    return Table(("store", "blow", "times", "decides again, median", "longest", "held back, longest", over), rows)


def notes(record: Mapping[str, Any]) -> list[str]:
    """What else was found."""
    told = []
    for part in record["parts"]:
        broken = [each for each in part["invariants"] if each["broken"]]
        kept = "all invariants hold" if not broken else "; ".join(_broken(each) for each in broken)
        told.append(f"{part['store']}: {_counts(part)}: {kept}.")
        told += [f"{part['store']}, {name}: {each}." for name, blow in part["blows"].items() for each in blow["amiss"]]
    return told


def _counts(part: Mapping[str, Any]) -> str:
    return (
        f"{part['parcels']} parcels ({part['sorted']} sorted, {part['excepted']} to the exception chute), "
        f"{part['events']} events, {part['orders_repeated']} orders repeated, {part['orders_crossed']} crossed their "
        f"parcel's DIVERT, {part['rejected_telegrams']} bad telegrams"
    )


def _broken(each: Mapping[str, Any]) -> str:
    return f"{each['broken']} × {each['name']} ({', '.join(each['examples'])})"
