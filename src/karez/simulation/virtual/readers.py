"""Readers without pictures: they take their time, and tell the truth, nothing, or (at a drawn rate) a wrong number."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.domain.reading import Found, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.hub.readers import Done
from karez.hub.reading_work import Job
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.clock import Lifetime

_BY_CODE, _BY_TEXT = Source(SourceKind.CODE, 0, ()), Source(SourceKind.LINE, 0, ())


@dataclass(frozen=True, slots=True)
class ReaderHabits:
    """How pictures are read.

    Attributes
    ----------
    workers
        Pictures read at one time.
    mean_ms, spread_ms
        Time for one picture: normal, never less than a fifth of the mean.
    no_read
        Share of parcels that give no waybill number, beside those that the demand calls unreadable.
    read_again
        Share of these that a picture of a later lap reads after all.
    wrong
        Share of pictures that give the waybill number of nobody, and the sort code of another parcel.
    """

    workers: int = 4
    mean_ms: float = 150.0
    spread_ms: float = 50.0
    no_read: float = 0.01
    read_again: float = 0.25
    wrong: float = 0.0


class Truth:
    """What a picture shows of each parcel; the same for a picture however often it is read, and whoever reads it.

    Attributes
    ----------
    misread
        Indices of parcels of which some picture was read wrongly.
    """

    def __init__(self, planned: Sequence[PlannedParcel], seed: int, habits: ReaderHabits) -> None:
        self.planned, self._seed, self.habits = planned, seed, habits
        self.misread: set[int] = set()
        self._coded = [each.index for each in planned if each.sort_code is not None]

    def frame(self, parcel: ParcelId, index: int, lap: int) -> Frame:
        """Picture of a parcel on a lap: its name stands for its pixels."""
        return Frame(f"{index}/{lap}".encode(), "C1", parcel=parcel)

    def no_read(self, index: int, lap: int) -> bool:
        """Whether nothing can be made of it on this lap."""
        if self.planned[index].picture == "unreadable":
            return True
        of_parcel = Random(f"no-read {self._seed} {index}")
        if of_parcel.random() >= self.habits.no_read:
            return False
        return lap == 1 or of_parcel.random() >= self.habits.read_again

    def read(self, frame: Frame) -> Reading | NoRead:
        """What a reader makes of a picture."""
        index, lap = map(int, frame.data.split(b"/"))
        if self.no_read(index, lap):
            return NoRead(NoReadReason.NO_LABEL, "nothing was found", ms=self.habits.mean_ms)
        parcel = self.planned[index]
        if self.habits.wrong and Random(f"wrong {self._seed} {index} {lap}").random() < self.habits.wrong:
            return self._wrong(index)
        return self.label(parcel)

    def label(self, parcel: PlannedParcel) -> Reading:
        """What its label says to a reader that makes it out."""
        address = None if parcel.advised or parcel.sort_code is not None else parcel.address
        return _reading(parcel.waybill, parcel.company, parcel.sort_code, address, self.habits.mean_ms)

    def _wrong(self, index: int) -> Reading:
        """Another parcel's label, or one that nobody has."""
        self.misread.add(index)
        other = Random(f"whose {self._seed} {index}").choice(self._coded or [index])
        number = f"SF{10**12 + self._seed % 1000 * 10**8 + index:013d}"
        return _reading(number, "sf", self.planned[other].sort_code, None, self.habits.mean_ms)


def _reading(waybill: str, company: str, sort_code: str | None, address: str | None, ms: float) -> Reading:
    return Reading(
        waybill=Found(waybill, _BY_CODE, 0.99),
        company=company,
        sort_code=_code_found(sort_code),
        address=None if address is None else Found(address, _BY_TEXT, 0.95),
        codes=(),
        lines=(),
        ms=ms,
    )


@lru_cache(maxsize=4096)
def _code_found(sort_code: str | None) -> Found | None:
    return None if sort_code is None else Found(sort_code, _BY_TEXT, 0.97)


class VirtualReaders:
    """A reader pool as one run of the hub has it; what it was reading when the hub is killed nobody hears of.

    Parameters
    ----------
    on_done
        Called with what was made of each picture that was taken.
    queue
        Pictures that may wait.
    """

    fault = ""
    replaced = 0

    def __init__(
        self, truth: Truth, life: Lifetime, rng: Random, queue: int, on_done: Callable[[Done], None] = lambda done: None
    ) -> None:
        self._truth, self._life, self._rng, self._queue = truth, life, rng, queue
        self.on_done = on_done
        self._free_s = [0.0] * truth.habits.workers
        self._taken = 0

    @property
    def waiting(self) -> int:
        """Pictures that no reader has begun."""
        return max(0, self._taken - len(self._free_s))

    def offer(self, job: Job) -> bool:
        """Take a picture; ``False`` when the queue is full."""
        if self.waiting >= self._queue:
            return False
        self._taken += 1
        now_s = self._life.monotonic_s()
        done_s = max(now_s, heapq.heappop(self._free_s)) + self._takes_s()
        heapq.heappush(self._free_s, done_s)
        self._life.call_later(done_s - now_s, self._done, job)
        return True

    def _takes_s(self) -> float:
        it = self._truth.habits
        return max(it.mean_ms / 5, self._rng.gauss(it.mean_ms, it.spread_ms)) / 1000

    def _done(self, job: Job) -> None:
        self._taken -= 1
        self.on_done(Done(job, self._truth.read(job.frame), None))
