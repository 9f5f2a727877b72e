"""Simulated chutes: they fill, close when full, and are emptied by someone a while later."""

from dataclasses import dataclass, field

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
    shut_by: list[ChuteState] = field(default_factory=list)  # reasons beside its fill that keep it shut
    jams: int = 0

    @property
    def fill_percent(self) -> int:
        """How full it is."""
        return min(100, 100 * self.inside // self.capacity)

    def drop(self) -> bool:
        """Take one parcel; whether its fill or state is worth a telegram."""
        before = _STEPS * self.inside // self.capacity
        self.inside += 1
        self.taken += 1
        if self.inside >= self.capacity and not self.shut_by:
            self.state = ChuteState.FULL
        return _STEPS * self.inside // self.capacity > before

    def empty(self) -> None:
        """Someone took everything out."""
        self.inside = 0
        self._reopen()

    @property
    def blocked(self) -> bool:
        """Whether something beside its fill keeps it shut."""
        return bool(self.shut_by)

    def block(self, state: ChuteState = ChuteState.FULL) -> None:
        """Shut it for a reason beside its own fill."""
        self.shut_by.append(state)
        self.state = state

    def unblock(self, state: ChuteState = ChuteState.FULL) -> None:
        """One such reason is gone."""
        self.shut_by.remove(state)
        self._reopen()

    def _reopen(self) -> None:
        if self.shut_by:
            self.state = self.shut_by[-1]
        else:
            self.state = ChuteState.OPEN if self.inside < self.capacity else ChuteState.FULL
