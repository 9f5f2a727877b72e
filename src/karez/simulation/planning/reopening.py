"""Chutes that fill, are emptied, jammed and freed again, and the parcels that were sent round meanwhile."""

from karez.simulation.planning.agenda import EMPTIED, UNJAMMED, packed
from karez.simulation.planning.compiling import kernel, rare_kernel
from karez.simulation.planning.deciding import decide_anew
from karez.simulation.planning.happening import enter, is_open, is_placed
from karez.simulation.planning.state import Model

_QUARTERS = 4


@kernel
def drop(model: Model, chute: int) -> bool:
    """Put a parcel into a chute; whether the PLC tells its state: each time another quarter of it is used."""
    it = model.chutes[chute]
    before = _QUARTERS * it.inside // it.capacity
    it.inside += 1
    if it.inside == it.capacity:
        enter(model, model.counts[0].now_ms + model.house[0].emptied_after_ms, packed(EMPTIED, 0, chute, 0))
    return _QUARTERS * it.inside // it.capacity > before


@rare_kernel
def empty(model: Model, chute: int) -> None:
    """Take everything out of a chute."""
    model.chutes[chute].inside = 0
    opened(model, chute)


@rare_kernel
def jam(model: Model, number: int) -> None:
    """Shut a chute for a while."""
    chute = model.jams[number].chute
    model.chutes[chute].blocked += 1
    enter(model, model.counts[0].now_ms + model.jams[number].for_ms, packed(UNJAMMED, 0, chute, 0))


@rare_kernel
def free(model: Model, chute: int) -> None:
    """End one jam of a chute."""
    model.chutes[chute].blocked -= 1
    opened(model, chute)


@rare_kernel
def opened(model: Model, chute: int) -> None:
    """Where a chute is told to be open, let those leave on this lap that were sent round because theirs were full."""
    if model.house[0].looks_at_chutes and is_open(model, chute):
        for carrier in range(len(model.on_carrier)):
            parcel = model.on_carrier[carrier]
            if parcel >= 0 and _was_sent_round(model, parcel):
                decide_anew(model, parcel)


@kernel
def _was_sent_round(model: Model, parcel: int) -> bool:
    it = model.parcels[parcel]
    return it.asked != 0 and it.order_length == 0 and is_placed(model, parcel)
