"""Moves the block's words: reads what the other side wrote, writes what is due, and comes back when the link breaks."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from karez.sorter.plc.mailbox.end import End, Says
from karez.sorter.plc.mailbox.layout import HEADER_BYTES, SLOT_BYTES, Side
from karez.sorter.plc.mailbox.memory import LinkDown, Memory
from karez.sorter.plc.watched import Unreached, raise_again

_BACKOFF_FIRST_S = 0.05
_BACKOFF_MOST_S = 1.0  # short: a hub that comes back must be able to decide within 5 s
_TELLS = 4  # polls that an acknowledgement may wait for company
_READS = 3  # of bytes that were caught half written, before the next round


class Exchange:
    """One end at work in a task of the event loop; nothing that it is told waits for the other side.

    Parameters
    ----------
    end
        What to write, and what it means.
    memory
        Where the block is.
    poll_ms
        Interval of looking for news in a block that the other side keeps.
    monotonic
        Clock in seconds.
    """

    def __init__(
        self, end: End, memory: Memory, poll_ms: int, monotonic: Callable[[], float], unreached: Unreached | None = None
    ) -> None:
        self._end, self._memory, self._poll_s = end, memory, poll_ms / 1000
        self._monotonic, self._unreached = monotonic, unreached
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._said: Says | None = None
        self._said_at_s = 0.0
        self._torn = False
        side = end.identity.side
        self._mine: Side = side
        self._theirs: Side = "wcs" if side == "plc" else "plc"

    def wake(self) -> None:
        """There is something to write, or to read: do not wait for the next poll."""
        self._news.set()

    def acknowledged(self) -> None:
        """Something of the other side was committed: tell it, at the latest with the next poll."""
        if self._memory.own:
            self._news.set()

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._memory.start()
        self._stopping = False
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(raise_again)

    async def stop(self, reason: str) -> None:
        """End the link."""
        self._stopping = True  # a library that waits with `asyncio.wait_for` may swallow the cancelling (Python 3.11)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._memory.close()
        self._end.lost(reason)

    async def _run(self) -> None:
        pause_s = _BACKOFF_FIRST_S
        while not self._stopping:
            reached = False
            try:
                await self._memory.open()
                self._said, reached = None, True
                if self._unreached is not None:
                    self._unreached.reached()
                while not self._stopping:
                    begun_s = self._monotonic()
                    await self._round()
                    pause_s = _BACKOFF_FIRST_S
                    await self._rest(self._monotonic() - begun_s)
            except LinkDown as down:
                self._down(down, reached)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _BACKOFF_MOST_S)

    def _down(self, down: LinkDown, reached: bool) -> None:
        """The link broke; or what answered was no PLC of ours: a wrong DB, other registers, another protocol."""
        if not reached and self._unreached is not None:
            self._unreached.say(self._memory.peer, down)
        elif reached and not self._end.linked:
            self._end.peer = self._memory.peer
            self._end.reject(str(down), b"")
        self._end.lost(str(down))

    async def _rest(self, spent_s: float) -> None:
        """Until there is news, or the next poll; in a block of our own the other side's writing is the news."""
        wait_s = self._end.heartbeat_s / 2 if self._memory.own and self._end.linked else self._poll_s - spent_s
        if wait_s <= 0:
            await asyncio.sleep(0)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._news.wait()

    async def _round(self) -> None:
        if self._news.is_set() and self._end.linked:
            await self._post()  # what was just said does not wait for what may have come
        self._news.clear()
        self._end.peer = self._memory.peer
        await self._look()
        await self._fetch()
        await self._post()
        self._end.check_silence(": its header was never whole" if self._torn else "")

    async def _look(self) -> None:
        at = self._end.block.header_at(self._theirs)
        for _ in range(_READS):
            self._torn = not self._end.see(await self._memory.read(at, HEADER_BYTES))
            if not self._torn:
                return

    async def _fetch(self) -> None:
        slots = self._memory.max_read_bytes // SLOT_BYTES
        for numbers in self._stretches(self._end.wanted(), slots):
            at = self._end.block.slot_at(self._theirs, numbers[0])
            raw = await self._memory.read(at, len(numbers) * SLOT_BYTES)
            for place, number in enumerate(numbers):
                if not await self._take(number, raw[place * SLOT_BYTES : (place + 1) * SLOT_BYTES]):
                    return

    async def _take(self, number: int, raw: bytes) -> bool:
        """Take a slot, reading it again where it was half written; ``False``: not whole yet."""
        for _ in range(_READS):
            if self._end.take(number, raw):
                return True
            raw = await self._memory.read(self._end.block.slot_at(self._theirs, number), SLOT_BYTES)
        return False

    async def _post(self) -> None:
        """Write slots, then the header that tells of them: never the other way round."""
        due = dict(self._end.due())
        slots = self._memory.max_write_bytes // SLOT_BYTES
        for numbers in self._stretches(list(due), slots):
            raw = b"".join(due[number] for number in numbers)
            await self._memory.write(self._end.block.slot_at(self._mine, numbers[0]), raw)
            self._end.wrote(numbers[-1])
        if self._must_tell():
            self._said, self._said_at_s = self._end.says, self._monotonic()
            await self._memory.write(self._end.block.header_at(self._mine), self._end.header())

    def _must_tell(self) -> bool:
        """Whether our header is to be written now; acknowledgement alone may wait a little: a request costs time."""
        silent_s = self._monotonic() - self._said_at_s
        if self._said is None or not self._end.linked or silent_s >= self._end.heartbeat_s:
            return True
        if self._said == (says := self._end.says):
            return False
        same_run, same_sent = self._said.peer_run == says.peer_run, self._said.sent == says.sent
        far_behind = says.acked - self._said.acked >= self._end.block.slots // 4
        return self._memory.own or not (same_run and same_sent) or far_behind or silent_s >= _TELLS * self._poll_s

    def _stretches(self, numbers: Sequence[int], most: int) -> Iterator[Sequence[int]]:
        """Numbers whose slots stand side by side, as many as one request may carry."""
        begin = 0
        for place in range(1, len(numbers) + 1):
            wraps = place < len(numbers) and (numbers[place] - 1) % self._end.block.slots == 0
            if place == len(numbers) or wraps or place - begin == most:
                yield numbers[begin:place]
                begin = place
