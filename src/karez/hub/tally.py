"""Counts of what was committed since the start of the control process, for its metrics."""

from collections import Counter

from karez.domain import events as ev
from karez.domain.ids import ParcelId
from karez.eventstore.append import Append

FINAL_KINDS = {
    ev.ParcelDiverted: "diverted",
    ev.ParcelExcepted: "exception",
    ev.ParcelMissorted: "missorted",
    ev.ParcelRemoved: "removed",
    ev.ParcelTakenOff: "taken_off",
}
"""Events that end a parcel's way, and the state they end it in (`ParcelState`)."""

_REASONS: dict[type[ev.Event], str] = {
    ev.ParcelNotRead: "reason",
    ev.ParcelAssigned: "reason",
    ev.ParcelUnresolved: "reason",
    ev.ParcelMissorted: "cause",
    ev.ParcelRecirculated: "outcome",
}
"""Field of an event whose listed values are counted apart; each is of a closed list, so that no label grows."""


class Tally:
    """What was committed.

    Attributes
    ----------
    commits
        Transactions: each is one input with all it led to.
    events
        By type of event.
    reasons
        By type of event and value of its listed field.
    telegrams
        By direction (``in``, ``out``) and type; heartbeats are not journalled and not counted, nor is an order that is
        sent again.
    rejected
        Bad telegrams by what they were: ``unreadable`` bytes, ``link`` (a peer that was refused, telegrams that never
        came), ``repeated`` (more of the same within a minute, of which only the number was kept).
    """

    def __init__(self) -> None:
        self.commits = 0
        self.events: Counter[type[ev.Event]] = Counter()
        self.reasons: Counter[tuple[type[ev.Event], str]] = Counter()
        self.telegrams: Counter[tuple[str, str]] = Counter()
        self.rejected: Counter[str] = Counter()

    def committed(self, append: Append) -> list[ParcelId]:
        """Take in one transaction; gives the parcels whose way it ended."""
        self.commits += 1
        for line in append.telegrams:
            if line.direction != "own":
                self.telegrams[line.direction, line.type] += 1
        ended: list[ParcelId] = []
        for entry in append.entries:
            for event in entry.events:
                kind = type(event)
                self.events[kind] += 1
                field = _REASONS.get(kind)
                if field is not None:
                    self.reasons[kind, getattr(event, field)] += 1
                if kind in FINAL_KINDS:
                    ended.append(event.parcel)  # type: ignore[union-attr]  # every event that ends a way names its parcel
                elif isinstance(event, ev.TelegramRejected):
                    self.rejected[_sort_of(event)] += event.count
        return ended

    def by_reason(self, kind: type[ev.Event]) -> dict[str, int]:
        """Counts of one type of event by its listed field; an empty value is told as ``unknown``."""
        return {value or "unknown": count for (each, value), count in self.reasons.items() if each is kind}


def _sort_of(event: ev.TelegramRejected) -> str:
    if not event.sha256:
        return "repeated"
    return "unreadable" if event.head_hex else "link"
