"""The supervisor keeps its processes whatever the machine lacks for a while."""

import io
import logging
import subprocess
import sys
import threading

import pytest

from karez.cli import supervisor
from karez.cli.supervisor import Supervisor
from karez.settings import Loaded, Settings


def test_a_machine_without_room_and_a_log_on_a_full_disk_do_not_end_the_keeping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = Supervisor(Loaded(Settings(), None))
    started = threading.Event()

    def start(_: str) -> "subprocess.Popen[bytes]":
        if not tries:
            tries.append("refused")
            raise OSError(11, "Resource temporarily unavailable")
        tries.append("started")
        started.set()
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            refused.append(text)
            raise OSError(28, "No space left on device")

    tries: list[str] = []
    refused: list[str] = []
    monkeypatch.setattr(keeper, "_start", start)
    monkeypatch.setattr(supervisor.log, "handlers", [logging.StreamHandler(Full())])
    monkeypatch.setattr(supervisor.log, "propagate", False)
    thread = threading.Thread(target=keeper._keep, args=("control",))
    thread.start()
    assert started.wait(20)
    keeper._asked_to_stop(15, None)
    thread.join(20)
    assert not thread.is_alive() and tries == ["refused", "started"]
    assert "starting it again" in refused[0]
