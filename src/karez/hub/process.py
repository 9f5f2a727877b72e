"""What every process of the hub does first: end with its parent, and be polite about the processor."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that ends (Linux)."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


def yield_to_control(nice: int = 10) -> None:
    """Let the control loop go first wherever both want the processor."""
    os.nice(nice)
