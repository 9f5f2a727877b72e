"""What the planning model is given: the loop, its chutes, its coders and its parcels, as plain numbers and arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karez.domain.errors import BadInput
from karez.simulation.loop import Station

Whole = npt.NDArray[np.int64]
NEVER = 0
"""As the lap on which a parcel is read."""

_MOST_CHUTES = 4_096
_MOST_PARCELS = 1 << 27


@dataclass(frozen=True, slots=True)
class Jam:
    """A chute, by its number, takes nothing from ``at_ms`` on, for ``for_ms``."""

    chute: int
    at_ms: int
    for_ms: int


@dataclass(frozen=True, slots=True)
class ParcelRows:
    """Parcels, an array a property; the row is the parcel's number.

    Attributes
    ----------
    arrives_ms
        When it lies at its induction.
    induction
        Counted over the stations, in their order.
    chutes
        Shape (parcels, choices): chutes in which it may lie, best first, filled up with -1.
    read_on_lap
        The first lap on which a reader makes out where it goes; `NEVER`.
    coding_ms
        How long a coder works on its picture.
    codable
        Whether the picture tells a coder anything.
    """

    arrives_ms: Whole
    induction: Whole
    chutes: Whole
    read_on_lap: Whole
    coding_ms: Whole
    codable: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.arrives_ms)


@dataclass(frozen=True, slots=True)
class LoopInstance:
    """One loop and the parcels of one run.

    Attributes
    ----------
    chutes_mm
        Where the chutes are; elsewhere a chute is its number in this list.
    exception
        Number of the chute for what cannot be sorted.
    capacity
        Parcels until a chute is full, one figure a chute; ``emptied_after_ms`` later it is empty again (bag change).
    coders, coding_expected_ms
        How many people code, and how long one is expected to take: that, not the parcel's own time, is what a policy
        may know.
    patience_laps
        After so many laps without anything leaving or coming on, the run ends as it stands.
    """

    name: str
    carriers: int
    pitch_mm: int
    speed_mm_s: int
    stations: Sequence[Station]
    chutes_mm: Sequence[int]
    exception: int
    capacity: Sequence[int]
    emptied_after_ms: int
    coders: int
    coding_expected_ms: int
    parcels: ParcelRows
    jams: Sequence[Jam] = ()
    patience_laps: int = 60
    about: str = field(default="", compare=False)

    @property
    def lap_ms(self) -> int:
        """Time once round."""
        return -(-self.carriers * self.pitch_mm * 1000 // self.speed_mm_s)

    @property
    def inductions(self) -> list[int]:
        """Where the inductions are, in the order of the stations."""
        return [at for station in self.stations for at in station.inductions]

    def check(self) -> None:
        """Look whether the model can be run on it.

        Raises
        ------
        BadInput
            Naming the first thing that cannot be.
        """
        for fault in self._faults():
            raise BadInput(fault, self.name, "correct the instance")

    def _faults(self) -> list[str]:
        length, rows, count = self.carriers * self.pitch_mm, self.parcels, len(self.chutes_mm)
        places = [*self.chutes_mm, *self.inductions]
        places += [at for each in self.stations for at in (each.camera_mm, each.scan_mm, each.end_mm)]
        told = {
            "it has no station with an induction": not self.inductions or not all(s.inductions for s in self.stations),
            "a place is not on the loop": any(not 0 <= at < length for at in places),
            "carriers, pitch and speed must be above 0": min(self.carriers, self.pitch_mm, self.speed_mm_s) < 1,
            f"it has no chute, or {_MOST_CHUTES} and more": not 0 < count < _MOST_CHUTES,
            "every chute has one capacity, 1 or more": len(self.capacity) != count or min(self.capacity, default=0) < 1,
            "the exception chute is none of its chutes": not 0 <= self.exception < count,
            "it has coders that take no time, or fewer than none": self.coders < 0 or self.coding_expected_ms < 1,
            "a jam names no chute of its": any(not 0 <= jam.chute < count for jam in self.jams),
            "there are too many parcels": len(rows) >= _MOST_PARCELS,
            "chutes of parcels are no table": rows.chutes.ndim != 2,
            "arrays of parcels are not equally long": len({len(getattr(rows, name)) for name in rows.__slots__}) > 1,
        }
        return [fault for fault, there in told.items() if there] or self._faults_of_parcels()

    def _faults_of_parcels(self) -> list[str]:
        rows, count = self.parcels, len(self.chutes_mm)
        told = {
            "a parcel arrives before the start": bool((rows.arrives_ms < 0).any()),
            "a parcel arrives at no induction": bool(
                ((rows.induction < 0) | (rows.induction >= len(self.inductions))).any()
            ),
            "a parcel belongs to no chute": len(rows) > 0 and bool((rows.chutes[:, 0] < 0).any()),
            "a parcel's chute is none of the loop's": bool(((rows.chutes < -1) | (rows.chutes >= count)).any()),
            "a parcel is coded in no time": bool((rows.coding_ms < 1).any()),
        }
        return [fault for fault, there in told.items() if there]
