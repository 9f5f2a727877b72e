"""The chutes of the simulated hall and who works them: they fill, jam, have their bags changed, are emptied."""

from collections.abc import Callable, Sequence
from functools import partial

from karez.domain.ids import ChuteId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import State, Subject
from karez.simulation.chutes import ChuteHabits, HallChute
from karez.simulation.faults import Faults, FullChute, ShutChute

Later = Callable[[int, Callable[[], None]], None]
"""Puts something on the hall's agenda: so many milliseconds from now, and what."""


class Outlets:
    """All chutes of one hall.

    Parameters
    ----------
    say
        Has the PLC tell how a chute is now.
    later
        The hall's agenda.

    Attributes
    ----------
    filled
        Chutes that became full, by the script or by what fell into them, in order.
    """

    def __init__(
        self, names: Sequence[ChuteId], habits: ChuteHabits, say: Callable[[HallChute], None], later: Later
    ) -> None:
        self.chutes = {name: HallChute(name, habits.capacity) for name in names}
        self.filled: list[ChuteId] = []
        self._emptied_after_ms = habits.emptied_after_ms
        self._say, self._later = say, later

    def write_script(self, faults: Faults) -> None:
        """Put on the agenda what the script does to chutes; to be called at hall time 0."""
        for full in faults.full:
            self._later(full.at_ms, partial(self._block, full))
        for shut in faults.shut:
            self._later(shut.at_ms, partial(self._shut, shut))

    def drop(self, chute: HallChute) -> None:
        """A parcel falls into it."""
        if chute.drop():
            self._say(chute)
            if chute.inside == chute.capacity:
                self.filled.append(chute.name)
                self._later(self._emptied_after_ms, partial(self._empty, chute))

    def tell_all(self) -> None:
        """Say how each is; a PLC that was down sees now what changed meanwhile."""
        for chute in self.chutes.values():
            self._say(chute)

    def _empty(self, chute: HallChute) -> None:
        chute.empty()
        self._say(chute)

    def _block(self, full: FullChute) -> None:
        chute = self.chutes[full.chute or max(full.among, key=lambda name: self.chutes[name].taken)]
        chute.block()
        self.filled.append(chute.name)
        self._say(chute)
        self._later(full.for_ms, partial(self._unblock, chute))

    def _unblock(self, chute: HallChute) -> None:
        chute.unblock()
        self._say(chute)

    def _shut(self, shut: ShutChute) -> None:
        chute = self.chutes[shut.chute]
        chute.block(ChuteState.CLOSED if shut.jam else ChuteState.BAG_CHANGE)
        chute.jams += shut.jam
        self._say(chute)
        self._later(shut.for_ms, partial(self._open_again, shut))

    def _open_again(self, shut: ShutChute) -> None:
        """The jam is cleared; or the full bag is gone."""
        chute = self.chutes[shut.chute]
        chute.jams -= shut.jam
        if not shut.jam:
            chute.inside = 0
        chute.unblock(ChuteState.CLOSED if shut.jam else ChuteState.BAG_CHANGE)
        self._say(chute)


def state_of(chute: HallChute, now_ms: int) -> State:
    """What the PLC says of a chute."""
    fill_percent = 100 if chute.blocked else chute.fill_percent
    return State(Subject.CHUTE, chute.name, chute.state.value, now_ms, fill_percent)
