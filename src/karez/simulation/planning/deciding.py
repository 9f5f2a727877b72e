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
            _add_exception(model, parcel)
    elif not house.looks_at_chutes:
        _name_its_chutes(model, parcel)
        if 0 < house.max_laps <= it.lap:
            _add_exception(model, parcel)
    elif _any_open(model, parcel):
        _name_its_chutes(model, parcel)
    elif not goes_round(house, model.counts[0], it.lap, CHUTE, 0):
        _add_exception(model, parcel)
    enter_order(model, parcel)


@rare_kernel
def decide_anew(model: Model, parcel: int) -> None:
    """Let a better order serve on this lap, while an open chute that it names lies ahead; only for one that looks."""
    it, exception = model.parcels[parcel], model.house[0].exception
    if _any_open(model, parcel) and is_placed(model, parcel):
        serves = _any_open_ahead(model, parcel)
    elif _leaves_by_exception(model, parcel):
        stands = it.order_length > 0 and model.orders[parcel, 0] == exception
        serves = not stands and is_open(model, exception) and is_ahead(model, parcel, exception)
    else:
        serves = False
    if serves:
        decide(model, parcel)


@rare_kernel
def _leaves_by_exception(model: Model, parcel: int) -> bool:
    """Whether a parcel that has no open chute would not go round."""
    if not is_placed(model, parcel):
        return not _goes_round_unread(model, parcel)
    return not goes_round(model.house[0], model.counts[0], model.parcels[parcel].lap, CHUTE, 0)


@rare_kernel
def _any_open_ahead(model: Model, parcel: int) -> bool:
    for place in range(model.choices.shape[1]):
        chute = model.choices[parcel, place]
        if chute >= 0 and is_open(model, chute) and is_ahead(model, parcel, chute):
            return True
    return False


@rare_kernel
def _goes_round_unread(model: Model, parcel: int) -> bool:
    """Ask for each hope there is: a coder who was asked, another picture."""
    it, count, house = model.parcels[parcel], model.counts[0], model.house[0]
    if it.known == GIVEN_UP:
        return False
    if waits_for_coder(model, parcel):
        ahead = before_it(model, parcel) if house.patience_percent else 0
        if goes_round(house, count, it.lap, PERSON, ahead):
            return True
    return goes_round(house, count, it.lap, PICTURE, 0)


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
    looks = model.house[0].looks_at_chutes
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
def _add_exception(model: Model, parcel: int) -> None:
    """Name the exception chute; a policy that looks at chutes does so only while that one takes something."""
    exception = model.house[0].exception
    if not model.house[0].looks_at_chutes or is_open(model, exception):
        _add(model, parcel, exception)


@kernel
def _add(model: Model, parcel: int, chute: int) -> None:
    it = model.parcels[parcel]
    model.orders[parcel, it.order_length] = chute
    it.order_length += 1
