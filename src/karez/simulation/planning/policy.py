"""What is done about a parcel that no reader could place: three policies, each a handful of rules."""

from dataclasses import dataclass
from enum import IntEnum


class AsksCoder(IntEnum):
    """When a parcel's picture is put before a coder."""

    AT_CAMERA = 0
    AT_SCAN = 1
    AFTER_LAP = 2


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one policy.

    Attributes
    ----------
    asks
        When an unread parcel's picture goes to a coder.
    same_lap
        An answer that comes behind the scan point still serves on this lap, while a chute lies ahead; else it waits
        for the next scan.
    max_laps
        On this lap the exception chute takes what has no other; 0: never.
    patience_percent
        An unread parcel is coded, and goes round, only while its answer is expected before the end of the present lap
        and this much of a lap more (below 0: less); ``None``: however long it takes.
    open_first
        Chutes that are open at the scan are named before those that may open yet.
    hold_percent, resume_percent
        Share of carriers with a parcel at which inductions are held, and down to which they are let go; 0: never held.
    circle_percent
        Share of carriers with a parcel above which nothing unread goes round; 100: however many.
    """

    name: str
    asks: AsksCoder
    same_lap: bool
    max_laps: int
    patience_percent: int | None
    open_first: bool
    hold_percent: int = 0
    resume_percent: int = 0
    circle_percent: int = 100


NAIVE = Policy("naive", AsksCoder.AFTER_LAP, same_lap=False, max_laps=3, patience_percent=None, open_first=False)
"""A no-read goes round until its laps are spent; nobody codes before the lap has ended."""

GREEDY = Policy("greedy", AsksCoder.AT_SCAN, same_lap=False, max_laps=0, patience_percent=None, open_first=False)
"""What is unread goes round until it is read or coded, and what finds its chute full goes round, without end."""

KAREZ = Policy(
    "karez",
    AsksCoder.AT_CAMERA,
    same_lap=True,
    max_laps=3,
    patience_percent=-50,
    open_first=True,
    hold_percent=95,
    resume_percent=90,
    circle_percent=85,
)
"""Coded while it rides; it goes round only while the answer can still help and the loop has room.

Only a short queue is let grow before the coders: a longer one keeps them no busier, but every parcel in it circles.
Half a lap was found best in `karez bench loop`; with a whole lap more, coders under twice their load code as many, with
five times as much recirculation."""

POLICIES = {each.name: each for each in (NAIVE, GREEDY, KAREZ)}
