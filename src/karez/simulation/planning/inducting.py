"""Inductions: parcels wait, and one goes onto each carrier that comes empty."""

from karez.simulation.planning.agenda import CAMERA, CARRIER, packed
from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.happening import enter, enter_passing
from karez.simulation.planning.passing import next_carrier
from karez.simulation.planning.state import ON_LOOP, Model


@kernel
def arrive(model: Model) -> None:
    """Lay the next parcel down at its induction."""
    count = model.counts[0]
    parcel = model.in_order[count.arrived]
    count.arrived += 1
    induction = model.parcels[parcel].induction
    model.queue[model.inductions[induction].tail] = parcel
    model.inductions[induction].tail += 1
    offer(model, induction)


@kernel
def offer(model: Model, induction: int) -> None:
    """Look at the next carrier, while there is something to put on it."""
    it, count = model.inductions[induction], model.counts[0]
    if not count.held and not it.offering and it.head < it.tail:
        it.offering = 1
        carrier, at_ms = next_carrier(model.house[0], it.point_um, count.now_ms)
        enter(model, at_ms, packed(CARRIER, carrier, induction, 0))


@kernel
def carrier_comes(model: Model, carrier: int, induction: int) -> None:
    """Put a parcel on the carrier that an induction waited for, where it may."""
    model.inductions[induction].offering = 0
    puts = not model.counts[0].held and model.on_carrier[carrier] < 0 and _may_take(model, carrier, induction)
    if puts:
        _induct(model, carrier, induction)
    offer(model, induction)
    if puts:
        hold_or_resume(model)


@kernel
def hold_or_resume(model: Model) -> None:
    """Hold all inductions before the loop clogs, and let them go again, as the policy has it."""
    count, house = model.counts[0], model.house[0]
    if house.hold_at == 0:
        return
    if not count.held and count.riding >= house.hold_at:
        count.held = 1
        count.holds += 1
    elif count.held and count.riding <= house.resume_at:
        count.held = 0
        for induction in range(len(model.inductions)):
            offer(model, induction)


@kernel
def _may_take(model: Model, carrier: int, induction: int) -> bool:
    """Share carriers out evenly among a station's inductions while all have parcels."""
    it = model.inductions[induction]
    owner = it.first + carrier % it.beside
    return owner == induction or model.inductions[owner].head == model.inductions[owner].tail


@kernel
def _induct(model: Model, carrier: int, induction: int) -> None:
    count = model.counts[0]
    parcel = model.queue[model.inductions[induction].head]
    model.inductions[induction].head += 1
    model.on_carrier[carrier] = parcel
    it = model.parcels[parcel]
    it.where, it.carrier, it.lap = ON_LOOP, carrier, 1
    it.inducted_ms = count.quiet_since_ms = count.now_ms
    count.riding += 1
    enter_passing(model, CAMERA, parcel, model.stations[it.station].camera_um)
