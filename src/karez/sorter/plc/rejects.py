"""Bytes that are no telegram: the first of a minute are told in full, the rest as a count, so that a flood is cheap."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from karez.sorter.plc.protocol import Rejected

FULL_PER_MINUTE = 20
HEAD_BYTES = 256
_WINDOW_S = 60.0
_PEERS = 256  # more hosts than that in a minute share one count


@dataclass(slots=True)
class _Window:
    since: float
    told: int = 0
    hidden: int = 0


class Rejects:
    """Counts bad lines by peer.

    Parameters
    ----------
    monotonic
        Clock in seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._windows: dict[str, _Window] = {}

    def add(self, peer: str, reason: str, raw: bytes) -> list[Rejected]:
        """Take note of bad bytes; what is to be told now (may be nothing)."""
        told = self.due()
        key = peer if peer in self._windows or len(self._windows) < _PEERS else "others"
        window = self._windows.setdefault(key, _Window(self._monotonic()))
        if window.told < FULL_PER_MINUTE:
            window.told += 1
            told.append(Rejected(peer, reason, raw[:HEAD_BYTES].hex(), sha256(raw).hexdigest()))
        else:
            window.hidden += 1
        return told

    def due(self, *, all_now: bool = False) -> list[Rejected]:
        """Counts of the minutes that are over (or of all, at the end)."""
        now = self._monotonic()
        over = [peer for peer, each in self._windows.items() if all_now or now - each.since >= _WINDOW_S]
        told = []
        for peer in over:
            window = self._windows.pop(peer)
            if window.hidden:
                told.append(Rejected(peer, "more of the same within a minute", "", "", window.hidden))
        return told
