"""Parcels of which nothing is heard although the sorter speaks: named once, and only while they are missing."""

from karez.domain import events as ev
from karez.domain.clock import Clock
from karez.domain.ids import ParcelId
from karez.eventstore.append import Entry
from karez.hub.alarms import AlarmKey, Alarms
from karez.hub.ledger import Ledger
from karez.hub.tracking import Tracking


class Overdue:
    """Beside the control loop, whose memory it changes in its thread only."""

    def __init__(self, tracking: Tracking, ledger: Ledger, alarms: Alarms, clock: Clock) -> None:
        self._tracking, self._ledger, self._alarms, self._clock = tracking, ledger, alarms, clock
        self._listening_s = clock.monotonic_s()

    def listen_anew(self) -> None:
        """The link, or the belt, stood until now: silence before it says nothing of a parcel."""
        self._listening_s = self._clock.monotonic_s()

    def heard(self, parcel: ParcelId) -> list[Entry]:
        """Something was heard of it: it is missed no longer."""
        return self._ledger.of_hub(self._alarms.cleared(AlarmKey.PARCEL_OVERDUE, parcel))

    def look(self, overdue_ms: int) -> None:
        """Name the parcels of which nothing was heard for so long, in one commit; they stay: timeout is not lost."""
        now_s = self._clock.monotonic_s()
        if (now_s - self._listening_s) * 1000 <= overdue_ms:
            return
        entries: list[Entry] = []
        for parcel in self._tracking:
            heard_s = max(self._tracking.heard_s.get(parcel.parcel, now_s), self._listening_s)
            silent_ms = round((now_s - heard_s) * 1000)
            if silent_ms <= overdue_ms or self._alarms.is_up(AlarmKey.PARCEL_OVERDUE, parcel.parcel):
                continue
            why = f"nothing was heard of it for {silent_ms / 1000:.0f} s; it was last on carrier {parcel.carrier}"
            overdue = ev.ParcelOverdue(parcel.parcel, parcel.lap, silent_ms)
            entries.append(self._ledger.of_parcel(parcel, [overdue]))
            entries += self._ledger.of_hub(self._alarms.raised(AlarmKey.PARCEL_OVERDUE, parcel.parcel, why))
        if entries:
            self._ledger.commit(entries)
