"""Times of one kind, and what the record says of them."""

from array import array
from math import ceil


class Times:
    """All times of a run, in seconds; eight bytes each, so that a long run disturbs nothing."""

    def __init__(self) -> None:
        self._s = array("d")

    def __len__(self) -> int:
        return len(self._s)

    def add(self, seconds: float) -> None:
        """Take in one more."""
        self._s.append(seconds)

    def milliseconds(self) -> dict[str, float | None]:
        """Median, p99, p99.9 and the longest, by nearest rank: each was measured, none is interpolated."""
        ordered = sorted(self._s)
        shares = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999, "max_ms": 1.0}
        return {name: quantile_ms(ordered, share) for name, share in shares.items()}


def quantile_ms(ordered: list[float], share: float) -> float | None:
    """Smallest of the times, in milliseconds, that at least ``share`` of them do not exceed; ``None`` of none."""
    if not ordered:
        return None
    return round(ordered[max(0, ceil(share * len(ordered)) - 1)] * 1000, 3)
