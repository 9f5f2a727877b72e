"""Where things stand along the loop, and when a carrier passes them: whole millimetres and milliseconds only."""

from collections.abc import Sequence
from dataclasses import dataclass

from karez.domain.ids import ChuteId
from karez.settings import HallSection

CAMERA_TO_SCAN_MS = 1_500
"""Time for the readers before the parcel asks for its destination."""

SCAN_TO_FIRST_CHUTE_MS = 2_000
"""A scan tunnel stands about two seconds before the first chute."""

_UM = 1_000  # a millimetre in micrometres: speed in mm/s is then micrometres a millisecond, so that all stays whole


@dataclass(frozen=True, slots=True)
class Station:
    """A camera and a scan point, and the inductions before them.

    A loop has one, or several that share its chutes. A parcel keeps to the station at which it came on: it is
    photographed there and asks there, and its lap ends at that station's ``end_mm``.

    Attributes
    ----------
    inductions, camera_mm, scan_mm, end_mm
        In mm from the loop's start, in the order in which a carrier passes them (``end_mm`` behind the last chute, a
        lap after the scan point or less).
    """

    inductions: Sequence[int]
    camera_mm: int
    scan_mm: int
    end_mm: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Points along the loop, in mm from its start, in the direction of travel."""

    carriers: int
    pitch_mm: int
    speed_mm_s: int
    stations: Sequence[Station]
    chutes: dict[ChuteId, int]

    @property
    def inductions(self) -> list[int]:
        """Where the inductions are, station by station."""
        return [at for station in self.stations for at in station.inductions]

    def window_ms(self, station: Station, chute: ChuteId) -> int:
        """How long after its scan at a station a parcel passes a chute."""
        return (self.chutes[chute] - station.scan_mm) % self.length_mm * 1000 // self.speed_mm_s

    @property
    def length_mm(self) -> int:
        """Once round."""
        return self.carriers * self.pitch_mm

    @property
    def lap_ms(self) -> int:
        """Time once round."""
        return -(-self.length_mm * 1000 // self.speed_mm_s)

    def passes(self, carrier: int, point_mm: int, after_ms: int) -> int:
        """When this carrier next passes the point, later than ``after_ms``."""
        length = self.length_mm * _UM
        way = (point_mm * _UM - carrier * self.pitch_mm * _UM - self.speed_mm_s * after_ms) % length
        return after_ms + -(-(way or length) // self.speed_mm_s)

    def next_carrier(self, point_mm: int, after_ms: int) -> tuple[int, int]:
        """Which carrier passes the point next, and when: ``(carrier, at_ms)``."""
        pitch = self.pitch_mm * _UM
        way = (point_mm * _UM - self.speed_mm_s * after_ms) % pitch
        at_ms = after_ms + -(-(way or pitch) // self.speed_mm_s)
        carrier = -((self.speed_mm_s * at_ms - point_mm * _UM) // pitch) % self.carriers
        return carrier, at_ms


def lay_out(section: HallSection, chutes: Sequence[ChuteId]) -> Loop:
    """Spread stations and chutes along the loop of the settings.

    Each station has an equal stretch of the loop, and behind its scan point an equal share of the chutes.
    """
    length, count = section.carriers * section.pitch_mm, section.stations
    stretch = length // count
    places: dict[ChuteId, int] = {}
    for number in range(count):
        here = chutes[len(chutes) * number // count : len(chutes) * (number + 1) // count]
        places |= _places(section, number * stretch, stretch, here)
    return Loop(
        carriers=section.carriers,
        pitch_mm=section.pitch_mm,
        speed_mm_s=section.speed_mm_s,
        stations=tuple(_station(section, number * stretch, stretch, length) for number in range(count)),
        chutes=places,
    )


def _station(section: HallSection, begin_mm: int, stretch: int, length: int) -> Station:
    camera = stretch // 12
    return Station(
        inductions=tuple(begin_mm + camera * index // (section.inductions + 1) for index in range(section.inductions)),
        camera_mm=begin_mm + camera,
        scan_mm=begin_mm + camera + _way(section, CAMERA_TO_SCAN_MS, stretch),
        end_mm=(begin_mm - stretch // 60 - 1) % length,
    )


def _places(section: HallSection, begin_mm: int, stretch: int, chutes: Sequence[ChuteId]) -> dict[ChuteId, int]:
    to_first = sum(_way(section, ms, stretch) for ms in (CAMERA_TO_SCAN_MS, SCAN_TO_FIRST_CHUTE_MS))
    first, end = stretch // 12 + to_first, stretch - stretch // 60 - 1
    gap = (end - first) / max(1, len(chutes))
    return {chute: begin_mm + first + int(gap * index) for index, chute in enumerate(chutes)}


def _way(section: HallSection, ms: int, stretch: int) -> int:
    """How far a carrier comes in that time; on a stretch that is too short for it, a share of that."""
    return min(ms * section.speed_mm_s // 1000, stretch // 8)
