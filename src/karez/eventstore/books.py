"""The writer's books: what it remembers between commits, and what one commit writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from karez.domain.errors import StoreError, WrongVersion
from karez.domain.events import Recorded
from karez.domain.ids import StreamId
from karez.eventstore import learned_answers, parcel_index
from karez.eventstore.append import Append
from karez.eventstore.codec import encode, encode_json, microseconds
from karez.eventstore.parcel_row import ParcelRow, after
from karez.eventstore.pens import Rows
from karez.eventstore.schema import events, telegrams
from karez.eventstore.standing import Place, ends, place_of

_MOST_REMEMBERED = 50_000  # streams and parcels; what is forgotten is read again when it is needed


@dataclass(slots=True)
class Page:
    """One commit in the making: the results of its appends, and the rows it writes."""

    at_us: int
    position: int
    journal_id: int
    results: list[int | StoreError] = field(default_factory=list)
    versions: dict[StreamId, int] = field(default_factory=dict)
    parcels: dict[str, ParcelRow] = field(default_factory=dict)
    stands: dict[Place, int | None] = field(default_factory=dict)
    accepted: list[Append] = field(default_factory=list)
    events: list[Sequence[object]] = field(default_factory=list)
    telegrams: list[Sequence[object]] = field(default_factory=list)


class Books:
    """Memory of the one writer.

    Parameters
    ----------
    connection
        The writer's own.
    """

    def __init__(self, connection: Connection) -> None:
        self._versions: dict[StreamId, int] = {}
        self._parcels: dict[str, ParcelRow] = {}
        self.position, self._journal_id = _ends(connection)

    def page(self, connection: Connection, appends: Sequence[Append], at: datetime, *, trusting: bool) -> Page:
        """Number the events of these appends; one that expects another version gets its error as result.

        Parameters
        ----------
        trusting
            Take a stream that should be new and was never heard of as new. If it is not, the insert fails, and
            everything is numbered again without trust.
        """
        page = Page(microseconds(at), self.position, self._journal_id)
        for append in appends:
            try:
                recorded = self._number(connection, page, append, at, trusting)
            except WrongVersion as wrong:
                page.results.append(wrong)
                continue
            self._enter(connection, page, append, recorded)
            page.results.append(page.position)
        return page

    def keep(self, page: Page) -> None:
        """It is committed: remember it."""
        self.position, self._journal_id = page.position, page.journal_id
        self._versions.update(page.versions)
        self._parcels.update(page.parcels)
        for parcel, row in page.parcels.items():
            if row.finished_at is not None:
                del self._parcels[parcel]
                self._versions.pop(StreamId(f"parcel-{parcel}"), None)
        _drop_oldest(self._versions)
        _drop_oldest(self._parcels)

    def forget(self) -> None:
        """Something failed: read again whatever is needed."""
        self._versions.clear()
        self._parcels.clear()

    def was_stored(self, connection: Connection, page: Page | None) -> bool:
        """Whether a commit whose answer was lost, if there was one, had come through.

        Raises
        ------
        StoreError
            When the store is neither as it was before nor as it would be after: someone else has written.
        """
        found, before = _ends(connection), (self.position, self._journal_id)
        if found == before:  # also where the page numbers nothing: what it holds then may be written twice
            return False
        if page is None or found != (page.position, page.journal_id) or not _holds(connection, page):
            raise StoreError("another process has written to the event store while its server was away")
        return True

    def _number(
        self, connection: Connection, page: Page, append: Append, at: datetime, trusting: bool
    ) -> list[Recorded]:
        """Give each event its position and version, or find that the version is another one."""
        mine: dict[StreamId, int] = {}
        recorded, position = [], page.position
        for entry in append.entries:
            version = mine.get(entry.stream, page.versions.get(entry.stream, -1))
            if version < 0:
                new = trusting and entry.expected == 0
                version = self._versions.get(entry.stream, 0 if new else -1)
            if version < 0:
                version = _version(connection, entry.stream)
            if entry.expected is not None and entry.expected != version:
                raise WrongVersion(entry.stream, entry.expected, version)
            for event in entry.events:
                position += 1
                version += 1
                recorded.append(Recorded(position, entry.stream, version, at, event))
            mine[entry.stream] = version
        page.versions.update(mine)
        return recorded

    def _enter(self, connection: Connection, page: Page, append: Append, recorded: Sequence[Recorded]) -> None:
        for each in recorded:
            event = each.event
            page.events.append(
                (each.position, each.stream, each.version, page.at_us, event.kind, event.schema, encode(event))
            )
            self._project(connection, page, each)
            place = place_of(event)
            if place is not None:
                page.stands[place] = None if ends(event) else each.position
        page.position += len(recorded)
        for line in append.telegrams:
            page.journal_id += 1
            said = (line.direction, line.session, line.seq, line.type, line.body)
            page.telegrams.append((page.journal_id, page.at_us, *said, page.position))
        page.accepted.append(append)

    def _project(self, connection: Connection, page: Page, recorded: Recorded) -> None:
        parcel = getattr(recorded.event, "parcel", None)
        if parcel is None:
            return
        row = page.parcels.get(parcel) or self._parcels.get(parcel)
        if row is None and recorded.version > 1:
            row = parcel_index.load(connection, parcel)
        row = after(row, recorded)
        if row is not None:
            page.parcels[parcel] = row

    @staticmethod
    def rows(page: Page) -> dict[str, Rows]:
        """What a page writes, by the names of `karez.eventstore.pens.CHANGES`."""
        texts = {text.parcel: text for append in page.accepted for text in append.personal}
        advice = {row.waybill: row for append in page.accepted for row in append.advice}
        put, out = learned_answers.changed(page.accepted)
        rows: dict[str, Rows] = {
            "events": page.events,
            "parcels": [parcel_index.values(row) for row in page.parcels.values()],
            "telegrams": page.telegrams,
            "personal": [(key, page.at_us, encode_json(text).decode()) for key, text in texts.items()],
            "advice": [(key, page.at_us, encode_json(row).decode()) for key, row in advice.items()],
            "standing": [(*place, position) for place, position in page.stands.items() if position is not None],
            "fallen": [place for place, position in page.stands.items() if position is None],
            "learned": put,
            "unlearned": out,
        }
        return {name: new for name, new in rows.items() if new}


def _ends(connection: Connection) -> tuple[int, int]:
    """Position of the last event and id of the last line of the journal."""
    position = connection.execute(select(func.max(events.c.position))).scalar() or 0
    journal_id = connection.execute(select(func.max(telegrams.c.id))).scalar() or 0
    return position, journal_id


def _holds(connection: Connection, page: Page) -> bool:
    """Whether the last rows of the store are this page's, not somebody else's of the same number."""
    mine = [(events, events.c.position, page.events), (telegrams, telegrams.c.id, page.telegrams)]
    return all(
        tuple(connection.execute(select(table).where(key == rows[-1][0])).one()) == tuple(rows[-1])
        for table, key, rows in mine
        if rows
    )


def _version(connection: Connection, stream: StreamId) -> int:
    return connection.execute(select(func.max(events.c.version)).where(events.c.stream == stream)).scalar() or 0


def _drop_oldest(remembered: dict[Any, Any]) -> None:
    if len(remembered) > _MOST_REMEMBERED:
        for key in list(remembered)[: len(remembered) // 2]:
            del remembered[key]
