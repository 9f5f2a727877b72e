"""The hub's half of the dialogue, free of any server: what has come, what is missing, what may be acknowledged."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Dest, Divert, Induct, Scan, State
from karez.sorter.plc.protocol import Linked, LinkEvent, PlcTelegram, Rejected, Resume, Unlinked
from karez.sorter.plc.rejects import Rejects
from karez.sorter.plc.sequence import Ask, Gap, Inbox, Outbox
from karez.sorter.plc.tcp.wire import Line, Unreadable

_READ_AT_ONCE = 8  # slots; one answer is decoded in about a millisecond


@dataclass(frozen=True, slots=True)
class PlcState:
    """The PLC's counters as they stood at one time.

    Attributes
    ----------
    session
        Name of this run of the PLC.
    first, last
        Lowest number that it still keeps, and highest that it has given; ``first`` is ``last`` + 1 where none is kept.
    taken_session, taken
        The hub's session and the highest number of it that the PLC has taken over.
    slots
        Size of its ring.
    """

    session: str
    first: int
    last: int
    taken_session: str
    taken: int
    slots: int


class Dialogue:
    """Numbers, acknowledgement, gaps and replay, over whichever link stands.

    Parameters
    ----------
    session
        Name of this run of the hub.
    resume
        The PLC's session and number to go on after.
    interval_s
        Heartbeat: how often a missing number is asked for.
    on_telegram
        Called for each new telegram, in order, with its number and the inbox to acknowledge it in.
    on_event
        Called for link events and bad values, in order with the telegrams.
    """

    def __init__(
        self,
        session: str,
        resume: Resume | None,
        interval_s: float,
        on_telegram: Callable[[PlcTelegram, int, Inbox], None],
        on_event: Callable[[LinkEvent], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.session = session
        self.outbox: Outbox[Dest | State] = Outbox()
        self.inbox = Inbox(*resume) if resume else None
        self.linked = False
        self.peer = "?"
        self._early: dict[int, tuple[PlcTelegram | Unreadable, bytes]] = {}
        self._last, self._slots = 0, 1
        self._gap = Gap(interval_s)
        self._rejects = Rejects(monotonic)
        self._monotonic = monotonic
        self._on_telegram, self._on_event = on_telegram, on_event

    # ---- the link --------------------------------------------------------------------------------------------------

    def meet(self, peer: str, plc: PlcState) -> None:
        """A link to this PLC stands: go on in its session, or begin a new one."""
        self.peer = peer
        self._early.clear()
        self._gap.forget()
        self._last, self._slots = plc.last, plc.slots
        if plc.taken_session == self.session and not self.outbox.acknowledged(plc.taken):
            self.reject(f"has taken number {plc.taken}, but only {self.outbox.last} was sent")
        self._know(plc)
        again = sum(self.outbox.was_sent(seq) for seq, _ in self.outbox.after(0))
        self.linked = True
        self._on_event(Linked(peer, plc.session, again))

    def part(self, reason: str) -> None:
        """The link is gone."""
        self.tell(self._rejects.due(all_now=True))
        if self.linked:
            self.linked = False
            self._on_event(Unlinked(self.peer, reason))

    def _know(self, plc: PlcState) -> None:
        seen = self.inbox
        if seen is None or seen.session != plc.session:
            self.inbox = Inbox(plc.session, plc.first - 1)
        elif plc.last < seen.acked:
            self.reject(f"session {plc.session!r} began anew under its old name")
            self.inbox = Inbox(plc.session, plc.first - 1)
        elif plc.first > seen.delivered + 1:
            missing = seen.skip_to(plc.first)
            self.reject(f"{missing} telegrams are gone at the PLC")

    # ---- in --------------------------------------------------------------------------------------------------------

    def come(self, line: Line, raw: bytes) -> None:
        """A slot was understood; it is delivered now or when what is before it has come. Old ones are passed over."""
        inbox = self.inbox
        if inbox is None or line.session != inbox.session or line.seq is None:
            return
        if not inbox.delivered < line.seq <= self._horizon(inbox):
            return
        body = line.body
        if not isinstance(body, Induct | Scan | Divert | State | Unreadable):
            body = Unreadable(f"{type(body).__name__.upper()} is not the hub's to take")
        self._early.setdefault(line.seq, (body, raw))
        self._deliver(inbox)

    def offered(self, last: int) -> None:
        """The PLC's counter of numbers given. Raises `BadTelegram` where it fell."""
        if last < self._last:
            raise BadTelegram(f"the PLC's counter fell from {self._last} to {last}")
        self._last = last

    def wanted(self) -> Sequence[int]:
        """Numbers that the PLC has given and that have not come, lowest first; as many as are read at once."""
        inbox = self.inbox
        if inbox is None:
            return ()
        end = min(self._last, self._horizon(inbox))
        missing = (number for number in range(inbox.delivered + 1, end + 1) if number not in self._early)
        return [number for number, _ in zip(missing, range(_READ_AT_ONCE), strict=False)]

    def vain(self, number: int, first: int) -> None:
        """The lowest wanted number was read and is not there; ``first`` is the lowest that the PLC says it keeps.

        After three vain tries, or where the PLC says that it is gone, the line goes on without it.
        """
        inbox = self.inbox
        if inbox is None or number != inbox.delivered + 1:
            return
        if first > number:
            self._skip(inbox, min(first, self._last + 1), "are gone at the PLC")
        elif self._gap.seen(number, self._monotonic()) is Ask.GIVE_UP:
            self._skip(inbox, number + 1, "never came")

    def acknowledge(self, inbox: Inbox, seq: int) -> bool:
        """The telegram of this number is committed; whether the cumulative acknowledgement of this session moved."""
        return inbox.acknowledge(seq) and inbox is self.inbox

    def _horizon(self, inbox: Inbox) -> int:
        """A PLC gives no more numbers at a time than its ring has slots, so no more are taken: a flood waits."""
        return inbox.acked + self._slots

    def _deliver(self, inbox: Inbox) -> None:
        while (held := self._early.pop(inbox.delivered + 1, None)) is not None:
            seq = inbox.delivered + 1
            inbox.take(seq)
            body, raw = held
            if isinstance(body, Unreadable):
                inbox.acknowledge(seq)  # a number that nobody can act on must not stop the line
                self.reject(body.reason, raw)
            else:
                self._on_telegram(body, seq, inbox)

    def _skip(self, inbox: Inbox, seq: int, why: str) -> None:
        first = inbox.delivered + 1
        inbox.skip_to(seq)
        self.reject(f"telegrams {first} to {seq - 1} {why}")
        self._deliver(inbox)

    # ---- what is told ----------------------------------------------------------------------------------------------

    def reject(self, reason: str, raw: bytes = b"") -> None:
        """Take note of a value that was no telegram."""
        self.tell(self._rejects.add(self.peer.rpartition(":")[0] or self.peer, reason, raw))

    def due(self) -> None:
        """Tell the counts of the minutes that are over."""
        self.tell(self._rejects.due())

    def stopped(self) -> None:
        """Tell what is still to be told: nothing comes any more."""
        self.tell(self._rejects.rest())

    def tell(self, told: Sequence[Rejected]) -> None:
        """Hand on what is to be told now."""
        for each in told:
            self._on_event(each)
