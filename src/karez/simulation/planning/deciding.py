"""What a policy orders when a parcel asks, and when an answer of a coder comes in."""

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.happening import end_of_lap_ms, enter_order, is_ahead, is_open
from karez.simulation.planning.state import BY_CODER, BY_READER, UNKNOWN, Model


@kernel
def decide(model: Model, parcel: int) -> None:
    """Order a chute, or to go round, for a parcel that passed its scan point."""
    it, house = model.parcels[parcel], model.house[0]
    it.order_length = 0
    spent = 0 < house.max_laps <= it.lap
    if it.known == BY_READER or it.known == BY_CODER:
        _name_its_chutes(model, parcel)
        if spent:
            _add(model, parcel, house.exception)
    elif spent or not _may_circle(model, parcel):
        _add(model, parcel, house.exception)
    enter_order(model, parcel)


@kernel
def decide_anew(model: Model, parcel: int) -> None:
    """Let an answer serve on this lap; where its chutes are all behind and the laps are spent, the order stands."""
    it = model.parcels[parcel]
    spent = 0 < model.house[0].max_laps <= it.lap
    if not spent or it.known != BY_CODER or _any_ahead(model, parcel):
        decide(model, parcel)


@kernel
def _any_ahead(model: Model, parcel: int) -> bool:
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and is_ahead(model, parcel, chute):
            return True
    return False


@kernel
def helps(model: Model, parcel: int, expected_ms: int) -> bool:
    """Whether an answer that is expected then is worth going round for."""
    house = model.house[0]
    return house.patient != 0 or expected_ms <= end_of_lap_ms(model, parcel) + house.coding_patience_ms


@kernel
def _may_circle(model: Model, parcel: int) -> bool:
    """Whether an unread parcel may go round once more."""
    it, house, count = model.parcels[parcel], model.house[0], model.counts[0]
    if it.known != UNKNOWN:
        return False
    if house.patient:
        return True
    room = count.riding <= house.circle_up_to
    return it.coder_asked_ms >= 0 and room and helps(model, parcel, max(it.coder_expected_ms, count.now_ms))


@kernel
def _name_its_chutes(model: Model, parcel: int) -> None:
    """Name the parcel's chutes, best first; where the policy looks, those that are open now before the others."""
    looks = model.house[0].open_first
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and (not looks or is_open(model, chute)):
            _add(model, parcel, chute)
    if looks:
        for place in range(model.choices.shape[1]):
            chute = model.choices[parcel, place]
            if chute >= 0 and not is_open(model, chute):
                _add(model, parcel, chute)


@kernel
def _add(model: Model, parcel: int, chute: int) -> None:
    it = model.parcels[parcel]
    model.orders[parcel, it.order_length] = chute
    it.order_length += 1
