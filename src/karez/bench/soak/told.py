"""What a hub's store tells at the end of a soak: the ends of each parcel's way, its orders, and faults of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from karez.domain import events as ev
from karez.domain.events import Recorded
from karez.domain.ids import OrderId, ParcelId
from karez.eventstore.protocol import JournalRow
from karez.eventstore.store import EventStore

_A_PAGE = 10_000
_FINAL = (ev.ParcelDiverted, ev.ParcelExcepted, ev.ParcelMissorted, ev.ParcelRemoved, ev.ParcelTakenOff)


@dataclass(slots=True)
class Told:
    """What the store tells.

    Attributes
    ----------
    ends
        Events that end a parcel's way, of each parcel.
    inducted
        How often each parcel came on.
    gaps
        Positions and versions that do not follow one another.
    orders
        How often each order was decided.
    behind_the_end
        Orders that were decided when the hub knew already that the parcel had left.
    twice_a_lap
        Orders on a lap that had one, and that do not say which of its orders they supersede.
    heard
        How often each number of the PLC's telegrams stands in the journal.
    rejected
        Bytes that were no telegrams.
    """

    ends: dict[ParcelId, list[ev.Event]] = field(default_factory=dict)
    inducted: Counter[ParcelId] = field(default_factory=Counter)
    gaps: list[str] = field(default_factory=list)
    orders: Counter[OrderId] = field(default_factory=Counter)
    behind_the_end: list[str] = field(default_factory=list)
    twice_a_lap: list[str] = field(default_factory=list)
    heard: Counter[int] = field(default_factory=Counter)
    rejected: int = 0
    events: int = 0
    _versions: dict[str, int] = field(default_factory=dict)
    _on_lap: dict[tuple[ParcelId, int], set[OrderId]] = field(default_factory=dict)

    def take(self, each: Recorded) -> None:
        """Take in the next event."""
        self._follows(each)
        event = each.event
        match event:
            case ev.ParcelInducted():
                self.inducted[event.parcel] += 1
            case ev.DivertOrdered():
                self._ordered(event)
            case ev.TelegramRejected():
                self.rejected += event.count
            case _ if isinstance(event, _FINAL):
                self.ends.setdefault(event.parcel, []).append(event)

    def _follows(self, each: Recorded) -> None:
        version = self._versions.get(each.stream, 0)
        if each.position != self.events + 1:
            self.gaps.append(f"position {each.position} follows {self.events}")
        if each.version != version + 1:
            self.gaps.append(f"{each.stream}: version {each.version} follows {version}")
        self.events, self._versions[each.stream] = each.position, each.version

    def _ordered(self, event: ev.DivertOrdered) -> None:
        self.orders[event.order] += 1
        if event.parcel in self.ends:
            self.behind_the_end.append(f"{event.parcel}: {event.order}")
        on_lap = self._on_lap.setdefault((event.parcel, event.lap), set())
        if event.supersedes not in on_lap if on_lap else event.supersedes is not None:
            self.twice_a_lap.append(f"{event.parcel}, lap {event.lap}: {event.order}")
        on_lap.add(event.order)


def told_by(events: Iterable[Recorded], journal: Iterable[JournalRow], session: str) -> Told:
    """Go through a store's events and journal, in their order.

    Parameters
    ----------
    session
        The PLC's; its telegrams are counted by number.
    """
    told = Told()
    for each in events:
        told.take(each)
    told.heard.update(row.seq for row in journal if row.direction == "in" and row.session == session)
    return told


def every_event(store: EventStore) -> Iterator[Recorded]:
    """A whole store, page by page."""
    after = 0
    while page := store.read(after, _A_PAGE):
        yield from page
        after = page[-1].position


def every_line(store: EventStore) -> Iterator[JournalRow]:
    """A whole journal, page by page."""
    after = 0
    while page := store.journal(after, _A_PAGE):
        yield from page
        after = page[-1].id
