"""How long this machine takes to make an append durable: before a run, and now and then while it goes on."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karez.bench.sorter.quantiles import Times

_TIMES, _BYTES = 400, 4096
_PROBE_EVERY_S = 0.1  # ten a second beside a thousand telegrams: seen by nobody else


class CommitTime:
    """Appends a page to a file of its own and syncs it, timed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "commit-time"
        self._handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.times = Times()

    def once(self) -> None:
        """One synced append."""
        started = time.perf_counter()
        os.write(self._handle, b"k" * _BYTES)
        os.fdatasync(self._handle)
        self.times.add(time.perf_counter() - started)

    def close(self) -> None:
        """Leave nothing behind."""
        os.close(self._handle)
        self._file.unlink()


def commit_ms(folder: Path) -> dict[str, float | None]:
    """Commit time of a machine at rest: median, p99, p99.9 and the longest, in milliseconds."""
    commit = CommitTime(folder)
    for _ in range(_TIMES):
        commit.once()
    commit.close()
    return commit.times.milliseconds()


@contextmanager
def probed(folder: Path) -> Iterator[Times]:
    """Commit times while something else goes on; to be looked at afterwards."""
    commit, over = CommitTime(folder), threading.Event()

    def probe() -> None:
        while not over.wait(_PROBE_EVERY_S):
            commit.once()

    thread = threading.Thread(target=probe, name="commit-probe", daemon=True)
    thread.start()
    try:
        yield commit.times
    finally:
        over.set()
        thread.join()
        commit.close()
