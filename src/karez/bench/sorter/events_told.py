"""What a run's stored events say: how many of each kind, and how many parcels were read."""

from collections import Counter
from dataclasses import dataclass

from karez.domain import events as ev
from karez.eventstore.store import EventStore

_BATCH = 5_000
SCANNER = "scanner"
"""Stands in events for the camera where the sorter's own scanner read the number."""


@dataclass(frozen=True, slots=True)
class EventsTold:
    """Counts.

    Attributes
    ----------
    events
        All that were stored.
    read_rate
        Share of the parcels of which a number was read, by scanner or picture; ``None`` without any parcel.
    pictures_read
        Pictures of which a reader's answer was stored.
    """

    events: int
    by_kind: dict[str, int]
    read_rate: float | None
    pictures_read: int


def told_by(store_url: str) -> EventsTold:
    """Go through a store from its first event to its last."""
    store = EventStore.open_reading(store_url)
    kinds, pictures = Counter[str](), 0
    read = set[str]()
    position = 0
    try:
        while batch := store.read(position, _BATCH):
            position = batch[-1].position
            for each in batch:
                kinds[each.event.kind] += 1
                if isinstance(each.event, ev.ParcelRead | ev.ParcelNotRead):
                    pictures += each.event.camera not in (SCANNER, "")
                if isinstance(each.event, ev.ParcelRead):
                    read.add(each.event.parcel)
    finally:
        store.close()
    parcels = kinds[ev.ParcelInducted.kind]
    rate = round(len(read) / parcels, 4) if parcels else None
    return EventsTold(sum(kinds.values()), dict(sorted(kinds.items())), rate, pictures)
