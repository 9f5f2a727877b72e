"""Simulated coding operators: they see what a person would see, take their time, err now and then, and answer."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from random import Random
from typing import Protocol, TypeVar

from karez.domain.coding import CodingAnswer, CodingReport, CodingTask
from karez.domain.ids import AreaId, ParcelId
from karez.simulation.conditions import conditions
from karez.simulation.planned import PlannedParcel

_TRY_AGAIN_S = 0.2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CoderHabits:
    """How operators work.

    Attributes
    ----------
    median_s, spread, least_s
        Time for one parcel: log-normal about the median, never less than the least. Keying centres of the United
        States' post ask for 7,150 key strokes an hour, about two a second; a dozen strokes and a look at the picture
        make 7 s. The spread (standard deviation of the logarithm) is ours.
    error_rate
        Share of answers that name a wrong area. Keying one field goes wrong in 0.29 % of cases (Garza et al. 2023,
        doi:10.21203/rs.3.rs-2386986); three times that for labels that no machine could read is ours.
    """

    median_s: float = 7.0
    spread: float = 0.4
    least_s: float = 2.0
    error_rate: float = 0.01


class CodingDoor(Protocol):
    """The hub's door for operators: the same for simulated and real ones."""

    async def coding_tasks(self) -> Sequence[CodingTask] | None:
        """What waits for an operator; ``None`` while the hub is away."""
        ...

    async def code(self, answer: CodingAnswer) -> CodingReport | None:
        """Hand in an answer; ``None`` while the hub is away."""
        ...


class Coders:
    """A crew of operators; each takes one parcel at a time, in the order in which the hall asks.

    They are told of a parcel when it passes the scan point: by then the hub has read its picture, so that what they
    find waiting does not depend on the speed of the machine. The same seed gives the same answers at the same times.

    Parameters
    ----------
    planned
        The truth: what a person would read on the label.
    now
        Clock for the answers' time stamps, aware UTC.
    """

    def __init__(
        self,
        planned: Sequence[PlannedParcel],
        seed: int,
        door: CodingDoor,
        now: Callable[[], datetime],
        count: int = 1,
        habits: CoderHabits | None = None,
    ) -> None:
        self._planned, self._seed, self._door, self._now = planned, seed, door, now
        self._habits = habits or CoderHabits()
        self._areas = sorted({parcel.area for parcel in planned})
        self._free_ms = [(0, f"Coder {number}") for number in range(1, count + 1)]
        self._taken: set[ParcelId] = set()
        self._due: list[tuple[int, int, str, CodingTask]] = []
        self.reports: dict[ParcelId, CodingReport] = {}

    @property
    def next_ms(self) -> int | None:
        """Hall time of the next answer; ``None`` while nobody works on one."""
        return self._due[0][0] if self._due else None

    async def look(self, parcel: ParcelId, index: int, now_ms: int) -> None:
        """See whether the hub asks about a parcel that passed the scan point, and put it before an operator."""
        if parcel in self._taken:
            return
        tasks = await _once_it_is_up(self._door.coding_tasks)
        task = next((each for each in tasks if each.parcel == parcel), None)
        if task is not None:
            self._taken.add(parcel)
            free_ms, operator = heapq.heappop(self._free_ms)
            done_ms = max(free_ms, now_ms) + self._takes_ms(index)
            heapq.heappush(self._free_ms, (done_ms, operator))
            heapq.heappush(self._due, (done_ms, index, operator, task))

    async def answer(self) -> None:
        """Give the answer that is due; wait for a hub that is away."""
        _, index, operator, task = heapq.heappop(self._due)
        answer = self._answer(index, operator, task)
        self.reports[task.parcel] = await _once_it_is_up(lambda: self._door.code(answer))

    def _takes_ms(self, index: int) -> int:
        random = Random(f"coder's time {self._seed} {index}")
        seconds = random.lognormvariate(log(self._habits.median_s), self._habits.spread)
        return round(1000 * max(self._habits.least_s, seconds))

    def _answer(self, index: int, operator: str, task: CodingTask) -> CodingAnswer:
        """What a person makes of the picture: nothing of a label that is torn off, soaked or face down."""
        parcel = self._planned[index]
        if conditions(parcel, 1, self._seed).damage:
            return CodingAnswer(task.parcel, operator, self._now())
        number = parcel.waybill if task.waybill is None else None
        return CodingAnswer(task.parcel, operator, self._now(), AreaId(self._area(parcel)), waybill=number)

    def _area(self, parcel: PlannedParcel) -> str:
        random = Random(f"coder's errors {self._seed} {parcel.index}")
        others = [area for area in self._areas if area != parcel.area]
        return random.choice(others) if others and random.random() < self._habits.error_rate else parcel.area


async def _once_it_is_up(ask: Callable[[], Awaitable[T | None]]) -> T:
    """Ask until the hub answers; it may have been killed and be starting again."""
    while True:
        said = await ask()
        if said is not None:
            return said
        await asyncio.sleep(_TRY_AGAIN_S)
