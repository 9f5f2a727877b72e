"""One link of the hub to a PLC over OPC UA: orders out, telegrams in, until something ends it."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress

from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.dialogue import Dialogue
from karez.sorter.plc.opcua.greeting import greet
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.orders import MethodOrders, TagOrders
from karez.sorter.plc.opcua.ring import Ring
from karez.sorter.plc.opcua.session import Change, PlcSession

MISSED_HEARTBEATS = 3
_SESSION, _HEARTBEAT, _FIRST, _LAST, _TAKEN, _HUB_SESSION, _SLOT = 1, 2, 3, 4, 5, 6, 100
_FAREWELL_S = 0.5


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
        self._missed = 0
        self._acked = -1
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._to_ack = asyncio.Event()
        self._ring = Ring(
            session,
            dialogue,
            as_text=options.mode == "method",
            again_s=heartbeat_s / 4,
            on_progress=self._plan_ack,
        )
        kind = MethodOrders if options.mode == "method" else TagOrders
        self.orders = kind(session, dialogue)

    def end(self, reason: str) -> None:
        """End it; the first reason stays."""
        if not self._ended.done():
            self._ended.set_result(reason)

    def committed(self) -> None:
        """The cumulative acknowledgement moved: tell the PLC, and read on where its ring was full."""
        self._to_ack.set()
        self._ring.look()

    async def run(self, peer: str) -> str:
        """Greet the PLC and speak until the link ends; the reason why.

        Raises
        ------
        BadTelegram
            Where the address space is not the one that is documented.
        OSError, TimeoutError, ua.UaError
            Where the server does not answer the greeting.
        """
        plc = await greet(self._session, self._dialogue.session, self._dialogue.outbox.first, _beat_number())
        self._ring.slots, self._ring.first = plc.slots, plc.first
        self._dialogue.meet(peer, plc)
        self.orders.begin(plc)
        tasks = [
            asyncio.create_task(self._guard(part, what))
            for part, what in (
                (self._watch(), "a subscription"),
                (self._beat(), "a heartbeat"),
                (self._acknowledge(), "an acknowledgement"),
                (self._ring.read(), "a read"),
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

    # ---- in ----------------------------------------------------------------------------------------------------------

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
            paths |= {_SLOT + slot: space.text_slot(slot) for slot in range(self._ring.slots)}
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
                    self._ring.slot(data)
                else:
                    self._tag(handle, wire.plain(data))
        except BadTelegram as bad:
            self._dialogue.reject(bad.what)
            self.end(bad.what)
        if self._dialogue.wanted():
            self._ring.look()
        self._plan_ack()

    def _tag(self, handle: int, value: object) -> None:
        if handle == _LAST:
            self._dialogue.offered(wire.whole(value))
        elif handle == _FIRST:
            self._ring.first = wire.whole(value)
        elif handle == _TAKEN:
            self.orders.taken(wire.whole(value))
        elif handle == _SESSION and self._dialogue.inbox and value != self._dialogue.inbox.session:
            self.end(f"the PLC began a new session {wire.text(value)!r}")
        elif handle == _HUB_SESSION and value != self._dialogue.session:
            self.end(f"replaced by another hub, session {wire.text(value)!r}")

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
