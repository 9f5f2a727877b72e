"""Whether a parcel goes round once more: `karez.sorter.recirculation.go_round` as a kernel."""

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.state import Count, House

PICTURE, PERSON, CHUTE = range(3)
"""What going round could bring: another picture, a coder's answer, a chute that opens."""


@kernel
def goes_round(house: House, count: Count, lap: int, hope: int, ahead: int) -> bool:
    """Decide for one parcel that no open chute takes on this lap; ``ahead``: parcels before it in the coding queue."""
    if house.max_laps == 0:
        return True
    if lap >= house.max_laps:
        return False
    if hope == CHUTE:
        return True
    if house.crowded_percent and 100 * count.riding >= house.crowded_percent * house.carriers:
        return False
    return _reread_enough(house, count) if hope == PICTURE else _in_time(house, ahead)


@kernel
def _reread_enough(house: House, count: Count) -> bool:
    return 100 * count.reread >= house.reread_least_percent * count.pictured_again


@kernel
def _in_time(house: House, ahead: int) -> bool:
    """Whether a coder is expected to answer within the time that the policy waits for one."""
    expected_ms = (ahead + 1) * house.coding_expected_ms  # of one coder
    within_ms = house.patience_percent * house.lap_ms * house.coders // 100
    return house.patience_percent == 0 or (house.coders > 0 and expected_ms <= within_ms)
