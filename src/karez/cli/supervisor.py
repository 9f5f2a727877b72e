"""The supervisor: starts control and web, starts one again when it ends, and stops all of them."""

import contextlib
import logging
import signal
import subprocess
import sys
import threading
import time
from time import monotonic
from types import FrameType

from karez.hub.process import end_with_parent
from karez.settings import Loaded

log = logging.getLogger("karez.supervisor")
_ROLES = ("control", "web")
_STOP_S = 15.0
_QUICK_S, _MOST_PAUSE_S = 4.0, 30.0
_STEADY_S = 60.0
_KILLED = str(-signal.SIGKILL)
"""What was killed from outside did not fail: it is started again at once, unless it is killed at its start. What ends
by itself within a minute fails again, and each time its parcels wait."""


class Supervisor:
    """Keeps a hub's processes alive.

    A process that is killed is started again at once; one that keeps ending soon after its start waits longer each
    time, up to half a minute. What was in memory comes back from the store.
    """

    def __init__(self, loaded: Loaded) -> None:
        # The built-in hub is found by its processes as it was found here; a named file is named to them.
        self._config = ["--config", str(loaded.file.resolve())] if loaded.file and not loaded.built_in else []
        self._stop, self._asked = threading.Event(), False

    def run(self) -> int:
        """Run until SIGINT or SIGTERM; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        threads = [threading.Thread(target=self._keep, args=(role,), name=f"keep-{role}") for role in _ROLES]
        for thread in threads:
            thread.start()
        while not self._asked:
            time.sleep(0.1)
        log.info("the hub is asked to stop")
        self._stop.set()
        for thread in threads:
            thread.join()
        log.info("the hub has stopped")
        return 0

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        # No more than this: a second signal may come inside of the first, and an event's lock is not re-entrant.
        self._asked = True

    def _keep(self, role: str) -> None:
        pause_s = 0.0
        while not self._stop.is_set():
            started = monotonic()
            how = self._run(role)
            if self._stop.is_set():
                return
            soon = monotonic() - started < (_QUICK_S if how == _KILLED else _STEADY_S)
            pause_s = min(_MOST_PAUSE_S, max(0.5, pause_s * 2)) if soon else 0.0
            log.warning("the %s process ended (%s); starting it again in %.1f s", role, how, pause_s)
            self._stop.wait(pause_s)

    def _run(self, role: str) -> str:
        """Start one process and wait until it ends or is to be ended; how it ended."""
        try:
            process = self._start(role)
        except (OSError, subprocess.SubprocessError) as error:  # no processes or memory left: perhaps later
            return str(error)
        while process.poll() is None and not self._stop.wait(0.1):
            pass
        if self._stop.is_set():
            _end(process)
        return str(process.returncode)

    def _start(self, role: str) -> subprocess.Popen[bytes]:
        # preexec_fn is safe here: the child only makes a system call before it becomes another program, so that
        # a killed supervisor leaves nothing behind that holds its ports.
        return subprocess.Popen(
            [sys.executable, "-m", "karez", "hub-process", role, *self._config],
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_S)
        return
    process.kill()
    process.wait()
