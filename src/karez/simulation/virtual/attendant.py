"""The person who walks along the loop: looks for parcels that the hub misses, and says which are no longer there."""

from collections.abc import Callable

from karez.domain.ids import ParcelId
from karez.hub.alarms import AlarmKey
from karez.simulation.virtual.clock import VirtualClock
from karez.simulation.virtual.hub import VirtualHub

_LOOKS_EVERY_S = 5.0
_WALKS_S = 30.0


class Attendant:
    """Has the hub look for overdue parcels, as its upkeep does, and follows each alarm to the carrier that it names.

    Parameters
    ----------
    rides
        Whether a parcel lies on a carrier now, as anybody can see.
    overdue_ms
        A parcel that has not been heard of for so long is missed.

    Attributes
    ----------
    taken_off
        How many parcels she found gone, and told the hub so.
    """

    def __init__(
        self, clock: VirtualClock, hub: VirtualHub, rides: Callable[[ParcelId], bool], overdue_ms: int
    ) -> None:
        self._clock, self._hub, self._rides, self._overdue_ms = clock, hub, rides, overdue_ms
        self.taken_off = 0
        clock.call_later(_LOOKS_EVERY_S, self._look)

    def _look(self) -> None:
        self._clock.call_later(_LOOKS_EVERY_S, self._look)
        control = self._hub.control
        if control is None:
            return
        control.miss(self._overdue_ms)
        for alarm in control.alarms.up:
            if alarm.key is AlarmKey.PARCEL_OVERDUE and not self._rides(ParcelId(alarm.place)):
                self._clock.call_later(_WALKS_S, self._tell, ParcelId(alarm.place))

    def _tell(self, name: ParcelId) -> None:
        control = self._hub.control
        parcel = control.tracking.parcels.get(name) if control else None
        if control is not None and parcel is not None:
            self.taken_off += 1
            control.taken_off(parcel, "attendant")
