"""How long each stage of a parcel's way takes: histograms that cost the same however many times they hold.

A time is put into one of the log-linear buckets of its minute (for quantiles of the last minutes, as pages show them)
and into one of a few buckets since the start (as Prometheus wants them).
"""

import asyncio
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from copy import copy
from itertools import accumulate
from math import frexp
from time import monotonic

from karez.domain.ids import OrderId, ParcelId

BOUNDS_MS = (
    0.25,
    0.5,
    1,
    2,
    3,
    5,
    7.5,
    10,
    15,
    20,
    25,
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    30_000,
    120_000,
)
"""Upper bounds of the buckets since the start: fine around the 10 ms of a decision, coarse around a lap."""

RELATIVE_ERROR = 1 / 64
"""A quantile is off by no more than this share of itself."""

MINUTES = 15
"""What the pages take for "now": minutes behind that are forgotten."""

_PARTS = 32  # of each power of two; the middle of a part is at most half of 1/32 off
_TWICE = 2 * _PARTS
_LOWEST, _HIGHEST = 2.0**-10, 2.0**27  # from a microsecond to a day and a half, in ms
_LAG_EVERY_S = 0.05


class LogLinear:
    """Counts of times in buckets of equal relative width; least and most are kept exactly."""

    __slots__ = ("_counts", "least", "most", "total")

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self.total = 0
        self.least, self.most = float("inf"), 0.0

    def add(self, ms: float) -> None:
        """Take in one more time."""
        share, power = frexp(ms)  # share lies between 1/2 and 1
        bucket = power * _PARTS + int(share * _TWICE) if _LOWEST < ms < _HIGHEST else _beyond(ms)
        self._counts[bucket] = self._counts.get(bucket, 0) + 1
        self.total += 1
        if ms < self.least:
            self.least = ms
        if ms > self.most:
            self.most = ms

    def __copy__(self) -> "LogLinear":
        twin = LogLinear()
        twin.merge(self)
        return twin

    def merge(self, other: "LogLinear") -> None:
        """Take in all that another one holds."""
        for bucket, count in list(other._counts.items()):  # a copy: another thread may be adding
            self._counts[bucket] = self._counts.get(bucket, 0) + count
            self.total += count
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)

    def quantile(self, share: float) -> float | None:
        """Value that ``share`` of the times do not exceed (nearest rank), within `RELATIVE_ERROR`."""
        if not self.total:
            return None
        rank = min(self.total - 1, int(share * self.total))
        if rank == 0:
            return self.least
        if rank == self.total - 1:
            return self.most
        passed = 0
        for bucket in sorted(self._counts):
            passed += self._counts[bucket]
            if passed > rank:
                return min(self.most, max(self.least, _middle(bucket)))
        return self.most


_NOTHING, _FOR_EVER = -1_000, 1_000
"""Buckets of times that the clock could not tell from none, and of those that no stage can take."""


def _beyond(ms: float) -> int:
    return _NOTHING if ms <= _LOWEST else _FOR_EVER


def _middle(bucket: int) -> float:
    if bucket in (_NOTHING, _FOR_EVER):
        return 0.0 if bucket == _NOTHING else _HIGHEST
    power, part = divmod(bucket - _PARTS, _PARTS)
    return float(2.0**power * (part + _PARTS + 0.5) / _TWICE)


