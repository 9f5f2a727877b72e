"""How fast the hall's clock runs against ours, for the drawing alone: a simulated hall may be slower or faster.

No decision may compare the PLC's clock with ours; moving a picture of a carrier may, since nothing depends on it.
"""

from collections import deque
from datetime import datetime

_SPAN_S = 20.0
_LEAST_S = 3.0
_SLOWEST, _FASTEST = 0.05, 50.0


class HallPace:
    """Compares how far both clocks went over the last seconds."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def note(self, at: datetime, plc_ts_ms: int) -> None:
        """Take both clocks from one event; a PLC that began anew begins this anew."""
        second = at.timestamp()
        if self._marks and plc_ts_ms < self._marks[-1][1] - 5_000:
            self._marks.clear()
        if not self._marks or second - self._marks[-1][0] >= 0.5:
            self._marks.append((second, plc_ts_ms))
        while second - self._marks[0][0] > _SPAN_S:
            self._marks.popleft()

    def ratio(self) -> float:
        """Give hall seconds a second of ours; 1 until enough is known."""
        if not self._marks:
            return 1.0
        (first_s, first_ms), (last_s, last_ms) = self._marks[0], self._marks[-1]
        if last_s - first_s < _LEAST_S or last_ms <= first_ms:
            return 1.0
        return min(_FASTEST, max(_SLOWEST, (last_ms - first_ms) / 1000 / (last_s - first_s)))
