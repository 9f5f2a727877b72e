"""How fast coding operators answer: the recirculation policy asks it whether waiting for one can still help."""

from collections import deque
from collections.abc import Callable

from karez.domain.ids import ParcelId
from karez.sorter.recirculation import CODING_MS

_AT_WORK_S = 300.0
"""An operator who has not answered for so long has left her place."""

_ANSWERS = 50
"""So many last answers make the mean."""


class CodingPace:
    """Who answers, and how long one answer takes.

    Before anybody has answered, one operator is taken to be at work while coding is asked for; she is given up when the
    oldest question has waited too long.

    Parameters
    ----------
    asks
        Whether the hub asks coding operators at all.
    monotonic_s
        Clock.
    """

    def __init__(self, asks: bool, monotonic_s: Callable[[], float]) -> None:
        self._asks, self._monotonic_s = asks, monotonic_s
        self._asked_s: dict[ParcelId, float] = {}
        self._last_s: dict[str, float] = {}
        self._took_ms: deque[float] = deque(maxlen=_ANSWERS)

    def asked(self, parcel: ParcelId) -> None:
        """A question stands from now on."""
        self._asked_s.setdefault(parcel, self._monotonic_s())

    def over(self, parcel: ParcelId) -> None:
        """A question is over without an answer."""
        self._asked_s.pop(parcel, None)

    def answered(self, parcel: ParcelId, operator: str) -> None:
        """An answer came: it took from the question, or from that operator's last answer, whichever is later."""
        now_s, asked_s = self._monotonic_s(), self._asked_s.pop(parcel, None)
        began_s = max((each for each in (asked_s, self._last_s.get(operator)) if each is not None), default=None)
        if began_s is not None:
            self._took_ms.append((now_s - began_s) * 1000)
        self._last_s[operator] = now_s

    @property
    def coders(self) -> int:
        """Operators at work now."""
        if not self._asks:
            return 0
        now_s = self._monotonic_s()
        at_work = sum(now_s - last_s <= _AT_WORK_S for last_s in self._last_s.values())
        if at_work:
            return at_work
        oldest_s = min(self._asked_s.values(), default=now_s)
        return int(now_s - oldest_s <= _AT_WORK_S and not self._last_s)

    @property
    def coding_ms(self) -> float:
        """Mean time of an answer."""
        return sum(self._took_ms) / len(self._took_ms) if self._took_ms else CODING_MS
