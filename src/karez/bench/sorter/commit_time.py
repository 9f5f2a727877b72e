"""How long this machine takes to make an append durable."""

import os
import time
from pathlib import Path

from karez.bench.sorter.quantiles import Times

_TIMES, _BYTES = 400, 4096


def commit_ms(folder: Path) -> dict[str, float | None]:
    """Append a page to a file and sync it, again and again: median, p99, p99.9 and the longest, in milliseconds."""
    file = folder / "commit-time"
    page, times = b"k" * _BYTES, Times()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(_TIMES):
            started = time.perf_counter()
            os.write(handle, page)
            os.fdatasync(handle)
            times.add(time.perf_counter() - started)
    finally:
        os.close(handle)
        file.unlink()
    return times.milliseconds()
