"""Either end of the link: HELLO, numbers, acknowledgement, replay and heartbeats, the same for hub and PLC."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Heartbeat, Telegram
from karez.sorter.plc.connection import Connection
from karez.sorter.plc.intake import Room
from karez.sorter.plc.protocol import Linked, LinkEvent, Rejected, Resume, Unlinked
from karez.sorter.plc.rejects import Rejects
from karez.sorter.plc.sequence import UNANSWERED, Ask, Gap, Inbox, Outbox, Turn
from karez.sorter.plc.tcp import wire
from karez.sorter.plc.tcp.lines import LineSplitter, Oversize
from karez.sorter.plc.watched import raise_again

MISSED_HEARTBEATS = 3
_BAD_IN_A_ROW = 200  # a peer that sends nothing else is no PLC


async def _always_room(over: Callable[[], bool]) -> None:
    await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this end is: its side, its session, and which telegrams it takes."""

    side: Literal["wcs", "plc"]
    session: str
    takes: frozenset[type[Telegram]]


class Endpoint:
    """Numbers and replay over whichever connection stands; one link at a time.

    A connection becomes the link with its HELLO. A later HELLO replaces the link: after a crash the peer comes back
    before this end can know that the old connection is dead.

    Parameters
    ----------
    identity
        Who we are.
    heartbeat_ms
        Interval of heartbeats; three without a byte from the peer end the link.
    on_telegram
        Called for each new telegram of the peer, in order, with its number and the inbox to acknowledge it in.
    on_event
        Called for link events and bad lines, in order with the telegrams.
    resume
        The peer's session and number to go on after.
    on_acknowledged
        Called when the peer has acknowledged something of ours.
    room
        Awaited between batches of lines: holds the peer back (by TCP) while this end has too much unread.
    """

    def __init__(
        self,
        identity: Identity,
        heartbeat_ms: int,
        on_telegram: Callable[[Telegram, int, Inbox], None],
        on_event: Callable[[LinkEvent], None],
        resume: Resume | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        on_acknowledged: Callable[[], None] = lambda: None,
        room: Room = _always_room,
    ) -> None:
        self.identity = identity
        self.outbox: Outbox[Telegram] = Outbox()
        self.link: Connection | None = None
        self._interval_s = heartbeat_ms / 1000
        self._on_telegram, self._on_event = on_telegram, on_event
        self._on_acknowledged, self._room = on_acknowledged, room
        self._inbox = Inbox(*resume) if resume else None
        self._rejects = Rejects(monotonic)
        self._monotonic = monotonic
        self._acked_sent = 0
        self._flush_planned = False
        self._gap = Gap(self._interval_s)
        self._beyond = 0  # the last number that came while one before it was missing

    # ---- out ------------------------------------------------------------------------------------------------------

    def send(self, telegram: Telegram) -> None:
        """Number a telegram and hand it to the socket; without a link it waits for the next. Heartbeats do not wait."""
        if isinstance(telegram, Heartbeat):
            self._write(None, telegram)
            return
        self._write(self.outbox.put(telegram), telegram)
        if self.outbox.overfull and self.link is not None:
            self.link.close(UNANSWERED)

    def acknowledge(self, inbox: Inbox, seq: int) -> None:
        """The telegram of this number is committed; tells the peer soon, many in one line."""
        if inbox.acknowledge(seq) and inbox is self._inbox:
            self._plan_flush()

    def _write(self, seq: int | None, body: wire.Hello | wire.Resend | wire.Ack | Telegram) -> None:
        if self.link is None:
            return
        ack = self._inbox.acked if self._inbox else 0
        self._acked_sent = ack
        if seq is not None:
            self.outbox.mark_sent(seq)
        self.link.write(wire.encode(self.identity.session, ack, seq, body))

    def _plan_flush(self) -> None:
        if not self._flush_planned:
            self._flush_planned = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_planned = False
        if self._inbox and self._inbox.acked != self._acked_sent:
            self._write(None, wire.Ack())

    # ---- one connection ---------------------------------------------------------------------------------------------

    async def serve(self, connection: Connection) -> bool:
        """Speak over this connection until it ends; whether it ever was the link."""
        self._greet(connection)
        beat = asyncio.create_task(self._beat(connection))
        beat.add_done_callback(raise_again)
        splitter = LineSplitter()
        was_link = False
        try:
            async for chunk in connection.chunks(lambda: len(splitter.pending)):
                for line in splitter.feed(chunk):
                    self._take(connection, line)
                    was_link = was_link or self.link is connection
                connection.paused = True
                await self._room(connection.ended)
                connection.paused = False
        finally:
            beat.cancel()
            connection.close("stopped")
            self._gone(connection)
            await connection.closed()
        return was_link

    def refused(self, host: str, reason: str) -> None:
        """Report a peer that was turned away before it could say anything."""
        self._tell(self._rejects.add(host, reason, b""))

    def stopped(self) -> None:
        """Tell what is still to be told: nothing comes any more."""
        self._tell(self._rejects.rest())

    def _greet(self, connection: Connection) -> None:
        seen = self._inbox
        hello = wire.Hello(
            side=self.identity.side,
            version=wire.PROTOCOL_VERSION,
            first=self.outbox.first,
            peer=seen.session if seen else None,
            last=seen.acked if seen else 0,
            sent=self.outbox.last,
        )
        connection.write(wire.encode(self.identity.session, 0, None, hello))

    async def _beat(self, connection: Connection) -> None:
        while connection.end_reason is None:
            await asyncio.sleep(self._interval_s)
            connection.missed += not connection.paused
            if connection.missed > MISSED_HEARTBEATS:
                silent_ms = round(MISSED_HEARTBEATS * self._interval_s * 1000)
                connection.close(f"nothing heard for {silent_ms} ms: {MISSED_HEARTBEATS} heartbeats missed")
            elif self.link is connection:
                self._write(None, Heartbeat(round(self._monotonic() * 1000)))
                self._ask_again(connection)
            self._tell(self._rejects.due())

    def _gone(self, connection: Connection) -> None:
        if self.link is connection:
            self.link = None
            self._tell(self._rejects.due(all_now=True))
            self._on_event(Unlinked(connection.peer, connection.end_reason or "closed"))

    # ---- in -------------------------------------------------------------------------------------------------------

    def _take(self, connection: Connection, raw: bytes | Oversize) -> None:
        if connection.end_reason is not None:
            return
        if isinstance(raw, Oversize):
            self._reject(connection, f"a line of {raw.length} bytes", raw.head)
            return
        try:
            line = wire.decode(raw)
            self._understood(connection, line, raw)
        except BadTelegram as bad:
            self._reject(connection, bad.what, raw)

    def _understood(self, connection: Connection, line: wire.Line, raw: bytes) -> None:
        if isinstance(line.body, wire.Hello):
            self._hello(connection, line.session, line.body)
            return
        inbox = self._inbox
        if self.link is not connection or inbox is None:
            raise BadTelegram("a telegram before HELLO")
        if line.session != inbox.session:
            raise BadTelegram(f"session {line.session!r}, but HELLO said {inbox.session!r}")
        waiting = len(self.outbox)
        if not self.outbox.acknowledged(line.ack):
            raise BadTelegram(f"acknowledges {line.ack}, but only {self.outbox.last} was sent")
        if len(self.outbox) < waiting:
            self._on_acknowledged()
        self._body(connection, inbox, line, raw)

    def _body(self, connection: Connection, inbox: Inbox, line: wire.Line, raw: bytes) -> None:
        body = line.body
        if isinstance(body, wire.Resend):
            self._replay(body.after)
        elif line.seq is not None and not isinstance(body, wire.Ack | wire.Hello | Heartbeat):
            self._sequenced(connection, inbox, line.seq, body, raw)
            return
        elif isinstance(body, wire.Unreadable):
            raise BadTelegram(body.reason)
        connection.bad_in_a_row = 0

    def _sequenced(
        self, connection: Connection, inbox: Inbox, seq: int, body: wire.Unreadable | Telegram, raw: bytes
    ) -> None:
        turn = inbox.take(seq)
        if turn is Turn.GAP and self._missing(connection, inbox, seq):
            self._beyond = seq
            return
        if turn is Turn.GAP:
            turn = inbox.take(seq)
        if turn is Turn.REPEAT:
            self._acked_sent = -1  # its acknowledgement was lost: say it again
            self._plan_flush()
            return
        if isinstance(body, wire.Unreadable) or type(body) not in self.identity.takes:
            reason = body.reason if isinstance(body, wire.Unreadable) else f"{wire.TYPE_NAMES[type(body)]} is not ours"
            self.acknowledge(inbox, seq)  # a number that nobody can act on must not stop the line
            self._reject(connection, reason, raw)
            return
        connection.bad_in_a_row = 0
        self._on_telegram(body, seq, inbox)

    def _missing(self, connection: Connection, inbox: Inbox, seq: int) -> bool:
        """Ask for what is missing; ``False`` once the peer has had its chances, so that the line goes on."""
        first = inbox.delivered + 1
        ask = self._gap.seen(first, self._monotonic())
        if ask is Ask.NOW:
            self._write(None, wire.Resend(inbox.delivered))
        if ask is not Ask.GIVE_UP:
            return True
        inbox.skip_to(seq)
        self._tell(self._rejects.add(connection.host, f"telegrams {first} to {seq - 1} never came", b""))
        return False

    def _ask_again(self, connection: Connection) -> None:
        """On a quiet line nothing comes that would show once more that something is missing."""
        inbox = self._inbox
        if inbox is None or self._beyond <= inbox.delivered + 1:
            return
        if not self._missing(connection, inbox, self._beyond):
            self._write(None, wire.Resend(inbox.delivered))  # what came behind the gap was passed over: now it counts

    def _hello(self, connection: Connection, session: str, hello: wire.Hello) -> None:
        if hello.version != wire.PROTOCOL_VERSION:
            connection.close(f"the peer speaks version {hello.version}, not {wire.PROTOCOL_VERSION}")
            raise BadTelegram(f"version {hello.version} is not spoken here, but {wire.PROTOCOL_VERSION}")
        if hello.side == self.identity.side:
            connection.close("the peer is not the other side")
            raise BadTelegram(f"both ends say they are {hello.side!r}")
        if self.link is not None and self.link is not connection:
            replaced = self.link
            replaced.close(f"replaced by a newer connection from {connection.peer}")
            self._gone(replaced)
        self._meet(connection, session, hello)

    def _meet(self, connection: Connection, session: str, hello: wire.Hello) -> None:
        self._know(connection, session, hello)
        if hello.peer == self.identity.session:
            self.outbox.acknowledged(hello.last)
        self.link = connection
        self._gap.forget()
        self._beyond = 0
        connection.bad_in_a_row = 0
        again = sum(self.outbox.was_sent(seq) for seq, _ in self.outbox.after(0))
        self._on_event(Linked(connection.peer, session, again))
        self._replay(0)

    def _know(self, connection: Connection, session: str, hello: wire.Hello) -> None:
        """Go on in the peer's session where this end stands, or begin a new one."""
        seen = self._inbox
        if seen is None or seen.session != session:
            self._inbox = Inbox(session, hello.first - 1)
        elif hello.sent is not None and hello.sent < seen.acked:
            self._tell(self._rejects.add(connection.host, f"session {session!r} began anew under its old name", b""))
            self._inbox = Inbox(session, hello.first - 1)
        elif hello.first > seen.delivered + 1:
            missing = seen.skip_to(hello.first)
            self._tell(self._rejects.add(connection.host, f"{missing} telegrams are gone at the peer", b""))

    def _replay(self, after: int) -> None:
        for seq, telegram in self.outbox.after(after):
            self._write(seq, telegram)

    def _reject(self, connection: Connection, reason: str, raw: bytes) -> None:
        connection.bad_in_a_row += 1
        self._tell(self._rejects.add(connection.host, reason, raw))
        if self.link is not connection:
            connection.close("it did not begin with HELLO")
        elif connection.bad_in_a_row >= _BAD_IN_A_ROW:
            connection.close(f"{_BAD_IN_A_ROW} lines in a row were no telegrams")

    def _tell(self, told: list[Rejected]) -> None:
        for each in told:
            self._on_event(each)
