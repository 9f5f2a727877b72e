"""One end of the mailbox, hub or PLC: what it writes, what it must read, and what the other side's words mean. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Telegram
from karez.sorter.plc.mailbox.header import Header, Torn, decode_header, encode_header
from karez.sorter.plc.mailbox.layout import Block, Side
from karez.sorter.plc.mailbox.slots import Unreadable, decode_slot, encode_slot
from karez.sorter.plc.protocol import Linked, LinkEvent, Rejected, Resume, Unlinked
from karez.sorter.plc.rejects import Rejects
from karez.sorter.plc.sequence import UNANSWERED, Ask, Gap, Inbox, Outbox, Turn

MISSED_HEARTBEATS = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this end is: its side, the name and number of its run, and which telegrams it takes."""

    side: Side
    session: str
    run: int
    takes: frozenset[type[Telegram]]


@dataclass(frozen=True, slots=True)
class Says:
    """What a header tells beside who writes it and the heartbeat."""

    peer_run: int
    acked: int
    first: int
    sent: int


class End:
    """Numbers, acknowledgement and heartbeats of one side over a block that both sides reach.

    Nothing here touches the block: the caller reads the other side's header (`see`), then the slots that are `wanted`
    (`take`), then writes the slots that are `due` and the `header`.

    Parameters
    ----------
    identity
        Who we are.
    block
        Layout of the block.
    heartbeat_ms
        Interval of heartbeats; three without a new one from the other side end the link.
    on_telegram
        Called for each new telegram of the other side, in order, with its number and the inbox to acknowledge it in.
    on_event
        Called for link events, in order with the telegrams.
    resume
        The other side's session and number to go on after.
    monotonic
        Clock in seconds.
    on_acknowledged
        Called when the other side has acknowledged something of ours.
    """

    def __init__(
        self,
        identity: Identity,
        block: Block,
        heartbeat_ms: int,
        on_telegram: Callable[[Telegram, int, Inbox], None],
        on_event: Callable[[LinkEvent], None],
        resume: Resume | None,
        monotonic: Callable[[], float],
        on_acknowledged: Callable[[], None] = lambda: None,
    ) -> None:
        self.identity, self.block = identity, block
        self.peer = "?"
        self.outbox: Outbox[Telegram] = Outbox()
        self.heartbeat_s = heartbeat_ms / 1000
        self._on_telegram, self._on_event, self._on_acknowledged = on_telegram, on_event, on_acknowledged
        self._monotonic = monotonic
        self._rejects = Rejects(monotonic)
        self._inbox = Inbox(*resume) if resume else None
        self._theirs: Header | None = None  # the other side's header, while the link stands
        self._beat: tuple[int, int] | None = None  # run and heartbeat of the last header seen
        self._silent_s = 0.0
        self._checked_s = monotonic()
        self._replaced: set[int] = set()  # runs that a newer one took the link from
        self._written = 0  # highest number of ours that stands in the block
        self._beats = 0
        self._gap = Gap(self.heartbeat_s)

    @property
    def linked(self) -> bool:
        """Whether the other side is there and its heartbeat moves."""
        return self._theirs is not None

    # ---- ours -----------------------------------------------------------------------------------------------------

    def send(self, telegram: Telegram) -> None:
        """Number a telegram. Raises `BadTelegram` where it does not fit a slot; then no number is spent."""
        encode_slot(self.outbox.last + 1, self.identity.run, telegram, self.block.word_order)
        self.outbox.put(telegram)
        if self.outbox.overfull:
            self.lost(UNANSWERED)

    def due(self) -> Sequence[tuple[int, bytes]]:
        """Slots to be written now, by their numbers: as many as the ring has room for."""
        last = self.outbox.first + self.block.slots - 1
        return [
            (number, encode_slot(number, self.identity.run, telegram, self.block.word_order))
            for number, telegram in self.outbox.after(max(self._written, self.outbox.first - 1))
            if number <= last
        ]

    def wrote(self, number: int) -> None:
        """Note that all slots up to this number stand in the block."""
        self._written = max(self._written, number)
        self.outbox.mark_sent(number)

    @property
    def says(self) -> Says:
        """What our header is to tell now."""
        first = self.outbox.first
        sent = max(self._written, first - 1)
        if self._theirs is None or self._inbox is None:
            return Says(0, 0, first, sent)
        return Says(self._theirs.run, self._inbox.acked, first, sent)

    def header(self) -> bytes:
        """Our header, with the next heartbeat."""
        self._beats = (self._beats + 1) & 0xFFFF
        mine, says = self.identity, self.says
        header = Header(
            mine.run, mine.session, says.peer_run, says.acked, says.first, says.sent, self._beats, self.block.slots
        )
        return encode_header(header, self.block.word_order)

    # ---- theirs ---------------------------------------------------------------------------------------------------

    def see(self, raw: bytes) -> bool:
        """Take the other side's header; ``False`` where it was half written and is to be read again."""
        try:
            header = decode_header(raw, self.block.word_order)
            if isinstance(header, Torn):
                return False
            self._check(header)
        except BadTelegram as bad:
            self.reject(bad.what, raw)
            return True
        self._heard(header)
        return True

    def wanted(self) -> range:
        """Numbers of the other side that stand in the block and were not delivered yet."""
        if self._theirs is None or self._inbox is None:
            return range(0)
        return range(self._inbox.delivered + 1, self._theirs.sent + 1)

    def take(self, number: int, raw: bytes) -> bool:
        """Take a slot; ``False`` where it was half written: it is to be read again, and none after it taken."""
        inbox, theirs = self._inbox, self._theirs
        if inbox is None or theirs is None:
            return False
        found = decode_slot(raw, number, theirs.run, self.block.word_order)
        if isinstance(found, Torn):
            if self._gap.seen(number, self._monotonic()) is not Ask.GIVE_UP:
                return False
            found = Unreadable(f"telegram {number} never was whole: {found.reason}")
        if inbox.take(number) is not Turn.NEW:
            return True
        if isinstance(found, Unreadable) or type(found) not in self.identity.takes:
            inbox.acknowledge(number)  # a number that nobody can act on must not stop the line
            self.reject(found.reason if isinstance(found, Unreadable) else f"{type(found).__name__} is not ours", raw)
            return True
        self._on_telegram(found, number, inbox)
        return True

    def check_silence(self, what: str) -> None:
        """End the link where the heartbeat has not moved for three intervals; ``what`` tells what was seen instead.

        To be called after each look. A time in which this end did not look counts as half an interval at most: it says
        nothing about the other side.
        """
        self._tell(self._rejects.due())
        now_s = self._monotonic()
        self._silent_s += min(now_s - self._checked_s, self.heartbeat_s / 2)
        self._checked_s = now_s
        if self._theirs is not None and self._silent_s > MISSED_HEARTBEATS * self.heartbeat_s:
            self.lost(f"no new heartbeat for {round(self._silent_s * 1000)} ms{what}")

    def lost(self, reason: str) -> None:
        """The link is gone, where it stood."""
        if self._theirs is not None:
            self._theirs = None
            self._replaced.clear()
            self._tell(self._rejects.due(all_now=True))
            self._on_event(Unlinked(self.peer, reason))

    def stopped(self) -> None:
        """Tell what is still to be told: nothing comes any more."""
        self._tell(self._rejects.rest())

    def reject(self, reason: str, raw: bytes, peer: str = "") -> None:
        """Tell of bytes that were no telegram, within the limits."""
        host = (peer or self.peer).rpartition(":")[0]
        self._tell(self._rejects.add(host or peer or self.peer, reason, raw))

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _check(self, header: Header) -> None:
        if header.slots != self.block.slots:
            raise BadTelegram(f"the other side's rings have {header.slots} slots, ours {self.block.slots}")
        if not 1 <= header.first <= header.sent + 1 or header.sent - header.first >= header.slots:
            raise BadTelegram(f"numbers {header.first} to {header.sent} cannot stand in {header.slots} slots")
        if header.peer_run == self.identity.run and header.acked > self.outbox.last:
            raise BadTelegram(f"acknowledges {header.acked}, but only {self.outbox.last} was written")

    def _heard(self, header: Header) -> None:
        theirs = self._theirs
        if theirs is not None and header.run in self._replaced:
            self.reject(f"session {header.session!r} writes into the block beside {theirs.session!r}", b"")
        elif not self._moved(header) and theirs is None:
            return  # what stands there may be all that is left of a side that stopped long ago
        elif theirs is None:
            self._meet(header)
        elif header.run != theirs.run or self._began_anew(header):
            self.lost(f"replaced by session {header.session!r}, a newer run of the other side")
            self._replaced |= {theirs.run} - {header.run}
            self._meet(header)
        else:
            self._follow(header)

    def _moved(self, header: Header) -> bool:
        """Whether the heartbeat moved; the first one seen tells nothing."""
        beat, before = (header.run, header.heartbeat), self._beat
        self._beat = beat
        if beat != before:
            self._silent_s, self._checked_s = 0.0, self._monotonic()
        return before is not None and beat != before

    def _began_anew(self, header: Header) -> bool:
        return self._inbox is not None and header.sent < self._inbox.acked

    def _meet(self, header: Header) -> None:
        """Go on in the other side's session where this end stands, or begin a new one; the link stands."""
        if self._inbox is None or self._inbox.session != header.session:
            self._inbox = Inbox(header.session, header.first - 1)
        elif self._began_anew(header):
            self.reject(f"session {header.session!r} began anew under its old name", b"")
            self._inbox = Inbox(header.session, header.first - 1)
        self._follow(header)
        self._gap.forget()
        self._written = self.outbox.first - 1  # the block may have been cleared: what is open is written again
        again = sum(self.outbox.was_sent(number) for number, _ in self.outbox.after(0))
        self._on_event(Linked(self.peer, header.session, again))

    def _follow(self, header: Header) -> None:
        self._theirs = header
        if self._inbox is not None and header.first > self._inbox.delivered + 1:
            missing = self._inbox.skip_to(header.first)
            self.reject(f"{missing} telegrams are gone at the other side", b"")
        self._acknowledged(header)

    def _acknowledged(self, header: Header) -> None:
        waiting = len(self.outbox)
        if header.peer_run == self.identity.run:
            self.outbox.acknowledged(header.acked)
        if len(self.outbox) < waiting:
            self._on_acknowledged()

    def _tell(self, told: Sequence[Rejected]) -> None:
        for each in told:
            self._on_event(each)
