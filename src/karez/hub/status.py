"""How the control process is, in figures: for `/healthz`, the pages and the demo's summary."""

from dataclasses import asdict
from typing import Any

from karez.hub.alarms import PRIORITY
from karez.hub.control import Control
from karez.settings import Settings
from karez.sortplan.plan import SortPlan


def status(control: Control, plan: SortPlan, settings: Settings) -> dict[str, Any]:
    """Figures of this moment; times in milliseconds, ``None`` where nothing was measured yet."""
    return {
        "hub": settings.hub.name,
        "linked": control.linked,
        "store_full": control.store_full,
        "live_parcels": len(control.tracking),
        "queue": control.queue,
        "coding": len(control.tracking.coding),
        "readers_replaced": control.readers_replaced,
        "plan": {"name": plan.name, "sha256": plan.sha256},
        "chutes": {chute: str(state) for chute, state in control.chutes.items()},
        "alarms": [asdict(alarm) | {"priority": PRIORITY[alarm.key]} for alarm in control.alarms.up],
        "decisions": len(control.decision_ms),
        "decision_ms_p50": control.decision_ms.quantile(0.5),
        "decision_ms_p99": control.decision_ms.quantile(0.99),
        "commit_ms_p50": control.commits.commit_ms.quantile(0.5),
        "commit_ms_p99": control.commits.commit_ms.quantile(0.99),
        "readings": len(control.reading_ms),
        "reading_ms_p50": control.reading_ms.quantile(0.5),
        "reading_ms_p99": control.reading_ms.quantile(0.99),
    }
