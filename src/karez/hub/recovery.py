"""After a start: what is open is taken over from the store, at a price that does not grow with what is stored.

Live parcels are replayed from their streams; of everything else the store knows which events still stand.
"""

from collections.abc import Mapping, Sequence
from time import monotonic

from karez.domain.events import (
    HUB_STREAM,
    AlarmRaised,
    ChuteChanged,
    CodingAsked,
    HubStarted,
    ParcelInducted,
    ParcelScanned,
    PlanActivated,
    Recorded,
    parcel_stream,
)
from karez.domain.sorting import ChuteState
from karez.eventstore.append import Append, Entry
from karez.eventstore.protocol import Store
from karez.hub.control import Control
from karez.hub.journal import start
from karez.hub.parcel import from_history
from karez.settings import Settings
from karez.sortplan.plan import SortPlan


def recover(control: Control, store: Store, plan: SortPlan, now_s: float | None = None) -> int:
    """Rebuild the control loop's memory; returns how many live parcels it took over.

    Parameters
    ----------
    plan
        Chutes that it does not know any more are forgotten.
    now_s
        Monotonic time from which windows count; the clock's own where it is left out.
    """
    now_s = monotonic() if now_s is None else now_s
    live = store.parcels.live()
    for history in sorted(store.histories([parcel_stream(row.parcel) for row in live]).values(), key=_last_seen):
        parcel = from_history(history)
        control.tracking.add(parcel, now_s)
        for recorded in history:
            control.tracking.coding.apply(recorded.event, recorded.at)
        if isinstance(parcel.coding, CodingAsked):
            control.decisions.pace.asked(parcel.parcel)
    for recorded in store.standing():
        if isinstance(recorded.event, ChuteChanged) and recorded.event.chute in plan.chutes:
            control.chutes[recorded.event.chute] = ChuteState(recorded.event.state)
        elif isinstance(recorded.event, AlarmRaised):
            control.alarms.apply(recorded.event)
    return len(live)


def _last_seen(history: Sequence[Recorded]) -> int:
    """Position of the event that told last where a parcel lies: of two on one carrier the later is the one there."""
    return max(each.position for each in history if isinstance(each.event, ParcelInducted | ParcelScanned))


def began(
    control: Control, settings: Settings, plan: SortPlan, version: str, recovered: int, hashes: Mapping[str, str]
) -> Append:
    """Say that the control process is up: what it took over, which plan is in force, and the journal's line of it.

    Parameters
    ----------
    hashes
        SHA-256 of ``areas`` and ``gazetteer``, as far as there are any; the plan's own is added.
    """
    started = HubStarted(settings.hub.name, version, recovered, settings.hub.simulated)
    activated = PlanActivated(plan.name, plan.sha256, len(plan.chutes), len(plan.rules))
    line = start(settings, version, {**hashes, "plan": plan.sha256})
    return Append([Entry(HUB_STREAM, [started, activated, *control.alarms.at_start()])], [line])
