"""What is another machine in a real hub (cameras, browsers) steps back behind the hub where the bench runs it here."""

import contextlib
import os
from pathlib import Path

_NICE = 10


def be_elsewhere() -> None:
    """Step back, in a session of its own: the kernel shares out by session first (autogroup)."""
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICE), "ascii")
    os.nice(_NICE)
