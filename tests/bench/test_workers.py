"""Subjects in their processes: what dies or hangs is replaced, and Ctrl-C leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from karez.bench.subjects import ZXING
from karez.bench.workers import SubjectProcess
from terminal import hears_ctrl_c


@pytest.fixture
def no_picture(tmp_path):
    path = tmp_path / "there.jpg"
    path.write_bytes(b"no picture")
    return path


def test_a_subject_that_dies_on_a_picture_is_replaced_and_the_picture_counts_as_failed(tmp_path, no_picture):
    with SubjectProcess(ZXING) as subject:
        died = subject.read(tmp_path / "not-there.jpg")
        assert (died.failed, died.why) == (True, "Its process died on the picture.")
        assert not subject.read(no_picture).failed


def test_a_subject_that_hangs_is_killed_after_a_while_and_replaced(no_picture):
    with SubjectProcess(ZXING, patience_s=10) as subject:
        os.kill(subject._process.pid, signal.SIGSTOP)
        subject._patience_s = 0.2
        hung = subject.read(no_picture)
        subject._patience_s = 10
        assert (hung.failed, hung.why) == (True, "No answer within 0.2 s.")
        assert not subject.read(no_picture).failed


def test_ctrl_c_leaves_no_process_behind(tmp_path):
    words = ["bench", "reading", "--condition", "clean", "--peers", "none", "--seed", "7"]
    command = [sys.executable, "-m", "karez", *words]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=hears_ctrl_c,
    ) as bench:
        _wait(lambda: len(_group(bench.pid)) >= 4, "no subjects were started")
        os.killpg(bench.pid, signal.SIGINT)
        assert bench.wait(60) != 0
    _wait(lambda: not _group(bench.pid), "processes are left")


def _group(leader: int) -> list[int]:
    """List the processes of a group that are not merely waiting to be reaped."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def _wait(until, otherwise: str, patience_s: float = 90.0):
    end = time.monotonic() + patience_s
    while not until():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
