"""`karez bench loop` as people and scripts run it, and the files that it reads and writes."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from typer.testing import CliRunner

from docs.shelf import ROOT, script
from karez.bench.loop import chart, instances, table
from karez.bench.loop.format import ResultFile, read
from karez.cli import app
from karez.domain.errors import BadInput
from karez.simulation.planning.policy import POLICIES

HOME = ROOT / "benchmarks" / "loop"
FOLDER = HOME / "instances"
NAMES = instances.names(FOLDER)
REFERENCE = json.loads((HOME / "reference.json").read_text("utf-8"))


def bench(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["bench", "loop", "--folder", str(FOLDER), "--no-figures", *words])
    return done.exit_code, done.stdout


@pytest.fixture(scope="module")
def record():
    code, told = bench("--instance", "2-county", "--json")
    assert code == 0, told
    return json.loads(told)


def test_the_record_says_when_on_what_and_of_which_drawing(record):
    assert (record["bench"], record["seed"]) == ("loop", None)
    assert record["at"].endswith("+00:00")
    assert record["machine"]["packages"]["numba"]
    (county,) = record["instances"]
    assert (county["instance"], county["seed"], county["parcels"]) == ("2-county", 2002, 1500)
    assert [one["policy"] for one in county["policies"]] == list(POLICIES)
    assert all(one["valid"] and one["times_real_time"] > 0 for one in county["policies"])


def test_the_table_has_a_row_for_each_policy_with_a_figure_under_each_head(record):
    shown = table.runs_table(record)
    assert [row[1] for row in shown.rows] == list(POLICIES)
    assert {len(row) for row in shown.rows} == {len(shown.heads)}


def test_the_chart_has_a_dot_for_each_policy_and_says_its_share(record):
    drawing = ElementTree.fromstring(chart.drawn(record))
    titles = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}title")]
    (county,) = record["instances"]
    shares = [f"{100 * one['recirculating_share']:.2f} %" for one in county["policies"]]
    assert [title.rpartition(": ")[2] for title in titles] == shares


def test_another_seed_draws_another_day_and_the_same_seed_the_same():
    published, other, again = (instances.opened(FOLDER, "2-county", seed) for seed in (None, 9, 9))
    assert published.sha256 != other.sha256 == again.sha256


@pytest.mark.parametrize("name", NAMES)
def test_every_instance_keeps_to_the_schema_that_lies_beside_it(name):
    beside = json.loads((HOME / "instance.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((FOLDER / f"{name}.json").read_text("utf-8")), beside)


@pytest.mark.parametrize("name", ["instance.schema.json", "result.schema.json", "README.md"])
def test_what_the_script_writes_lies_in_the_folder(name):
    assert (HOME / name).read_text("utf-8") == script("loop_benchmark").made()[name], "run scripts/loop_benchmark.py"


def test_there_are_six_and_they_are_small_files():
    assert len(NAMES) == 6
    assert sum(path.stat().st_size for path in HOME.rglob("*")) < 200_000


def comes_out_again(name: str) -> None:
    code, told = bench("--instance", name, "--json")
    assert code == 0
    (again,) = json.loads(told)["instances"]
    assert again["sha256"] == REFERENCE[name]["sha256"]
    for one in again["policies"]:
        expected = REFERENCE[name]["policies"][one["policy"]]
        assert {field: one[field] for field in expected} == expected


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_reference_results_come_out_again(name):
    comes_out_again(name)


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES[3:])
def test_the_reference_results_of_the_large_instances_come_out_again(name):
    comes_out_again(name)


@pytest.fixture(scope="module")
def entered(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("entered") / "result.json"
    code, told = bench("--instance", "1-by-hand", "--policy", "karez", "--result", str(path), "--json")
    assert code == 0, told
    return path


def test_a_written_result_keeps_to_its_schema_and_scores_as_the_run_did(entered):
    beside = json.loads((HOME / "result.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(entered.read_text("utf-8")), beside)
    code, told = bench("--score", str(entered), "--instance", "1-by-hand", "--json")
    scored = json.loads(told)
    assert (code, scored["valid"], scored["by"]) == (0, True, "karez karez")
    ran = REFERENCE["1-by-hand"]["policies"]["karez"]
    assert scored["recirculating_share"] == ran["recirculating_share"]


def test_a_result_that_cannot_have_happened_is_told_and_ends_with_1(entered, tmp_path):
    told = json.loads(entered.read_text("utf-8"))
    told["parcels"][0][4] += 1
    lie = tmp_path / "lie.json"
    lie.write_text(json.dumps(told), "utf-8")
    code, shown = bench("--score", str(lie))
    assert code == 1
    assert "cannot have happened: parcel 0 leaves when its carrier is not there" in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"instance": "2-county"},
        {"parcels": []},
        {"coding": [[0, 7, 100]]},
        {"coding": [[3, 0, 4500], [3, 0, 9000]]},
    ],
    ids=["instance", "count", "coder", "twice"],
)
def test_a_result_of_something_else_is_refused(entered, tmp_path, changes):
    told = {**json.loads(entered.read_text("utf-8")), **changes}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(told), "utf-8")
    done = CliRunner().invoke(
        app, ["bench", "loop", "--folder", str(FOLDER), "--score", str(other), "--instance", "1-by-hand"]
    )
    assert isinstance(done.exception, BadInput)


def test_a_file_of_another_format_is_refused_naming_the_field(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"instance": "1-by-hand", "by": "me", "parcels": [], "answers": 3}', "utf-8")
    with pytest.raises(BadInput, match="answers"):
        read(ResultFile, bad)


def test_an_instance_drawn_with_another_digest_than_its_own_is_refused(tmp_path):
    told = json.loads((FOLDER / "2-county.json").read_text("utf-8"))
    told["recipe"]["parcels"] += 1
    (tmp_path / "2-county.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(BadInput, match="another SHA-256"):
        instances.opened(tmp_path, "2-county")


@pytest.mark.parametrize("words", [("--instance", "7-none"), ("--policy", "clever"), ("--folder", "nowhere")])
def test_what_is_not_there_is_said(words):
    done = CliRunner().invoke(app, ["bench", "loop", "--folder", str(FOLDER), "--no-figures", *words])
    assert isinstance(done.exception, BadInput)
