"""How many pictures a second several workers read between them."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
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
        As it would be if every worker had a core to itself: from the processor time that the pictures took; ``None``
        where none was read.
    failed
        Pictures on which a worker crashed or hung: they do not count as read, but their time on the wall does.
    """

    on_wall: float
    by_cpu: float | None
    failed: int = 0


def throughput(pictures: Sequence[Path], workers: Sequence[SubjectProcess]) -> Throughput:
    """Let the workers share the pictures, all at once."""
    shares = [pictures[number :: len(workers)] for number in range(len(workers))]
    _together(workers, [share[:_WARM_UP] for share in shares])
    started = time.perf_counter()
    read_ms = _together(workers, shares)
    wall_s = time.perf_counter() - started
    cpu_s = sum(read_ms) / 1000
    by_cpu = len(workers) * len(read_ms) / cpu_s if cpu_s else None
    return Throughput(len(read_ms) / wall_s, by_cpu, len(pictures) - len(read_ms))


def _together(workers: Sequence[SubjectProcess], shares: Sequence[Sequence[Path]]) -> list[float]:
    """Read at once; gives the processor time of every picture that was read."""
    with ThreadPoolExecutor(len(workers)) as pool:
        return list(chain.from_iterable(pool.map(_read, workers, shares)))


def _read(worker: SubjectProcess, pictures: Sequence[Path]) -> list[float]:
    outcomes = [worker.read(picture) for picture in pictures]
    return [outcome.cpu_ms for outcome in outcomes if not outcome.failed]
