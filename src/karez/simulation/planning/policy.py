"""What is done about a parcel that has no open chute yet: three policies, each a handful of rules."""

from dataclasses import dataclass, replace
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
    crowded_percent
        From this share of carriers with a parcel on, nothing goes round for help; 0: however many.
    by_deadline
        An unread parcel that a coder was asked about goes round only while the answer is expected before its last lap.
    another_picture
        One that no coder can answer in time still goes round for another picture, until its laps are spent.
    answer_within_percent
        A coder is asked, and waited for, only while the answer is expected within so much of a lap; ``None``: always.
    names_full_chutes
        A parcel whose chutes are all full is ordered there all the same, for one may open before it comes by (and on
        its last lap to the exception chute behind them); else it is decided at the scan that it goes round.
    orders_when_open
        One that was sent round because all its chutes were full is ordered to the one that opens, on the same lap.
    any_ahead
        An answer that comes late leads to any open chute that still lies ahead; else only to the best of the open ones.
    open_first
        Chutes that are open at the scan are named before those that may open yet.
    hold_percent, resume_percent
        Share of carriers with a parcel from which on inductions are held, and below which they are let go; 0: never.
    """

    name: str
    asks: AsksCoder
    same_lap: bool
    max_laps: int
    crowded_percent: int = 0
    by_deadline: bool = False
    another_picture: bool = False
    answer_within_percent: int | None = None
    names_full_chutes: bool = True
    orders_when_open: bool = False
    any_ahead: bool = False
    open_first: bool = False
    hold_percent: int = 0
    resume_percent: int = 0


NAIVE = Policy("naive", AsksCoder.AFTER_LAP, same_lap=False, max_laps=3)
"""A no-read goes round until its laps are spent; nobody codes before the lap has ended."""

GREEDY = Policy("greedy", AsksCoder.AT_SCAN, same_lap=False, max_laps=0)
"""What is unread goes round until it is read or coded, and what finds its chute full goes round, without end."""

KAREZ = Policy(
    "karez",
    AsksCoder.AT_CAMERA,
    same_lap=True,
    max_laps=3,
    crowded_percent=85,
    by_deadline=True,
    another_picture=True,
    names_full_chutes=False,
    orders_when_open=True,
    open_first=True,
    hold_percent=95,
    resume_percent=90,
)
"""The rules of `karez.sorter.recirculation`, with the settings as they come: coded while it rides, round only while
that can help and the loop has room, inductions held before it clogs."""

KAREZ_NEXT = replace(
    KAREZ,
    name="karez-next",
    another_picture=False,
    answer_within_percent=40,
    names_full_chutes=True,
    any_ahead=True,
)
"""Proposed, with four rules of Karez's changed.

A late answer may lead to any chute of the parcel's that still lies ahead. Only a short queue is let grow before the
coders: a longer one keeps them no busier, but all that wait in it circle; and a parcel that would wait longer leaves,
instead of going round for another picture. A parcel whose chutes are all full is ordered to them all the same, on a
crowded loop too, and to the exception chute only on its last lap.
"""

POLICIES = {each.name: each for each in (NAIVE, GREEDY, KAREZ, KAREZ_NEXT)}
