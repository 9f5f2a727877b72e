"""A clock that is only counted: it jumps to the next thing to be done, and the same things always come in one order."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 1, 1, tzinfo=UTC)

Action = Callable[..., object]


class VirtualTimer:
    """One thing to be done; it can be called off."""

    __slots__ = ("action", "args", "off")

    def __init__(self, action: Action, args: tuple[object, ...]) -> None:
        self.action, self.args, self.off = action, args, False

    def cancel(self) -> None:
        """Leave it undone."""
        self.off = True


class VirtualClock:
    """`karez.domain.clock.Clock` on counted time; what is due at one moment is done in the order in which it was put.

    Attributes
    ----------
    now_ms
        Time since the start.
    wall_ahead_s
        How far the wall clock is from where it would be had nobody set it.
    """

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.wall_ahead_s = 0.0
        self._due: list[tuple[float, int, VirtualTimer]] = []
        self._entries = 0

    @property
    def next_ms(self) -> float | None:
        """When the next thing is due."""
        while self._due and self._due[0][2].off:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def step(self) -> None:
        """Go on to the next thing, and do it."""
        at_ms, _, timer = heapq.heappop(self._due)
        if not timer.off:
            self.now_ms = at_ms
            timer.off = True
            timer.action(*timer.args)

    def pass_time(self, until_ms: float) -> None:
        """Let time go on to a moment before the next thing is due."""
        self.now_ms = until_ms

    def at(self, at_ms: float, action: Action, *args: object) -> VirtualTimer:
        """Do something at a time; now where that is over."""
        timer = VirtualTimer(action, args)
        self._entries += 1
        heapq.heappush(self._due, (max(at_ms, self.now_ms), self._entries, timer))
        return timer

    def monotonic_s(self) -> float:
        """Seconds since the start."""
        return self.now_ms / 1000

    def now(self) -> datetime:
        """The wall clock, as it is set now."""
        return _START + timedelta(seconds=self.now_ms / 1000 + self.wall_ahead_s)

    def call_later(self, delay_s: float, action: Action, *args: object) -> VirtualTimer:
        """Do something after a while."""
        return self.at(self.now_ms + delay_s * 1000, action, *args)

    def call_soon(self, action: Action, *args: object) -> None:
        """Do something at this moment, behind what is already due at it."""
        self.at(self.now_ms, action, *args)


class Lifetime:
    """The clock as one run of a process has it: when it is killed, nothing that it put is done any more."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.over = False

    def end(self) -> None:
        """The process is killed."""
        self.over = True

    def monotonic_s(self) -> float:
        """Seconds since the start of the clock, not of the process."""
        return self._clock.now_ms / 1000

    def now(self) -> datetime:
        """The wall clock."""
        return self._clock.now()

    def call_later(self, delay_s: float, action: Action, *args: object) -> VirtualTimer:
        """Do something after a while, if it still lives."""
        return self._clock.at(self._clock.now_ms + delay_s * 1000, self._alive, action, args)

    def call_soon(self, action: Action, *args: object) -> None:
        """Do something at this moment, if it still lives."""
        self._clock.at(self._clock.now_ms, self._alive, action, args)

    def _alive(self, action: Action, args: tuple[object, ...]) -> None:
        if not self.over:
            action(*args)
