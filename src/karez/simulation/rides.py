"""What rides on the loop, as the PLC tracks it, and what it comes to: carrier time, and the truth about each parcel."""

from karez.domain.ids import ChuteId, ParcelId
from karez.simulation.happenings import HallParcel, Outcome
from karez.simulation.loop import Station
from karez.simulation.tracking import Riding


class Rides:
    """The parcels on their carriers, and those that have left.

    Parameters
    ----------
    series
        Beginning of the parcels' ids.

    Attributes
    ----------
    riding, carriers
        By the PLC's id; and the id on each carrier that is taken.
    left, gone, taken_off
        The truth about what has left, by the demand's index; ids that are no longer tracked; indices of parcels that a
        person took off for good.
    occupied_ms, recirculating_ms
        Time that carriers have been occupied, added up, and how much of it on lap 2 or later.
    """

    def __init__(self, series: str) -> None:
        self._series, self._named = series, 0
        self.riding: dict[ParcelId, Riding] = {}
        self.carriers: dict[int, ParcelId] = {}
        self.left: dict[int, Outcome] = {}
        self.gone: set[ParcelId] = set()
        self.taken_off: set[int] = set()
        self.occupied_ms = self.recirculating_ms = self._on_later_laps = 0

    def pass_time(self, passed_ms: int) -> None:
        """Let so much hall time pass."""
        self.occupied_ms += passed_ms * len(self.riding)
        self.recirculating_ms += passed_ms * self._on_later_laps

    def put_on(self, source: HallParcel, carrier: int, station: Station) -> Riding:
        """Track a parcel on its carrier from now on."""
        riding = Riding(self._new_name(), source, carrier, station)
        self.riding[riding.parcel] = riding
        self.carriers[carrier] = riding.parcel
        return riding

    def next_lap(self, riding: Riding) -> None:
        """It has passed the end of the chutes."""
        self._on_later_laps += riding.lap == 1
        riding.next_lap()

    def leave(self, riding: Riding, chute: ChuteId) -> None:
        """It fell into a chute."""
        index = riding.source.index
        before = self.left[index].times_diverted if index in self.left else 0
        self.left[index] = Outcome(index, riding.parcel, chute, riding.lap, before + 1)
        self.no_longer_tracked(riding)

    def take_off(self, riding: Riding) -> None:
        """A person took it off for good."""
        index = riding.source.index
        self.left[index] = Outcome(index, riding.parcel, None, riding.lap, 0)
        self.taken_off.add(index)

    def no_longer_tracked(self, riding: Riding) -> None:
        """Forget it: its carrier is free."""
        self._forget(riding)
        del self.carriers[riding.carrier]
        self._on_later_laps -= riding.lap > 1

    def rename(self, riding: Riding) -> None:
        """The PLC no longer knows what lies there: what is gone it never learns of, the rest gets a new name."""
        if riding.gone:
            self.no_longer_tracked(riding)
            return
        self._forget(riding)
        riding.parcel = self._new_name()
        self.riding[riding.parcel] = riding
        self.carriers[riding.carrier] = riding.parcel

    def outcomes(self, expected: set[int]) -> dict[int, Outcome]:
        """Tell the truth about each of the expected parcels, in the order of their indices."""
        found = dict(self.left)
        for each in self.riding.values():
            if not each.gone:
                found[each.source.index] = Outcome(each.source.index, each.parcel, None, each.lap, 0)
        for index in expected - found.keys():
            found[index] = Outcome(index, None, None, 0, 0)
        return dict(sorted(found.items()))

    def _forget(self, riding: Riding) -> None:
        del self.riding[riding.parcel]
        self.gone.add(riding.parcel)

    def _new_name(self) -> ParcelId:
        self._named += 1
        return ParcelId(f"{self._series}-{self._named:06d}")
