"""The PLC's side of OPC UA, simulated: the program behind the tags, through which hall and tests speak."""

import asyncio
from collections.abc import Sequence
from functools import partial

from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Dest, Heartbeat, State
from karez.settings import SorterSection
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.plc_server import PlcServer
from karez.sorter.plc.protocol import Linked, PlcTelegram, Rejected, Role, Unlinked
from karez.sorter.plc.sequence import Outbox
from karez.sorter.plc.tcp.wire import Line
from karez.sorter.plc.tray import TwinWithTray

_MISSED_HEARTBEATS = 3


class OpcUaTwin(TwinWithTray):
    """A PLC that is honest and forgets nothing while it lives.

    Its program runs a cycle whenever the hub has written tags, something is to be sent, or a heartbeat is due.

    Parameters
    ----------
    host, port
        Where its server listens; 0 takes a free port.
    role
        ``"server"``: the hub calls.
    session
        Name of this run of the PLC, new with every restart.
    settings
        The hub's: heartbeat and options tell the twin what the hub expects.

    Attributes
    ----------
    plc
        Its server: a test may damage the tags.
    full
        It has no room for orders now and takes none.
    """

    def __init__(self, host: str, port: int, role: Role, session: str, settings: SorterSection) -> None:
        assert role == "server", "a PLC is the server in OPC UA"
        self.host, self.session = host, session
        self._options = OpcUaOptions(**settings.options)
        self._interval_s = settings.heartbeat_ms / 1000
        methods = {name: partial(self._called, kind) for kind, name in space.METHODS.items()}
        self.plc = PlcServer(host, port, self._options, self._cycle_soon, methods, self._refused)
        self._outbox: Outbox[PlcTelegram] = Outbox()
        self._taken = 0
        self._taken_session = ""
        self._beats = 0
        self._hub_beat: object = 0
        self._hub_heard_s = 0.0
        self._link: str | None = None
        super().__init__()
        self._due = asyncio.Event()
        self._program: asyncio.Task[None] | None = None
        self._up = False
        self.full = False

    @property
    def port(self) -> int:
        """The port listened on."""
        return self.plc.port

    @property
    def linked(self) -> bool:
        """Whether a hub's heart beats now."""
        return self._link is not None

    @property
    def all_acknowledged(self) -> bool:
        """Whether the hub has acknowledged (and so committed) everything that was sent."""
        return len(self._outbox) == 0

    async def start(self) -> None:
        """Listen, and let the program run. Raises `OSError` where the address cannot be bound."""
        await self.plc.start()
        self._up = True
        await self._set(space.VERSION, space.LAYOUT_VERSION)
        await self._set(space.SLOTS, self._options.twin_slots)
        await self._set(space.PLC_FIRST, 1)
        await self._set(space.PLC_SESSION, self.session)
        self._program = asyncio.create_task(self._run())

    async def halt(self) -> None:
        """Stop the program and leave the server running, as a CPU in STOP does."""
        if self._program is not None:
            self._program.cancel()
            await asyncio.gather(self._program, return_exceptions=True)

    async def stop(self) -> None:
        """End program and server."""
        await self.halt()
        self._unlink("the PLC stops")
        await self.plc.stop()

    async def cut(self) -> None:
        """Cut the link on purpose and keep it down until `mend`; what is sent meanwhile waits."""
        self._up = False
        await self.plc.cut()
        self._unlink("cut on purpose")

    async def mend(self) -> None:
        """Let the link come back."""
        await self.plc.mend()
        self._up = True

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Number a telegram and give it to the program; kept until the hub has acknowledged it."""
        if not isinstance(telegram, Heartbeat):
            self._outbox.put(telegram)
        self._cycle_soon()

    # ---- the program -----------------------------------------------------------------------------------------------

    def _cycle_soon(self) -> None:
        self._due.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        beat_at_s = loop.time()
        while True:
            if loop.time() >= beat_at_s:
                beat_at_s = loop.time() + self._interval_s
                self._beats += 1
                await self._set(space.PLC_HEARTBEAT, self._beats)
            self._due.clear()
            await self._cycle(loop.time())
            try:
                async with asyncio.timeout(max(0.0, beat_at_s - loop.time())):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def _cycle(self, now_s: float) -> None:
        await self._meet()
        self._listen(now_s)
        self._acknowledged()
        if self._options.mode == "tags":
            await self._take_slots()
        await self._publish()

    async def _meet(self) -> None:
        """A new session of the hub begins where the hub says."""
        session, first = self._get(space.HUB_SESSION), self._get(space.HUB_FIRST)
        if isinstance(session, str) and session and session != self._taken_session and isinstance(first, int):
            self._taken, self._taken_session = first - 1, session
            self._unlink(f"replaced by session {session!r}")
            await self._set(space.TAKEN_NUMBER, self._taken)
            await self._set(space.TAKEN_SESSION, session)

    def _listen(self, now_s: float) -> None:
        beat = self._get(space.HUB_HEARTBEAT)
        if beat != self._hub_beat:
            self._hub_beat, self._hub_heard_s = beat, now_s
            if beat == 0:
                self._unlink("the hub says goodbye")
            elif self._link is None and self._up and self._taken_session:
                self._link = self._taken_session
                self.events.append(Linked(self.host, self._link, len(self._outbox)))
                self._tray.ring()
        elif self._link is not None and now_s - self._hub_heard_s > _MISSED_HEARTBEATS * self._interval_s:
            self._unlink(f"nothing heard for {_MISSED_HEARTBEATS} heartbeats")

    def _acknowledged(self) -> None:
        number = self._get(space.ACK_NUMBER)
        if self._get(space.ACK_SESSION) != self.session or not isinstance(number, int):
            return
        waiting = len(self._outbox)
        if self._outbox.acknowledged(number) and len(self._outbox) < waiting:
            self._tray.ring()

    async def _publish(self) -> None:
        """Fill the ring as far as the hub has acknowledged, then count up."""
        slots, before = self._options.twin_slots, self._get(space.PLC_LAST)
        last = before if isinstance(before, int) else 0
        if self._get(space.PLC_FIRST) != self._outbox.first:
            await self._set(space.PLC_FIRST, self._outbox.first)
        for number, telegram in self._outbox.after(last):
            if number >= self._outbox.first + slots:
                break
            await self._fill(space.slot_of(number, slots), number, telegram)
            last = number
        if last != before:
            await self._set(space.PLC_LAST, last)

    async def _fill(self, slot: int, number: int, telegram: PlcTelegram) -> None:
        if self._options.mode == "method":
            await self._set(space.text_slot(slot), wire.slot_text(self.session, number, telegram))
            return
        for tag, value in wire.slot_values(number, telegram).items():
            await self.plc.set(f"Plc.Slot[{slot}].{tag}", value)

    # ---- orders ----------------------------------------------------------------------------------------------------

    async def _called(self, kind: str, arguments: Sequence[object]) -> int:
        try:
            await self._meet()
            await self._take(wire.line_of_arguments(kind, arguments))
        except BadTelegram as bad:
            self.events.append(Rejected(self.host, bad.what, "", ""))
        return self._taken

    async def _take_slots(self) -> None:
        last = self._get(space.HUB_LAST)
        while isinstance(last, int) and self._taken < last:
            slot = space.slot_of(self._taken + 1, self._options.twin_slots)
            values = [self._get(path) for path in space.slot_tags("Hub", slot, space.HUB_SLOT)]
            before = self._taken
            try:
                line = wire.line_of_slot(self._taken_session, space.HUB_SLOT, values)
            except BadTelegram as bad:
                self.events.append(Rejected(self.host, bad.what, "", ""))
                return
            if line is not None:
                await self._take(line)
            if self._taken == before:
                return

    async def _take(self, line: Line) -> None:
        """Take over what is next; whatever else comes is seen before, or not yet due."""
        if self.full or line.session != self._taken_session or line.seq != self._taken + 1:
            return
        self._taken = line.seq
        await self._set(space.TAKEN_NUMBER, self._taken)
        if not isinstance(line.body, Dest | State):
            self.events.append(Rejected(self.host, f"{type(line.body).__name__} is not the PLC's to take", "", ""))
            return
        self._give(line.body)

    # ---- the link --------------------------------------------------------------------------------------------------

    def _unlink(self, reason: str) -> None:
        if self._link is not None:
            self._link = None
            self.events.append(Unlinked(self.host, reason))
            self._tray.ring()

    def _refused(self, reason: str) -> None:
        self.events.append(Rejected(self.host, reason, "", ""))

    def _get(self, path: str) -> object:
        return self.plc.get(path)

    async def _set(self, path: str, value: str | int) -> None:
        kind = space.TEXT if isinstance(value, str) else space.WHOLE
        await self.plc.set(path, ua.Variant(value, kind))
