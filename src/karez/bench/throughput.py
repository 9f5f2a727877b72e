"""How many pictures a second several workers read between them."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from karez.bench.workers import SubjectProcess

_WARM_UP = 5  # pictures a worker: as many as it takes until an address block was among them


@dataclass(frozen=True, slots=True)
class Throughput:
    """Pictures a second of all workers together.

    Attributes
    ----------
    on_wall
        As it was. Whatever else runs on the machine lowers it.
    by_cpu
        As it would be if every worker had a core to itself: from the processor time that the pictures took.
    """

    on_wall: float
    by_cpu: float


def throughput(pictures: Sequence[Path], workers: Sequence[SubjectProcess]) -> Throughput:
    """Let the workers share the pictures, all at once."""
    shares = [pictures[number :: len(workers)] for number in range(len(workers))]
    _together(workers, [share[:_WARM_UP] for share in shares])
    started = time.perf_counter()
    cpu_ms = _together(workers, shares)
    wall_s = time.perf_counter() - started
    return Throughput(len(pictures) / wall_s, len(workers) * len(pictures) * 1000 / cpu_ms)


def _together(workers: Sequence[SubjectProcess], shares: Sequence[Sequence[Path]]) -> float:
    """Read at once; gives the processor time of all."""
    with ThreadPoolExecutor(len(workers)) as pool:
        return sum(pool.map(_read, workers, shares))


def _read(worker: SubjectProcess, pictures: Sequence[Path]) -> float:
    return sum(worker.read(picture).cpu_ms for picture in pictures)
