"""What is to happen in the hall and when: of several things at one time, the first entered comes first."""

import heapq
from collections.abc import Callable

Action = Callable[[], None]


class Agenda:
    """Hall time in whole milliseconds, and what is to come.

    Attributes
    ----------
    now_ms
        Moved on by the hall alone.
    """

    def __init__(self) -> None:
        self.now_ms = 0
        self._entries: list[tuple[int, int, Action]] = []
        self._entered = 0

    @property
    def next_ms(self) -> int | None:
        """When the next thing happens; ``None`` where nothing is entered."""
        return self._entries[0][0] if self._entries else None

    def at(self, at_ms: int, action: Action) -> None:
        """Enter what happens at a time, or at once where that has passed."""
        self._entered += 1
        heapq.heappush(self._entries, (max(at_ms, self.now_ms), self._entered, action))

    def later(self, delay_ms: int, action: Action) -> None:
        """Enter what happens so much later."""
        self.at(self.now_ms + delay_ms, action)

    def pop(self) -> tuple[int, Action]:
        """Take out what is next: when it happens, and what."""
        at_ms, _, action = heapq.heappop(self._entries)
        return at_ms, action
