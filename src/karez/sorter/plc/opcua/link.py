"""One link of the hub to a PLC over OPC UA: orders out, telegrams in, until something ends it."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress

from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.dialogue import Dialogue, PlcState
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.orders import MethodOrders, TagOrders
from karez.sorter.plc.opcua.session import Change, PlcSession

MISSED_HEARTBEATS = 3
_SESSION, _HEARTBEAT, _FIRST, _LAST, _TAKEN, _HUB_SESSION, _SLOT = 1, 2, 3, 4, 5, 6, 100
_COUNTERS = (space.PLC_SESSION, space.TAKEN_SESSION, space.PLC_FIRST, space.PLC_LAST, space.TAKEN_NUMBER)
_FAREWELL_S = 0.5
_GREETING_S, _GREETING_TRIES = 0.02, 100


class Link:
    """A link that stands: made of a session that is connected, it runs once.

    Parameters
    ----------
    session
        Connected.
    dialogue
        What outlives the link.
    heartbeat_s
        Interval of heartbeats; three without a change at the PLC end the link.
    """

    def __init__(self, session: PlcSession, dialogue: Dialogue, options: OpcUaOptions, heartbeat_s: float) -> None:
        self._session, self._dialogue, self._options = session, dialogue, options
        self._heartbeat_s = heartbeat_s
        self._slots = 1
        self._first = 1
        self._missed = 0
        self._acked = -1
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._to_ack, self._to_read = asyncio.Event(), asyncio.Event()
        kind = MethodOrders if options.mode == "method" else TagOrders
        self.orders = kind(session, dialogue)

    def end(self, reason: str) -> None:
        """End it; the first reason stays."""
        if not self._ended.done():
            self._ended.set_result(reason)

    def committed(self) -> None:
        """The cumulative acknowledgement moved: tell the PLC, and read on where its ring was full."""
        self._to_ack.set()
        self._to_read.set()

    async def run(self, peer: str) -> str:
        """Greet the PLC and speak until the link ends; the reason why.

        Raises
        ------
        BadTelegram
            Where the address space is not the one that is documented.
        OSError, TimeoutError, ua.UaError
            Where the server does not answer the greeting.
        """
        plc = await self._greet()
        self._dialogue.meet(peer, plc)
        self.orders.begin(plc)
        tasks = [
            asyncio.create_task(self._guard(part, what))
            for part, what in (
                (self._watch(), "a subscription"),
                (self._beat(), "a heartbeat"),
                (self._acknowledge(), "an acknowledgement"),
                (self._read(), "a read"),
                (self.orders.send(), "an order"),
                (self._session.renew(), "a renewal of the secure channel"),
            )
        ]
        self.committed()
        try:
            return await self._ended
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _guard(self, part: Coroutine[object, object, None], what: str) -> None:
        try:
            await part
        except BadTelegram as bad:
            self._dialogue.reject(bad.what)
            self.end(bad.what)
        except TimeoutError:
            self.end(f"no answer to {what} within {self._options.request_timeout_ms} ms")
        except ConnectionError:
            await asyncio.sleep(self._heartbeat_s)  # the socket's own end says more
            self.end(f"the connection broke at {what}")
        except Exception as error:
            # An answer that asyncua cannot understand raises whatever its decoder stumbles over.
            self._dialogue.reject(f"the answer to {what} is none: {type(error).__name__}")
            self.end(f"the answer to {what} could not be understood ({type(error).__name__})")

    # ---- greeting --------------------------------------------------------------------------------------------------

    async def _greet(self) -> PlcState:
        """Say who calls, and wait until the PLC's program has taken note: then all its counters speak of this hub."""
        await self._describe()
        before = self._dialogue.outbox.first
        await self._session.write(
            {
                space.HUB_FIRST: ua.Variant(before, space.WHOLE),
                space.HUB_LAST: ua.Variant(before - 1, space.WHOLE),
                space.HUB_HEARTBEAT: ua.Variant(_beat_number(), space.WHOLE),
            }
        )
        await self._session.write({space.HUB_SESSION: ua.Variant(self._dialogue.session, space.TEXT)})
        for _ in range(_GREETING_TRIES):
            (answer,) = await self._session.read([space.TAKEN_SESSION])
            if wire.text(wire.plain(answer)) == self._dialogue.session:
                return await self._state()
            await asyncio.sleep(_GREETING_S)
        raise BadTelegram("the PLC's program does not take up the hub's session: does it run?")

    async def _describe(self) -> None:
        values = [wire.whole(wire.plain(each)) for each in await self._session.read((space.VERSION, space.SLOTS))]
        version, self._slots = values
        if version != space.LAYOUT_VERSION:
            raise BadTelegram(f"the PLC's tags are of version {version}, not {space.LAYOUT_VERSION}")
        if not 1 <= self._slots <= space.MAX_SLOTS:
            raise BadTelegram(f"a ring of {self._slots} slots; 1 to {space.MAX_SLOTS} are possible")

    async def _state(self) -> PlcState:
        values = [wire.plain(each) for each in await self._session.read(_COUNTERS)]
        session, taken_session = wire.text(values[0]), wire.text(values[1])
        first, last, taken = (wire.whole(value) for value in values[2:])
        if not session or not 1 <= first <= last + 1:
            raise BadTelegram(f"session {session!r} keeps numbers {first} to {last}: that cannot be")
        self._first = first
        return PlcState(session, first, last, taken_session, taken, self._slots)

    async def _watch(self) -> None:
        paths = {
            _SESSION: space.PLC_SESSION,
            _HEARTBEAT: space.PLC_HEARTBEAT,
            _FIRST: space.PLC_FIRST,
            _LAST: space.PLC_LAST,
            _TAKEN: space.TAKEN_NUMBER,
            _HUB_SESSION: space.HUB_SESSION,
        }
        if self._options.mode == "method":
            paths |= {_SLOT + slot: space.text_slot(slot) for slot in range(self._slots)}
        await self._session.watch(paths, self._changed)

    # ---- in --------------------------------------------------------------------------------------------------------

    def _changed(self, changes: list[Change]) -> None:
        if self._ended.done():
            return
        self._missed = 0
        try:
            for handle, data in sorted(changes, key=_session_then_slots_then_counters):
                if self._ended.done():
                    return
                if handle >= _SLOT:
                    self._slot(data)
                else:
                    self._tag(handle, wire.plain(data))
        except BadTelegram as bad:
            self._dialogue.reject(bad.what)
            self.end(bad.what)
        if self._dialogue.wanted():
            self._to_read.set()
        self._plan_ack()

    def _tag(self, handle: int, value: object) -> None:
        if handle == _LAST:
            self._dialogue.offered(wire.whole(value))
        elif handle == _FIRST:
            self._first = wire.whole(value)
        elif handle == _TAKEN:
            self.orders.taken(wire.whole(value))
        elif handle == _SESSION and self._dialogue.inbox and value != self._dialogue.inbox.session:
            self.end(f"the PLC began a new session {wire.text(value)!r}")
        elif handle == _HUB_SESSION and value != self._dialogue.session:
            self.end(f"replaced by another hub, session {wire.text(value)!r}")

    def _slot(self, data: ua.DataValue) -> None:
        value: object = None
        try:
            value = wire.plain(data)
            line = wire.line_of_text(value)
        except BadTelegram as bad:
            self._dialogue.reject(bad.what, _raw(value))
            return
        if line is not None:
            self._dialogue.come(line, _raw(value))

    async def _read(self) -> None:
        """Read what the PLC has given and the subscription has not brought: in mode ``tags``, everything."""
        while True:
            await self._to_read.wait()
            self._to_read.clear()
            while wanted := self._dialogue.wanted():
                await self._read_slots(wanted)
                self._plan_ack()
                if wanted[0] in self._dialogue.wanted():
                    self._dialogue.vain(wanted[0], self._first)
                    self._plan_ack()
                    await asyncio.sleep(self._heartbeat_s / 4)

    async def _read_slots(self, wanted: Sequence[int]) -> None:
        slots = [space.slot_of(number, self._slots) for number in wanted]
        if self._options.mode == "method":
            for data in await self._session.read([space.text_slot(slot) for slot in slots]):
                self._slot(data)
            return
        width = 2 + len(space.PLC_SLOT)
        paths = [path for slot in slots for path in space.slot_tags("Plc", slot, space.PLC_SLOT)]
        values = await self._session.read(paths)
        for start in range(0, len(values), width):
            self._tag_slot(values[start : start + width])

    def _tag_slot(self, data: Sequence[ua.DataValue]) -> None:
        inbox = self._dialogue.inbox
        assert inbox is not None, "a link begins with one"
        try:
            values = [wire.plain(each) for each in data]
            line = wire.line_of_slot(inbox.session, space.PLC_SLOT, values)
        except BadTelegram as bad:
            self._dialogue.reject(bad.what, _raw([each.Value and each.Value.Value for each in data]))
            return
        if line is not None:
            self._dialogue.come(line, _raw(values))

    # ---- out -------------------------------------------------------------------------------------------------------

    def _plan_ack(self) -> None:
        inbox = self._dialogue.inbox
        if inbox is not None and inbox.acked != self._acked:
            self.committed()

    async def _acknowledge(self) -> None:
        while True:
            await self._to_ack.wait()
            self._to_ack.clear()
            inbox = self._dialogue.inbox
            if inbox is None or inbox.acked == self._acked:
                continue
            acked = inbox.acked
            await self._session.write(
                {
                    space.ACK_SESSION: ua.Variant(inbox.session, space.TEXT),
                    space.ACK_NUMBER: ua.Variant(acked, space.WHOLE),
                }
            )
            self._acked = acked

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_s)
            self._missed += 1
            if self._missed > MISSED_HEARTBEATS:
                silent_ms = round(MISSED_HEARTBEATS * self._heartbeat_s * 1000)
                self.end(f"nothing heard for {silent_ms} ms: {MISSED_HEARTBEATS} heartbeats missed")
                return
            if self._session.tap is not None:
                self._session.tap.tick()
            self._dialogue.due()
            await self._session.write({space.HUB_HEARTBEAT: ua.Variant(_beat_number(), space.WHOLE)})

    async def farewell(self) -> None:
        """Tell the PLC that the hub goes: heartbeat 0; it may be too late for that."""
        with suppress(Exception):
            async with asyncio.timeout(_FAREWELL_S):
                await self._session.write({space.HUB_HEARTBEAT: ua.Variant(0, space.WHOLE)})


def _session_then_slots_then_counters(change: Change) -> tuple[bool, int]:
    return change[0] != _SESSION, -change[0]


def _beat_number() -> int:
    """Changes with every beat and is never 0, which says goodbye."""
    return 1 + time.monotonic_ns() // 1_000_000


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value)[:4_096].encode(errors="replace")
