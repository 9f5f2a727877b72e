"""How the hub's processes share the processor."""

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
    "import os, subprocess, sys, threading; from karez.hub.process import go_before_others;"
    "threading.Thread(target=threading.Event().wait, daemon=True).start();"
    "went = go_before_others();"
    "real = {os.sched_getscheduler(int(each)) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR"
    " for each in os.listdir('/proc/self/task')};"
    "child = subprocess.run([sys.executable, '-c', 'import os; print(os.sched_getscheduler(0) == os.SCHED_OTHER)'],"
    " capture_output=True, text=True).stdout.strip();"
    "print(real == {went}, child)"
)


def says(program: str) -> list[str]:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_a_reader_takes_only_what_nobody_wants_in_a_session_of_its_own():
    grouped = Path("/proc/self/autogroup").exists()
    assert says(READER + GROUP * grouped) == ["True", "True", *["19"] * grouped]


def test_control_goes_first_with_all_its_threads_or_not_at_all_and_hands_it_on_to_nobody():
    assert says(CONTROL) == ["True", "True"]
