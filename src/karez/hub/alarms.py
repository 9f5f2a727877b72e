"""Alarms: what asks a person to act (ISA-18.2). Raised once for each place, cleared when the cause is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from karez.domain.events import AlarmCleared, AlarmRaised, Event


class AlarmKey(StrEnum):
    """Every alarm there is."""

    SORTER_LINK = "sorter.link"
    STORE_FULL = "store.full"
    STORE_AWAY = "store.away"
    PICTURES_STOPPED = "pictures.stopped"
    CHUTE_FULL = "chute.full"
    EXCEPTION_CHUTE = "chute.exception_unavailable"
    SORTER_STOPPED = "sorter.stopped"
    MISSORT = "parcel.missort"
    PLAN_REJECTED = "plan.rejected"
    READER_FAILED = "reader.failed"
    BAD_TELEGRAMS = "telegram.rejected"
    WAYBILL_DUPLICATED = "waybill.duplicated"
    LOOP_CLOGGED = "loop.clogged"
    PARCEL_OVERDUE = "parcel.overdue"
    PARCEL_REAPPEARED = "parcel.reappeared"


PRIORITY = {
    AlarmKey.SORTER_LINK: 1,
    AlarmKey.STORE_FULL: 1,
    AlarmKey.STORE_AWAY: 1,
    AlarmKey.EXCEPTION_CHUTE: 1,
    AlarmKey.SORTER_STOPPED: 1,
    AlarmKey.MISSORT: 2,
    AlarmKey.PICTURES_STOPPED: 2,
    AlarmKey.PLAN_REJECTED: 2,
    AlarmKey.READER_FAILED: 2,
    AlarmKey.CHUTE_FULL: 3,
    AlarmKey.BAD_TELEGRAMS: 3,
    AlarmKey.WAYBILL_DUPLICATED: 3,
    AlarmKey.LOOP_CLOGGED: 2,
    AlarmKey.PARCEL_OVERDUE: 3,
    AlarmKey.PARCEL_REAPPEARED: 2,
}
"""1 now: stops parcels or endangers people; 2 soon; 3 this shift."""

_EACH_TOLD = frozenset({AlarmKey.MISSORT, AlarmKey.READER_FAILED, AlarmKey.PARCEL_REAPPEARED})
"""Each new parcel or picture asks to be looked at, also while the alarm is up."""

_INCIDENTS = frozenset({AlarmKey.READER_FAILED, AlarmKey.BAD_TELEGRAMS, AlarmKey.PARCEL_REAPPEARED})
"""Something that happened, with no state that ends: cleared when it has not happened again for a while."""

_MADE_ANEW = frozenset({AlarmKey.STORE_FULL, AlarmKey.STORE_AWAY, AlarmKey.PLAN_REJECTED, AlarmKey.LOOP_CLOGGED})
"""A start that succeeds proves their cause gone: the plan was read, and the writer says anew whether it has space."""

QUIET_S = 600.0
"""Long enough to be seen by whoever looks at the page now and then."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is up."""

    key: AlarmKey
    place: str
    explanation: str


class Alarms:
    """The alarms that are up; asks for an event only when something changes.

    Parameters
    ----------
    monotonic
        Clock in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = monotonic) -> None:
        self._monotonic = monotonic
        self._up: dict[tuple[AlarmKey, str], Alarm] = {}
        self._last_s: dict[tuple[AlarmKey, str], float] = {}

    @property
    def up(self) -> list[Alarm]:
        """Alarms that are up, most urgent first."""
        return sorted(self._up.values(), key=lambda alarm: (PRIORITY[alarm.key], alarm.key, alarm.place))

    def is_up(self, key: AlarmKey, place: str) -> bool:
        """Whether this one is up."""
        return (key, place) in self._up

    def any_up(self, key: AlarmKey) -> bool:
        """Whether this one is up at any place."""
        return any(up is key for up, _ in self._up)

    def apply(self, event: Event) -> None:
        """Take over what an earlier run of the hub left up."""
        if not isinstance(event, AlarmRaised | AlarmCleared) or event.key not in set(AlarmKey):
            return  # an alarm that this version does not know has no cause that it could see
        key = AlarmKey(event.key)
        if isinstance(event, AlarmRaised):
            self._up[key, event.place] = Alarm(key, event.place, event.explanation)
            self._last_s[key, event.place] = self._monotonic()
        else:
            self._up.pop((key, event.place), None)
            self._last_s.pop((key, event.place), None)

    def raised(self, key: AlarmKey, place: str, explanation: str) -> list[Event]:
        """Raise it; nothing when it is up already (and says the same, where each case must be looked at)."""
        up = self._up.get((key, place))
        if up is not None and (key not in _EACH_TOLD or up.explanation == explanation):
            self._last_s[key, place] = self._monotonic()
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

    def quiet(self) -> list[Event]:
        """Clear what happened once and has not happened again for ten minutes."""
        now_s = self._monotonic()
        over = [place for place, last_s in self._last_s.items() if place[0] in _INCIDENTS and now_s - last_s >= QUIET_S]
        return [event for key, place in over for event in self.cleared(key, place)]

    def at_start(self) -> list[Event]:
        """Clear what an earlier run left up, and this one's start proves gone."""
        return [event for alarm in self.up if alarm.key in _MADE_ANEW for event in self.cleared(alarm.key, alarm.place)]
