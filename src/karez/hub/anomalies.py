"""What is not as it should be on the sorter, and the event that names it; pure, like `induction`."""

from collections.abc import Sequence

from karez.domain import events as ev
from karez.domain.telegrams import Divert, DivertOutcome, Induct, Scan
from karez.hub.parcel import LiveParcel
from karez.hub.tracking import Tracking
from karez.sorter.windows import ChuteWindows, Timing


def doubled(parcel: LiveParcel, telegram: Induct) -> list[ev.Event]:
    """The name of a live parcel was inducted once more: a repeat on its own carrier, two parcels on another."""
    if telegram.carrier == parcel.carrier:
        return []
    return [ev.ParcelDoubled(parcel.parcel, telegram.carrier, parcel.carrier)]


def elsewhere(parcel: LiveParcel, telegram: Scan, tracking: Tracking) -> list[ev.Event]:
    """Name what a scan on another carrier than the parcel's own tells: it has moved, or two have swapped places."""
    if telegram.carrier == parcel.carrier:
        return []
    other = tracking.on_carrier(telegram.carrier)
    moved = ev.ParcelMoved(parcel.parcel, parcel.carrier, telegram.carrier, other.parcel if other else None)
    there = tracking.on_carrier(parcel.carrier)  # whoever took this parcel's place before
    if there is not None and there is not parcel and tracking.came_from.get(there.parcel) == telegram.carrier:
        return [moved, ev.ParcelsSwapped(parcel.parcel, there.parcel, telegram.carrier)]
    return [moved]


def off_window(parcel: LiveParcel, telegram: Divert, windows: ChuteWindows, since_scan_ms: float) -> Sequence[ev.Event]:
    """Name a confirmation that came earlier or later than the parcel can have passed that chute."""
    if telegram.outcome is not DivertOutcome.OK or telegram.chute is None or not since_scan_ms:
        return []
    timing = windows.timing(telegram.chute, since_scan_ms)
    if timing in (Timing.IN_TIME, Timing.UNKNOWN):
        return []
    window_ms = windows.ms[telegram.chute]
    return [ev.DivertOffWindow(parcel.parcel, telegram.chute, timing, round(since_scan_ms), window_ms)]
