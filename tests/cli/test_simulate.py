"""`karez simulate`: what it prints, how it ends, and that its shards come again by their number."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from karez.cli import app, simulate
from karez.domain.errors import BadInput
from karez.simulation.virtual.report import INVARIANTS
from karez.simulation.virtual.shard import ShardResult

FIELDS = (
    *("parcels", "final", "without_final_state", "double_diverts", "missorted_by_software", "missorted_injected"),
    *("detected", "missorted_silent", "read_rate", "recirculating_share", "laps_mean", "exception", "seconds"),
    "times_real_time",
)


def test_the_report_has_its_fields_and_no_parcel_is_lost_under_all_faults() -> None:
    answer = CliRunner().invoke(app, ["simulate", "--parcels", "300", "--faults", "all", "--processes", "1", "--json"])
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.stdout)
    assert list(figures)[: len(FIELDS)] == list(FIELDS)
    assert figures["parcels"] == figures["final"] == 300
    assert not any(figures[name] for name in INVARIANTS if name in figures)
    assert figures["times_real_time"] > 1


def test_an_offence_is_told_with_what_shows_it_again_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = ShardResult(3, told=["double_diverts: parcel 7"])
    bad.counts["double_diverts"] = 1
    monkeypatch.setattr(simulate, "run_shards", lambda *_: [bad])
    answer = CliRunner().invoke(app, ["simulate", "--parcels", "50000", "--seed", "9"])
    assert answer.exit_code == 1
    assert "double_diverts: parcel 7" in answer.stderr
    assert "--seed 9 --shards 5 --shard 3" in answer.stderr


def test_faults_that_are_no_file_are_a_sentence(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["simulate", "--faults", str(tmp_path / "none.toml")])
    assert "none.toml: there is no such file" in str(answer.exception)


def test_a_policy_of_the_planning_model_beside_sorts_the_same_parcels() -> None:
    words = "simulate --processes 1 --parcels 300 --stations 2 --chutes-each 2 --no-read 0.05"
    words += " --beside greedy --beside karez"
    answers = [CliRunner().invoke(app, [*words.split(), *form]) for form in ([], ["--json"])]
    assert [each.exit_code for each in answers] == [0, 0], answers[0].output
    assert "greedy recirculating_share" in answers[0].stdout
    told = json.loads(answers[1].stdout)
    assert list(told["beside"]) == ["greedy", "karez"]
    assert 0 < told["recirculating_share"] < told["beside"]["greedy"]["recirculating_share"]


def test_a_policy_that_is_not_known_is_a_sentence() -> None:
    answer = CliRunner().invoke(app, ["simulate", "--beside", "hope"])
    assert isinstance(answer.exception, BadInput)
    assert "no policy is called 'hope'" in str(answer.exception)
