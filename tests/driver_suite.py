"""The rows of the drivers' contract suite, and both ends of a link as its tests need them.

A driver joins the suite with one `Entry` in `SUITE`. What its protocol cannot carry is left out by the capabilities
that it declares; `carried` says what must then arrive.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, Induct, Scan, State
from karez.settings import SorterSection
from karez.sorter.plc.drivers import DRIVERS, open_plc, open_twin
from karez.sorter.plc.protocol import Arrived, Capabilities, Plc, Received, Resume, Twin

HEARTBEAT_MS = 50
MOST_ITEMS = 32  # codes of a scan, alternatives of an order: the domain's wires carry no more


@dataclass(frozen=True)
class Entry:
    """A row of the suite.

    Attributes
    ----------
    driver
        The row in `DRIVERS`.
    options
        What ``[sorter.options]`` holds; asked for once a link, so that it may name free ports.
    id
        How the row is called in test names, where a driver has several.
    """

    driver: str
    options: Callable[[], Mapping[str, str | int | float | bool]] = dict
    id: str = ""

    @property
    def name(self) -> str:
        return self.id or self.driver

    @property
    def capabilities(self) -> Capabilities:
        return DRIVERS[self.driver].capabilities

    def settings(self, role: str, port: int, **more: object) -> SorterSection:
        """Settings of a link; of the hub's role, for both ends."""
        fixed = {"driver": self.driver, "role": role, "port": port, "heartbeat_ms": HEARTBEAT_MS}
        return SorterSection(**(fixed | {"options": dict(self.options())} | more))


def free_port() -> int:
    """Ask the kernel for one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _osip(**more: str | int) -> Callable[[], Mapping[str, str | int | float | bool]]:
    return lambda: {"stale_ms": 200, "lap_least_ms": 3_000, **more}


SUITE = [
    Entry("tcp"),
    Entry("osip", _osip()),
    Entry("osip", lambda: {**_osip()(), "connections": "simplex", "send_port": free_port()}, "osip-simplex"),
    Entry(
        "osip",
        lambda: {**_osip()(), "connections": "simplex", "send_port": free_port(), "send_role": "client"},
        "osip-simplex-crossed",
    ),
    Entry(
        "opcua",
        lambda: {"mode": "method", "twin_slots": 16, "publishing_ms": 3, "request_timeout_ms": 600},
        "opcua-method",
    ),
    Entry(
        "opcua", lambda: {"mode": "tags", "twin_slots": 8, "publishing_ms": 3, "request_timeout_ms": 600}, "opcua-tags"
    ),
    Entry("modbus", lambda: {"poll_ms": 5, "slots": 16}),
    Entry("s7", lambda: {"poll_ms": 5, "slots": 16, "offset": 10}),
]


@dataclass
class Ends:
    """A driver and its twin, and what the driver gave."""

    plc: Plc
    twin: Twin
    settings: SorterSection
    got: list[Received] = field(default_factory=list)
    commit: bool = True

    @property
    def capabilities(self) -> Capabilities:
        return self.plc.capabilities

    @property
    def telegrams(self) -> list[object]:
        return [each.telegram for each in self.got if isinstance(each, Arrived)]

    def events(self, kind: type) -> list[Received]:
        return [each for each in self.got if isinstance(each, kind)]

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not reached():
                await asyncio.sleep(0.005)

    async def read(self) -> None:
        async for each in self.plc.received():
            self.got.append(each)
            if self.commit and isinstance(each, Arrived):
                each.acknowledge()


async def start_plc(settings: SorterSection, session: str = "hub-1", resume: Resume | None = None) -> Plc:
    plc = open_plc(settings, session, resume)
    await plc.start()
    return plc


async def start_twin(settings: SorterSection, port: int, session: str = "plc-1") -> Twin:
    """Start the PLC's end, in the other role than the hub's."""
    role = "client" if settings.role == "server" else "server"
    twin = open_twin(settings, role, "127.0.0.1", port, session)
    await twin.start()
    return twin


@asynccontextmanager
async def ends(entry: Entry, hub_role: str = "server", through: object = None) -> AsyncIterator[Ends]:
    """Both ends, linked: whoever listens is started first, on a free port."""
    settings = entry.settings(hub_role, 0)
    if hub_role == "server":
        plc = await start_plc(settings)
        twin = await start_twin(settings, await _via(through, plc.port))
    else:
        twin = await start_twin(settings, 0)
        plc = await start_plc(settings.model_copy(update={"port": await _via(through, twin.port)}))
    pair = Ends(plc, twin, settings)
    reading = asyncio.create_task(pair.read())
    try:
        await pair.until(lambda: twin.linked and pair.plc.linked)
        yield pair
    finally:
        await pair.twin.stop()
        await pair.plc.stop()
        reading.cancel()


async def _via(through: object, port: int) -> int:
    return port if through is None else await through.start(port)


class Cable:
    """A TCP connection between the two ends that can be held: nothing passes, and nobody is told."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> int:
        """Lead to this port; the port to call instead."""
        self._to = port
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def hold(self) -> None:
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    async def stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        for ways in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._lead(*ways))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65_536):
                await self._open.wait()
                writer.write(chunk)
        except OSError:
            pass
        finally:
            writer.close()


