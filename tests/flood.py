"""A flood of bad telegrams at a driver that listens, and what must still be true of it behind the flood."""

import asyncio
import gc
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from driver_suite import Ends, Entry, carried, induct, order, scan, start_plc, start_twin
from karez.domain.ids import ParcelId
from karez.domain.telegrams import Scan
from karez.sorter.plc.protocol import Arrived, Received, Rejected, Unlinked
from karez.sorter.plc.rejects import FULL_PER_MINUTE, HEAD_BYTES

HONEST = 4_711
_MEMORY_MB = 150  # more than that, however long the flood, is a leak


_ANSWERED = 10  # scans; each new link repeats all orders that a peer did not acknowledge


@dataclass
class Flooded:
    """A hub under a flood: it answers the first scans, keeps no event, and counts what it saw."""

    pair: Ends
    seen: Counter[str] = field(default_factory=Counter)
    in_full: int = 0
    ended_early: int = 0
    last: Arrived | None = None
    faults: list[dict[str, object]] = field(default_factory=list)

    async def read(self) -> None:
        async for each in self.pair.plc.received():
            self._take(each)

    def _take(self, each: Received) -> None:
        if isinstance(each, Arrived):
            self._arrived(each)
        elif isinstance(each, Rejected):
            assert len(each.head_hex) <= 2 * HEAD_BYTES
            self.seen["Rejected"] += each.count
            self.in_full += bool(each.sha256)
        else:
            self.seen[type(each).__name__] += 1
            self.ended_early += isinstance(each, Unlinked) and "peer closed" not in each.reason

    def _arrived(self, each: Arrived) -> None:
        self.seen[type(each.telegram).__name__] += 1
        self.last = each
        each.acknowledge()
        if isinstance(each.telegram, Scan) and (self.seen["Scan"] < _ANSWERED or each.telegram.carrier == HONEST):
            self.pair.plc.order(replace(order(self.seen["Scan"]), parcel=each.telegram.parcel))
            self.pair.plc.order(order(self.seen["Scan"]))  # of a parcel that nobody has seen


@asynccontextmanager
async def flooded(entry: Entry) -> AsyncIterator[Flooded]:
    """A driver that listens; at the end it has raised nothing and serves an honest PLC."""
    settings = entry.settings("server", 0)
    it = Flooded(Ends(await start_plc(settings), None, settings))
    asyncio.get_running_loop().set_exception_handler(lambda _, context: it.faults.append(context))
    reading = asyncio.create_task(it.read())
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield it
    await _serves_an_honest_plc(it)
    await it.pair.plc.stop()
    await reading
    gc.collect()  # a task that died with an error tells it when it is collected
    await asyncio.sleep(0)
    assert not it.faults
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before_mb < _MEMORY_MB


async def _serves_an_honest_plc(it: Flooded) -> None:
    twin = await start_twin(it.pair.settings, it.pair.plc.port, "honest")
    twin.send(induct(HONEST))
    twin.send(scan(HONEST))
    await it.pair.until(lambda: it.last is not None and it.last.telegram == scan_of(it))
    async with asyncio.timeout(20):
        while (got := await twin.receive()) and got.parcel != f"p{HONEST}":
            pass
    await twin.stop()


def scan_of(it: Flooded) -> Scan:
    """What must have come of the honest PLC's scan; the parcel's id is the driver's, where it makes ids."""
    parcel = it.last.telegram.parcel if isinstance(it.last.telegram, Scan) else ParcelId("")
    return replace(carried(scan(HONEST), it.pair.capabilities), parcel=parcel)


async def flood(it: Flooded, batches: Iterable[bytes]) -> int:
    """Send every batch over a connection of its own, and wait until the hub has read it; how many that were."""
    connections = 0
    for batch in batches:
        connections += 1
        reader, writer = await asyncio.open_connection("127.0.0.1", it.pair.plc.port)
        writer.write(batch)
        with suppress(OSError):
            writer.write_eof()  # hanging up at once would take back what the hub has not read yet
            while await reader.read(65_536):
                pass
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return connections


def told_within_its_limits(it: Flooded, minutes: float) -> bool:
    """Whether no more bad telegrams were told in full than there may be."""
    return it.in_full <= FULL_PER_MINUTE * (minutes + 1)
