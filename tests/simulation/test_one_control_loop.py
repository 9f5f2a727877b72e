"""Simulate, demo, bench and the live hub decide by one function: there is no second one, and nobody goes round it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import karez
from karez.domain import events as ev
from karez.hub import induction
from karez.hub.parcel import LiveParcel
from karez.simulation.virtual.rates import NO_FAULT_RATES
from simulation.test_virtual_day import run

SOURCE = Path(karez.__file__).parent


def calls(name: str) -> Iterator[Path]:
    """Modules that call a function of this name."""
    call = re.compile(rf"(?<!def )(?<!class )\b{name}\(")
    for path in sorted(SOURCE.rglob("*.py")):
        if call.search(path.read_text("utf-8")):
            yield path.relative_to(SOURCE)


def test_only_the_control_loop_decides_and_everybody_runs_the_control_loop() -> None:
    assert {str(path) for path in calls("decided")} == {"hub/decisions.py"}
    assert {str(path) for path in calls("Decisions")} == {"hub/control.py"}
    loops = {str(path) for path in calls("Control")}
    assert {"cli/control_process.py", "simulation/virtual/hub.py"} <= loops
    assert loops <= {"cli/control_process.py", "simulation/virtual/hub.py", "hub/replay.py"}


def test_the_demo_starts_the_live_hub_itself() -> None:
    assert '"-m", "karez", "hub"' in (SOURCE / "cli" / "demo.py").read_text("utf-8")


def test_each_parcel_of_a_simulated_day_is_decided_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[str] = []
    usual = induction.decided

    def counted(parcel: LiveParcel, *rest: Any) -> Sequence[ev.Event]:
        decided.append(parcel.parcel)
        return usual(parcel, *rest)

    monkeypatch.setattr(induction, "decided", counted)
    result = run(1, NO_FAULT_RATES, 50)
    assert len(set(decided)) == result.counts["final"] == 50
