"""The supervisor keeps its processes whatever the machine lacks for a while."""

import io
import logging
import signal
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
    keeper._stop.set()
    thread.join(20)
    assert not thread.is_alive() and tries == ["refused", "started"]
    assert "starting it again" in refused[0]


@pytest.mark.parametrize(
    ("how", "lived_s", "pauses_s"),
    [("-9", 5, [0.0, 0.0, 0.0]), ("-9", 1, [0.5, 1.0, 2.0]), ("1", 30, [0.5, 1.0, 2.0]), ("1", 90, [0.0, 0.0, 0.0])],
)
def test_what_was_killed_comes_back_at_once_and_what_fails_again_and_again_waits_longer(
    monkeypatch: pytest.MonkeyPatch, how: str, lived_s: float, pauses_s: list[float]
) -> None:
    kept = Supervisor(Loaded(Settings(), None))
    now, waited = [0.0], list[float]()

    def runs(_role: str) -> str:
        now[0] += lived_s
        return how

    def wait(seconds: float | None = None) -> bool:
        waited.append(seconds or 0.0)
        if len(waited) == len(pauses_s):
            kept._stop.set()
        return kept._stop.is_set()

    monkeypatch.setattr(supervisor, "monotonic", lambda: now[0])
    monkeypatch.setattr(kept, "_run", runs)
    monkeypatch.setattr(kept._stop, "wait", wait)
    kept._keep("control")
    assert waited == pauses_s


def test_a_second_signal_inside_the_first_still_ends_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Supervisor(Loaded(Settings(), None))

    def signals_again(_seconds: float) -> None:
        kept._asked_to_stop(signal.SIGINT, None)
        with kept._stop._cond:  # as where a second one comes while the first is being told
            kept._asked_to_stop(signal.SIGTERM, None)

    monkeypatch.setattr(kept, "_keep", lambda role: kept._stop.wait())
    monkeypatch.setattr(supervisor.time, "sleep", signals_again)
    monkeypatch.setattr(supervisor.signal, "signal", lambda number, handler: None)
    assert kept.run() == 0
