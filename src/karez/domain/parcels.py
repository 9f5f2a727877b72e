"""The states of a parcel, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class ParcelState(StrEnum):
    """Where a parcel stands on its way. The last five are final."""

    INDUCTED = "inducted"  # on a carrier; nothing read yet
    IDENTIFIED = "identified"  # reading and decision are made; no order committed
    ORDERED = "ordered"  # an order to divert is committed (and sent, or about to be)
    RECIRCULATING = "recirculating"  # passed its chance this lap; goes round
    DIVERTED = "diverted"  # confirmed in a chute the hub ordered
    EXCEPTION = "exception"  # confirmed in the exception chute
    MISSORTED = "missorted"  # confirmed in a chute that was not ordered
    REMOVED = "removed"  # its carrier was seen empty, or the parcel was inducted again
    TAKEN_OFF = "taken_off"  # a person said so


FINAL = frozenset(
    {
        ParcelState.DIVERTED,
        ParcelState.EXCEPTION,
        ParcelState.MISSORTED,
        ParcelState.REMOVED,
        ParcelState.TAKEN_OFF,
    }
)
"""States that end a parcel's way. A timeout alone never makes one: timeout is not lost."""

_LIVE = frozenset(
    {ParcelState.IDENTIFIED, ParcelState.ORDERED, ParcelState.RECIRCULATING} | FINAL,
)

PARCEL_TRANSITIONS: Mapping[ParcelState, frozenset[ParcelState]] = {
    ParcelState.INDUCTED: _LIVE,
    ParcelState.IDENTIFIED: _LIVE,
    ParcelState.ORDERED: _LIVE,
    ParcelState.RECIRCULATING: _LIVE,
    ParcelState.DIVERTED: frozenset(),
    ParcelState.EXCEPTION: frozenset(),
    ParcelState.MISSORTED: frozenset(),
    ParcelState.REMOVED: frozenset(),
    ParcelState.TAKEN_OFF: frozenset(),
}
"""Which state may follow which; the docs draw their picture from this table."""


class MissortCause(StrEnum):
    """Why a parcel was confirmed in a chute that was not ordered, as far as the telegrams tell."""

    OTHER_CHUTE = "other_chute"  # its order named another one: a mechanical or tracking fault of the sorter
    NO_ORDER = "no_order"  # the hub had ordered nothing yet
    GO_ROUND = "go_round"  # the order was to go round
    OLD_ORDER = "old_order"  # an order that another one had superseded, or of an earlier lap
