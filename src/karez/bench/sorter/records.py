"""The record of a run, its table and its notes; fields are append-only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from karez.bench.checkout import Code
from karez.bench.machine import machine
from karez.bench.sorter.camera import Posted
from karez.bench.sorter.events_told import EventsTold
from karez.bench.sorter.generator import Measured
from karez.bench.sorter.processes import Spent
from karez.bench.sorter.run import HubRun
from karez.bench.sorter.wanted import FLAT_OUT_IN_FLIGHT, Wanted
from karez.bench.table import Table

Record = dict[str, Any]
_PACKAGES = ("msgspec", "sqlalchemy", "psycopg", "uvicorn", "httpx", "asyncua", "pymodbus", "python-snap7")


@dataclass(frozen=True, slots=True)
class Results:
    """All that a run brought.

    Attributes
    ----------
    commit_ms
        Of a synced append, before the run.
    status
        The control process's own figures at the end.
    told
        What the events say that were stored.
    """

    commit_ms: Mapping[str, float | None]
    floor: Measured
    hub: HubRun
    status: Mapping[str, Any]
    told: EventsTold


def record(wanted: Wanted, results: Results, at: datetime, code: Code | None) -> Record:
    """Put the record together."""
    measured, floor = results.hub.measured, results.floor.tally.prompt.milliseconds()
    prompt = measured.tally.prompt.milliseconds()
    return {
        "bench": "sorter",
        "at": at.isoformat(timespec="seconds"),
        **_asked(wanted),
        "answered": measured.tally.answered,
        "late": measured.tally.late,
        "lost": measured.lost,
        **prompt,
        "events": results.told.events,
        "asked": measured.tally.asked,
        "decisions_per_s": round(measured.tally.answered / measured.seconds, 1) if measured.seconds else None,
        "seconds_asked": measured.seconds,
        "prompt": {"n": len(measured.tally.prompt), **prompt},
        "waiting": {
            "n": len(measured.tally.waiting),
            "late": measured.tally.waiting_late,
            **measured.tally.waiting.milliseconds(),
        },
        "sent_late": measured.tally.sent_late.milliseconds(),
        "commit_ms": dict(results.commit_ms),
        "commit_during_ms": dict(results.hub.commit_ms),
        "floor": {"n": len(results.floor.tally.prompt), "lost": results.floor.lost, **floor},
        "floor_p50_ms": floor["p50_ms"],
        "floor_p99_ms": floor["p99_ms"],
        "ratio_p50": _ratio(prompt["p50_ms"], floor["p50_ms"]),
        "ratio_p99": _ratio(prompt["p99_ms"], floor["p99_ms"]),
        "parcels": _parcels(measured),
        "repeats": measured.repeats,
        "all_committed": measured.committed,
        "read_rate": results.told.read_rate,
        **_busy(results),
        "events_by_kind": results.told.by_kind,
        "hub_says": {name: results.status.get(name) for name in _HUB_SAYS},
        "slowest": [asdict(each) for each in measured.tally.slow],
        "machine": machine(_PACKAGES),
        "commit": code.commit if code else None,
        "changed": code.changed if code else None,
    }


_HUB_SAYS = (
    *("decisions", "decision_ms_p50", "decision_ms_p99", "commit_ms_p50", "commit_ms_p99"),
    *("readings", "reading_ms_p50", "reading_ms_p99", "readers_replaced", "live_parcels", "alarms"),
)


def _asked(wanted: Wanted) -> Record:
    return {
        "store": wanted.store,
        "driver": wanted.driver,
        "rate": None if wanted.flat_out else wanted.rate,
        "in_flight": FLAT_OUT_IN_FLIGHT if wanted.flat_out else None,
        "seconds": wanted.seconds,
        "seed": wanted.seed,
    }


def _parcels(measured: Measured) -> Record:
    tally = measured.tally
    return {
        "inducted": tally.inducted,
        "diverted": tally.diverted,
        "excepted": tally.excepted,
        "went_round": tally.recirculated,
    }


def _busy(results: Results) -> Record:
    """What else went on, and what it cost."""
    hub = results.hub
    load, seconds = hub.load, hub.measured.seconds
    posted = None if hub.posted is None else _posted(hub.posted, results.told.pictures_read)
    return {
        "pictures": posted,
        "page": None if hub.watched is None else asdict(hub.watched),
        "cpu_s": {name: part.cpu_s for name, part in hub.spent.items()},
        "control_first_thread_s": _part(hub.spent, "control").main_s,
        "scheduled": {name: part.scheduled for name, part in hub.spent.items()},
        "most_mb": {name: part.most_mb for name, part in hub.spent.items()},
        "machine_busy_cores": round(load.busy_s / seconds, 2),
        "others_busy_cores": round(max(0.0, load.busy_s - load.ours_s) / seconds, 2),
        "stolen_cores": round(load.stolen_s / seconds, 3),
    }


def _posted(posted: Posted, read: int) -> Record:
    whole = posted.accepted + posted.refused + posted.failed
    return {**asdict(posted), "read": read, "per_s": round(whole / posted.seconds, 1) if posted.seconds else None}


def _part(spent: Mapping[str, Spent], name: str) -> Spent:
    return spent.get(name, Spent(0.0, 0.0, 0.0))


def _ratio(ours: float | None, floor: float | None) -> float | None:
    return None if ours is None or not floor else round(ours / floor, 2)


def table(made: Record) -> Table:
    """One row a kind of time, and one a part of the hub."""
    heads = ("what", "n", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "late", "lost")
    waiting = made["waiting"]
    rows = [
        ("answers", str(made["prompt"]["n"]), *_times(made), str(made["late"] - waiting["late"]), str(made["lost"])),
        ("that may wait for a picture", str(waiting["n"]), *_times(waiting), str(waiting["late"])),
        ("questions sent late", str(made["asked"]), *_times(made["sent_late"])),
        ("floor: echo, synced", str(made["floor"]["n"]), *_times(made["floor"])),
        ("commit of this machine, before", "", *_times(made["commit_ms"])),
        ("the same during the run", "", *_times(made["commit_during_ms"])),
    ]
    return Table(heads, [(*row, *[""] * (len(heads) - len(row))) for row in rows])


def _times(of: Mapping[str, float | None]) -> tuple[str, ...]:
    values = (of[name] for name in ("p50_ms", "p99_ms", "p999_ms", "max_ms"))
    return tuple("–" if value is None else f"{value:.2f}" for value in values)


def notes(made: Record) -> list[str]:
    """Whole sentences to stand under the table."""
    how = f"{made['rate']}/s on a fixed timetable" if made["rate"] else f"flat out, {made['in_flight']} in flight"
    cpu = ", ".join(f"{name} {seconds}" for name, seconds in made["cpu_s"].items())
    held = ", ".join(f"{name} {mb:.0f}" for name, mb in made["most_mb"].items())
    return [
        f"{made['driver']}, {made['store']}, {how} for {made['seconds']} s, seed {made['seed']}: "
        f"{made['answered']} of {made['asked']} answered, {made['decisions_per_s']}/s; {made['events']} events.",
        f"ratio to the floor: p50 {made['ratio_p50']}, p99 {made['ratio_p99']}; the floor ran before, with nothing "
        f"beside it{'' if made['rate'] else '; flat out both have a queue, and the times are those of waiting in it'}.",
        f"pictures: {_pictures_words(made['pictures'])}; page: {_page_words(made['page'])}; "
        f"read rate {made['read_rate']}.",
        f"processor seconds: {cpu} (control's first thread {made['control_first_thread_s']}); most MB: {held}.",
        f"scheduled: {', '.join(f'{name} {how}' for name, how in made['scheduled'].items() if how)}.",
        f"the machine: {made['machine_busy_cores']} cores busy, of which {made['others_busy_cores']} by others, "
        f"{made['stolen_cores']} stolen.",
    ]


def _pictures_words(posted: Mapping[str, Any] | None) -> str:
    if posted is None:
        return "none"
    return (
        f"{posted['per_s']}/s posted, {posted['accepted']} taken in, {posted['refused']} refused, "
        f"{posted['failed']} failed, {posted['read']} read"
    )


def _page_words(watched: Mapping[str, Any] | None) -> str:
    return "none" if watched is None else f"{watched['client']}, {watched['messages']} messages"
