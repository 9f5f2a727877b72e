"""What every process of the hub does first: end with its parent, and be polite about the processor."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_prctl = ctypes.CDLL(None, use_errno=True).prctl  # now: between fork and exec a library's lock may be another thread's
_LEAST, _AFTER, _FIRST = 19, 10, -10


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that ends (Linux)."""
    parent = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


def yield_to_control(*, least: bool = True) -> None:
    """Take the processor only where nobody else wants it, so that control never waits.

    ``SCHED_IDLE`` (sched(7)), or the least share where the system does not let it; in a session of its own, for the
    kernel shares out by session first (autogroup, on desktops and plain servers): what readers take would be taken
    from control's. Threads that this one starts inherit all of it; call it first.

    Parameters
    ----------
    least
        ``False``: only after control, but beside whatever else runs on the machine.
    """
    if not least:
        os.nice(_AFTER)
        return
    with contextlib.suppress(OSError):  # it leads a session already
        os.setsid()
    _weigh_session(_LEAST)
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except OSError:
        os.setpriority(os.PRIO_PROCESS, 0, _LEAST)


def go_before_others() -> bool:
    """Let this process have the processor at once whenever it wants it; without the right to that, all stays as it is.

    Real-time scheduling (``SCHED_RR``, lowest priority): niceness shares out time, but lets a process that wakes wait
    until the next tick while another one runs. To be called (again) when all its threads are up: what it starts later
    (threads, reader workers) is scheduled like any other. The right to it: root, CAP_SYS_NICE or RLIMIT_RTPRIO.

    Returns
    -------
    bool
        Whether it has it.
    """
    _weigh_session(_FIRST)
    policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
    try:
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setscheduler(int(thread.name), policy, os.sched_param(1))
    except OSError:
        return False
    return True


def _weigh_session(nice: int) -> None:
    """Niceness of a whole session; of no meaning where the kernel does not group by session."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), "ascii")


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
