"""The darkroom: pictures of a simulated day, developed ahead in several processes, later laps when asked for."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from karez.hub.process import end_with_parent
from karez.simulation.camera import photograph
from karez.simulation.planned import PlannedParcel


def _develop(parcel: PlannedParcel, lap: int, seed: int, path: Path) -> Path:
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(photograph(parcel, lap, seed))
        part.replace(path)
    return path


def _leave_ctrl_c_to_the_parent() -> None:
    """A terminal's Ctrl-C reaches every process in it; the parent ends the pool, or takes it along if killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


class Darkroom:
    """Gives the JPEG of a parcel on a lap; the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Where pictures are kept until the day is over.
    workers
        Processes that draw.
    """

    def __init__(self, parcels: Sequence[PlannedParcel], seed: int, folder: Path, workers: int = 2) -> None:
        self._parcels, self._seed, self._folder = parcels, seed, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _leave_ctrl_c_to_the_parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def develop(self, on_progress: Callable[[int], None]) -> None:
        """Draw the first lap of every parcel; tells how many are done."""
        waiting = [self._ask(parcel, 1) for parcel in self._parcels]
        for done, future in enumerate(as_completed(waiting), 1):
            future.result()
            on_progress(done)

    async def picture(self, index: int, lap: int) -> bytes:
        """Picture of a parcel as the camera sees it on this lap."""
        path = self._path(index, lap)
        if not path.exists():
            await asyncio.wrap_future(self._ask(self._parcels[index], lap))
        return await asyncio.to_thread(path.read_bytes)

    def _ask(self, parcel: PlannedParcel, lap: int) -> "Future[Path]":
        return self._pool.submit(_develop, parcel, lap, self._seed, self._path(parcel.index, lap))

    def _path(self, index: int, lap: int) -> Path:
        return self._folder / f"{index:05d}-{lap}.jpg"
