"""What happens next: heaps of whole numbers in arrays, so that two things at one time come in the order of entry."""

from collections.abc import MutableSequence

from karez.simulation.planning.compiling import kernel
from karez.simulation.planning.state import EntryRow

ENTRY_BITS = 33
"""A key is the time in ms above, the number of the entry below: times up to twelve days, eight thousand million
entries."""

_PARCEL_BITS, _CHUTE_BITS, _ORDER_BITS = 27, 12, 16

ORDERS = (1 << _ORDER_BITS) - 1
"""An entry keeps so many bits of an order's number."""

CAMERA, SCAN, CHUTE, END, CARRIER, EMPTIED, JAMMED, UNJAMMED = range(8)
"""Kinds of things that happen; CARRIER: the carrier that an induction waits for comes."""


@kernel
def packed(kind: int, parcel: int, chute: int, order: int) -> int:
    """Put what happens, to which parcel, at which chute and by which of its orders, into one number."""
    return ((kind << _PARCEL_BITS | parcel) << _CHUTE_BITS | chute) << _ORDER_BITS | (order & ORDERS)


@kernel
def unpacked(what: int) -> tuple[int, int, int, int]:
    """Take kind, parcel, chute and order out of the number again."""
    order = what & ORDERS
    chute = what >> _ORDER_BITS & (1 << _CHUTE_BITS) - 1
    parcel = what >> _ORDER_BITS + _CHUTE_BITS & (1 << _PARCEL_BITS) - 1
    return what >> _ORDER_BITS + _CHUTE_BITS + _PARCEL_BITS, parcel, chute, order


@kernel
def push(heap: MutableSequence[EntryRow], size: int, key: int, what: int) -> int:
    """Add to a heap of ``size``; gives its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above].key <= key:
            break
        heap[at].key, heap[at].what = heap[above].key, heap[above].what
        at = above
    heap[at].key, heap[at].what = key, what
    return size + 1


@kernel
def pop(heap: MutableSequence[EntryRow], size: int) -> int:
    """Take the first out of a heap of ``size``, which has been looked at before; gives its new size."""
    last = size - 1
    key, what = heap[last].key, heap[last].what
    at = 0
    while True:
        below = 2 * at + 1
        if below >= last:
            break
        if below + 1 < last and heap[below + 1].key < heap[below].key:
            below += 1
        if heap[below].key >= key:
            break
        heap[at].key, heap[at].what = heap[below].key, heap[below].what
        at = below
    heap[at].key, heap[at].what = key, what
    return last
