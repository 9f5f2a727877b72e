"""The PLC's end of a mailbox, simulated: the hall and the tests speak through it."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from karez.domain.telegrams import Dest, Heartbeat, Scan, State, Telegram
from karez.sorter.plc.mailbox.end import End, Identity
from karez.sorter.plc.mailbox.exchange import Exchange
from karez.sorter.plc.mailbox.layout import MAX_CODES, NO_U32, Block
from karez.sorter.plc.mailbox.memory import Reach
from karez.sorter.plc.protocol import PlcTelegram
from karez.sorter.plc.sequence import Inbox
from karez.sorter.plc.tray import TwinWithTray


class MailboxTwin(TwinWithTray):
    """A PLC that is honest and forgets nothing while it lives.

    Parameters
    ----------
    block, poll_ms, heartbeat_ms
        Layout, and how often to look.
    session
        Name of this run of the PLC.
    reach
        Makes the memory.
    run
        Number of this run, another one after every restart; ``None`` takes one at random.
    """

    def __init__(
        self,
        block: Block,
        poll_ms: int,
        heartbeat_ms: int,
        session: str,
        reach: Reach,
        run: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        takes: frozenset[type[Telegram]] = frozenset({Dest, State})
        super().__init__()
        me = Identity("plc", session, run or 1 + secrets.randbelow(NO_U32), takes)
        self._end = End(me, block, heartbeat_ms, self._arrived, self._happened, None, monotonic, self._tray.ring)
        self._memory = reach(lambda: self._exchange.wake(), self._end.reject)
        self._exchange = Exchange(self._end, self._memory, poll_ms, monotonic)

    @property
    def port(self) -> int:
        """The port listened on or called."""
        return self._memory.port

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._end.linked

    @property
    def all_acknowledged(self) -> bool:
        """Whether the hub has acknowledged (and so committed) everything that was sent."""
        return len(self._end.outbox) == 0

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._exchange.start()

    async def stop(self) -> None:
        """End the link."""
        await self._exchange.stop("the PLC stops")

    async def cut(self) -> None:
        """Cut the link on purpose and keep it down until `mend`; what is sent meanwhile waits."""
        await self._exchange.stop("cut on purpose")

    async def mend(self) -> None:
        """Let the link come back."""
        await self._exchange.start()

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Number a telegram and have it written; repeated until the hub has acknowledged it.

        Of the codes of a SCAN the first two are told.

        Raises
        ------
        BadTelegram
            Where it does not fit a slot.
        """
        if isinstance(telegram, Heartbeat):
            return
        if isinstance(telegram, Scan):
            telegram = replace(telegram, codes=tuple(telegram.codes)[:MAX_CODES])
        self._end.send(telegram)
        self._exchange.wake()

    def _arrived(self, telegram: Telegram, number: int, inbox: Inbox) -> None:
        if not isinstance(telegram, Dest | State):
            return
        inbox.acknowledge(number)
        self._give(telegram)
