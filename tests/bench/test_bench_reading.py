"""`karez bench reading` as people and scripts run it."""

import json
import secrets
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from karez.bench import peers, reading, workers
from karez.bench.checkout import Code
from karez.bench.notes import machine_line
from karez.bench.outcome import Outcome
from karez.bench.pictures import draw
from karez.bench.reading import Wanted
from karez.bench.records import conditions_record
from karez.bench.results import keep, plain_lines
from karez.bench.scoring import Score, Truth, mark
from karez.bench.subjects import CODES, KAREZ, MAKERS, RAPIDOCR, ZXING
from karez.bench.table import conditions_table
from karez.bench.throughput import Throughput
from karez.cli import app
from karez.domain.errors import BadInput, MissingPart


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One small run through the command line, with a report."""
    folder = tmp_path_factory.mktemp("bench")
    words = ["bench", "reading", "--condition", "clean", "--n", "3", "--peers", "zxing", "--json"]
    result = CliRunner().invoke(app, [*words, "--seed", "7", "--report", str(folder / "report")])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), (folder / "report" / "reading.html").read_text("utf-8")


def test_every_subject_read_every_picture_and_its_time_was_taken(ran):
    record, _ = ran
    (condition,) = record["conditions"]
    assert [subject["subject"] for subject in condition["subjects"]] == ["karez", "karez-codes", "zxing-cpp"]
    assert {subject["n"] for subject in condition["subjects"]} == {3}
    assert all(subject["cpu_ms"]["median"] > 0 for subject in condition["subjects"])


def test_clean_labels_are_identified_with_their_lines(ran):
    record, _ = ran
    karez = record["conditions"][0]["subjects"][0]
    assert (karez["identified"], karez["wrong"]) == (3, 0)
    assert karez["lines"]["zh"]["of"] + karez["lines"]["ug"]["of"] + karez["lines"]["en"]["of"] >= 3


def test_seed_machine_and_date_stand_with_the_figures(ran):
    record, page = ran
    assert record["seed"] == 7
    assert record["machine"]["cores"] >= 1
    assert record["at"][:2] == "20"
    assert "seed 7" in page


def test_the_table_has_a_row_for_each_subject(ran):
    record, _ = ran
    lines = plain_lines(conditions_table(record))
    assert [line.split()[1] for line in lines[1:]] == ["karez", "karez-codes", "zxing-cpp"]


AT = datetime(2026, 11, 26, tzinfo=UTC)
NUMBER = "YT4342518558713"
CRASHED = Outcome(failed=True, why="Its process died on the picture.")


def scored(*outcomes):
    score = Score()
    for outcome in outcomes:
        score.add(mark(Truth((NUMBER,)), outcome), outcome)
    return score


@pytest.fixture
def uneven():
    """RapidOCR read two pictures of four, the easy ones; Karez failed on the last."""
    karez = [*(Outcome(NUMBER, cpu_ms=ms) for ms in (100.0, 100.0, 900.0)), CRASHED]
    scores = {
        KAREZ: scored(*karez),
        CODES: scored(*karez),
        ZXING: scored(*(Outcome(cpu_ms=50.0) for _ in range(4))),
        RAPIDOCR: scored(Outcome(NUMBER, cpu_ms=1000.0), Outcome(NUMBER, cpu_ms=1000.0)),
    }
    result = reading.ConditionResult("clean", scores, Throughput(20.0, 40.0, failed=1))
    return conditions_record([result], Wanted(("clean",), 4, 5, peer_n=2), AT)


def test_times_and_counts_stand_beside_the_slow_peers_over_the_same_pictures(uneven):
    (condition,) = uneven["conditions"]
    common = condition["common_pictures"]
    assert (uneven["n"], uneven["peer_n"], common["n"]) == (4, 2, 2)
    assert {subject["n"] for subject in common["subjects"]} == {2}
    assert [subject["cpu_ms"]["median"] for subject in common["subjects"]] == [100, 100, 50, 1000]
    assert condition["whole_label_to_rapidocr"] == 0.1
    assert condition["codes_only_to_zxing"] == 2


def test_the_table_has_karez_once_more_on_the_pictures_that_the_slow_peer_read(uneven):
    rows = [row[1:6] for row in conditions_table(uneven).rows]
    assert rows == [
        ("karez", "4", "75.0 % (3/4)", "0", "1"),
        ("karez-codes", "4", "75.0 % (3/4)", "0", "1"),
        ("zxing-cpp", "4", "0.0 % (0/4)", "0", "0"),
        ("rapidocr", "2", "100.0 % (2/2)", "0", "0"),
        ("karez, the same 2", "2", "100.0 % (2/2)", "0", "0"),
    ]


def test_crashed_pictures_have_a_column_and_those_of_the_two_workers_a_note(uneven):
    assert conditions_table(uneven).heads[5] == "failed"
    assert uneven["conditions"][0]["two_workers_failed"] == 1
    assert any("two workers crashed or hung on 1 pictures" in note for note in uneven["notes"])


def test_where_every_picture_crashed_no_time_stands_in_table_or_record():
    result = reading.ConditionResult("clean", {CODES: scored(CRASHED)}, Throughput(0.0, None, failed=1))
    record = conditions_record([result], Wanted(("clean",), 1, 5), AT)
    (row,) = conditions_table(record).rows
    assert record["conditions"][0]["subjects"][0]["cpu_ms"] == {"median": None, "p95": None}
    assert row[-4:] == ("–", "–", "0.0", "–")


def test_the_record_says_what_its_words_mean_and_which_models_rapidocr_runs(uneven, ran):
    notes = " ".join(uneven["notes"])
    assert "wrong: a number was taken that is not the parcel's" in notes
    assert "default models, made for Chinese and English" in notes
    assert "two-labels" not in notes, "a condition that was not run"
    assert "default models" not in " ".join(ran[0]["notes"]), "a peer that was not run"
    result = reading.ConditionResult("two-labels", {KAREZ: scored(Outcome(NUMBER, cpu_ms=1.0))})
    told = conditions_record([result], Wanted(("two-labels",), 1, 5), AT)["notes"]
    assert any(note.startswith("two-labels: ") for note in told)


def test_the_commit_that_was_measured_stands_in_the_record(ran):
    record, _ = ran
    with_code = conditions_record([], Wanted((), 1, 5), AT, Code("a" * 40, changed=True))
    assert (with_code["commit"], with_code["changed"]) == ("a" * 40, True)
    assert machine_line(with_code).endswith(" at aaaaaaaaaaaa with changes")
    assert (record["commit"] is None) == (record["changed"] is None)


def test_without_a_seed_a_fresh_one_is_drawn_told_and_used(monkeypatch):
    drawn, wanted = iter([4711, 815]), []
    monkeypatch.setattr(secrets, "randbelow", lambda below: next(drawn))
    monkeypatch.setattr(reading, "run", lambda given, _: wanted.append(given) or iter(()))
    told = [CliRunner().invoke(app, ["bench", "reading", "--condition", "clean", "--json"]) for _ in range(2)]
    assert [given.seed for given in wanted] == [4711, 815]
    assert [json.loads(each.stdout)["seed"] for each in told] == [4711, 815]
    assert "seed: 4711" in told[0].stderr


def test_results_of_two_runs_in_one_minute_are_both_kept(tmp_path, uneven):
    drawn = conditions_table(uneven)
    kept = [keep(tmp_path, "reading-2026", {**uneven, "run": run}, drawn, []) for run in (1, 2, 3)]
    assert [path.name for path in kept] == ["reading-2026.txt", "reading-2026-2.txt", "reading-2026-3.txt"]
    assert [json.loads(path.with_suffix(".json").read_text("utf-8"))["run"] for path in kept] == [1, 2, 3]


def test_an_unknown_condition_is_named_with_those_that_are_known():
    with pytest.raises(BadInput, match=r"foggy.*one of: clean, rotated"):
        CliRunner().invoke(app, ["bench", "reading", "--condition", "foggy"], catch_exceptions=False)


def test_a_peer_that_is_not_installed_is_said_in_the_table_with_how_to_install_it(monkeypatch):
    def lacking(_):
        raise MissingPart("RapidOCR", peers.RAPIDOCR_ADVICE)

    monkeypatch.setattr(workers.SubjectProcess, "_start", lacking)
    with ExitStack() as stack:
        started, missing = reading._started(stack, (RAPIDOCR,))
    result = reading.ConditionResult("clean", missing=missing)
    record = conditions_record([result], Wanted(("clean",), 1, 1), AT)
    (row,) = conditions_table(record).rows
    assert not started
    assert row[:3] == ("clean", "rapidocr", "not run")
    assert "make setup" in row[3]


def test_karez_itself_must_be_there(monkeypatch):
    def lacking(_):
        raise MissingPart("weights", "run `make setup`")

    monkeypatch.setattr(workers.SubjectProcess, "_start", lacking)
    with ExitStack() as stack, pytest.raises(MissingPart, match="weights"):
        reading._started(stack, (KAREZ,))


def test_two_workers_are_timed_on_the_wall_and_by_processor(ran):
    record, page = ran
    (condition,) = record["conditions"]
    speeds = condition["two_workers_pictures_per_s"], condition["two_workers_pictures_per_s_by_cpu"]
    assert min(speeds) > 0
    assert all(f"<td>{speed}</td>" in page for speed in speeds)


def test_another_seed_draws_other_pictures_and_the_same_seed_the_same(tmp_path):
    once, again, other = (draw("clean", 1, seed, _made(tmp_path / str(n)), lambda _: None)[0] for n, seed in TRIES)
    assert once.path.read_bytes() == again.path.read_bytes() != other.path.read_bytes()
    assert once.truth == again.truth != other.truth


TRIES = ((1, 5), (2, 5), (3, 6))


def _made(folder):
    folder.mkdir()
    return folder


def test_every_subject_has_a_maker():
    assert {"karez", "karez-codes", "karez-mixed", "zxing-cpp", "rapidocr"} <= set(MAKERS)


def test_ctrl_c_leaves_the_conditions_that_were_read(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    whole_run = reading.run

    def interrupted(wanted, progress):
        yield next(whole_run(wanted, progress))
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "run", interrupted)
    command = ["bench", "reading", "--condition", "clean", "--condition", "tilt", "--n", "1", "--peers", "none"]
    done = CliRunner().invoke(app, [*command, "--seed", "3", "--report", str(tmp_path / "page")])
    assert done.exit_code == 130
    assert "interrupted: 1 of 2 conditions were read" in done.stdout
    assert (tmp_path / "page" / "reading.html").is_file()


def test_a_report_that_cannot_be_written_is_said_before_anything_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(reading, "run", lambda *_: pytest.fail("it began"))
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(app, ["bench", "reading", "--report", str(tmp_path / "file" / "page")])
    assert isinstance(done.exception, BadInput)
    assert "--report" in str(done.exception)
