"""The kernel of a run: what is next, and what comes of it, until every parcel has left or nothing moves any more."""

from collections.abc import Callable

from karez.simulation.planning.agenda import (
    CAMERA,
    CARRIER,
    CHUTE,
    EMPTIED,
    END,
    ENTRY_BITS,
    JAMMED,
    SCAN,
    packed,
    pop,
    unpacked,
)
from karez.simulation.planning.coding import take_answer
from karez.simulation.planning.compiling import SOURCES, entry, kernel
from karez.simulation.planning.happening import enter
from karez.simulation.planning.inducting import arrive, carrier_comes
from karez.simulation.planning.reopening import empty, free, jam
from karez.simulation.planning.riding import at_chute, at_scan, end_of_lap, under_camera
from karez.simulation.planning.state import Model

_NONE = 1 << 62


@kernel
def _finished(model: Model) -> bool:
    count = model.counts[0]
    all_left = count.left == len(model.parcels)
    return all_left or count.now_ms - count.quiet_since_ms > model.house[0].ends_when_quiet_ms


@kernel
def _go_on_to(model: Model, at_ms: int) -> None:
    count = model.counts[0]
    count.riding_ms += (at_ms - count.now_ms) * count.riding
    count.circling_ms += (at_ms - count.now_ms) * count.circling
    count.now_ms = at_ms
    count.steps += 1


@kernel
def _next_arrival_ms(model: Model) -> int:
    here = model.counts[0].arrived
    return model.parcels[model.in_order[here]].arrives_ms if here < len(model.in_order) else _NONE


@kernel
def _step(model: Model) -> bool:
    """Go on to the next thing that happens; ``False`` where there is none.

    At one time coders' answers come first, then arrivals, then the rest in the order in which it was entered.
    """
    count = model.counts[0]
    answer_ms = model.answers[0].key >> ENTRY_BITS if count.in_answers > 0 else _NONE
    entry_ms = model.agenda[0].key >> ENTRY_BITS if count.in_agenda > 0 else _NONE
    arrival_ms = _next_arrival_ms(model)
    at_ms = min(answer_ms, entry_ms, arrival_ms)
    if at_ms == _NONE:
        return False
    _go_on_to(model, at_ms)
    if answer_ms == at_ms:
        take_answer(model)
    elif arrival_ms == at_ms:
        arrive(model)
    else:
        what = model.agenda[0].what
        count.in_agenda = pop(model.agenda, count.in_agenda)
        _do(model, what)
    return True


@kernel
def _do(model: Model, what: int) -> None:
    kind, parcel, chute, order = unpacked(what)
    if kind == CAMERA:
        under_camera(model, parcel)
    elif kind == SCAN:
        at_scan(model, parcel)
    elif kind == CHUTE:
        at_chute(model, parcel, chute, order)
    elif kind == END:
        end_of_lap(model, parcel)
    elif kind == CARRIER:
        carrier_comes(model, parcel, chute)
    elif kind == EMPTIED:
        empty(model, chute)
    elif kind == JAMMED:
        jam(model, parcel)
    else:
        free(model, chute)


def _made_of(sources: int) -> Callable[[Model], None]:
    @entry
    def run(model: Model) -> None:
        model.counts[0].sources = sources
        for number in range(len(model.jams)):
            enter(model, model.jams[number].at_ms, packed(JAMMED, number, 0, 0))
        while not _finished(model) and _step(model):
            pass

    return run


run_to_the_end = _made_of(SOURCES)
"""Run a laid-out model, in place; compiled at the first call, later processes load the machine code."""
