"""How the control process is, in figures: for `/healthz`, the pages and the demo's summary."""

from dataclasses import asdict
from typing import Any

from karez.hub.alarms import PRIORITY
from karez.hub.control import Control
from karez.hub.stages import Latencies
from karez.settings import Settings
from karez.sortplan.plan import SortPlan


def status(control: Control, plan: SortPlan, settings: Settings) -> dict[str, Any]:
    """Figures of this moment; times in milliseconds, of the last minutes, ``None`` where nothing was measured."""
    stages = control.commits.stages
    return {
        "hub": settings.hub.name,
        "linked": control.linked,
        "store_full": control.inductions.store_full,
        "live_parcels": len(control.tracking),
        "queue": control.queue,
        "coding": len(control.tracking.coding),
        "readers_replaced": control.readers_replaced,
        "plan": {"name": plan.name, "sha256": plan.sha256},
        "chutes": {chute: str(state) for chute, state in control.chutes.items()},
        "alarms": [asdict(alarm) | {"priority": PRIORITY[alarm.key]} for alarm in control.alarms.up],
        **_times("decision", "decisions", stages.decision),
        **_times("commit", "commits", stages.commit),
        **_times("reading", "readings", stages.reader),
        **_times("answer", "answers", stages.answer),
        **_times("confirmation", "confirmations", stages.confirmation),
        **_times("lag", "lags", stages.lag),
    }


def _times(stage: str, several: str, times: Latencies) -> dict[str, Any]:
    """Count since the start, and quantiles of the last minutes."""
    p50, p99 = times.quantiles([0.5, 0.99])
    return {several: len(times), f"{stage}_ms_p50": p50, f"{stage}_ms_p99": p99}
