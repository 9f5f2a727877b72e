"""An event store in memory: the disk of a hub that runs on a virtual clock."""

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import islice

from karez.domain.advice import PreAdvice
from karez.domain.errors import StoreError, WrongVersion
from karez.domain.events import EVENT_TYPES, Event, Recorded
from karez.domain.ids import ParcelId, StreamId
from karez.domain.personal import PersonalText
from karez.eventstore.append import Append, Entry, Journalled
from karez.eventstore.codec import decode, encode_all, microseconds, moment
from karez.eventstore.memory_index import MemoryLearned, MemoryParcels
from karez.eventstore.protocol import JournalRow
from karez.eventstore.settled import Settled
from karez.eventstore.standing import Place, ends, place_of

Commit = Callable[[Callable[[], None]], None]
"""Is handed what finishes a commit, and calls it once: at once, or later on a virtual clock."""

_KEYS = tuple(EVENT_TYPES)
_NUMBER_OF = {kind: number for number, kind in enumerate(EVENT_TYPES.values())}


def _at_once(finish: Callable[[], None]) -> None:
    finish()


class MemoryStore:
    """The whole of `karez.eventstore.protocol.Store` for one thread, without a disk.

    It outlives the hub that writes to it, as a disk outlives a process: after `kill` a new hub is built over the same
    store and reads what had been committed. Events are kept encoded, so what it reads has really been decoded.
    Everything runs in the caller's thread, and nothing waits.

    Parameters
    ----------
    now
        Clock, aware UTC: the virtual clock's.
    commit
        How long a commit takes. It is called with a function whenever something waits and no commit is under way, and
        must call that function once, when the "disk" is done: ``lambda finish: clock.call_later(0.002, finish)``. All
        that has been submitted by then is committed together, in the order of submission, and its futures are done.
        Without it each append is committed before `submit` returns.
    keep_journal
        ``False`` leaves the telegrams out (`last_inbound` is right all the same): about 1 kB less a parcel.

    Examples
    --------
    >>> from karez.eventstore.append import Append, Entry
    >>> from karez.domain.events import AlarmCleared, HUB_STREAM
    >>> waiting = []
    >>> store = MemoryStore(commit=waiting.append)
    >>> answer = store.submit(Append([Entry(HUB_STREAM, [AlarmCleared("sorter.link", "sorter")])]))
    >>> answer.done(), store.last_position()
    (False, 0)
    >>> waiting.pop()()
    >>> answer.result(), store.last_position()
    (1, 1)
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        commit: Commit = _at_once,
        *,
        keep_journal: bool = True,
    ) -> None:
        self._now, self._commit, self._keep_journal = now, commit, keep_journal
        self._waiting: deque[tuple[Append, Settled]] = deque()
        self._under_way = False
        self._life = 0
        # One column for each field of an event, position by position: a row object would cost more than its data.
        self._data, self._ends = bytearray(), array("Q")
        self._kinds, self._streams, self._versions = array("H"), array("I"), array("I")
        self._at_us, self._previous = array("q"), array("q")
        self._names: list[StreamId] = []
        self._numbers: dict[StreamId, int] = {}
        self._newest = array("q")
        self._journal: list[tuple[int, Journalled, int]] = []
        self._last_inbound: tuple[str, int] | None = None
        self._standing: dict[Place, int] = {}
        self._personal: dict[ParcelId, bytes] = {}
        self._advice: dict[str, PreAdvice] = {}
        self.parcels = MemoryParcels(self.read_stream)
        self.learned = MemoryLearned()

    # ---- writing ---------------------------------------------------------------------------------------------------

    def submit(self, append: Append) -> "Future[int]":
        """Queue one transaction; the future gives the position of its last event once it is committed."""
        settled = Settled()
        self._waiting.append((append, settled))
        self._begin()
        return settled

    def append(self, stream: StreamId, expected: int | None, new: Sequence[Event]) -> int:
        """Append to one stream; it must be committed at once, as nothing can wait here."""
        return self.submit(Append(entries=[Entry(stream, new, expected)])).result()

    def kill(self, reached_disk: int = 0) -> int:
        """End the life of the hub that writes: what waits is lost and nobody is told.

        Parameters
        ----------
        reached_disk
            So many of the appends that wait had reached the disk when it died: they are stored, their futures are
            never done. A hub must bear any number.

        Returns
        -------
        int
            How many appends were lost.
        """
        for _ in range(min(reached_disk, len(self._waiting))):
            append, _unheard = self._waiting.popleft()
            self._try(append)
        lost = len(self._waiting)
        self._waiting.clear()
        self._under_way = False
        self._life += 1
        return lost

    def close(self) -> None:
        """Nothing to let go of: what is stored stays."""

    def _begin(self) -> None:
        if self._waiting and not self._under_way:
            self._under_way = True
            life = self._life
            self._commit(lambda: self._finish(life))

    def _finish(self, life: int) -> None:
        if life != self._life:
            return  # the hub that asked for it was killed
        self._under_way = False
        done = [(settled, self._try(append)) for append, settled in self._waiting]
        self._waiting.clear()
        for settled, result in done:
            settled.set_exception(result) if isinstance(result, StoreError) else settled.set_result(result)
            if life != self._life:
                return  # one of the acts was its end
        self._begin()

    def _try(self, append: Append) -> int | StoreError:
        """Position of its last event, or why none of it was stored."""
        try:
            data, lengths = encode_all([event for entry in append.entries for event in entry.events])
            self._check(append.entries)
        except WrongVersion as wrong:
            return wrong
        except Exception as error:  # as the other stores: one bad append must not take its neighbours with it
            return StoreError(f"the event store refused an append: {error!r}")
        at_us = microseconds(self._now())
        begin = len(self._data)
        self._data += data
        self._ends.extend([begin + length for length in lengths])
        for entry in append.entries:
            self._store_entry(entry, at_us)
        if append.telegrams:
            self._write_journal(append.telegrams, at_us)
        if append.personal or append.advice or append.learned or append.unlearned:
            self._keep_beside(append)
        return len(self._kinds)

    def _check(self, entries: Sequence[Entry]) -> None:
        grown: dict[StreamId, int] = {}
        for entry in entries:
            version = grown.get(entry.stream, -1) if grown else -1
            if version < 0:
                version = self._version(entry.stream)
            if entry.expected is not None and entry.expected != version:
                raise WrongVersion(entry.stream, entry.expected, version)
            if len(entries) > 1:
                grown[entry.stream] = version + len(entry.events)

    def _version(self, stream: StreamId) -> int:
        number = self._numbers.get(stream)
        return 0 if number is None else self._versions[self._newest[number]]

    def _store_entry(self, entry: Entry, at_us: int) -> None:
        if not entry.events:
            return
        number = self._numbers.get(entry.stream)
        if number is None:
            number = self._numbers[entry.stream] = len(self._names)
            self._names.append(entry.stream)
            self._newest.append(-1)
            version, last = 0, -1
        else:
            last = self._newest[number]
            version = self._versions[last]
        for event in entry.events:
            version += 1
            index = len(self._kinds)
            self._kinds.append(_NUMBER_OF[type(event)])
            self._streams.append(number)
            self._versions.append(version)
            self._at_us.append(at_us)
            self._previous.append(last)
            last = index
            self.parcels.note(event)
            place = place_of(event)
            if place is not None:
                self._stand(place, None if ends(event) else last)
        self._newest[number] = last

    def _stand(self, place: Place, index: int | None) -> None:
        self._standing.pop(place, None)
        if index is not None:
            self._standing[place] = index

    def _write_journal(self, telegrams: Sequence[Journalled], at_us: int) -> None:
        for each in telegrams:
            if each.direction == "in":
                self._last_inbound = (each.session, each.seq)
        if self._keep_journal:
            position = len(self._kinds)
            self._journal += [(at_us, each, position) for each in telegrams]

    def _keep_beside(self, append: Append) -> None:
        for text in append.personal:
            self._personal[text.parcel] = text.address.encode()
        for row in append.advice:
            self._advice[row.waybill] = row
        self.learned.change(append.learned, append.unlearned)

    # ---- reading ---------------------------------------------------------------------------------------------------

    def read(self, after: int = 0, limit: int = 1000) -> list[Recorded]:
        """Events behind a position, in order."""
        return [self._recorded(index) for index in range(after, min(after + limit, len(self._kinds)))]

    def read_stream(self, stream: StreamId) -> list[Recorded]:
        """History of one stream, in order."""
        return [self._recorded(index) for index in self._backwards(stream)][::-1]

    def histories(self, streams: Sequence[StreamId]) -> dict[StreamId, list[Recorded]]:
        """Histories of many streams at once; one that has none is left out."""
        return {stream: history for stream in streams if (history := self.read_stream(stream))}

    def last_of(self, stream: StreamId) -> Recorded | None:
        """Newest event of one stream."""
        return next((self._recorded(index) for index in self._backwards(stream)), None)

    def read_kinds(self, kinds: Sequence[str], stream: StreamId) -> list[Recorded]:
        """Events of these kinds in one stream, in order."""
        wanted = [index for index in self._backwards(stream) if _KEYS[self._kinds[index]][0] in kinds]
        return [self._recorded(index) for index in wanted[::-1]]

    def standing(self) -> list[Recorded]:
        """Events that still stand, in order: alarms that are up, the last state of each chute, induction and sorter."""
        return [self._recorded(index) for index in self._standing.values()]

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty store."""
        return len(self._kinds)

    def last_inbound(self) -> tuple[str, int] | None:
        """Session and sequence number of the newest telegram from the PLC that was committed."""
        return self._last_inbound

    def journal(self, after: int = 0, limit: int = 1000) -> list[JournalRow]:
        """Journal behind a row's id, in the order of commits."""
        return [
            JournalRow(id, moment(at_us), each.direction, each.session, each.seq, each.type, each.body, position)
            for id, (at_us, each, position) in enumerate(islice(self._journal, after, after + limit), after + 1)
        ]

    def advice(self, waybill: str) -> PreAdvice | None:
        """Pre-advice of a waybill number."""
        return self._advice.get(waybill)

    def personal(self, parcel: ParcelId) -> PersonalText | None:
        """Label text of a parcel."""
        text = self._personal.get(parcel)
        return None if text is None else PersonalText(parcel, text.decode())

    def _backwards(self, stream: StreamId) -> Iterator[int]:
        number = self._numbers.get(stream)
        index = -1 if number is None else self._newest[number]
        while index >= 0:
            yield index
            index = self._previous[index]

    def _recorded(self, index: int) -> Recorded:
        data = self._data[self._ends[index - 1] if index else 0 : self._ends[index]]
        return Recorded(
            position=index + 1,
            stream=self._names[self._streams[index]],
            version=self._versions[index],
            at=moment(self._at_us[index]),
            event=decode(*_KEYS[self._kinds[index]], data),
        )
