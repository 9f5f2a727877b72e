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
    open_first
        Chutes that are open at the scan are named before those that may open yet.
    hold_percent, resume_percent
        Share of carriers with a parcel at which inductions are held, and down to which they are let go; 0: never held.
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
    open_first=True,
    hold_percent=95,
    resume_percent=90,
)
"""The rules of `karez.sorter.recirculation`, with the settings as they come: coded while it rides, round only while
that can help and the loop has room, inductions held before it clogs."""

KAREZ_NEXT = replace(KAREZ, name="karez-next", another_picture=False, answer_within_percent=40, names_full_chutes=True)
"""Proposed, with three rules of Karez's changed.

A full chute is ordered all the same, for it is often open when the parcel comes by. Only a short queue is let grow
before the coders: a longer one keeps them no busier, but all that wait in it circle. And a parcel that would wait longer
leaves, instead of going round for another picture.
"""

POLICIES = {each.name: each for each in (NAIVE, GREEDY, KAREZ, KAREZ_NEXT)}
