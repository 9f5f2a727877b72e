"""Tells a telegram that comes again from a new one: OSIP's numbers wrap, so only a window of time can be judged."""

from collections import OrderedDict

_MOST = 65_536


class Repeats:
    """The bytes of the last telegrams.

    The same bytes within the window are a repeat: number, item, place and time of making are then all the same. The
    same number with other content is a new telegram: the numbers wrapped, or the peer began anew.

    Parameters
    ----------
    window_s
        Shorter than it takes the numbers to wrap: two an exchange and 350 exchanges a second are 143 s.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._heard: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._heard)

    def again(self, raw: bytes, now_s: float) -> bool:
        """Whether these bytes came within the window before; they count as heard from now on."""
        while self._heard:
            first, at_s = next(iter(self._heard.items()))
            if now_s - at_s < self._window_s and len(self._heard) < _MOST:
                break
            del self._heard[first]
        if raw in self._heard:
            return True
        self._heard[raw] = now_s
        return False
