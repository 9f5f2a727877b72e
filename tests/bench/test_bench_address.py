"""`karez bench address` as people and scripts run it."""

import json
import sys

import pytest
from typer.testing import CliRunner

from bench import labelled_rows
from karez.address.gazetteer import Gazetteer
from karez.bench.address import subjects, table
from karez.bench.address.labelled_bench import Wanted, run
from karez.bench.address.scoring import Mark, Reliability, Score, Verdict, reliability
from karez.cli import app
from karez.domain.errors import MissingPart

WORDS = ["bench", "address", "--peers", "none", "--seed", "7"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return labelled_rows.write(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def record(data):
    result = CliRunner().invoke(app, [*WORDS, "--data", str(data), "--kashi", "60", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def shown(data, tmp_path_factory):
    """One noisy run without --json, with a file of what went wrong."""
    path = tmp_path_factory.mktemp("shown") / "failures.tsv"
    words = [*WORDS, "--data", str(data), "--kashi", "200", "--noise", "0.9", "--failures", str(path)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result, [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def test_the_record_says_when_on_what_and_from_which_seed(record):
    assert record["bench"] == "address"
    assert (record["seed"], record["split"], record["noise"], record["limit"]) == (7, "dev", 0.05, None)
    assert record["gazetteer"] == Gazetteer.load().vintage
    assert "cpca" in record["machine"]["packages"]
    assert record["at"].endswith("+00:00")


def test_what_was_left_out_is_counted_and_listed_by_number(record):
    labelled = record["labelled"]
    assert labelled["rows"] == 7
    assert {each["why"]: each["rows"] for each in labelled["left_out"]} == {
        "no district label": [5],
        "[UNK] in the district label": [6],
        "no county of the gazetteer in any year": [7],
    }


def test_every_condition_is_run_on_every_judged_row(record):
    names = [condition["condition"] for condition in record["labelled"]["conditions"]]
    assert names == [
        *("whole", "province dropped", "province and city dropped"),
        *("look-alike noise", "one character dropped", "reader's noise", "district dropped"),
    ]
    assert {condition["n"] for condition in record["labelled"]["conditions"]} == {4}
    whole, _, no_city = record["labelled"]["conditions"][:3]
    (karez,) = whole["subjects"]
    assert (karez["right"], karez["wrong"], karez["sure_and_wrong"]) == (4, 0, 0)
    assert no_city["decidable"] == 3
    assert no_city["subjects"][0]["undecidable"] == {"n": 1, "right": 0, "wrong": 0, "named": 1, "none": 0}


def test_with_the_district_dropped_the_township_tells_the_county_or_nothing_does(record):
    dropped = record["labelled"]["conditions"][-1]
    assert (dropped["n"], dropped["decidable"], dropped["changed"]) == (4, 2, 0)
    (karez,) = dropped["subjects"]
    assert (karez["right_of_decidable"], karez["wrong"], karez["no_place"]) == (2, 0, 2)


def test_rows_that_cannot_be_decided_are_all_in_the_denominator():
    found = {"n": 40, "right": 3, "wrong": 1, "named": 30, "none": 6}
    condition = {"condition": "c", "n": 90, "decidable": 50, "subjects": [{"subject": "karez", "undecidable": found}]}
    (row,) = table.undecidable_table({"labelled": {"conditions": [condition]}}).rows
    assert row == ("c", "karez", "40", "75.00 % (30)", "15.00 % (6)", "10.00 % (4)", "75.0 % (3/4)")


def test_no_text_of_a_labelled_row_is_in_the_record(record):
    assert "人民西路" not in json.dumps(record["labelled"], ensure_ascii=False)


def test_the_table_shows_all_sets(shown):
    for words in ("province and city dropped", "Rows that cannot be decided", "Kashi, drawn", "Kashi, by hand", "0.9"):
        assert words in shown[0].stdout


def test_without_a_terminal_each_step_is_told_once(shown):
    steps = [line for line in shown[0].stderr.splitlines() if line.startswith(("karez: ", "Kashi"))]
    assert "karez: whole" in steps
    assert steps[-1] == "Kashi"
    assert len(steps) == len(set(steps))


def test_what_went_wrong_is_written_where_it_is_asked_for(shown):
    head, *lines = shown[1]
    assert head == ["set", "kind", "what", "address", "truth", "answer", "confidence", "reason"]
    assert {len(line) for line in lines} == {len(head)}
    kinds = {line[1] for line in lines if line[0].startswith("row ")}
    assert "look-alike noise" in kinds
    assert "district dropped" not in kinds  # two rows are without a place there, and that is no fault


def test_one_set_can_be_run_alone_and_needs_no_folder():
    result = CliRunner().invoke(app, [*WORDS, "--only", "kashi", "--kashi", "10", "--json"])
    record = json.loads(result.stdout)
    assert record["labelled"] is None
    assert record["kashi_drawn"]["n"] == 10


def test_labels_of_parts_are_judged_where_the_folder_holds_them(data, tmp_path):
    folder = labelled_rows.write_parts(tmp_path)
    words = [*WORDS, "--data", str(folder), "--only", "parts"]
    parts = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["parts"]
    assert (parts["addresses"], parts["true"]) == (2, 6)
    assert parts["right"] == sum(each["right"] for each in parts["labels"]) > 0
    shown = CliRunner().invoke(app, words).stdout
    assert "roadno" in shown and "89.9 %" in shown
    without = CliRunner().invoke(app, [*WORDS, "--data", str(data), "--kashi", "10", "--json"])
    assert json.loads(without.stdout)["parts"] is None
    assert "ncap/dev.txt" in without.stderr


def test_a_fresh_seed_is_told_and_makes_the_same_again(data):
    words = ["bench", "address", "--only", "kashi", "--kashi", "20", "--json"]
    fresh = CliRunner().invoke(app, words)
    record = json.loads(fresh.stdout)
    assert f"seed: {record['seed']}" in fresh.stderr
    again = json.loads(CliRunner().invoke(app, [*words, "--seed", str(record["seed"])]).stdout)
    assert again["kashi_drawn"] == record["kashi_drawn"]


def test_figures_are_kept_beside_the_code(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "benchmarks").mkdir()
    assert CliRunner().invoke(app, [*WORDS, "--data", str(data), "--only", "labelled"]).exit_code == 0
    text, document = sorted((tmp_path / "benchmarks" / "results").iterdir(), key=lambda path: path.suffix, reverse=True)
    assert text.name.startswith("address-") and text.name.endswith("-seed7.txt")
    assert "Karez: right, by the confidence it gave" in text.read_text("utf-8")
    assert json.loads(document.read_text("utf-8"))["bench"] == "address"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--data", "/nowhere"], "swei412/dev.txt"),
        (["--data", ".", "--split", "test"], "swei412/test.txt"),
        (["--only", "labelled"], "--data"),
        (["--only", "parts"], "--data"),
        (["--only", "parts", "--data", "."], "ncap/dev.txt"),
        (["--only", "streets"], "labelled, kashi, parts"),
        (["--peers", "some"], "all, cpca, none"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_is(words, what):
    result = CliRunner().invoke(app, ["bench", "address", *words])
    assert result.exit_code != 0
    assert what in str(result.exception)


def test_a_limit_draws_so_many_rows_by_the_seed(data):
    wanted = Wanted(data, "dev", 0.05, 3, limit=2, peers=())
    result = run(wanted, Gazetteer.load(), lambda *_: None)
    assert {len(condition.texts) for condition in result.conditions} == {2}
    assert len(result.truths) == 2


def test_a_peer_that_is_missing_is_told_and_the_others_run(data, monkeypatch):
    monkeypatch.setattr(subjects.importlib.util, "find_spec", lambda name: None)
    result = run(Wanted(data, "dev", 0.05, 3), Gazetteer.load(), lambda *_: None)
    assert set(result.missing) == {"cpca", "jionlp"}
    assert "make setup" in result.missing["cpca"]
    assert set(result.scores["whole"]) == {"karez"}


def test_a_peer_that_lacks_what_it_imports_says_what(monkeypatch):
    monkeypatch.setitem(sys.modules, "pkg_resources", None)
    monkeypatch.setitem(sys.modules, "cpca", None)
    with pytest.raises(MissingPart, match=r"cpca.*make setup"):
        subjects.peer("cpca")


@pytest.mark.parametrize("name", subjects.PEERS)
def test_a_peer_answers_in_its_own_words_and_is_silent(name, capfd):
    texts = ["新疆喀什地区喀什市色满路12号", "广东省东莞市虎门镇", "", "😀"]
    answers = subjects.peer(name).answer(texts)
    assert [(each.province, each.county) for each in answers[:1]] == [("新疆维吾尔自治区", "喀什市")]
    assert [each.county for each in answers[1:]] == [None, None, None]
    assert capfd.readouterr().out == ""


def score(*marks):
    return Score(list(marks))


def test_a_score_counts_sure_answers_over_all_rows_and_over_the_decidable():
    scored = score(
        Mark(1, Verdict.RIGHT, True, 0.99),
        Mark(2, Verdict.WRONG, True, 0.95),
        Mark(3, Verdict.WRONG, False, 0.96),
        Mark(4, Verdict.WRONG, True, 0.94),
        Mark(5, Verdict.NAMED, False),
    )
    assert (scored.sure_and_wrong, scored.sure_of_decidable, scored.decidable) == (2, 2, 3)
    assert scored.count(Verdict.WRONG) == 3
    assert scored.count(Verdict.WRONG, Verdict.NAMED, decidable=False) == 2


def test_reliability_counts_right_answers_by_the_confidence_given():
    marks = [Mark(1, Verdict.RIGHT, True, 0.9), Mark(2, Verdict.WRONG, True, 0.9), Mark(3, Verdict.RIGHT, True, 0.99)]
    assert reliability([*marks, Mark(4, Verdict.NAMED, False)]) == [Reliability(0.99, 1, 1), Reliability(0.9, 2, 1)]


def test_the_reliability_table_adds_the_conditions_up(record):
    shown = table.reliability_table(record)
    given = {(each["confidence"]) for c in record["labelled"]["conditions"] for each in c["subjects"][0]["reliability"]}
    assert [row[0] for row in shown.rows] == [f"{each:.2f}" for each in sorted(given, reverse=True)]
    assert len(shown.heads) == len(shown.rows[0]) == 9
