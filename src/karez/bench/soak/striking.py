"""Carries out the blows, and measures how long the hub takes to decide again."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

from karez.bench.soak.blows import Blow
from karez.bench.soak.watched_twin import WatchedTwin
from karez.bench.sorter.postgres import Server
from karez.bench.sorter.processes import find
from karez.domain.errors import KarezError
from karez.hub.doorway import Doorway
from karez.settings import Settings

RESUMES_S = 5.0
"""So long after a kill the next decision may take (from the issue of the sorter; a lap takes longer).

What the soak itself holds back, it gives back first: a database's server until it answers, a link until it may come, a
disk until it has room. The hub starts its own processes.
"""

_PATIENCE_S = 60.0
_SETTLES_S = 4.5  # a control process that ends sooner than four seconds after its start counts as a crash at its start
_CUT_S = 1.0
_FULL_S, _UNDER_WAY_S = 3.0, 0.2
_FLOOD_CALLS, _LINES_A_CALL = 200, 100


@dataclass(frozen=True, slots=True)
class Struck:
    """One blow.

    Attributes
    ----------
    at_s
        Seconds into the part.
    held_s
        How long the soak held back what it struck at.
    resumed_s
        From then until the next order came; ``None`` where none came for a minute.
    amiss
        What else was seen.
    """

    blow: Blow
    at_s: float
    held_s: float
    resumed_s: float | None
    amiss: str = ""


@dataclass(frozen=True, slots=True)
class _Done:
    """A blow that was carried out, in monotonic seconds.

    Attributes
    ----------
    given_back_s
        When the hub could begin to help itself.
    orders_count_from_s
        From when on an order tells that it decides again; later than the former where one may still be under way.
    """

    struck_s: float
    given_back_s: float
    orders_count_from_s: float
    amiss: str = ""


class Striker:
    """Strikes one hub.

    Parameters
    ----------
    config
        The hub's configuration file, by which its processes are found.
    server
        The database server, where the store is on one.
    """

    def __init__(self, settings: Settings, config: Path, twin: WatchedTwin, server: Server | None, rng: Random) -> None:
        self._settings, self._config, self._twin, self._server, self._rng = settings, config, twin, server, rng
        self._up_since_s = monotonic()
        self._ways = {
            Blow.KILL_CONTROL: self._kill_control,
            Blow.KILL_DATABASE: self._kill_database,
            Blow.CUT_LINK: self._cut,
            Blow.FLOOD: self._flood,
            Blow.FULL_DISK: self._fill,
        }

    async def strike(self, blows: Sequence[Blow], seconds: float, on_struck: Callable[[Struck], None]) -> list[Struck]:
        """Strike again and again, spread over so many seconds; each time until the hub decides again."""
        began_s, struck = monotonic(), list[Struck]()
        for number, blow in enumerate(blows):
            await asyncio.sleep(max(0.5, began_s + (number + 0.5) * seconds / len(blows) - monotonic()))
            at_s = monotonic() - began_s
            done = await self._ways[blow]()
            held_s = done.given_back_s - done.struck_s
            struck.append(Struck(blow, at_s, held_s, await self._resumed(done), done.amiss))
            on_struck(struck[-1])
        return struck

    async def _resumed(self, done: _Done) -> float | None:
        """Seconds until the next order; ``None`` where none came for a minute."""
        while monotonic() - done.orders_count_from_s < _PATIENCE_S:
            if self._twin.linked and self._twin.last_order_s > done.orders_count_from_s:
                return self._twin.last_order_s - done.given_back_s
            await asyncio.sleep(0.01)
        return None

    async def _kill_control(self) -> _Done:
        await asyncio.sleep(max(0.0, self._up_since_s + _SETTLES_S - monotonic()))
        pid = find(f"hub-process control --config {self._config}")
        if pid is None:
            raise KarezError("the hub's control process is not among the processes of this machine")
        os.kill(pid, signal.SIGKILL)
        killed_s, links = monotonic(), self._twin.links
        while self._twin.links == links:  # what was on its way before the kill is no decision after it
            if monotonic() - killed_s > _PATIENCE_S:
                return _Done(killed_s, killed_s, monotonic(), "the link did not come back")
            await asyncio.sleep(0.005)
        self._up_since_s = monotonic()
        return _Done(killed_s, killed_s, self._up_since_s)

    async def _kill_database(self) -> _Done:
        if self._server is None:
            raise KarezError("there is no database server to kill")
        killed_s = monotonic()
        await asyncio.to_thread(self._server.kill)
        await asyncio.to_thread(self._server.start)
        return _given_back(killed_s)

    async def _cut(self) -> _Done:
        cut_s = monotonic()
        await self._twin.cut()
        await asyncio.sleep(_CUT_S)
        await self._twin.mend()
        return _given_back(cut_s)

    async def _flood(self) -> _Done:
        """Random bytes, as fast as they go, from a peer that calls again as often as the hub hangs up on it."""
        began_s = monotonic()
        for _ in range(_FLOOD_CALLS):
            with contextlib.suppress(OSError):  # it hangs up on such a peer: that is right
                await self._babble()
        return _given_back(began_s)

    async def _babble(self) -> None:
        _, writer = await asyncio.open_connection(self._settings.sorter.host, self._settings.sorter.port)
        try:
            writer.writelines(self._rng.randbytes(self._rng.randrange(1, 80)) + b"\n" for _ in range(_LINES_A_CALL))
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()

    async def _fill(self) -> _Done:
        """Fill the disk of the store until the hub says so; from then on nothing may be decided until there is room.

        It goes on for a while with a full disk: the log of SQLite has pages that were moved, and are written again.
        """
        began_s, ballast = monotonic(), self._settings.hub.data_dir / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file:
                if not await self._says_full(file.fileno()):
                    return _given_back(began_s, "the hub did not say that its disk is full")
                await asyncio.sleep(_UNDER_WAY_S)
                before = len(self._twin.orders)
                await asyncio.sleep(_FULL_S)
                left = len(self._twin.orders) - before
        finally:
            ballast.unlink()
        return _given_back(began_s, f"{left} orders left while nothing could be stored" if left else "")

    async def _says_full(self, file: int) -> bool:
        door, ends_s = Doorway(self._settings.socket), monotonic() + _PATIENCE_S
        while monotonic() < ends_s:
            _fill_up(file)
            if (await door.status() or {}).get("store_full"):
                return True
            await asyncio.sleep(0.1)
        return False


def _given_back(struck_s: float, amiss: str = "") -> _Done:
    """It is given back now."""
    now_s = monotonic()
    return _Done(struck_s, now_s, now_s, amiss)


def _fill_up(file: int) -> None:
    """Write zeros until nothing more goes."""
    size = 1 << 20
    while size:
        try:
            if not os.write(file, bytes(size)):
                return
        except OSError:
            size //= 2
