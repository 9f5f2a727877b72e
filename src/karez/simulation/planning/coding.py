"""Coders: each takes one picture at a time, in the order in which they are put before them."""

from karez.simulation.planning.agenda import ENTRY_BITS, pop, push
from karez.simulation.planning.compiling import rare_kernel
from karez.simulation.planning.deciding import decide_anew
from karez.simulation.planning.happening import is_placed, waits_for_coder
from karez.simulation.planning.state import BY_CODER, GIVEN_UP, ON_LOOP, Model


@rare_kernel
def ask_coder(model: Model, parcel: int) -> None:
    """Put an unread parcel's picture before the coders, once."""
    it, count = model.parcels[parcel], model.counts[0]
    if model.house[0].coders > 0 and not is_placed(model, parcel) and it.coder_asked_ms < 0:
        it.coder_asked_ms = count.now_ms
        model.tasks[count.tasks_end] = parcel
        count.tasks_end += 1
        _give_work(model)


@rare_kernel
def _give_work(model: Model) -> None:
    """Give every coder who is free the next picture of a parcel that still waits."""
    count = model.counts[0]
    for coder in range(len(model.at_work)):
        while model.at_work[coder] < 0 and count.tasks_begin < count.tasks_end:
            parcel = model.tasks[count.tasks_begin]
            count.tasks_begin += 1
            if waits_for_coder(model, parcel):
                _begin(model, coder, parcel)


@rare_kernel
def _begin(model: Model, coder: int, parcel: int) -> None:
    it, count = model.parcels[parcel], model.counts[0]
    model.at_work[coder] = parcel
    it.coder, it.coder_starts_ms = coder, count.now_ms
    it.coder_done_ms = count.now_ms + it.coding_ms
    count.in_answers = push(model.answers, count.in_answers, it.coder_done_ms << ENTRY_BITS | parcel, coder)


@rare_kernel
def take_answer(model: Model) -> None:
    """Take in the answer that is due; where the parcel still rides and is unread, it says where it goes."""
    count, coder = model.counts[0], model.answers[0].what
    parcel = model.at_work[coder]
    it = model.parcels[parcel]
    count.in_answers = pop(model.answers, count.in_answers)
    model.at_work[coder] = -1
    it.answered = 1
    if it.where == ON_LOOP and not is_placed(model, parcel):
        it.known = BY_CODER if it.codable else GIVEN_UP
        if model.house[0].same_lap and it.asked:
            decide_anew(model, parcel)
    _give_work(model)
