"""Coding operators on the virtual clock: each takes the most urgent parcel, needs her time, errs now and then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from karez.domain.coding import CodingAnswer, CodingTask
from karez.domain.ids import AreaId, ParcelId
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.clock import VirtualClock
from karez.simulation.virtual.hub import VirtualHub

_LOOKS_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class CodingHabits:
    """How operators work: 3.5 s a picture, 900 an hour, is what the United States' post reports of remote keying.

    Attributes
    ----------
    mean_s, spread_s
        Time for one parcel: normal, never less than a second.
    error_rate
        Share of answers that name a wrong area.
    tells
        Share of parcels that no machine could read of which a person can tell where they go.
    """

    mean_s: float = 3.5
    spread_s: float = 1.5
    error_rate: float = 0.0
    tells: float = 0.9

    def takes_s(self, rng: Random) -> float:
        """Draw the time for one parcel."""
        return max(1.0, rng.gauss(self.mean_s, self.spread_s))


def can_tell(seed: int, index: int, habits: CodingHabits) -> bool:
    """Whether a person can tell where a parcel goes, by the demand's number of it; the same whoever looks."""
    return _rolls(seed, index).random() < habits.tells


def _rolls(seed: int, index: int | None) -> Random:
    """Chance of one parcel: first whether a person can tell, then whether she errs."""
    return Random(f"coder {seed} {index}")


class VirtualCoders:
    """A crew; it keeps its seats while the hub is killed, and tries again.

    Parameters
    ----------
    index_of
        The demand's number of a parcel that was photographed.

    Attributes
    ----------
    erred
        Indices of parcels for which a wrong area was given.
    answered
        How many answers were given.
    """

    def __init__(
        self,
        clock: VirtualClock,
        hub: VirtualHub,
        planned: Sequence[PlannedParcel],
        index_of: Callable[[ParcelId], int | None],
        seed: int,
        count: int,
        habits: CodingHabits,
    ) -> None:
        self._clock, self._hub, self._planned, self._index_of = clock, hub, planned, index_of
        self._seed, self._habits = seed, habits
        self._rng = Random(f"coders {seed}")
        self._areas = sorted({parcel.area for parcel in planned})
        self._free = [f"Coder {number}" for number in range(count, 0, -1)]
        self._taken: set[ParcelId] = set()
        self._at_work: set[ParcelId] = set()
        self._run = 0
        self.erred: set[int] = set()
        self.answered = 0
        if count:
            clock.call_later(_LOOKS_EVERY_S, self._look)

    def _look(self) -> None:
        self._clock.call_later(_LOOKS_EVERY_S, self._look)
        desk = self._hub.desk
        if desk is None or not self._free or not self._hub.asked:
            return
        if self._run != self._hub.runs:  # an answer that died with a run of the hub is asked for again
            self._run, self._taken = self._hub.runs, set(self._at_work)
        for task in self._hub.tasks():
            if not self._free:
                return
            if task.parcel not in self._taken:
                self._taken.add(task.parcel)
                self._at_work.add(task.parcel)
                self._clock.call_later(self._habits.takes_s(self._rng), self._answer, self._free.pop(), task)

    def _answer(self, operator: str, task: CodingTask) -> None:
        desk = self._hub.desk
        if desk is None:  # killed and not up again: she waits
            self._clock.call_later(_LOOKS_EVERY_S, self._answer, operator, task)
            return
        self._free.append(operator)
        self._at_work.discard(task.parcel)
        self.answered += 1
        desk.take(self._said(operator, task))

    def _said(self, operator: str, task: CodingTask) -> CodingAnswer:
        index = self._index_of(task.parcel)
        random = _rolls(self._seed, index)
        if index is None or random.random() >= self._habits.tells:
            return CodingAnswer(task.parcel, operator, self._clock.now())
        parcel = self._planned[index]
        number = parcel.waybill if task.waybill is None else None
        area = parcel.area
        others = [each for each in self._areas if each != area]
        if others and random.random() < self._habits.error_rate:
            self.erred.add(index)
            area = random.choice(others)
        return CodingAnswer(task.parcel, operator, self._clock.now(), AreaId(area), waybill=number)