# ---- telegrams -----------------------------------------------------------------------------------------------------


def induct(number: int) -> Induct:
    return Induct(ParcelId(f"p{number}"), number, "I1", number * 1_000)


def scan(number: int, lap: int = 1, at_ms: int = 5_000) -> Scan:
    return Scan(ParcelId(f"p{number}"), number, lap, at_ms, ("YT1234567890123",), 1200, 300, 200, 100)


def order(number: int, chute: str | None = "K01", name: str | None = None) -> Dest:
    to = ChuteId(chute) if chute else None
    return Dest(
        OrderId(name or f"o{number}"), ParcelId(f"p{number}"), to, (ChuteId("K02"), ChuteId("K03")), "plan", 5000
    )


def one_more_than(carried: int) -> range:
    """So many that one is left out, where there may be so many."""
    return range(min(carried + 1, MOST_ITEMS))


Said = Induct | Scan | Divert | State


def carried(telegram: Said, can: Capabilities) -> Said:
    """What arrives of a telegram of the PLC; a lap that is not carried the driver counts: the first scan's is 1."""
    ts_ms = telegram.ts_ms // can.clock_ms * can.clock_ms
    if isinstance(telegram, Scan):
        telegram = replace(telegram, codes=tuple(telegram.codes)[: can.codes], lap=telegram.lap if can.laps else 1)
        if not can.measures:
            telegram = replace(telegram, mass_g=None, length_mm=None, width_mm=None, height_mm=None)
    elif isinstance(telegram, Divert) and not can.order_ids:
        telegram = replace(telegram, order=None)
    elif isinstance(telegram, State) and not can.measures:
        telegram = replace(telegram, value=None)
    return replace(telegram, ts_ms=ts_ms)


def carried_order(sent: Dest, got: Dest, can: Capabilities) -> Dest:
    """What must have come of an order; where its name is not carried, the twin gives one of its own."""
    if not can.order_ids:
        sent = replace(sent, order=got.order, reason=got.reason)
    if not can.valid_for:
        sent = replace(sent, valid_for_ms=None)
    return replace(sent, alternatives=tuple(sent.alternatives)[: can.alternatives])


# ---- rows by what the driver can ------------------------------------------------------------------------------------

every_driver = pytest.mark.parametrize("entry", SUITE, ids=lambda each: each.name)
every_driver_and_role = pytest.mark.parametrize(
    ("entry", "hub_role"),
    [pytest.param(each, role, id=f"{each.name}-{role}") for each in SUITE for role in sorted(each.capabilities.roles)],
)
drivers_that_replay = pytest.mark.parametrize(
    "entry",
    [each for each in SUITE if each.capabilities.replays and each.capabilities.acknowledges],
    ids=lambda each: each.name,
)
drivers_that_acknowledge = pytest.mark.parametrize(
    "entry", [each for each in SUITE if each.capabilities.acknowledges], ids=lambda each: each.name
)
drivers_that_listen = pytest.mark.parametrize(
    "entry", [each for each in SUITE if "server" in each.capabilities.roles], ids=lambda each: each.name
)
drivers_that_listen_and_replay = pytest.mark.parametrize(
    "entry",
    [each for each in SUITE if "server" in each.capabilities.roles and each.capabilities.replays],
    ids=lambda each: each.name,
)
drivers_that_call = pytest.mark.parametrize(
    "entry", [each for each in SUITE if "client" in each.capabilities.roles], ids=lambda each: each.name
)


def some_role(entry: Entry) -> str:
    return "server" if "server" in entry.capabilities.roles else "client"
