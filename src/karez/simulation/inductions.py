"""Inductions: where parcels wait for an empty carrier."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from karez.simulation.agenda import Agenda
from karez.simulation.happenings import HallParcel
from karez.simulation.loop import Loop, Station


@dataclass(slots=True)
class Induction:
    """One place where parcels are put on.

    Attributes
    ----------
    on
        ``False`` while the hub holds it.
    offering
        The next carrier is being looked at.
    beside
        All inductions of its station, itself among them.
    """

    name: str
    point_mm: int
    station: Station
    on: bool = True
    offering: bool = False
    waiting: deque[HallParcel] = field(default_factory=deque)
    beside: "list[Induction]" = field(default_factory=list, repr=False, compare=False)

    def may_take(self, carrier: int) -> bool:
        """Share carriers out evenly while all have parcels, so that a station's first does not starve the others."""
        owner = self.beside[carrier % len(self.beside)]
        return owner is self or not owner.waiting or not owner.on


class Inductions:
    """All inductions of one hall, numbered through station by station (I1, I2 and so on).

    Parameters
    ----------
    stand_still
        Whether nothing is put on anywhere, as while the PLC is down.
    is_free
        Whether a carrier is empty.
    put_on
        Puts a parcel on an empty carrier.
    """

    def __init__(
        self,
        loop: Loop,
        agenda: Agenda,
        stand_still: Callable[[], bool],
        is_free: Callable[[int], bool],
        put_on: Callable[[Induction, HallParcel, int], None],
    ) -> None:
        self._loop, self._agenda = loop, agenda
        self._stand_still, self._is_free, self._put_on = stand_still, is_free, put_on
        self.all: list[Induction] = []
        for station in loop.stations:
            beside: list[Induction] = []
            for point_mm in station.inductions:
                beside.append(Induction(f"I{len(self.all) + 1}", point_mm, station, beside=beside))
                self.all.append(beside[-1])

    def of(self, parcel: HallParcel) -> Induction:
        """Tell where a parcel comes on."""
        return self.all[parcel.induction % len(self.all)]

    def arrive(self, parcel: HallParcel) -> None:
        """Lay it down at its induction."""
        induction = self.of(parcel)
        induction.waiting.append(parcel)
        self.offer(induction)

    def offer(self, induction: Induction) -> None:
        """Look at the next carrier, while there is something to put on it."""
        if not self._held(induction) and induction.waiting and not induction.offering:
            induction.offering = True
            carrier, at_ms = self._loop.next_carrier(induction.point_mm, self._agenda.now_ms)
            self._agenda.at(at_ms, partial(self._carrier_comes, induction, carrier))

    def go_on(self) -> None:
        """Nothing stands still any more."""
        for induction in self.all:
            self.offer(induction)

    def clear(self) -> None:
        """Take away all that waits."""
        for induction in self.all:
            induction.waiting.clear()

    def _held(self, induction: Induction) -> bool:
        return not induction.on or self._stand_still()

    def _carrier_comes(self, induction: Induction, carrier: int) -> None:
        induction.offering = False
        waits = bool(induction.waiting)  # else the hall was closed meanwhile
        if waits and not self._held(induction) and self._is_free(carrier) and induction.may_take(carrier):
            self._put_on(induction, induction.waiting.popleft(), carrier)
        self.offer(induction)
