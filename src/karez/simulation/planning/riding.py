"""Once round: under the camera, past the scan point, past the chutes, and out or round again."""

from karez.simulation.planning.agenda import CAMERA, END, ORDERS, SCAN
from karez.simulation.planning.coding import ask_coder
from karez.simulation.planning.compiling import kernel, rare_kernel
from karez.simulation.planning.deciding import decide
from karez.simulation.planning.happening import enter_passing, is_ahead, is_open, is_placed
from karez.simulation.planning.inducting import hold_or_resume
from karez.simulation.planning.policy import AsksCoder
from karez.simulation.planning.reopening import drop, opened
from karez.simulation.planning.state import BY_READER, GONE, ON_LOOP, Model

_AT_CAMERA, _AT_SCAN, _AFTER_LAP = map(int, (AsksCoder.AT_CAMERA, AsksCoder.AT_SCAN, AsksCoder.AFTER_LAP))


@kernel
def under_camera(model: Model, parcel: int) -> None:
    """Read it, where it can be read on this lap; else ask a coder, where the policy does so here."""
    it = model.parcels[parcel]
    if not is_placed(model, parcel):
        reads = 0 < it.read_on_lap <= it.lap
        if it.lap > 1:
            pictured_again(model, reads)
        if reads:
            it.known = BY_READER
    if model.house[0].asks == _AT_CAMERA:
        ask_coder(model, parcel)
    enter_passing(model, SCAN, parcel, model.stations[it.station].scan_um)


@rare_kernel
def pictured_again(model: Model, reads: bool) -> None:
    """Keep count of those that were read when pictured again, of the last so many."""
    count, most = model.counts[0], len(model.rereads)
    place = count.pictured_again_in_all % most
    if count.pictured_again == most:
        count.reread -= model.rereads[place]
    else:
        count.pictured_again += 1
    model.rereads[place] = reads
    count.reread += reads
    count.pictured_again_in_all += 1


@kernel
def at_scan(model: Model, parcel: int) -> None:
    """Ask what to do on this lap; the answer is there at once."""
    it = model.parcels[parcel]
    it.asked = 1
    enter_passing(model, END, parcel, model.stations[it.station].end_um)
    decide(model, parcel)
    if model.house[0].asks == _AT_SCAN:
        ask_coder(model, parcel)


@kernel
def at_chute(model: Model, parcel: int, chute: int, order: int) -> None:
    """Let it leave, where the order still stands, the chute is open and no better one is open further on."""
    it = model.parcels[parcel]
    stands = it.where == ON_LOOP and it.asked and it.order_number & ORDERS == order
    if not stands or not is_open(model, chute):
        return
    for place in range(it.order_length):
        better = model.orders[parcel, place]
        if better == chute:
            _leave(model, parcel, chute)
            return
        if is_open(model, better) and is_ahead(model, parcel, better):
            return


@kernel
def _leave(model: Model, parcel: int, chute: int) -> None:
    it, count = model.parcels[parcel], model.counts[0]
    it.where, it.chute, it.left_ms = GONE, chute, count.now_ms
    model.on_carrier[it.carrier] = -1
    count.riding -= 1
    count.circling -= it.lap > 1
    count.left += 1
    count.quiet_since_ms = count.now_ms
    told = drop(model, chute)
    hold_or_resume(model)
    if told:
        opened(model, chute)


@kernel
def end_of_lap(model: Model, parcel: int) -> None:
    """Go round again, where it has not left."""
    it = model.parcels[parcel]
    if it.where != ON_LOOP:
        return
    it.asked = 0
    model.counts[0].circling += it.lap == 1
    it.lap += 1
    if model.house[0].asks == _AFTER_LAP:
        ask_coder(model, parcel)
    enter_passing(model, CAMERA, parcel, model.stations[it.station].camera_um)
