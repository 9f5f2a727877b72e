"""`karez bench reading` as people and scripts run it."""

import json

import pytest
import segno
from typer.testing import CliRunner

from karez.bench import peers, workers
from karez.bench.reading import Wanted, run
from karez.bench.results import plain_lines
from karez.bench.subjects import MAKERS, ZXING
from karez.bench.table import conditions_table
from karez.cli import app
from karez.domain.errors import BadInput, MissingPart
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection


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


def test_a_peer_that_is_not_installed_is_said_and_the_rest_runs(monkeypatch):
    def lacking():
        raise MissingPart("RapidOCR", peers.RAPIDOCR_ADVICE)

    started = workers.SubjectProcess._start
    monkeypatch.setattr(
        workers.SubjectProcess, "_start", lambda self: lacking() if self.name == "rapidocr" else started(self)
    )
    (result,) = run(Wanted(("clean",), 1, 1), lambda *_: None)
    assert "make setup" in result.missing["rapidocr"]
    assert result.scores["karez"].pictures == 1


def test_a_subject_that_dies_on_a_picture_is_replaced_and_the_picture_counts_as_failed(tmp_path):
    missing = tmp_path / "not-there.jpg"
    there = tmp_path / "there.jpg"
    there.write_bytes(b"no picture")
    with workers.SubjectProcess(ZXING) as subject:
        assert subject.read(missing).failed
        assert not subject.read(there).failed


def test_rapidocr_reads_a_label_without_downloading_anything(tmp_path):
    (result,) = run(Wanted(("clean",), 1, 3, peers=("rapidocr",)), lambda *_: None)
    assert result.scores["rapidocr"].pictures == 1
    assert result.scores["rapidocr"].failed == 0


def test_peers_get_credit_for_one_number_and_none_for_two():
    rules = WaybillRules(ReadingSection().companies, lambda _: False)
    one = peers._outcome(["YT4342518558713", "12"], rules)
    two = peers._outcome(["YT4342518558713", "SF7982991275110"], rules)
    assert (one.waybill, two.waybill) == ("YT4342518558713", None)
    assert set(two.seen) == {"YT4342518558713", "SF7982991275110"}


def test_samples_are_counted_folder_by_folder_with_their_false_positives(tmp_path):
    good, empty = tmp_path / "photos" / "qr", tmp_path / "photos" / "nothing"
    good.mkdir(parents=True)
    empty.mkdir()
    segno.make("HELLO KAREZ").save(str(good / "a.png"), scale=6)
    (good / "a.txt").write_text("HELLO KAREZ")
    segno.make("SOMETHING ELSE").save(str(good / "b.png"), scale=6)
    (good / "b.txt").write_text("NOT WHAT IT HOLDS")
    segno.make("YT4342518558713").save(str(empty / "c.png"), scale=6)
    report = tmp_path / "report"
    words = ["bench", "reading", "--samples", str(tmp_path / "photos"), "--json", "--report", str(report)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    rows = {row["folder"]: row for row in record["folders"]}
    assert (rows["qr"]["with_truth"], rows["qr"]["karez_exact"], rows["qr"]["plain_exact"]) == (2, 1, 1)
    assert rows["qr"]["missed"] == ["b.png"]
    assert rows["nothing"]["waybills_without_truth"] == 1
    assert record["total"]["with_truth"] == 2
    page = (report / "reading.html").read_text("utf-8")
    assert "NOT WHAT IT HOLDS" in page
    assert "data:image/jpeg;base64," in page


@pytest.mark.parametrize(("made", "said"), [(False, "not a folder"), (True, "no picture")])
def test_a_folder_without_pictures_is_a_clear_error(tmp_path, made, said):
    folder = tmp_path / "photos"
    if made:
        folder.mkdir()
    with pytest.raises(BadInput, match=said):
        CliRunner().invoke(app, ["bench", "reading", "--samples", str(folder)], catch_exceptions=False)


def test_every_subject_has_a_maker():
    assert {"karez", "karez-codes", "karez-mixed", "zxing-cpp", "rapidocr"} <= set(MAKERS)
