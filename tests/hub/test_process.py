"""How the hub's processes share the processor."""

import os
import subprocess
import sys
from pathlib import Path

READER = (
    "import os; from karez.hub.process import yield_to_control; yield_to_control();"
    "print(os.sched_getscheduler(0) == os.SCHED_IDLE or os.getpriority(os.PRIO_PROCESS, 0) == 19,"
    " os.getsid(0) == os.getpid())"
)
GROUP = "; print(open('/proc/self/autogroup').read().split()[-1])"
CONTROL = (
    "import os; from karez.hub.process import go_before_others;"
    "before = os.getpriority(os.PRIO_PROCESS, 0); go_before_others();"
    "print(before, os.getpriority(os.PRIO_PROCESS, 0))"
)


def says(program: str) -> list[str]:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_a_reader_takes_only_what_nobody_wants_in_a_session_of_its_own():
    grouped = Path("/proc/self/autogroup").exists()
    assert says(READER + GROUP * grouped) == ["True", "True", *["19"] * grouped]


def test_control_goes_first_where_it_may_and_runs_all_the_same_where_it_may_not():
    before, after = map(int, says(CONTROL))
    assert after == -10 if os.geteuid() == 0 else after == before
