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
class Loop:
    """Points along the loop, in mm from its start, in the direction of travel.

    Attributes
    ----------
    inductions, camera_mm, scan_mm, chutes, end_mm
        In the order in which a carrier passes them; ``end_mm`` lies behind the last chute.
    """

    carriers: int
    pitch_mm: int
    speed_mm_s: int
    inductions: Sequence[int]
    camera_mm: int
    scan_mm: int
    chutes: dict[ChuteId, int]
    end_mm: int

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
    """Spread inductions, camera, scan point and chutes along the loop of the settings.

    The stretches take the times above; on a loop that is too short for them, a share of its length.
    """
    length = section.carriers * section.pitch_mm
    to_scan = min(CAMERA_TO_SCAN_MS * section.speed_mm_s // 1000, length // 8)
    to_first = min(SCAN_TO_FIRST_CHUTE_MS * section.speed_mm_s // 1000, length // 8)
    camera = length // 12
    scan = camera + to_scan
    first, end = scan + to_first, length - length // 60 - 1
    gap = (end - first) / max(1, len(chutes))
    return Loop(
        carriers=section.carriers,
        pitch_mm=section.pitch_mm,
        speed_mm_s=section.speed_mm_s,
        inductions=tuple(camera * index // (section.inductions + 1) for index in range(section.inductions)),
        camera_mm=camera,
        scan_mm=scan,
        chutes={chute: first + int(gap * index) for index, chute in enumerate(chutes)},
        end_mm=end,
    )
