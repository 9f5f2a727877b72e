"""When a parcel passes which chute: the last moment at which an order for it can still be carried out on this lap.

Times count from its scan by the monotonic clock; the PLC's own are recorded, never compared with ours. What the
settings do not tell is not guessed: then the PLC alone says whether an order came in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from karez.domain.ids import ChuteId

TOLERANCE_MS = 1_500
"""Belts run a little faster or slower than rated, and a telegram takes its time: half a second of belt each way, and
the worst commit that was measured beside it."""


class Timing(StrEnum):
    """How a confirmation stands to its chute's window."""

    IN_TIME = "in_time"
    EARLY = "early"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChuteWindows:
    """Milliseconds from the scan to the last-chance point of each chute that is known."""

    ms: Mapping[ChuteId, int]

    def ahead(self, chute: ChuteId, since_scan_ms: float) -> bool:
        """Whether an order given now still reaches it; ``True`` where its window is not known."""
        last = self.ms.get(chute)
        return last is None or since_scan_ms < last

    def still_ahead(self, chutes: Sequence[ChuteId], since_scan_ms: float) -> tuple[ChuteId, ...]:
        """Those of the chutes that an order given now still reaches, in their order."""
        return tuple(chute for chute in chutes if self.ahead(chute, since_scan_ms))

    def timing(self, chute: ChuteId, since_scan_ms: float) -> Timing:
        """Whether a parcel can have fallen into this chute so long after its scan."""
        last = self.ms.get(chute)
        if last is None:
            return Timing.UNKNOWN
        if since_scan_ms < last - TOLERANCE_MS:
            return Timing.EARLY
        return Timing.LATE if since_scan_ms > last + TOLERANCE_MS else Timing.IN_TIME
