"""A small hub that is started and killed, and its journal put through the loop once more."""

from karez.domain.sorting import HallState
from karez.hub.assignment import House
from karez.hub.recovery import began, recover
from karez.hub.replay import Replay, Report
from karez.settings import Settings
from karez.sortplan.plan import SortPlan
from small_hub import SmallHub


def start(hub: SmallHub) -> None:
    recovered = recover(hub.control, hub.store, hub.plan)
    hub.control.commits.put(began(hub.control, hub.settings, hub.plan, "0", recovered, {}))
    hub.link()


def kill(hub: SmallHub) -> None:
    """End one run of the hub and start the next over what is stored."""
    hub.store.close()
    hub.open()
    start(hub)


def replayed(hub: SmallHub, plan: SortPlan | None = None) -> Report:
    def house(settings: Settings, in_force: SortPlan, hall: HallState) -> House:
        laps = settings.coding.laps if settings.coding.ask else None
        return House(hub.resolver, in_force, hall, settings.hub.max_laps, 0.5, 20_000, laps)

    known = plan or hub.plan
    return Replay(hub.store, Settings(), house, {known.sha256: known}).run()
