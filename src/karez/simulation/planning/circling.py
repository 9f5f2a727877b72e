"""Whether a parcel goes round once more: `karez.sorter.recirculation.go_round` as a kernel."""

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.state import House

PICTURE, PERSON, CHUTE = range(3)
"""What going round could bring: another picture, a coder's answer, a chute that opens."""


@kernel
def goes_round(house: House, lap: int, hope: int, occupied: int, ahead: int) -> bool:
    """Decide for one parcel that no open chute takes on this lap; ``ahead``: parcels before it in the coding queue."""
    if house.max_laps == 0:
        return True
    if lap >= house.max_laps or (house.crowded_percent and is_crowded(house, occupied)):
        return False
    if hope != PERSON or not house.by_deadline:
        return True
    return in_time(house, ahead, (house.max_laps - lap) * house.lap_ms)


@kernel
def is_crowded(house: House, occupied: int) -> bool:
    """Whether carriers are scarce."""
    return 100 * occupied >= house.crowded_percent * house.carriers


@kernel
def in_time(house: House, ahead: int, within_ms: int) -> bool:
    """Whether a coder is expected to answer within a time, and within what the policy waits for answers."""
    within_ms = within_ms if house.waits_ms < 0 else min(within_ms, house.waits_ms)
    return house.coders > 0 and (ahead + 1) * house.coding_expected_ms <= within_ms * house.coders
