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
    link_ended: bool = False


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
        """Counts of the minutes that are over.

        Parameters
        ----------
        all_now
            The link has ended: also the counts so far, but once a minute only. A peer that hangs up and calls again
            gets neither another twenty nor a count for each call.
        """
        now = self._monotonic()
        told = []
        for peer, window in list(self._windows.items()):
            over = now - window.since >= _WINDOW_S
            if over:
                del self._windows[peer]
            if over or (all_now and not window.link_ended):
                window.link_ended = window.link_ended or bool(window.hidden)
                told += self._count(peer, window)
        return told

    def rest(self) -> list[Rejected]:
        """All counts that are not told yet: the driver stops."""
        return [each for peer, window in self._windows.items() for each in self._count(peer, window)]

    def _count(self, peer: str, window: _Window) -> list[Rejected]:
        hidden, window.hidden = window.hidden, 0
        return [Rejected(peer, "more of the same within a minute", "", "", hidden)] if hidden else []
