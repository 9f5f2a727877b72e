"""A parcel on its carrier as the PLC tracks it: its lap, its order, and which chute it may leave by now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from karez.domain.ids import ChuteId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, DivertOutcome, Scan
from karez.simulation.chutes import HallChute
from karez.simulation.happenings import HallParcel
from karez.simulation.loop import Loop, Station


@dataclass(slots=True)
class Riding:
    """One parcel on one carrier.

    Attributes
    ----------
    station
        Where it came on: there it is photographed, asks, and ends its laps.
    asked
        It is between the scan point and the end of the chutes: an order can be carried out.
    answered
        An order has come since it asked.
    order, order_ends_ms
        What is to be done on this lap, and until when in hall time.
    uncounted, counts_anew
        Laps that a PLC which was restarted does not know of; its next scan is lap 1 again.
    gone
        Somebody took it off, and the PLC has not noticed yet.
    """

    parcel: ParcelId
    source: HallParcel
    carrier: int
    station: Station
    lap: int = 1
    asked: bool = False
    answered: bool = True
    order: Dest | None = None
    order_ends_ms: int | None = None
    uncounted: int = 0
    counts_anew: bool = False
    gone: bool = False

    def ask(self, now_ms: int) -> Scan:
        """Pass the scan point: last lap's order is void, a new one is asked for."""
        self.asked, self.answered, self.order = True, False, None
        if self.counts_anew:
            self.uncounted, self.counts_anew = self.lap - 1, False
        it = self.source
        return Scan(
            parcel=self.parcel,
            carrier=self.carrier,
            lap=self.lap - self.uncounted,
            ts_ms=now_ms,
            codes=tuple(it.codes),
            mass_g=it.mass_g,
            length_mm=it.length_mm,
            width_mm=it.width_mm,
            height_mm=it.height_mm,
        )

    def answer(self, order: Dest, now_ms: int) -> bool:
        """Take an order; ``False`` where it is too late for this lap (the next scan asks anew)."""
        self.answered = True
        if self.asked:
            self.order = order
            self.order_ends_ms = None if order.valid_for_ms is None else now_ms + order.valid_for_ms
        return self.asked

    def too_late(self, now_ms: int) -> bool:
        """Whether the order is no longer valid."""
        return self.order_ends_ms is not None and now_ms > self.order_ends_ms

    def next_lap(self) -> None:
        """Pass the end of the chutes."""
        self.asked, self.order = False, None
        self.lap += 1

    def forget(self) -> None:
        """The PLC restarts: its order is gone, and laps are counted anew."""
        self.asked, self.answered, self.order = False, True, None
        self.counts_anew = True


def wanted(order: Dest) -> Iterator[ChuteId]:
    """Chutes of an order, best first; none where it says: go round."""
    if order.chute is not None:
        yield order.chute
        yield from order.alternatives


def ahead(riding: Riding, loop: Loop, now_ms: int) -> list[ChuteId]:
    """Chutes of its order that the parcel still passes before the end of this lap, best first."""
    if riding.order is None:
        return []
    ends_ms = loop.passes(riding.carrier, riding.station.end_mm, now_ms)
    known = (chute for chute in wanted(riding.order) if chute in loop.chutes)
    return [chute for chute in known if loop.passes(riding.carrier, loop.chutes[chute], now_ms) < ends_ms]


def may_leave(riding: Riding, here: ChuteId, chutes: Mapping[ChuteId, HallChute], loop: Loop, now_ms: int) -> bool:
    """Whether this chute is open and no better one of the order is open further on."""
    if riding.order is None or riding.too_late(now_ms) or chutes[here].state is not ChuteState.OPEN:
        return False
    better = set(ahead(riding, loop, now_ms))
    for chute in wanted(riding.order):
        if chute == here:
            return True
        if chute in better and chutes[chute].state is ChuteState.OPEN:
            return False
    return False


def why_still_here(
    riding: Riding, chutes: Mapping[ChuteId, HallChute], now_ms: int
) -> tuple[DivertOutcome, ChuteId | None]:
    """What the PLC says of a parcel that passed all chutes."""
    order = riding.order
    if order is None or order.chute is None:
        return DivertOutcome.RECIRCULATED, None
    if order.chute not in chutes:
        return DivertOutcome.ABORTED, order.chute
    if chutes[order.chute].jams:
        return DivertOutcome.JAM, order.chute
    return (DivertOutcome.LATE if riding.too_late(now_ms) else DivertOutcome.FULL), order.chute
