"""The PLC that restarts and the link that is cut, by the script: nothing is put on the loop meanwhile."""

from collections.abc import Callable
from functools import partial

from karez.simulation.agenda import Agenda
from karez.simulation.faults import Cut, Faults, PlcRestart
from karez.simulation.happenings import Happening, LinkCut, LinkMended, PlcDown, PlcUp
from karez.simulation.rides import Rides


class Outages:
    """Both, of one hall.

    Parameters
    ----------
    say
        Has something happen.
    go_on
        What is done when one is over; it is told whether it was the PLC's.

    Attributes
    ----------
    link_cut, plc_down
        What is so now.
    cuts
        How often the link was cut.
    """

    def __init__(
        self, agenda: Agenda, rides: Rides, say: Callable[[Happening], None], go_on: Callable[[bool], None]
    ) -> None:
        self._agenda, self._rides, self._say, self._go_on = agenda, rides, say, go_on
        self.link_cut = self.plc_down = False
        self.cuts = 0

    @property
    def any(self) -> bool:
        """Whether nothing may be put on the loop."""
        return self.link_cut or self.plc_down

    def write_script(self, faults: Faults) -> None:
        """Put on the agenda what the script has; to be called at hall time 0."""
        for restart in faults.restarts:
            self._agenda.at(restart.at_ms, partial(self._restart, restart))
        for cut in faults.cuts:
            self._agenda.at(cut.at_ms, partial(self._cut, cut))

    def _restart(self, restart: PlcRestart) -> None:
        self.plc_down = True
        self._say(PlcDown())
        for each in list(self._rides.riding.values()):
            each.forget()
            if restart.forgets:
                self._rides.rename(each)
        self._agenda.later(restart.for_ms, self._up_again)

    def _up_again(self) -> None:
        self.plc_down = False
        self._say(PlcUp())
        self._go_on(True)

    def _cut(self, cut: Cut) -> None:
        self.link_cut = True
        self.cuts += 1
        self._say(LinkCut())
        self._agenda.later(cut.for_ms, self._mend)

    def _mend(self) -> None:
        self.link_cut = False
        self._say(LinkMended())
        self._go_on(False)
