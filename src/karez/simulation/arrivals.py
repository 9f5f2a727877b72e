"""When parcels come: trucks are unloaded in waves, so a hall is now crowded, now idle, and on average at its rate."""

from math import cos, pi
from random import Random

_WAVE_MS = 240_000  # a truck's belt takes some minutes
_SWING = 0.35  # how far the flow rises above and falls below its mean


def arrival_times(count: int, rate_per_h: int, rng: Random) -> list[int]:
    """Draw arrival times in ms, ascending; their mean rate is ``rate_per_h``.

    One arrival falls into each of ``count`` equal parts of the flow, so that the mean holds for small days too.
    """
    length_ms = count * 3_600_000 / rate_per_h
    waves = max(1, round(length_ms / _WAVE_MS))
    return [round(_when((at + rng.random()) / count, waves) * length_ms) for at in range(count)]


def _when(flow: float, waves: int) -> float:
    """Find the time (0 to 1) by which a share of the flow has come: bisection of the flow's integral."""
    early, late = 0.0, 1.0
    for _ in range(40):
        middle = (early + late) / 2
        come = middle + _SWING * (1 - cos(2 * pi * waves * middle)) / (2 * pi * waves)
        early, late = (middle, late) if come < flow else (early, middle)
    return (early + late) / 2
