"""What is installed, said part by part; weights are the pinned bytes or they are not used."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from karez.domain.errors import MissingPart
from karez.reading import networks, uyghur, weights
from karez.reading.engines import inventory


def test_everything_needed_is_here() -> None:
    assert [part.name for part in inventory() if part.needed and not part.present] == []


def test_other_bytes_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forged = tmp_path / "det.onnx"
    forged.write_bytes(b"something else")
    monkeypatch.setattr(weights, "locate", lambda weight: forged)
    with pytest.raises(MissingPart, match="sha256"):
        weights.content(weights.DETECTOR)
    parts = {part.name: part for part in inventory()}
    assert not parts[weights.DETECTOR.name].present
    assert "make setup" in parts[weights.DETECTOR.name].advice


def test_a_missing_model_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "locate", lambda weight: None)
    part = next(part for part in inventory() if part.name == weights.UYGHUR.name)
    assert not part.present
    assert part.detail == "not in package karez.reading"
    with pytest.raises(MissingPart, match="Uyghur"):
        uyghur.UyghurRecogniser("auto")


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two cores")
def test_a_running_network_leaves_its_thread_free_to_run_on_any_core() -> None:
    network = networks.load(weights.DETECTOR, "auto")
    batch = np.zeros((1, 3, 320, 320), np.float32)
    network(batch)
    worker, free = threading.get_native_id(), os.sched_getaffinity(0)
    seen: list[set[int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.0005):
            seen.append(os.sched_getaffinity(worker))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(100):
        network(batch)
    done.set()
    watcher.join()

    assert len(seen) > 10
    assert all(cores == free for cores in seen)


def test_onnxruntime_leaves_no_identifier_and_sends_nothing(tmp_path: Path) -> None:
    # Its telemetry makes a folder at home before it sends anything; a variable CI would silence it too.
    script = "from karez.reading import networks, weights; networks.load(weights.UYGHUR, 'onnxruntime')"
    environment = {key: value for key, value in os.environ.items() if key != "CI" and not key.startswith("XDG_")}

    subprocess.run([sys.executable, "-c", script], check=True, env={**environment, "HOME": str(tmp_path)})

    assert list(tmp_path.iterdir()) == []
