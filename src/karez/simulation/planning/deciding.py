"""What a policy orders when a parcel asks, and when an answer of a coder comes in."""

from karez.simulation.planning.circling import CHUTE, PERSON, PICTURE, goes_round
from karez.simulation.planning.compiling import kernel, rare_kernel
from karez.simulation.planning.happening import before_it, enter_order, is_ahead, is_open, is_placed, waits_for_coder
from karez.simulation.planning.state import GIVEN_UP, Model


@kernel
def decide(model: Model, parcel: int) -> None:
    """Order a chute, or to go round, for a parcel that passed its scan point."""
    it, house = model.parcels[parcel], model.house[0]
    it.order_length = 0
    if not is_placed(model, parcel):
        if not _goes_round_unread(model, parcel):
            _add(model, parcel, house.exception)
    elif house.names_full_chutes:
        _name_its_chutes(model, parcel)
        if 0 < house.max_laps <= it.lap:
            _add(model, parcel, house.exception)
    elif _any_open(model, parcel):
        _name_its_chutes(model, parcel)
    elif not goes_round(house, it.lap, CHUTE, model.counts[0].riding, 0):
        _add(model, parcel, house.exception)
    enter_order(model, parcel)


@rare_kernel
def decide_anew(model: Model, parcel: int) -> None:
    """Let a better order serve on this lap, while the chute that it leads to lies ahead."""
    it = model.parcels[parcel]
    if model.house[0].any_ahead and is_placed(model, parcel):
        serves = _any_ahead(model, parcel)
    else:
        chute = _would_lead_to(model, parcel)
        stands = it.order_length > 0 and model.orders[parcel, 0] == chute
        serves = chute >= 0 and not stands and is_ahead(model, parcel, chute)
    if serves:
        decide(model, parcel)


@rare_kernel
def _would_lead_to(model: Model, parcel: int) -> int:
    """Tell the first chute that a decision would order now; -1: it would go round."""
    house = model.house[0]
    if not is_placed(model, parcel):
        return -1 if _goes_round_unread(model, parcel) else house.exception
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and is_open(model, chute):
            return int(chute)
    if house.names_full_chutes:
        return int(model.choices[parcel, 0])
    return -1 if goes_round(house, model.parcels[parcel].lap, CHUTE, model.counts[0].riding, 0) else house.exception


@rare_kernel
def _any_ahead(model: Model, parcel: int) -> bool:
    named = model.house[0].names_full_chutes
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and (named or is_open(model, chute)) and is_ahead(model, parcel, chute):
            return True
    return False


@rare_kernel
def _goes_round_unread(model: Model, parcel: int) -> bool:
    """Ask for each hope there is: a coder who was asked, another picture."""
    it, house, riding = model.parcels[parcel], model.house[0], model.counts[0].riding
    if it.known == GIVEN_UP:
        return False
    if waits_for_coder(model, parcel):
        ahead = before_it(model, parcel) if house.by_deadline else 0
        if goes_round(house, it.lap, PERSON, riding, ahead):
            return True
    picture = house.another_picture != 0 or house.by_deadline == 0
    return picture and goes_round(house, it.lap, PICTURE, riding, 0)


@kernel
def _any_open(model: Model, parcel: int) -> bool:
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and is_open(model, chute):
            return True
    return False


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
