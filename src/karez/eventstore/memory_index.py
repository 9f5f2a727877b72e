"""What `MemoryStore` finds parcels and learned answers by."""

from collections.abc import Callable, Iterable, Sequence

from karez.domain import events as ev
from karez.domain.ids import AnswerId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.parcel_row import ParcelRow, after


class MemoryParcels:
    """Index of parcels; a row is worked out from the parcel's events when it is asked for.

    Parameters
    ----------
    history
        Gives the events of one stream.
    """

    def __init__(self, history: Callable[[StreamId], Sequence[ev.Recorded]]) -> None:
        self._history = history
        self._known: dict[ParcelId, None] = {}
        self._open: dict[ParcelId, None] = {}
        self._by_waybill: dict[str, tuple[ParcelId, ...]] = {}
        self._notes: dict[type[ev.Event], Callable[..., None]] = {
            ev.ParcelInducted: self._begun,
            ev.ParcelRead: self._numbered,
            ev.CodingAnswered: self._numbered,
            ev.ParcelDiverted: self._ended,
            ev.ParcelExcepted: self._ended,
            ev.ParcelMissorted: self._ended,
            ev.ParcelRemoved: self._ended,
            ev.ParcelTakenOff: self._ended,
        }

    def note(self, event: ev.Event) -> None:
        """Take in one more event."""
        note = self._notes.get(type(event))
        if note is not None:
            note(event)

    def _begun(self, event: ev.ParcelInducted) -> None:
        self._known[event.parcel] = self._open[event.parcel] = None

    def _ended(self, event: ev.ParcelDiverted) -> None:
        self._open.pop(event.parcel, None)

    def _numbered(self, event: ev.ParcelRead | ev.CodingAnswered) -> None:
        if event.waybill is None:
            return
        owners = self._by_waybill.get(event.waybill, ())
        if event.parcel not in owners:
            self._by_waybill[event.waybill] = (*owners, event.parcel)

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        """Parcel of this id, else the newest with this waybill number."""
        if parcel_or_waybill in self._known:
            return self._row(ParcelId(parcel_or_waybill))
        waybill = parcel_or_waybill.upper()
        rows = [row for row in self._rows(self._by_waybill.get(waybill, ())) if row.waybill == waybill]
        return max(rows, key=lambda row: row.inducted_at, default=None)

    def holds(self, parcel: ParcelId) -> bool:
        """Whether there is, or was, a parcel of this id."""
        return parcel in self._known

    def live(self) -> Sequence[ParcelRow]:
        """Parcels that have no final state yet, oldest first."""
        return self._rows(self._open)

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        """Parcels whose waybill or id starts with ``text``, newest first; reads every parcel."""
        wanted = text.strip()
        found = [
            row
            for row in self._rows(self._known)
            if row.parcel.startswith(wanted) or (row.waybill or "").startswith(wanted.upper())
        ]
        found.sort(key=lambda row: row.parcel)
        found.sort(key=lambda row: row.inducted_at, reverse=True)
        return found[:limit]

    def _rows(self, parcels: Iterable[ParcelId]) -> list[ParcelRow]:
        rows = [row for parcel in parcels if (row := self._row(parcel)) is not None]
        return sorted(rows, key=lambda row: row.inducted_at)

    def _row(self, parcel: ParcelId) -> ParcelRow | None:
        row = None
        for recorded in self._history(ev.parcel_stream(parcel)):
            row = after(row, recorded)
        return row


class MemoryLearned:
    """Answers of coding operators."""

    def __init__(self) -> None:
        self._answers: dict[AnswerId, LearnedAnswer] = {}

    def change(self, added: Sequence[LearnedAnswer], undone: Sequence[AnswerId]) -> None:
        """Store and take out answers; an id that comes again replaces."""
        for gone in undone:
            self._answers.pop(gone, None)
        self._answers.update((each.id, each) for each in added)

    def any_below(self, above: str) -> bool:
        """Whether there are any to addresses that begin so; to any address, for an empty beginning."""
        return any(each.address.startswith(above) for each in self._answers.values())

    def of(self, address: str) -> Sequence[LearnedAnswer]:
        """Answers to one address, oldest first."""
        return [each for each in self.all() if each.address == address]

    def get(self, id: AnswerId) -> LearnedAnswer | None:
        """The answer of that id."""
        return self._answers.get(id)

    def all(self) -> Sequence[LearnedAnswer]:
        """Every answer, by address, oldest first."""
        return sorted(self._answers.values(), key=lambda each: (each.address, each.at, each.id))
