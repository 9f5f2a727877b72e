"""Holding the inductions back: while nothing can be stored, and before the loop clogs."""

from collections.abc import Callable

from karez.domain.clock import Clock
from karez.domain.telegrams import State, Subject
from karez.settings import SorterSection

_RELEASE_BELOW = 0.05  # of the carriers: without it one parcel more or less would switch the inductions each time


class Inductions:
    """Says on and off to all inductions, once for each change.

    Parameters
    ----------
    tell
        Sends a request to the sorter.

    Attributes
    ----------
    store_full, store_away
        Nothing can be stored: the disk is full, or the database server cannot be reached.
    clogged
        The loop has too few carriers left.
    """

    def __init__(self, sorter: SorterSection, tell: Callable[[State], None], clock: Clock) -> None:
        self._sorter, self._tell, self._clock = sorter, tell, clock
        self.store_full = self.store_away = self.clogged = False

    @property
    def held(self) -> bool:
        """Whether they are held."""
        return self.store_full or self.store_away or self.clogged

    def say(self) -> None:
        """Say what holds now; the PLC may have been started, and cannot know."""
        now_ms = round(self._clock.now().timestamp() * 1000)
        self._tell(State(Subject.INDUCTION, "*", "off" if self.held else "on", now_ms))

    def store_is_full(self, full: bool) -> None:
        """The disk has no space, or has some again."""
        self.store_full = full
        self.say()

    def store_is_away(self, away: bool) -> None:
        """The database server cannot be reached, or can again."""
        self.store_away = away
        self.say()

    def look(self, occupied: int) -> bool:
        """Hold or release by the number of parcels on the loop; whether that changed anything."""
        carriers, share = self._sorter.carriers, self._sorter.hold_share
        if carriers is None:
            return False
        limit = share if not self.clogged else share - _RELEASE_BELOW
        clogged = occupied >= limit * carriers
        if clogged is self.clogged:
            return False
        was, self.clogged = self.held, clogged
        if self.held is not was:
            self.say()
        return True
