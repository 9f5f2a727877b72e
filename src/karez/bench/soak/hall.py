"""The hall of a soak: parcels come without end, each with its code, and the hall keeps the truth about all of them."""

from collections.abc import Sequence
from dataclasses import replace

from karez.bench.sorter.parcels import BenchParcel, Parcels
from karez.domain.ids import ParcelId
from karez.settings import HallSection
from karez.simulation.chutes import ChuteHabits
from karez.simulation.day_run import hall_parcel
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallParcel
from karez.simulation.planned import PlannedParcel
from karez.sortplan.plan import SortPlan

SPEED = 5.0
"""Hall time to wall time: a lap of 20 s takes four, so that a parcel lives through several blows and still leaves."""

PARCELS_A_SECOND = 15
"""Of wall time; the loop holds 120, and takes some 30 a second."""


def soak_hall(planned: Sequence[PlannedParcel], seen: Parcels, seed: int, plan: SortPlan, series: str) -> Hall:
    """Hall in which these parcels come one after the other, with what the sorter's scanner reads of each."""
    gap_ms = 1000 * SPEED / PARCELS_A_SECOND
    parcels = [_parcel(each, plain, gap_ms) for each, plain in zip(planned, seen.plain, strict=True)]
    habits = ChuteHabits(capacity=40, emptied_after_ms=10_000)
    return Hall(HallSection(), list(plan.chutes), parcels, seed, habits=habits, series=series, max_laps=200)


def _parcel(planned: PlannedParcel, seen: BenchParcel, gap_ms: float) -> HallParcel:
    return replace(hall_parcel(planned), arrives_ms=round(planned.index * gap_ms), codes=seen.codes)


async def no_camera(_parcel: ParcelId, _index: int, _lap: int) -> None:
    """A soak is about the sorter: parcels without a code go round, then to the exception chute."""
