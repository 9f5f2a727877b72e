"""What every process of the hub does first: end with its parent, and be polite about the processor."""

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that ends (Linux)."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


def yield_to_control() -> None:
    """Take the processor only where nobody else wants it (sched(7): ``SCHED_IDLE``), so that control never waits.

    Where the system does not let it, the least share it has to give. Threads that this one starts inherit it; call it
    first.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except OSError:
        os.nice(19)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let a process that is started here begin with Ctrl-C held back: its parent hears it, from the first moment.

    A signal mask is inherited; ignoring the signal later, in the process itself, leaves seconds of loading uncovered.
    """
    resource_tracker.ensure_running()  # the first start of a process would start it, and unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
