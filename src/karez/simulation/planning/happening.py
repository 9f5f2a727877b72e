"""Entering what is to happen, and what several kernels ask of chutes and laps."""

from karez.simulation.planning.agenda import CHUTE, ENTRY_BITS, packed, push
from karez.simulation.planning.compiling import kernel, rare_kernel
from karez.simulation.planning.passing import passes
from karez.simulation.planning.state import BY_CODER, BY_READER, ON_LOOP, Model


@kernel
def enter(model: Model, at_ms: int, what: int) -> None:
    """Enter what happens at a time: of several at one time, the first entered comes first."""
    count = model.counts[0]
    if count.in_agenda >= len(model.agenda):
        raise IndexError("the planning model's agenda is full")
    count.entries += 1
    key = max(at_ms, count.now_ms) << ENTRY_BITS | count.entries
    count.in_agenda = push(model.agenda, count.in_agenda, key, what)


@kernel
def enter_passing(model: Model, kind: int, parcel: int, point_um: int) -> None:
    """Enter that a parcel's carrier passes a point."""
    at_ms = passes(model.house[0], model.parcels[parcel].carrier, point_um, model.counts[0].now_ms)
    enter(model, at_ms, packed(kind, parcel, 0, 0))


@kernel
def is_open(model: Model, chute: int) -> bool:
    """Whether a chute takes a parcel now."""
    it = model.chutes[chute]
    return it.blocked == 0 and it.inside < it.capacity


@kernel
def chute_ms(model: Model, parcel: int, chute: int) -> int:
    """When the parcel next passes a chute."""
    carrier = model.parcels[parcel].carrier
    return passes(model.house[0], carrier, model.chutes[chute].point_um, model.counts[0].now_ms)


@kernel
def end_of_lap_ms(model: Model, parcel: int) -> int:
    """When the parcel's present lap ends."""
    it = model.parcels[parcel]
    return passes(model.house[0], it.carrier, model.stations[it.station].end_um, model.counts[0].now_ms)


@kernel
def is_ahead(model: Model, parcel: int, chute: int) -> bool:
    """Whether the parcel still passes a chute before the end of this lap."""
    return chute_ms(model, parcel, chute) < end_of_lap_ms(model, parcel)


@kernel
def enter_order(model: Model, parcel: int) -> None:
    """Give the PLC the order that stands in the parcel's row: it looks at each chute ahead, in the order's order."""
    it = model.parcels[parcel]
    it.order_number += 1
    for place in range(it.order_length):
        chute = model.orders[parcel, place]
        if is_ahead(model, parcel, chute):
            enter(model, chute_ms(model, parcel, chute), packed(CHUTE, parcel, chute, it.order_number))


@kernel
def is_placed(model: Model, parcel: int) -> bool:
    """Whether it is known where the parcel goes."""
    known = model.parcels[parcel].known
    return known in (BY_READER, BY_CODER)


@kernel
def waits_for_coder(model: Model, parcel: int) -> bool:
    """Whether the parcel still waits for the answer of a coder who was asked."""
    it = model.parcels[parcel]
    return it.where == ON_LOOP and it.coder_asked_ms >= 0 and not it.answered and not is_placed(model, parcel)


@rare_kernel
def before_it(model: Model, parcel: int) -> int:
    """Count the parcels that a coder is to answer for before this one, which was asked about."""
    begins = model.counts[0].tasks_begin
    if model.parcels[parcel].coder_starts_ms >= 0:
        return 0
    ahead = _at_work(model)
    while model.tasks[begins] != parcel:
        ahead += waits_for_coder(model, model.tasks[begins])
        begins += 1
    return ahead


@kernel
def _at_work(model: Model) -> int:
    working = 0
    for coder in range(len(model.at_work)):
        working += model.at_work[coder] >= 0
    return working
