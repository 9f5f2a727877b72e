"""The same loop for both models: a hall's layout, habits and parcels as an instance of the planning model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from karez.domain.ids import ChuteId
from karez.simulation.chutes import ChuteHabits
from karez.simulation.happenings import HallParcel
from karez.simulation.loop import Loop
from karez.simulation.planning.instance import Jam, LoopInstance, ParcelRows


@dataclass(frozen=True, slots=True)
class Known:
    """What can be known of a parcel, and how: the truth that the hall itself does not have.

    Attributes
    ----------
    chutes
        In which it may lie, best first.
    read_on_lap, coding_ms, codable
        As in `ParcelRows`.
    """

    chutes: Sequence[ChuteId]
    read_on_lap: int = 1
    coding_ms: int = 3_500
    codable: bool = True


def instance_of(
    name: str,
    loop: Loop,
    habits: ChuteHabits,
    parcels: Sequence[HallParcel],
    known: Callable[[int], Known],
    exception: ChuteId,
    *,
    coders: int = 1,
    coding_expected_ms: int = 3_500,
    jams: Sequence[Jam] = (),
) -> LoopInstance:
    """Describe a hall's run to the planning model; row ``n`` is the parcel with the n-th lowest index.

    Parameters
    ----------
    known
        Tells of a parcel, by the demand's number of it.
    """
    names = {chute: number for number, chute in enumerate(loop.chutes)}
    return LoopInstance(
        name=name,
        carriers=loop.carriers,
        pitch_mm=loop.pitch_mm,
        speed_mm_s=loop.speed_mm_s,
        stations=loop.stations,
        chutes_mm=tuple(loop.chutes.values()),
        exception=names[exception],
        capacity=(habits.capacity,) * len(names),
        emptied_after_ms=habits.emptied_after_ms,
        coders=coders,
        coding_expected_ms=coding_expected_ms,
        parcels=_rows(parcels, known, names, len(loop.inductions)),
        jams=tuple(jams),
    )


def _rows(
    parcels: Sequence[HallParcel], known: Callable[[int], Known], names: dict[ChuteId, int], inductions: int
) -> ParcelRows:
    ordered = sorted(parcels, key=lambda parcel: parcel.index)
    told = [known(parcel.index) for parcel in ordered]
    most = max((len(each.chutes) for each in told), default=1)
    return ParcelRows(
        arrives_ms=np.array([each.arrives_ms for each in ordered], np.int64),
        induction=np.array([each.induction % inductions for each in ordered], np.int64),
        chutes=np.array(
            [[*(names[chute] for chute in each.chutes), *[-1] * (most - len(each.chutes))] for each in told], np.int64
        ).reshape(len(told), most),
        read_on_lap=np.array([each.read_on_lap for each in told], np.int64),
        coding_ms=np.array([each.coding_ms for each in told], np.int64),
        codable=np.array([each.codable for each in told], np.bool_),
    )
