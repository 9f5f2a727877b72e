"""What goes wrong in the hall, by script: chutes that fill or jam, cut links, what hands do, a PLC that restarts."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from karez.domain.ids import ChuteId


@dataclass(frozen=True, slots=True)
class FullChute:
    """A chute takes nothing from ``at_ms`` on, for ``for_ms`` of hall time.

    ``chute`` ``None``: the one of ``among`` into which most parcels have fallen by then, so that the fault is felt.
    """

    chute: ChuteId | None
    at_ms: int
    for_ms: int
    among: Sequence[ChuteId] = ()

    def __post_init__(self) -> None:
        if self.chute is None and not self.among:
            raise ValueError("name the chute, or those of which the busiest fills")


@dataclass(frozen=True, slots=True)
class ShutChute:
    """A chute takes nothing for a while: its bag is changed, or (``jam``) something is stuck in its mouth.

    A jam is told as a closed chute, and a parcel that passes its jammed chute is told as such.
    """

    chute: ChuteId
    at_ms: int
    for_ms: int
    jam: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """The link is cut at the first quiet moment after ``at_ms``, for ``for_ms`` of hall time.

    It must be shorter than a lap: a parcel then misses at most one answer, and the run stays the same for its seed.
    """

    at_ms: int
    for_ms: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A parcel (by the demand's index) falls into another chute than the one it was diverted to.

    ``silent``: the PLC does not notice, and confirms the ordered chute; only a chute sensor or the handover scan could.
    """

    index: int
    into: ChuteId
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """A person takes a parcel (by the demand's index) off its carrier, behind the scan point of its first lap.

    Attributes
    ----------
    told
        The PLC sees the carrier empty and says so; else it forgets the parcel without a word.
    back_after_ms
        So much later it is put on the belt of its induction again; ``None``: it is gone for good.
    """

    index: int
    told: bool = True
    back_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PlcRestart:
    """The PLC restarts: its link, its orders and its count of laps are gone; while it is down nothing leaves a carrier.

    ``forgets``: so are its names of the parcels; what rides gets a new one when it is next seen.
    """

    at_ms: int
    for_ms: int
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """The script of one run.

    Attributes
    ----------
    by_hand
        Parcels (by the demand's index) that a person lays on a carrier before the camera: no induction tells of them.
    """

    full: Sequence[FullChute] = ()
    cuts: Sequence[Cut] = ()
    strays: Sequence[Stray] = ()
    shut: Sequence[ShutChute] = ()
    removals: Sequence[Removal] = ()
    by_hand: frozenset[int] = frozenset()
    restarts: Sequence[PlcRestart] = ()


NO_FAULTS = Faults()


def one_of_each(seed: int, chutes: Sequence[ChuteId], last_arrival_ms: int, lap_ms: int) -> Faults:
    """One chute fills and one link is cut, both while parcels arrive.

    Parameters
    ----------
    chutes
        Of which the busiest fills; leave the exception chute out.
    last_arrival_ms
        When the last parcel comes: the faults fall into the middle of that time.
    lap_ms
        Time once round; the chute stays full longer, the link is away shorter.
    """
    random = Random(f"faults {seed}")
    full_at, cut_at = (round(last_arrival_ms * random.uniform(low, low + 0.15)) for low in (0.25, 0.55))
    full = FullChute(None, full_at, lap_ms * 3 // 2, tuple(chutes))
    return Faults(full=(full,), cuts=(Cut(cut_at, lap_ms // 3),))
