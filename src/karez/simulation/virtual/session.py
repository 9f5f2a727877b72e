"""One end of the virtual link: the real running numbers, acknowledgement, gap and replay, over packets of no bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from karez.domain.telegrams import Telegram
from karez.simulation.virtual.clock import Lifetime, VirtualClock
from karez.sorter.plc.protocol import Resume
from karez.sorter.plc.sequence import Ask, Gap, Inbox, Outbox, Turn

REPEAT_S = 1.0
"""What nobody has acknowledged for so long is sent again: on this link also the last telegram of all can be lost."""

_AT_ONCE = 64  # repeated of a long queue; the rest follows when these are acknowledged
_TRIES = 6  # a link that loses telegrams loses requests to repeat them, too


@dataclass(frozen=True, slots=True)
class Hello:
    """What an end says of itself when the link comes up: as the HELLO of the TCP driver."""

    session: str
    first: int
    sent: int
    peer: str | None
    last: int


@dataclass(frozen=True, slots=True)
class Packet:
    """What goes over the link: a telegram with its number, or a request for all behind ``resend_after``, or neither."""

    session: str
    ack: int
    seq: int | None = None
    telegram: Telegram | None = None
    resend_after: int | None = None


class End:
    """Hub's or PLC's side of one session.

    Parameters
    ----------
    transmit
        Puts a packet on the wire.
    on_telegram
        Called for each new telegram of the peer, in order.
    on_linked
        Called with the peer's session and how many telegrams go out again.
    resume
        The peer's session and number to go on after.

    Attributes
    ----------
    repeated
        Telegrams of the peer that had been delivered before, and were dropped.
    given_up
        Telegrams of the peer that never came.
    """

    def __init__(
        self,
        session: str,
        clock: VirtualClock | Lifetime,
        transmit: Callable[[Packet], None],
        on_telegram: Callable[[Telegram, int, Inbox], None],
        on_linked: Callable[[str, int], None],
        resume: Resume | None = None,
    ) -> None:
        self.session = session
        self.outbox: Outbox[Telegram] = Outbox()
        self.linked = False
        self.repeated = self.given_up = 0
        self._clock, self._transmit = clock, transmit
        self._on_telegram, self._on_linked = on_telegram, on_linked
        self._inbox = Inbox(*resume) if resume else None
        self._gap = Gap(REPEAT_S, _TRIES)
        self._acked_sent = 0
        self._flush_planned = self._watching = False

    # ---- out ------------------------------------------------------------------------------------------------------

    def send(self, telegram: Telegram) -> None:
        """Number a telegram and send it; repeated until the peer has acknowledged it."""
        seq = self.outbox.put(telegram)
        if self.linked:
            self._write(seq, telegram)
            self._watch()

    def acknowledge(self, inbox: Inbox, seq: int) -> None:
        """The telegram of this number is committed (or carried out)."""
        if inbox.acknowledge(seq) and inbox is self._inbox:
            self._plan_flush()

    def _write(self, seq: int | None, telegram: Telegram | None = None, resend_after: int | None = None) -> None:
        if self.linked:
            self._acked_sent = self._inbox.acked if self._inbox else 0
            if seq is not None:
                self.outbox.mark_sent(seq)
            self._transmit(Packet(self.session, self._acked_sent, seq, telegram, resend_after))

    def _plan_flush(self) -> None:
        if not self._flush_planned:
            self._flush_planned = True
            self._clock.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_planned = False
        if self._inbox and self._inbox.acked != self._acked_sent:
            self._write(None)

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            self._clock.call_later(REPEAT_S, self._look, self.outbox.first)

    def _look(self, first_then: int) -> None:
        self._watching = False
        if self.linked and len(self.outbox):
            if self.outbox.first == first_then:
                self._replay(0)
            self._watch()

    def _replay(self, after: int) -> None:
        for seq, telegram in self.outbox.after(after)[:_AT_ONCE]:
            self._write(seq, telegram)

    # ---- the link comes and goes ------------------------------------------------------------------------------------

    def hello(self) -> Hello:
        """What to tell the peer."""
        seen = self._inbox
        return Hello(
            self.session,
            self.outbox.first,
            self.outbox.last,
            seen.session if seen else None,
            seen.acked if seen else 0,
        )

    def meet(self, hello: Hello) -> None:
        """The link stands: go on in the peer's session where this end stands, or begin a new one."""
        seen = self._inbox
        if seen is None or seen.session != hello.session:
            self._inbox = Inbox(hello.session, hello.first - 1)
        elif hello.first > seen.delivered + 1:
            self.given_up += seen.skip_to(hello.first)
        if hello.peer == self.session:
            self.outbox.acknowledged(hello.last)
        self.linked = True
        again = sum(self.outbox.was_sent(seq) for seq, _ in self.outbox.after(0))
        self._on_linked(hello.session, again)
        self._replay(0)
        if len(self.outbox):
            self._watch()

    def part(self) -> None:
        """The link is gone."""
        self.linked = False

    # ---- in -------------------------------------------------------------------------------------------------------

    def take(self, packet: Packet) -> None:
        """One packet came."""
        inbox = self._inbox
        if not self.linked or inbox is None or packet.session != inbox.session:
            return
        self.outbox.acknowledged(packet.ack)
        if packet.resend_after is not None:
            self._replay(packet.resend_after)
        elif packet.seq is not None and packet.telegram is not None:
            self._sequenced(inbox, packet.seq, packet.telegram)

    def _sequenced(self, inbox: Inbox, seq: int, telegram: Telegram) -> None:
        turn = inbox.take(seq)
        if turn is Turn.GAP:
            ask = self._gap.seen(inbox.delivered + 1, self._clock.monotonic_s())
            if ask is Ask.NOW:
                self._write(None, resend_after=inbox.delivered)
            if ask is not Ask.GIVE_UP:
                return
            self.given_up += inbox.skip_to(seq)
            turn = inbox.take(seq)
        if turn is Turn.REPEAT:
            self.repeated += 1
            self._acked_sent = -1  # its acknowledgement was lost: say it again
            self._plan_flush()
            return
        self._on_telegram(telegram, seq, inbox)
