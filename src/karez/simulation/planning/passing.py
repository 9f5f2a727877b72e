"""When a carrier passes a point, as `karez.simulation.loop.Loop` has it: whole micrometres and milliseconds only."""

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.state import Track


@kernel
def passes(track: Track, carrier: int, point_um: int, after_ms: int) -> int:
    """When this carrier next passes the point, later than ``after_ms``."""
    way = (point_um - carrier * track.pitch_um - track.speed_um_ms * after_ms) % track.length_um
    if way == 0:
        way = track.length_um
    return after_ms - (-way // track.speed_um_ms)


@kernel
def next_carrier(track: Track, point_um: int, after_ms: int) -> tuple[int, int]:
    """Which carrier passes the point next, and when: ``(carrier, at_ms)``."""
    way = (point_um - track.speed_um_ms * after_ms) % track.pitch_um
    if way == 0:
        way = track.pitch_um
    at_ms = after_ms - (-way // track.speed_um_ms)
    carrier = -((track.speed_um_ms * at_ms - point_um) // track.pitch_um) % track.carriers
    return carrier, at_ms
