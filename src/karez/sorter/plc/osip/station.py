"""Either end of an OSIP link: numbers, repeats, time, silence, and one or two connections that are one link."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from karez.domain.errors import BadTelegram
from karez.sorter.plc.connection import Connection
from karez.sorter.plc.intake import Room
from karez.sorter.plc.osip.frames import FrameSplitter, Garbage
from karez.sorter.plc.osip.repeats import Repeats
from karez.sorter.plc.osip.wire import (
    SEQUENCES,
    Body,
    Telegram,
    TimeAnswer,
    TimeRequest,
    answer_seq,
    build,
    parse,
)
from karez.sorter.plc.protocol import Linked, LinkEvent, Rejected, Unlinked
from karez.sorter.plc.rejects import Rejects
from karez.sorter.plc.watched import raise_again

_BAD_IN_A_ROW = 200  # a peer that sends nothing else is no PLC


class Way(Enum):
    """Which way telegrams go on a connection, seen from this end."""

    BOTH = "both"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Terms:
    """What both ends must agree on.

    Attributes
    ----------
    own, other
        The names in SENDER and RECEIVER; a telegram of others is refused.
    session
        Name of this end's run; the sessions of its links are named after it.
    heartbeat_s, stale_s
        A SYNQ goes out in every interval. Nothing heard for longer than ``stale_s`` ends the link; 0 never.
    repeat_window_s
        See `Repeats`.
    """

    own: str
    other: str
    session: str
    heartbeat_s: float
    stale_s: float
    repeat_window_s: float


class Station:
    """Speaks and hears over whichever connections stand.

    A connection that telegrams come in on becomes the link's with the first good telegram of the other station, and
    replaces an earlier one. A connection that only goes out (simplex) is the link's as soon as it stands. The link
    stands while there is a way in and a way out.

    Parameters
    ----------
    on_telegram
        Called for each new telegram of the other station, in order. May raise `BadTelegram`, with nothing done.
    on_repeat
        Called for each that came within the window before.
    on_event
        Called for link events and bad telegrams, in order with the telegrams.
    room
        Awaited between batches; holds the peer back (by TCP) while this end has too much unread.
    date
        The date to put into telegrams, in the PLC's zone.
    """

    def __init__(
        self,
        terms: Terms,
        on_telegram: Callable[[Telegram], None],
        on_repeat: Callable[[Telegram], None],
        on_event: Callable[[LinkEvent], None],
        room: Room,
        date: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.terms = terms
        self.linked = False
        self.links = 0
        self._on_telegram, self._on_repeat, self._on_event = on_telegram, on_repeat, on_event
        self._room, self._date, self._monotonic = room, date, monotonic
        self._hears: Connection | None = None
        self._speaks: Connection | None = None
        self._rejects = Rejects(monotonic)
        self._repeats = Repeats(terms.repeat_window_s)
        self._seq = 1

    @property
    def session(self) -> str:
        """Name of the link that stands, or stood last: OSIP cannot tell whether the peer began anew meanwhile."""
        return f"{self.terms.session}/{self.links}"

    # ---- out -------------------------------------------------------------------------------------------------------

    def say(self, body: Body, seq: int | None = None) -> tuple[int, bytes]:
        """Send something: as an answer under its number, or under one of our own; without a link it is lost.

        Our own numbers go up by two, so that an answer's number is never that of another telegram.
        """
        if seq is None:
            seq, self._seq = self._seq, (self._seq + 2) % SEQUENCES
        raw = build(Telegram(self.terms.own, self.terms.other, seq, body))
        self.repeat(raw)
        return seq, raw

    def repeat(self, raw: bytes) -> None:
        """Send a telegram as it was sent before."""
        if self._speaks is not None:
            self._speaks.write(raw)

    # ---- one connection --------------------------------------------------------------------------------------------

    async def serve(self, connection: Connection, way: Way) -> bool:
        """Speak over this connection until it ends; whether it ever was part of a link."""
        if way is Way.OUT:
            self._adopt(connection, way)
        if way is not Way.IN:
            self._greet(connection)
        beat = asyncio.create_task(self._beat(connection, way))
        beat.add_done_callback(raise_again)
        splitter = FrameSplitter()
        was_link = False
        try:
            async for chunk in connection.chunks(lambda: len(splitter.pending)):
                for piece in splitter.feed(chunk):
                    self._take(connection, way, piece)
                was_link = was_link or self._hears is connection
                connection.paused = True
                await self._room(connection.ended)
                connection.paused = False
        finally:
            beat.cancel()
            connection.close("stopped")
            self._gone(connection)
            await connection.closed()
        return was_link or way is Way.OUT

    def refused(self, host: str, reason: str) -> None:
        """Report a peer that was turned away."""
        self._tell(self._rejects.add(host, reason, b""))

    def reject(self, reason: str, raw: bytes = b"") -> None:
        """Report what one of the two stations said and the other cannot use."""
        host = self._hears.host if self._hears else "?"
        self._tell(self._rejects.add(host, reason, raw))

    def stopped(self) -> None:
        """Tell what is still to be told: nothing comes any more."""
        self._tell(self._rejects.rest())

    def _greet(self, connection: Connection) -> None:
        """Ask the time at once: the answer shows who is there."""
        seq, self._seq = self._seq, (self._seq + 2) % SEQUENCES
        connection.write(build(Telegram(self.terms.own, self.terms.other, seq, TimeRequest(self._date()))))

    async def _beat(self, connection: Connection, way: Way) -> None:
        terms = self.terms
        while connection.end_reason is None:
            await asyncio.sleep(terms.heartbeat_s)
            connection.missed += not connection.paused
            if terms.stale_s and way is not Way.OUT and connection.missed * terms.heartbeat_s > terms.stale_s:
                connection.close(f"nothing heard for {round(terms.stale_s * 1000)} ms")
            elif self._speaks is connection:
                self.say(TimeRequest(self._date()))
            self._tell(self._rejects.due())

    # ---- link ------------------------------------------------------------------------------------------------------

    def _adopt(self, connection: Connection, way: Way) -> None:
        """Make this connection the link's, in place of an earlier one."""
        for earlier in (self._hears if way is not Way.OUT else None, self._speaks if way is not Way.IN else None):
            if earlier is not None and earlier is not connection:
                self._end(earlier, f"replaced by a newer connection from {connection.peer}")
        if way is not Way.OUT:
            self._hears = connection
        if way is not Way.IN:
            self._speaks = connection
        if self._hears is not None and self._speaks is not None and not self.linked:
            self.linked = True
            self.links += 1
            self._on_event(Linked(connection.peer, self.session, 0))

    def _end(self, connection: Connection, reason: str) -> None:
        connection.close(reason)
        self._gone(connection)

    def _gone(self, connection: Connection) -> None:
        """Where one of a link's connections is gone, the other goes, too: the next link begins clean."""
        if connection is not self._hears and connection is not self._speaks:
            return
        both = {self._hears, self._speaks} - {None, connection}
        self._hears = self._speaks = None
        for other in both:
            if other is not None:
                other.close("the other way of this link is gone")
        self._tell(self._rejects.due(all_now=True))
        if self.linked:
            self.linked = False
            self._on_event(Unlinked(connection.peer, connection.end_reason or "closed"))

    # ---- in --------------------------------------------------------------------------------------------------------

    def _take(self, connection: Connection, way: Way, piece: bytes | Garbage) -> None:
        if connection.end_reason is not None:
            return
        try:
            if isinstance(piece, Garbage):
                raise BadTelegram(f"{piece.length} bytes that are no telegram")
            if way is Way.OUT:
                raise BadTelegram("a telegram on the connection that only goes out")
            self._understood(connection, way, parse(piece), piece)
            connection.bad_in_a_row = 0
        except BadTelegram as bad:
            self._bad(connection, bad.what, piece.head if isinstance(piece, Garbage) else piece)

    def _understood(self, connection: Connection, way: Way, telegram: Telegram, raw: bytes) -> None:
        if (telegram.sender, telegram.receiver) != (self.terms.other, self.terms.own):
            who = f"{self.terms.other} to {self.terms.own}"
            raise BadTelegram(f"from {telegram.sender} to {telegram.receiver}, not from {who}")
        if self._hears is not connection:
            self._adopt(connection, way)
        if isinstance(telegram.body, TimeRequest):
            self.say(TimeAnswer(self._date()), answer_seq(telegram.seq))
        elif isinstance(telegram.body, TimeAnswer):
            pass  # the hub is the clock of the hall; that something came is what counts
        elif self._repeats.again(raw, self._monotonic()):
            self._on_repeat(telegram)
        else:
            self._on_telegram(telegram)

    def _bad(self, connection: Connection, reason: str, raw: bytes) -> None:
        connection.bad_in_a_row += 1
        self._tell(self._rejects.add(connection.host, reason, raw))
        if connection is not self._hears and connection is not self._speaks:
            connection.close("it did not begin with a telegram of the other station")
        elif connection.bad_in_a_row >= _BAD_IN_A_ROW:
            connection.close(f"{_BAD_IN_A_ROW} pieces in a row were no telegrams")

    def _tell(self, told: list[Rejected]) -> None:
        for each in told:
            self._on_event(each)