class Latencies:
    """The times of one stage, in milliseconds; one thread adds, any thread looks.

    Adding costs the same however many there are; a quantile costs a walk through some hundred buckets.

    Parameters
    ----------
    monotonic_s
        Clock.
    """

    def __init__(self, monotonic_s: Callable[[], float] = monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._counts = [0] * (len(BOUNDS_MS) + 1)
        self._sum_ms = 0.0
        self._minutes: deque[tuple[int, LogLinear]] = deque(maxlen=MINUTES + 1)
        self._minute = self._merged_for = -1
        self._now, self._merged = LogLinear(), LogLinear()

    def add(self, ms: float) -> None:
        """Take in one more."""
        self._counts[bisect_left(BOUNDS_MS, ms)] += 1
        self._sum_ms += ms
        minute = int(self._monotonic_s() // 60)
        if minute != self._minute:
            self._minute, self._now = minute, LogLinear()
            self._minutes.append((minute, self._now))
        self._now.add(ms)

    def __len__(self) -> int:
        """Give the number of times since the start."""
        return sum(self._counts)

    def quantile(self, share: float) -> float | None:
        """Value that ``share`` of the last minutes' times do not exceed (nearest rank); ``None`` without any.

        Within `RELATIVE_ERROR`; the least and the greatest are exact.
        """
        return self.quantiles([share])[0]

    def quantiles(self, shares: Sequence[float]) -> list[float | None]:
        """The same for several shares at once."""
        minute = int(self._monotonic_s() // 60)
        recent = self._before(minute)
        if self._minute == minute:
            recent.merge(self._now)
        found = [recent.quantile(share) for share in shares]
        return [None if each is None else round(each, 3) for each in found]

    def _before(self, minute: int) -> LogLinear:
        """The minutes before this one together, put together once a minute; a copy."""
        if self._merged_for != minute:
            self._merged_for, self._merged = minute, LogLinear()
            for each, times in list(self._minutes):
                if minute - MINUTES <= each < minute:
                    self._merged.merge(times)
        return copy(self._merged)

    @property
    def cumulative(self) -> list[tuple[float, int]]:
        """Upper bound in ms (the last is infinite) and how many times since the start do not exceed it."""
        return list(zip([*BOUNDS_MS, float("inf")], accumulate(list(self._counts)), strict=True))

    @property
    def sum_ms(self) -> float:
        """All times since the start together."""
        return self._sum_ms


class Stages:
    """The stages from a parcel's picture to its confirmation.

    Attributes
    ----------
    reading
        A picture in → its reading out, waiting for a reader included.
    reader
        A reader's own time for one picture.
    decision
        Last needed input received → order handed to the socket, behind its commit.
    commit
        Handed to the store → durable, waiting included.
    answer
        SCAN arrived → first order of that lap handed over.
    confirmation
        Order handed over → DIVERT arrived.
    lag
        How late the event loop is.
    """

    def __init__(self, monotonic_s: Callable[[], float] = monotonic) -> None:
        self.reading = Latencies(monotonic_s)
        self.reader = Latencies(monotonic_s)
        self.decision = Latencies(monotonic_s)
        self.commit = Latencies(monotonic_s)
        self.answer = Latencies(monotonic_s)
        self.confirmation = Latencies(monotonic_s)
        self.lag = Latencies(monotonic_s)
        self._laps: dict[ParcelId, int] = {}
        self._asked_s: dict[ParcelId, float] = {}
        self._ordered: dict[ParcelId, tuple[OrderId, float]] = {}

    def read(self, reader_ms: float, since_s: float) -> None:
        """A picture was read; ``since_s`` ago it came in."""
        self.reader.add(reader_ms)
        self.reading.add(since_s * 1000)

    def asked(self, parcel: ParcelId, lap: int, at_s: float) -> None:
        """A SCAN asks for an order; one that comes again on a lap that has its order has only lost the answer."""
        if self._laps.get(parcel) != lap:
            self._laps[parcel], self._asked_s[parcel] = lap, at_s
        elif parcel not in self._ordered:
            self._asked_s.setdefault(parcel, at_s)

    def ordered(self, parcel: ParcelId, order: OrderId, now_s: float) -> None:
        """An order was handed over, perhaps once more."""
        asked_s = self._asked_s.pop(parcel, None)
        if asked_s is not None:
            self.answer.add((now_s - asked_s) * 1000)
        known = self._ordered.get(parcel)
        if known is None or known[0] != order:
            self._ordered[parcel] = order, now_s

    def confirmed(self, parcel: ParcelId, at_s: float) -> None:
        """A DIVERT came: the lap of its order is over."""
        ordered = self._ordered.pop(parcel, None)
        if ordered is not None:
            self.confirmation.add((at_s - ordered[1]) * 1000)

    def over(self, parcel: ParcelId) -> None:
        """Its way has ended."""
        self._laps.pop(parcel, None)
        self._asked_s.pop(parcel, None)
        self._ordered.pop(parcel, None)

    async def watch_lag(self) -> None:
        """Measure for ever how late the event loop calls back what is due."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + _LAG_EVERY_S
            await asyncio.sleep(_LAG_EVERY_S)
            self.lag.add(max(0.0, loop.time() - due_s) * 1000)
