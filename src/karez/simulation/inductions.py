"""Inductions: where parcels wait for an empty carrier."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from karez.simulation.happenings import HallParcel


@dataclass(slots=True)
class Induction:
    """One place where parcels are put on.

    Attributes
    ----------
    on
        ``False`` while the hub holds it.
    offering
        The next carrier is being looked at.
    """

    name: str
    point_mm: int
    on: bool = True
    offering: bool = False
    waiting: deque[HallParcel] = field(default_factory=deque)


def may_take(induction: Induction, carrier: int, inductions: Sequence[Induction]) -> bool:
    """Share carriers out evenly while all have parcels, so that the first induction does not starve the others."""
    owner = inductions[carrier % len(inductions)]
    return owner is induction or not owner.waiting or not owner.on
