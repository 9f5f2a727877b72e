"""The sort plan in force: read at the start, and again whenever its file changes; a faulty file changes nothing."""

import asyncio
import logging

from karez.address.resolver import Resolver
from karez.domain.errors import BadConfig
from karez.domain.events import HUB_STREAM, Event, PlanActivated, PlanRejected
from karez.domain.ids import AreaId
from karez.domain.sorting import HallState
from karez.eventstore.append import Append, Entry, Journalled
from karez.hub.alarms import AlarmKey
from karez.hub.assignment import House
from karez.hub.control import Control
from karez.hub.journal import Own, own
from karez.settings import Settings
from karez.sortplan.plan import SortPlan
from karez.sortplan.watch import PlanFile

log = logging.getLogger("karez.plan")
_LOOK_EVERY_S = 1.0


class PlanDesk:
    """Holds the plan in force.

    Raises
    ------
    BadConfig
        When the plan cannot be used at the start.
    """

    def __init__(self, settings: Settings, resolver: Resolver) -> None:
        if settings.plan.file is None:
            raise BadConfig("settings", [(0, "plan.file", "a hub needs a sort plan; name its file")])
        self._settings, self.resolver = settings, resolver
        self._file = PlanFile(settings.plan.file, area_ids(resolver))
        self.plan: SortPlan = self._file.load()

    def house(self, hall: HallState) -> House:
        """What a decision looks at, with this hall."""
        return House(
            resolver=self.resolver,
            plan=self.plan,
            hall=hall,
            max_laps=self._settings.hub.max_laps,
            min_confidence=self._settings.hub.min_confidence,
            valid_for_ms=self._settings.sorter.valid_for_ms or None,
            coding_laps=self._settings.coding.laps if self._settings.coding.ask else None,
        )

    def activated(self) -> PlanActivated:
        """Event that says which plan is in force."""
        return PlanActivated(self.plan.name, self.plan.sha256, len(self.plan.chutes), len(self.plan.rules))

    async def watch(self, control: Control) -> None:
        """Look for a changed file once a second, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._file.changed():
                self.reload(control)

    def reload(self, control: Control) -> None:
        """Bring a changed file into force, or say why not and keep the old plan."""
        name = str(self._file.path.name)
        new: list[Event]
        lines: list[Journalled] = []
        try:
            self.plan = self._file.load()
            new = [self.activated(), *control.alarms.cleared(AlarmKey.PLAN_REJECTED, name)]
            lines = [own(Own.PLAN, sha256=self.plan.sha256)]
        except BadConfig as error:
            log.error("the changed plan has faults, the old one stays in force:\n%s", error)
            new = [
                PlanRejected(name, str(error)),
                *control.alarms.raised(AlarmKey.PLAN_REJECTED, name, f"the changed plan has faults: {error}"),
            ]
        control.commits.put(Append([Entry(HUB_STREAM, new)], lines))


def area_ids(resolver: Resolver) -> frozenset[AreaId] | None:
    """Ids that a plan's rules may name; ``None`` where the hub has no areas file."""
    return frozenset(area.id for area in resolver.areas.all) if resolver.areas else None
