"""What a result that can have happened is worth."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from karez.bench.loop.entry import Entry
from karez.bench.loop.physics import Trip, trip, violations
from karez.simulation.planning.instance import LoopInstance

_TOLD = 20


@dataclass(frozen=True, slots=True)
class Score:
    """A result's figures.

    Attributes
    ----------
    violations
        The first things that cannot have happened; with any, the figures are worth nothing.
    sorted, exception, missorted, left_over
        Parcels in a chute of theirs, in the exception chute, in another one, in none.
    recirculating_share
        Time-averaged share of occupied carriers whose parcel is on lap 2 or later.
    laps_mean
        Over the parcels that lie in a chute.
    makespan_ms, in_system_ms
        When the last one left; mean time from arrival to chute.
    coded
        Pictures that coders looked at.
    """

    violations: tuple[str, ...]
    parcels: int
    sorted: int
    exception: int
    missorted: int
    left_over: int
    recirculating_share: float
    laps_mean: float
    makespan_ms: int
    in_system_ms: float
    coded: int


def score(loop: LoopInstance, entry: Entry) -> Score:
    """Check a result, and score it."""
    it = trip(loop, entry)
    left = entry.left
    in_its_own = (loop.parcels.chutes == entry.chute[:, None]).any(axis=1) & left
    excepted = left & (entry.chute == loop.exception) & ~in_its_own
    end_ms = int(entry.left_ms.max(initial=0))
    return Score(
        violations=tuple(islice(violations(it), _TOLD)),
        parcels=len(entry.chute),
        sorted=int(in_its_own.sum()),
        exception=int(excepted.sum()),
        missorted=int((left & ~in_its_own & ~excepted).sum()),
        left_over=int((~left).sum()),
        recirculating_share=_recirculating_share(it, end_ms),
        laps_mean=float(entry.lap[left].mean()) if left.any() else 0.0,
        makespan_ms=end_ms,
        in_system_ms=float((entry.left_ms - loop.parcels.arrives_ms)[left].mean()) if left.any() else 0.0,
        coded=int((entry.coder >= 0).sum()),
    )


def _recirculating_share(it: Trip, end_ms: int) -> float:
    """Carrier time behind the end of the first lap, of all carrier time; what never left rides until the end."""
    entry = it.entry
    until_ms = np.where(entry.left, entry.left_ms, end_ms)[it.on]
    riding_ms = int((until_ms - entry.inducted_ms[it.on]).sum())
    circling_ms = int(np.maximum(0, until_ms - it.first_lap_ends_ms[it.on]).sum())
    return circling_ms / riding_ms if riding_ms else 0.0
