"""How often another picture tells more: the recirculation policy asks it whether to circle for one."""

from collections import deque

LAST = 100
"""So many of the last count."""

HOPEFUL = 10
"""So many are taken to have been read before any was: a hub that has just started tries."""


class Rereading:
    """Counts the parcels that were pictured again on a later lap, and those that were read then."""

    def __init__(self) -> None:
        self._read = deque([True] * HOPEFUL, maxlen=LAST)

    def pictured_again(self, read: bool) -> None:
        """A parcel that circled was pictured again."""
        self._read.append(read)

    @property
    def share(self) -> float:
        """Of the last hundred, how many were read."""
        return round(sum(self._read) / len(self._read), 3)
