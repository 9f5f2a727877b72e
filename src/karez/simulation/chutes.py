"""Simulated chutes: they fill, close when full, and are emptied by someone a while later."""

from dataclasses import dataclass

from karez.domain.ids import ChuteId
from karez.domain.sorting import ChuteState

_STEPS = 4  # a fill level is told each time another quarter is used


@dataclass(frozen=True, slots=True)
class ChuteHabits:
    """How chutes of this hall are worked.

    Attributes
    ----------
    capacity
        Parcels until it is full.
    emptied_after_ms
        Hall time from full to empty again.
    """

    capacity: int = 40
    emptied_after_ms: int = 30_000


@dataclass(slots=True)
class HallChute:
    """One outlet: what lies in it now (``inside``), and all that ever fell into it (``taken``)."""

    name: ChuteId
    capacity: int
    state: ChuteState = ChuteState.OPEN
    inside: int = 0
    taken: int = 0
    blocked: int = 0  # how many reasons beside its fill keep it shut

    @property
    def fill_percent(self) -> int:
        """How full it is."""
        return min(100, 100 * self.inside // self.capacity)

    def drop(self) -> bool:
        """Take one parcel; whether its fill or state is worth a telegram."""
        before = _STEPS * self.inside // self.capacity
        self.inside += 1
        self.taken += 1
        if self.inside >= self.capacity:
            self.state = ChuteState.FULL
        return _STEPS * self.inside // self.capacity > before

    def empty(self) -> None:
        """Someone took everything out."""
        self.inside = 0
        self._reopen()

    def block(self) -> None:
        """Shut it for a reason beside its own fill."""
        self.blocked += 1
        self.state = ChuteState.FULL

    def unblock(self) -> None:
        """One such reason is gone."""
        self.blocked -= 1
        self._reopen()

    def _reopen(self) -> None:
        if not self.blocked and self.inside < self.capacity:
            self.state = ChuteState.OPEN
