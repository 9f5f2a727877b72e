"""What `GET /metrics` tells of the control process: families of samples, made from what is in memory.

Names and units follow the conventions of Prometheus: base units, ``_total`` is added to counters where they are written
out. No label holds a parcel, a waybill, a peer or a person: each takes its values from a closed list.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from karez.domain import events as ev
from karez.domain.parcels import MissortCause
from karez.domain.reading import NoReadReason
from karez.domain.sorting import AssignmentReason, ChuteState
from karez.domain.telegrams import DivertOutcome
from karez.hub.alarms import PRIORITY
from karez.hub.control import Control
from karez.hub.stages import Latencies, Stages
from karez.hub.tally import FINAL_KINDS, Tally
from karez.settings import Settings
from karez.sortplan.plan import SortPlan

Family = dict[str, Any]
"""``{name, type, help}`` with ``samples`` ``[[labels, value]]``; a histogram with ``buckets`` and ``sum``."""


def metrics(control: Control, plan: SortPlan, settings: Settings, version: str) -> list[Family]:
    """All families, as the control process's door gives them to the web process."""
    tally = control.commits.tally
    return [
        _info(settings, plan, version),
        *_gauges(control, plan),
        *_counters(tally, control),
        *_histograms(control.commits.stages),
    ]


def _info(settings: Settings, plan: SortPlan, version: str) -> Family:
    labels = {"hub": settings.hub.name, "version": version, "driver": settings.sorter.driver, "plan": plan.name}
    told = "Which hub this is; pid is the control process's."
    return {"name": "karez_hub", "type": "info", "help": told, "pid": os.getpid(), "samples": [[labels, 1]]}


def _gauges(control: Control, plan: SortPlan) -> Iterable[Family]:
    chutes = Counter({str(state): 0 for state in ChuteState})
    chutes.update(str(control.chutes.get(chute, ChuteState.OPEN)) for chute in plan.chutes)
    alarms = Counter({str(priority): 0 for priority in sorted(set(PRIORITY.values()))})
    alarms.update(str(PRIORITY[alarm.key]) for alarm in control.alarms.up)
    yield _gauge("karez_link_up", "Whether the link to the sorter's PLC stands.", control.linked)
    yield _gauge("karez_live_parcels", "Parcels on the sorter.", len(control.tracking))
    yield _gauge("karez_picture_queue", "Pictures that wait for a reader.", control.queue)
    yield _gauge("karez_coding_queue", "Parcels that wait for a coding operator.", len(control.tracking.coding))
    yield _gauge("karez_coding_operators", "Coding operators at work.", control.decisions.pace.coders)
    yield _by("gauge", "karez_chutes", "Chutes of the plan by state.", "state", chutes)
    yield _by("gauge", "karez_alarms", "Alarms that are up, by priority; 1 is now.", "priority", alarms)
    yield _gauge("karez_store_full", "Whether the event store has no space.", control.inductions.store_full)
    yield _gauge("karez_inductions_held", "Whether the hub holds the inductions.", control.inductions.held)
    yield _gauge("karez_commits_waiting", "Transactions that wait for the disk.", len(control.commits))


def _counters(tally: Tally, control: Control) -> Iterable[Family]:
    events = tally.events
    ended = {state: events[kind] for kind, state in FINAL_KINDS.items()}
    yield _counter("karez_parcels_inducted", "Parcels that came.", events[ev.ParcelInducted])
    yield _by("counter", "karez_parcels_ended", "Parcels by the state that ended their way.", "state", ended)
    yield _reasons(tally, "karez_no_reads", "Pictures without a waybill number.", ev.ParcelNotRead, NoReadReason)
    yield _reasons(tally, "karez_assignments", "Decisions by their reason.", ev.ParcelAssigned, AssignmentReason)
    yield _reasons(tally, "karez_missorts", "Parcels in a wrong chute.", ev.ParcelMissorted, MissortCause, "cause")
    told = "Parcels that went round, by the PLC's word."
    rounds = [outcome for outcome in DivertOutcome if outcome not in (DivertOutcome.OK, DivertOutcome.LOST)]
    yield _reasons(tally, "karez_recirculations", told, ev.ParcelRecirculated, rounds, "outcome")
    yield {
        "name": "karez_telegrams",
        "type": "counter",
        "help": "Telegrams that were journalled; a heartbeat or a repeated order is not.",
        "samples": [[{"direction": way, "type": kind}, n] for (way, kind), n in sorted(tally.telegrams.items())],
    }
    rejected = {"unreadable": 0, "link": 0, "repeated": 0} | tally.rejected
    yield _by("counter", "karez_telegrams_rejected", "Bytes or peers that were refused.", "kind", rejected)
    yield _counter("karez_links", "Times the link to the PLC came up.", events[ev.SorterConnected])
    yield _counter("karez_links_lost", "Times it was lost.", events[ev.SorterDisconnected])
    yield _counter("karez_commits", "Transactions that are durable.", tally.commits)
    yield _counter("karez_readers_replaced", "Reader workers that died or hung.", control.readers_replaced)
    kinds = {kind.kind: events[kind] for kind in ev.EVENT_TYPES.values()}
    yield _by("counter", "karez_events", "Events that are durable, by kind.", "kind", kinds)


def _histograms(stages: Stages) -> Iterable[Family]:
    yield _histogram("karez_reading", "A picture in until its reading is out, waiting included.", stages.reading)
    yield _histogram("karez_reader", "A reader's own time for one picture.", stages.reader)
    yield _histogram("karez_decision", "Last needed input until the order is handed over.", stages.decision)
    yield _histogram("karez_commit", "Handed to the store until it is durable.", stages.commit)
    yield _histogram("karez_answer", "SCAN in until the lap's first order is handed over.", stages.answer)
    yield _histogram("karez_confirmation", "Order handed over until its DIVERT is in.", stages.confirmation)
    yield _histogram("karez_loop_lag", "How late the control loop is.", stages.lag)


def _gauge(name: str, told: str, value: float) -> Family:
    return {"name": name, "type": "gauge", "help": told, "samples": [[{}, float(value)]]}


def _counter(name: str, told: str, value: float) -> Family:
    return {"name": name, "type": "counter", "help": told, "samples": [[{}, value]]}


def _by(kind: str, name: str, told: str, label: str, counts: Mapping[str, float]) -> Family:
    return {"name": name, "type": kind, "help": told, "samples": [[{label: key}, n] for key, n in counts.items()]}


def _reasons(
    tally: Tally, name: str, told: str, kind: type[ev.Event], known: Iterable[str], label: str = "reason"
) -> Family:
    """Counts by a listed value; all of the list are told from the start, so that a first case shows as a rise."""
    return _by("counter", name, told, label, {str(each): 0 for each in known} | tally.by_reason(kind))


def _histogram(name: str, told: str, times: Latencies) -> Family:
    buckets = [[None if bound == float("inf") else bound / 1000, count] for bound, count in times.cumulative]
    family = {"name": f"{name}_seconds", "type": "histogram", "help": told}
    return family | {"buckets": buckets, "sum": times.sum_ms / 1000}
