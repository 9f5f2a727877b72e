"""Counters over the last hour, in small steps: what the five figures and their sparklines are computed from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

STEP_S = 2
"""Width of one step, seconds."""

KEEP_S = 3600
"""How far back the counters reach, seconds."""


@dataclass(slots=True)
class Step:
    """What happened in one step.

    Attributes
    ----------
    finished
        Parcels that reached a chute, of them ``exceptions`` and ``missorts``.
    read, no_read
        Parcels with and without a waybill number.
    occupied_s, recirculating_s
        Carrier-seconds with a parcel, and with a parcel on lap 2 or later.
    """

    finished: int = 0
    exceptions: int = 0
    missorts: int = 0
    read: int = 0
    no_read: int = 0
    occupied_s: float = 0.0
    recirculating_s: float = 0.0

    def add(self, other: "Step") -> None:
        """Add another step's counts to this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


class HourWindow:
    """The steps of the last hour. One writer; reading copies."""

    def __init__(self) -> None:
        self._steps: dict[int, Step] = {}
        self._newest = 0

    def at(self, second: float) -> Step:
        """Give the step a moment (epoch seconds) falls into, to count in."""
        number = int(second // STEP_S)
        if number not in self._steps:
            self._steps[number] = Step()
            self._forget_before(max(self._newest, number) - KEEP_S // STEP_S)
        self._newest = max(self._newest, number)
        return self._steps[number]

    def first_second(self) -> float | None:
        """Give the beginning of the oldest step kept, epoch seconds."""
        return float(min(self._steps) * STEP_S) if self._steps else None

    def sum(self, since: float, until: float) -> Step:
        """Add up the steps that begin within [since, until)."""
        total = Step()
        for number, step in self._steps.items():
            if since <= number * STEP_S < until:
                total.add(step)
        return total

    def points(
        self, figure: Callable[[Step], float | None], now: float, count: int = 60
    ) -> tuple[tuple[float | None, ...], float]:
        """Give a figure over time, oldest first, and the seconds it covers.

        The span is one hour, or as much of it as there has been; a point without data is ``None``.
        """
        first = self.first_second()
        if first is None:
            return (), 0.0
        span = min(float(KEEP_S), max(now - first, 10.0 * STEP_S))
        width = max(float(STEP_S), span / count)
        return tuple(figure(step) for step in self._chunks(now - span, now, width)), span

    def _chunks(self, since: float, until: float, width: float) -> Iterator[Step]:
        chunks = [Step() for _ in range(max(1, round((until - since) / width)))]
        for number, step in self._steps.items():
            index = int((number * STEP_S - since) // width)
            if 0 <= index < len(chunks):
                chunks[index].add(step)
        return iter(chunks)

    def _forget_before(self, number: int) -> None:
        if len(self._steps) > KEEP_S // STEP_S:
            for old in [each for each in self._steps if each < number]:
                del self._steps[old]
