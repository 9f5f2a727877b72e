"""The hub's end of a mailbox, as every driver offers it: orders out, telegrams and link events in."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from zlib import crc32

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Dest, Divert, Heartbeat, Induct, Scan, State, Telegram
from karez.sorter.plc.intake import Intake
from karez.sorter.plc.mailbox.end import End, Identity
from karez.sorter.plc.mailbox.exchange import Exchange
from karez.sorter.plc.mailbox.layout import MAX_ALTERNATIVES, Block
from karez.sorter.plc.mailbox.memory import Reach
from karez.sorter.plc.protocol import Arrived, Capabilities, HubTelegram, LinkEvent, Received, Resume
from karez.sorter.plc.sequence import Inbox
from karez.sorter.plc.watched import Unreached


class MailboxPlc:
    """`Plc` over a block of memory. All calls belong to the event loop that started it.

    Parameters
    ----------
    capabilities
        What the driver can carry.
    block, poll_ms, heartbeat_ms
        Layout, and how often to look.
    session
        Name of this run of the hub, new with every start: running numbers begin anew with it.
    resume
        What the hub has committed of the PLC's session, so that it goes on there.
    reach
        Makes the memory.
    monotonic
        Clock in seconds.
    """

    def __init__(
        self,
        capabilities: Capabilities,
        block: Block,
        poll_ms: int,
        heartbeat_ms: int,
        session: str,
        resume: Resume | None,
        reach: Reach,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capabilities = capabilities
        self._intake = Intake()
        takes: frozenset[type[Telegram]] = frozenset({Induct, Scan, Divert, State})
        me = Identity("wcs", session, crc32(session.encode()) or 1, takes)
        self._end = End(me, block, heartbeat_ms, self._arrived, self._happened, resume, monotonic)
        self._memory = reach(lambda: self._exchange.wake(), self._end.reject)
        self._exchange = Exchange(self._end, self._memory, poll_ms, monotonic, Unreached())

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can carry."""
        return self._capabilities

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._end.linked

    @property
    def port(self) -> int:
        """The port listened on (the one taken, where the setting says 0) or called."""
        return self._memory.port

    @property
    def unacknowledged(self) -> int:
        """How many telegrams the PLC has not acknowledged yet."""
        return len(self._end.outbox)

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._exchange.start()

    async def stop(self) -> None:
        """End the link and `received`."""
        await self._exchange.stop("the hub stops")
        self._end.stopped()
        self._intake.end()

    def order(self, telegram: HubTelegram) -> None:
        """Number a telegram and have it written; repeated until acknowledged. Heartbeats run by themselves.

        Alternatives beyond the fourth are left out. A telegram that does not fit otherwise is told as rejected.
        """
        if isinstance(telegram, Heartbeat):
            return
        if isinstance(telegram, Dest):
            telegram = replace(telegram, alternatives=tuple(telegram.alternatives)[:MAX_ALTERNATIVES])
        try:
            self._end.send(telegram)
        except BadTelegram as bad:
            self._end.reject(f"not sent: {bad.what}", b"")
            return
        self._exchange.wake()

    def received(self) -> AsyncIterator[Received]:
        """Telegrams and link events, in order; ends after `stop`. One reader only.

        Never more telegrams wait than a ring has slots: what the hub has not committed, the PLC keeps there.
        """
        return self._intake.received()

    def _arrived(self, telegram: Telegram, number: int, inbox: Inbox) -> None:
        if isinstance(telegram, Induct | Scan | Divert | State):
            self._intake.put(Arrived(telegram, number, inbox.session, partial(self._committed, inbox, number)))

    def _committed(self, inbox: Inbox, number: int) -> None:
        if inbox.acknowledge(number):
            self._exchange.acknowledged()

    def _happened(self, event: LinkEvent) -> None:
        self._intake.put(event)
