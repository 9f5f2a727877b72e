"""After a start: what is open is taken over from the store, by replaying the streams of live parcels only."""

from time import monotonic

from karez.domain.events import HUB_STREAM, AlarmCleared, AlarmRaised, ChuteChanged
from karez.domain.ids import StreamId
from karez.domain.sorting import ChuteState
from karez.eventstore.store import EventStore
from karez.hub.control import Control
from karez.hub.parcel import from_history
from karez.sortplan.plan import SortPlan


def recover(control: Control, store: EventStore, plan: SortPlan) -> int:
    """Rebuild the control loop's memory; returns how many live parcels it took over."""
    now_s = monotonic()
    live = store.parcels.live()
    for row in live:
        history = store.read_stream(StreamId(f"parcel-{row.parcel}"))
        control.tracking.add(from_history(history), now_s)
        for recorded in history:
            control.tracking.coding.apply(recorded.event, recorded.at)
    for chute in plan.chutes:
        last = store.last_of(StreamId(f"chute-{chute}"))
        if last is not None and isinstance(last.event, ChuteChanged):
            control.chutes[chute] = ChuteState(last.event.state)
    for recorded in store.read_kinds([AlarmRaised.kind, AlarmCleared.kind], HUB_STREAM):
        control.alarms.apply(recorded.event)
    return len(live)
