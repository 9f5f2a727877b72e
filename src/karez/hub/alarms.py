"""Alarms: what asks a person to act (ISA-18.2). Raised once for each place, cleared when the cause is gone."""

from dataclasses import dataclass
from enum import StrEnum

from karez.domain.events import AlarmCleared, AlarmRaised, Event


class AlarmKey(StrEnum):
    """Every alarm there is."""

    SORTER_LINK = "sorter.link"
    STORE_FULL = "store.full"
    PICTURES_STOPPED = "pictures.stopped"
    CHUTE_FULL = "chute.full"
    EXCEPTION_CHUTE = "chute.exception_unavailable"
    SORTER_STOPPED = "sorter.stopped"
    MISSORT = "parcel.missort"
    PLAN_REJECTED = "plan.rejected"
    READER_FAILED = "reader.failed"
    BAD_TELEGRAMS = "telegram.rejected"
    WAYBILL_DUPLICATED = "waybill.duplicated"


PRIORITY = {
    AlarmKey.SORTER_LINK: 1,
    AlarmKey.STORE_FULL: 1,
    AlarmKey.EXCEPTION_CHUTE: 1,
    AlarmKey.SORTER_STOPPED: 1,
    AlarmKey.MISSORT: 2,
    AlarmKey.PICTURES_STOPPED: 2,
    AlarmKey.PLAN_REJECTED: 2,
    AlarmKey.READER_FAILED: 2,
    AlarmKey.CHUTE_FULL: 3,
    AlarmKey.BAD_TELEGRAMS: 3,
    AlarmKey.WAYBILL_DUPLICATED: 3,
}
"""1 now: stops parcels or endangers people; 2 soon; 3 this shift."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is up."""

    key: AlarmKey
    place: str
    explanation: str


class Alarms:
    """The alarms that are up; asks for an event only when something changes."""

    def __init__(self) -> None:
        self._up: dict[tuple[AlarmKey, str], Alarm] = {}

    @property
    def up(self) -> list[Alarm]:
        """Alarms that are up, most urgent first."""
        return sorted(self._up.values(), key=lambda alarm: (PRIORITY[alarm.key], alarm.key, alarm.place))

    def apply(self, event: Event) -> None:
        """Take over what an earlier run of the hub left up."""
        if isinstance(event, AlarmRaised):
            key = AlarmKey(event.key)
            self._up[key, event.place] = Alarm(key, event.place, event.explanation)
        elif isinstance(event, AlarmCleared):
            self._up.pop((AlarmKey(event.key), event.place), None)

    def raised(self, key: AlarmKey, place: str, explanation: str) -> list[Event]:
        """Raise it; nothing when it is up already."""
        if (key, place) in self._up:
            return []
        event = AlarmRaised(key, place, PRIORITY[key], explanation)
        self.apply(event)
        return [event]

    def cleared(self, key: AlarmKey, place: str) -> list[Event]:
        """Clear it; nothing when it is not up."""
        if (key, place) not in self._up:
            return []
        event = AlarmCleared(key, place)
        self.apply(event)
        return [event]
