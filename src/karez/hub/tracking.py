"""The live parcels in memory, and which of them a picture belongs to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from karez.domain.coding import CodingQueue
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.hub.evidence import Witnesses
from karez.hub.parcel import LiveParcel

_REMEMBERED = 10_000  # far more than wait for a commit at any time


@dataclass(slots=True)
class Tracking:
    """What is on the sorter now; changed by the control loop only (one writer).

    Attributes
    ----------
    inducted_s
        Monotonic time of each parcel's induction, for the tracking window.
    numbers
        Waybill number of each parcel that has one.
    waybills, doubles
        Who bears a number: the first parcel, and the others in their order.
    witnesses
        What the pictures of each parcel told so far.
    in_flight
        Pictures of a parcel that are being read.
    coding
        What coding operators are asked.
    scanned_s, heard_s
        Monotonic time of each parcel's last scan, and of the last telegram about it.
    came_from
        The carrier that a parcel was on before it was scanned on another.
    strays
        Monotonic time of the last scan of what rides after its end, by carrier: it takes room on the loop, too.
    ended
        The last parcels whose way has ended, oldest first: their events may not be in the store yet.
    """

    parcels: dict[ParcelId, LiveParcel] = field(default_factory=dict)
    waybills: dict[str, ParcelId] = field(default_factory=dict)
    numbers: dict[ParcelId, str] = field(default_factory=dict)
    doubles: dict[str, list[ParcelId]] = field(default_factory=dict)
    witnesses: dict[ParcelId, Witnesses] = field(default_factory=dict)
    carriers: dict[int, ParcelId] = field(default_factory=dict)
    inducted_s: dict[ParcelId, float] = field(default_factory=dict)
    in_flight: Counter[ParcelId] = field(default_factory=Counter)
    coding: CodingQueue = field(default_factory=CodingQueue)
    scanned_s: dict[ParcelId, float] = field(default_factory=dict)
    heard_s: dict[ParcelId, float] = field(default_factory=dict)
    came_from: dict[ParcelId, int] = field(default_factory=dict)
    strays: dict[int, float] = field(default_factory=dict)
    ended: dict[ParcelId, None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.parcels)

    def __iter__(self) -> Iterator[LiveParcel]:
        return iter(list(self.parcels.values()))

    def add(self, parcel: LiveParcel, now_s: float) -> None:
        """Take in a parcel."""
        self.parcels[parcel.parcel] = parcel
        self.carriers[parcel.carrier] = parcel.parcel
        self.strays.pop(parcel.carrier, None)
        self.inducted_s[parcel.parcel] = self.heard_s[parcel.parcel] = now_s
        self.note(parcel)

    def note(self, parcel: LiveParcel) -> None:
        """Follow a parcel's new waybill number, or let go of it when its way has ended."""
        if parcel.waybill is not None:
            self._bear(parcel.parcel, parcel.waybill)
        elif parcel.parcel in self.numbers:
            self._withdraw(parcel.parcel)
        if parcel.final:
            self._drop(parcel)

    def scanned(self, parcel: LiveParcel, carrier: int, now_s: float) -> None:
        """It is about to take in a scan on this carrier."""
        self.scanned_s[parcel.parcel] = self.heard_s[parcel.parcel] = now_s
        self.strays.pop(carrier, None)
        self.carriers[carrier] = parcel.parcel  # the last scan tells what lies there, no other word of a parcel
        if carrier != parcel.carrier:
            self.came_from[parcel.parcel] = parcel.carrier

    def forget_strays(self, before_s: float) -> None:
        """Those not scanned since then are gone."""
        for carrier in [carrier for carrier, scanned_s in self.strays.items() if scanned_s < before_s]:
            del self.strays[carrier]

    def is_read(self, parcel: ParcelId) -> None:
        """One of its pictures is read; does nothing where it was not waited for any longer."""
        if self.in_flight[parcel]:
            self.in_flight[parcel] -= 1
        if not self.in_flight[parcel]:
            del self.in_flight[parcel]

    def _drop(self, parcel: LiveParcel) -> None:
        self.parcels.pop(parcel.parcel, None)
        self.ended[parcel.parcel] = None
        if len(self.ended) > _REMEMBERED:
            del self.ended[next(iter(self.ended))]
        self.inducted_s.pop(parcel.parcel, None)
        self._withdraw(parcel.parcel)
        self.witnesses.pop(parcel.parcel, None)
        self.scanned_s.pop(parcel.parcel, None)
        self.heard_s.pop(parcel.parcel, None)
        self.came_from.pop(parcel.parcel, None)
        if self.carriers.get(parcel.carrier) == parcel.parcel:
            del self.carriers[parcel.carrier]

    def _bear(self, parcel: ParcelId, number: str) -> None:
        if self.numbers.get(parcel) == number:
            return
        self._withdraw(parcel)
        self.numbers[parcel] = number
        if self.waybills.setdefault(number, parcel) != parcel:
            self.doubles.setdefault(number, []).append(parcel)

    def _withdraw(self, parcel: ParcelId) -> None:
        """Its number is no longer on a live parcel, or was contradicted."""
        number = self.numbers.pop(parcel, None)
        if number is None:
            return
        others = self.doubles.get(number, [])
        if self.waybills.get(number) != parcel:
            others.remove(parcel)
        elif others:
            self.waybills[number] = others.pop(0)
        else:
            del self.waybills[number]
        if not others:
            self.doubles.pop(number, None)

    def on_carrier(self, carrier: int) -> LiveParcel | None:
        """Parcel that should be on this carrier."""
        name = self.carriers.get(carrier)
        parcel = None if name is None else self.parcels.get(name)
        return parcel if parcel is not None and parcel.carrier == carrier else None

    def owner(self, frame: Frame, now_s: float, window_s: float) -> tuple[LiveParcel | None, int]:
        """Parcel a picture shows, and how many it could show.

        By the PLC's id where one came with it; else by the tracking window: exactly one parcel that was inducted
        within it and still wants a picture.
        """
        named = frame.parcel or frame.trigger
        if named:
            parcel = self.parcels.get(ParcelId(named))
            return parcel, int(parcel is not None)
        inside = [
            parcel
            for parcel in self.parcels.values()
            if parcel.wants_picture
            and not self.in_flight[parcel.parcel]
            and now_s - self.inducted_s[parcel.parcel] <= window_s
        ]
        return (inside[0] if len(inside) == 1 else None), len(inside)
