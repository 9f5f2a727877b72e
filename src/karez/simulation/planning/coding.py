"""Coders: each takes one picture at a time, in the order in which they are put before them."""

import numpy as np

from karez.simulation.planning.agenda import ENTRY_BITS, pop, push
from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.deciding import decide_anew, helps
from karez.simulation.planning.state import BY_CODER, GIVEN_UP, ON_LOOP, UNKNOWN, Model


@kernel
def ask_coder(model: Model, parcel: int) -> None:
    """Put an unread parcel's picture before a coder, once, where the policy expects that to help."""
    it, count = model.parcels[parcel], model.counts[0]
    coders = len(model.coder_free_ms)
    if coders == 0 or it.known != UNKNOWN or it.coder_asked_ms >= 0:
        return
    turns = -(-(count.with_coders + 1) // coders)
    expected_ms = count.now_ms + turns * model.house[0].coding_expected_ms
    if helps(model, parcel, expected_ms):
        it.coder_asked_ms, it.coder_expected_ms = count.now_ms, expected_ms
        _put_before_a_coder(model, parcel)


@kernel
def _put_before_a_coder(model: Model, parcel: int) -> None:
    it, count = model.parcels[parcel], model.counts[0]
    coder = np.argmin(model.coder_free_ms)
    it.coder_starts_ms = max(model.coder_free_ms[coder], count.now_ms)
    it.coder_done_ms = model.coder_free_ms[coder] = it.coder_starts_ms + it.coding_ms
    count.with_coders += 1
    count.in_answers = push(model.answers, count.in_answers, it.coder_done_ms << ENTRY_BITS | parcel, parcel)


@kernel
def take_answer(model: Model) -> None:
    """Take in the answer that is due."""
    count, parcel = model.counts[0], model.answers[0].what
    it = model.parcels[parcel]
    count.in_answers = pop(model.answers, count.in_answers)
    count.with_coders -= 1
    if it.where != ON_LOOP or it.known != UNKNOWN:
        return
    it.known = BY_CODER if it.codable else GIVEN_UP
    if model.house[0].same_lap and it.asked:
        decide_anew(model, parcel)
