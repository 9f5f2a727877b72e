"""What is done about a parcel that has no open chute yet: three policies, each a handful of rules."""

from dataclasses import dataclass
from enum import IntEnum

from karez.sorter.recirculation import PATIENCE_SHARE, REREAD_LEAST


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
        An answer that comes behind the scan point still serves on this lap, while an open chute lies ahead; else it
        waits for the next scan.
    max_laps
        On this lap the exception chute takes what has no other; 0: never.
    crowded_percent
        From this share of carriers with a parcel on, nothing goes round for a picture or a coder; 0: however many.
    patience_percent
        A coder is waited for only while the answer is expected within so much of a lap; 0: as long as it takes.
    reread_least_percent
        A parcel goes round for another picture only while so many of those that did were read then; 0: always.
    looks_at_chutes
        Chutes that are open at the scan are named before those that may open yet; where none is, the parcel is sent
        round, and ordered to the one that opens on the same lap. Else all its chutes are named, best first, whether
        open or not (and on its last lap the exception chute behind them).
    hold_percent, resume_percent
        Share of carriers with a parcel from which on inductions are held, and below which they are let go; 0: never.
    """

    name: str
    asks: AsksCoder
    same_lap: bool
    max_laps: int
    crowded_percent: int = 0
    patience_percent: int = 0
    reread_least_percent: int = 0
    looks_at_chutes: bool = False
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
    patience_percent=round(100 * PATIENCE_SHARE),
    reread_least_percent=round(100 * REREAD_LEAST),
    looks_at_chutes=True,
    hold_percent=95,
    resume_percent=90,
)
"""The rules of `karez.sorter.recirculation`, with the settings as they come: coded while it rides, round only while
that can help and the loop has room, inductions held before it clogs."""

POLICIES = {each.name: each for each in (NAIVE, GREEDY, KAREZ)}
