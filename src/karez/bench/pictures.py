"""Scenes of a condition, drawn by two processes into files, with their truth kept apart from what subjects get."""

import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2

from karez.bench.scoring import Truth
from karez.hub.process import end_with_parent, interrupts_held
from karez.simulation.scenes import scene


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to read: the file that subjects get, and what they do not see."""

    path: Path
    truth: Truth
    conditions: dict[str, Any]


def draw(condition: str, count: int, seed: int, folder: Path, on_progress: Callable[[int], None]) -> list[Shot]:
    """Draw scenes 0 to ``count`` of a condition.

    Raises
    ------
    BadInput
        No condition has that name.
    MissingPart
        A typeface is not installed.
    """
    shots: dict[int, Shot] = {}
    with ProcessPoolExecutor(2, get_context("spawn"), _start) as pool:
        with interrupts_held():  # the first calls start the processes
            waiting = {pool.submit(_draw, condition, index, seed, folder): index for index in range(count)}
        try:
            for done, future in enumerate(as_completed(waiting), 1):
                shots[waiting[future]] = future.result()
                on_progress(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [shots[index] for index in range(count)]


def _start() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _draw(condition: str, index: int, seed: int, folder: Path) -> Shot:
    drawn = scene(condition, index, seed)
    path = folder / f"{condition}-{index:05d}.jpg"
    path.write_bytes(drawn.picture)
    return Shot(path, Truth(drawn.waybills, drawn.lines), {**asdict(drawn.conditions), "script": drawn.script})
