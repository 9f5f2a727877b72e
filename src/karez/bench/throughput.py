"""How many pictures a second several workers read between them."""

import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from karez.bench.workers import SubjectProcess


def pictures_a_second(pictures: Sequence[Path], workers: Sequence[SubjectProcess]) -> float:
    """Let the workers share the pictures and take the time on the wall; a busy machine lowers it."""
    shares = [pictures[number :: len(workers)] for number in range(len(workers))]
    _together(workers, [share[:3] for share in shares])  # engines compile what they first meet
    started = time.perf_counter()
    _together(workers, shares)
    return len(pictures) / (time.perf_counter() - started)


def _together(workers: Sequence[SubjectProcess], shares: Sequence[Sequence[Path]]) -> None:
    threads = [Thread(target=_read, args=pair) for pair in zip(workers, shares, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _read(worker: SubjectProcess, pictures: Sequence[Path]) -> None:
    for picture in pictures:
        worker.read(picture)
