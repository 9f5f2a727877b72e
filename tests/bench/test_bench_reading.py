"""`karez bench reading` as people and scripts run it."""

import json
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from karez.bench import peers, reading, workers
from karez.bench.pictures import draw
from karez.bench.reading import Wanted
from karez.bench.records import conditions_record
from karez.bench.results import plain_lines
from karez.bench.subjects import KAREZ, MAKERS, RAPIDOCR
from karez.bench.table import conditions_table
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
    record = conditions_record([result], Wanted(("clean",), 1, 1), datetime(2026, 11, 26, tzinfo=UTC))
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
