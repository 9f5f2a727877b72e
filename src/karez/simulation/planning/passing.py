"""When a carrier passes a point, as `karez.simulation.loop.Loop` has it: whole micrometres and milliseconds only."""

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.state import House


@kernel
def passes(house: House, carrier: int, point_um: int, after_ms: int) -> int:
    """When this carrier next passes the point, later than ``after_ms``."""
    way = (point_um - carrier * house.pitch_um - house.speed_um_ms * after_ms) % house.length_um
    if way == 0:
        way = house.length_um
    return after_ms - (-way // house.speed_um_ms)


@kernel
def next_carrier(house: House, point_um: int, after_ms: int) -> tuple[int, int]:
    """Which carrier passes the point next, and when: ``(carrier, at_ms)``."""
    way = (point_um - house.speed_um_ms * after_ms) % house.pitch_um
    if way == 0:
        way = house.pitch_um
    at_ms = after_ms - (-way // house.speed_um_ms)
    carrier = -((house.speed_um_ms * at_ms - point_um) // house.pitch_um) % house.carriers
    return carrier, at_ms
