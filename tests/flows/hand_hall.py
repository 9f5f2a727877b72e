"""A hub in processes of its own and a PLC that a test plays by hand, over a real socket."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from karez.domain.ids import ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State
from karez.hub.doorway import Doorway
from karez.settings import Settings, load
from karez.sorter.plc.tcp.twin import TcpTwin
from small_hub import PLAN, waybill, write_files


def free_ports() -> tuple[int, int]:
    """Two loopback ports that were free a moment ago."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def write_hub(folder: Path, plan: str = PLAN, data_dir: Path | None = None) -> Path:
    """Configuration of a small hub with ports of its own and readers that need no text models."""
    folder.mkdir(parents=True, exist_ok=True)
    config = write_files(folder, plan)
    web, sorter = free_ports()
    text = config.read_text("utf-8")
    if data_dir is not None:
        text = text.replace('"data"', f'"{data_dir}"')
    text += f'[sorter]\nport = {sorter}\n[web]\nport = {web}\n[reading]\nworkers = 1\nyields = false\ntext = "never"\n'
    text += "[pictures]\nreserve_mb = 0\n"
    config.write_text(text, "utf-8")
    return config


@contextlib.contextmanager
def hub_process(config: Path, *before: str, role: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """Run `karez hub` (or one of its processes), perhaps under another program; ends with the test."""
    command = ["hub-process", role] if role else ["hub"]
    with (config.parent / "hub.log").open("ab") as log:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "karez", *command, "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


async def until_up(config: Path, process: "subprocess.Popen[bytes]", within_s: float = 90) -> Settings:
    """Wait until the control process answers at its door."""
    settings = load(config).settings
    door = Doorway(settings.socket)
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        log = (config.parent / "hub.log").read_text()
        assert process.poll() is None, log
        if await door.status() is not None:
            return settings
        await asyncio.sleep(0.1)
    raise AssertionError(f"the hub did not come up:\n{(config.parent / 'hub.log').read_text()}")


class HandHall:
    """A PLC with a script of one line at a time; parcels are known by the PLC's own scanner."""

    def __init__(self, twin: TcpTwin) -> None:
        self.twin = twin
        self.orders: list[Dest] = []
        self.states: list[State] = []
        self._taking = asyncio.create_task(self._take())

    async def _take(self) -> None:
        while True:
            telegram = await self.twin.receive()
            self.orders.append(telegram) if isinstance(telegram, Dest) else self.states.append(telegram)

    def close(self) -> None:
        self._taking.cancel()

    def parcel(self, number: int, codes: Sequence[str] | None = None) -> ParcelId:
        """One more parcel comes and is scanned."""
        name = ParcelId(f"H{number:05d}")
        self.twin.send(Induct(name, number % 120, "I1", number))
        scanned = [waybill(number)] if codes is None else codes
        self.twin.send(Scan(name, number % 120, 1, number, scanned, 500, 1500, 200, 100))
        return name

    def divert(self, order: Dest) -> None:
        """The parcel falls where it was ordered to."""
        outcome = DivertOutcome.OK if order.chute else DivertOutcome.RECIRCULATED
        self.twin.send(Divert(order.parcel, 1, outcome, 0, order.chute, order.order))

    async def answered(self, count: int, within_s: float = 30) -> list[Dest]:
        """Wait until so many orders have come in all."""
        ends = time.monotonic() + within_s
        while len(self.orders) < count and time.monotonic() < ends:
            await asyncio.sleep(0.02)
        assert len(self.orders) >= count, f"{len(self.orders)} of {count} orders came within {within_s} s"
        return self.orders


@contextlib.asynccontextmanager
async def hand_hall(settings: Settings, session: str = "hand") -> AsyncIterator[HandHall]:
    """A PLC linked to the hub."""
    twin = TcpTwin(settings.sorter.host, settings.sorter.port, "client", session, heartbeat_ms=500)
    await twin.start()
    hall = HandHall(twin)
    try:
        yield hall
    finally:
        hall.close()
        await twin.stop()
