"""Running numbers, acknowledgement and replay of one direction and session; pure, so that every driver can use it."""

from collections import OrderedDict
from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST_OPEN = 20_000  # a minute of the largest hub
UNANSWERED = "the peer acknowledges nothing"


class Turn(StrEnum):
    """What an arriving sequence number means."""

    NEW = "new"
    REPEAT = "repeat"  # seen before: drop it, acknowledge again
    GAP = "gap"  # something before it is missing: ask for it


class Ask(StrEnum):
    """What to do about a gap."""

    NOW = "now"
    WAIT = "wait"  # asked a moment ago: what comes meanwhile was under way before the peer heard of it
    GIVE_UP = "give_up"  # asked often enough


class Gap:
    """How often, and when last, what is missing was asked for.

    Parameters
    ----------
    every_s
        Least time between two requests.
    tries
        Requests before it is given up.
    """

    def __init__(self, every_s: float, tries: int = 3) -> None:
        self._every_s, self._tries = every_s, tries
        self._expected, self._asked, self._asked_at_s = 0, 0, 0.0

    def forget(self) -> None:
        """A link begins: what was asked for over another one says nothing of this."""
        self._expected = self._asked = 0

    def seen(self, expected: int, now_s: float) -> Ask:
        """A number beyond ``expected`` came."""
        if expected != self._expected:
            self._expected, self._asked = expected, 0
        elif now_s - self._asked_at_s < self._every_s:
            return Ask.WAIT
        if self._asked == self._tries:
            return Ask.GIVE_UP
        self._asked, self._asked_at_s = self._asked + 1, now_s
        return Ask.NOW


class Outbox(Generic[T]):
    """Our telegrams of this session, kept until the peer has acknowledged them.

    A driver ends the link at which it is `overfull`: what a peer reads and never acknowledges would fill the memory.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, T] = OrderedDict()
        self._last = 0
        self._sent = 0

    @property
    def first(self) -> int:
        """Lowest number not acknowledged; the next one to be given where all are."""
        return next(iter(self._waiting), self._last + 1)

    @property
    def last(self) -> int:
        """Highest number given."""
        return self._last

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def overfull(self) -> bool:
        """Whether more is kept than any peer that works leaves open."""
        return len(self._waiting) > _MOST_OPEN

    def put(self, telegram: T) -> int:
        """Keep a telegram; its number."""
        self._last += 1
        self._waiting[self._last] = telegram
        return self._last

    def acknowledged(self, upto: int) -> bool:
        """Forget everything up to and including this number; ``False`` where it was never sent."""
        if upto > self._last:
            return False
        while self._waiting and next(iter(self._waiting)) <= upto:
            self._waiting.popitem(last=False)
        return True

    def after(self, seq: int) -> Sequence[tuple[int, T]]:
        """What is kept with a higher number, in order."""
        first = max(seq + 1, self.first)  # the numbers have no holes, so nothing below it is looked at
        return [(number, self._waiting[number]) for number in range(first, self._last + 1)]

    def mark_sent(self, seq: int) -> None:
        """Note that this number went to a socket."""
        self._sent = max(self._sent, seq)

    def was_sent(self, seq: int) -> bool:
        """Whether this number went to a socket before."""
        return seq <= self._sent


class Inbox:
    """The peer's numbers of one of its sessions: what was delivered here, what may be acknowledged.

    Parameters
    ----------
    session
        The peer's session.
    seen
        Highest number already delivered and acknowledged.
    """

    def __init__(self, session: str, seen: int = 0) -> None:
        self.session = session
        self.delivered = seen
        self.acked = seen
        self._done: set[int] = set()
        self._skipped: dict[int, int] = {}  # first and last of numbers given up, while something before is not done

    def take(self, seq: int) -> Turn:
        """Judge an arriving number; a new one counts as delivered from now on."""
        if seq <= self.delivered:
            return Turn.REPEAT
        if seq > self.delivered + 1:
            return Turn.GAP
        self.delivered = seq
        return Turn.NEW

    def skip_to(self, seq: int) -> int:
        """Give up what is missing before ``seq``; how many numbers that were. A wide gap costs no more than a small."""
        first = self.delivered + 1
        if seq <= first:
            return 0
        self.delivered = self._skipped[first] = seq - 1
        self._advance()
        return seq - first

    def acknowledge(self, seq: int) -> bool:
        """Note that this number is committed; ``True`` where the cumulative acknowledgement moved.

        Acknowledgement is cumulative, so it stops before the first number that is not committed yet.
        """
        if seq <= self.acked or seq > self.delivered:
            return False
        self._done.add(seq)
        return self._advance()

    def _advance(self) -> bool:
        before = self.acked
        while True:
            following = self.acked + 1
            if following in self._done:
                self._done.remove(following)
                self.acked = following
            elif following in self._skipped:
                self.acked = self._skipped.pop(following)
            else:
                return self.acked > before
