"""What is another machine in a real hub (cameras, browsers) steps back behind the hub where the bench runs it here."""

import contextlib
import os
from pathlib import Path

from karez.bench.sorter.processes import offspring, processes

_NICE = 19


def be_elsewhere() -> None:
    """Step back, in a session of its own: the kernel shares out by session first (autogroup)."""
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICE), "ascii")
    os.nice(_NICE)


def send_elsewhere(root: int) -> None:
    """Have all that a process started step back too: a browser's parts begin sessions of their own."""
    for each in offspring(root, processes()):
        with contextlib.suppress(OSError):
            Path(f"/proc/{each.pid}/autogroup").write_text(str(_NICE), "ascii")
