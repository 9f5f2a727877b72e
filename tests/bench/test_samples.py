"""Folders of photographs with truth beside them."""

import json
from datetime import UTC, datetime

import pytest
import segno
from typer.testing import CliRunner

from karez.bench.outcome import Outcome
from karez.bench.records import samples_record
from karez.bench.samples import FolderResult, Tally, truth_of
from karez.bench.table import samples_table
from karez.cli import app
from karez.domain.errors import BadInput


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Two codes with truth, one of them wrong; a waybill where nothing stands beside."""
    folder = tmp_path_factory.mktemp("bench") / "photos"
    good, empty = folder / "qr", folder / "nothing"
    good.mkdir(parents=True)
    empty.mkdir()
    for path, text, truth in (
        (good / "a.png", "HELLO KAREZ", "HELLO KAREZ"),
        (good / "b.png", "SOMETHING ELSE", "NOT WHAT <IT> HOLDS"),
        (empty / "c.png", "YT4342518558713", None),
    ):
        segno.make(text).save(str(path), scale=6)
        if truth:
            path.with_suffix(".txt").write_text(truth)
    (good / "a.result.txt").write_text("a file for other programs")
    return folder


@pytest.fixture(scope="module")
def ran(photos):
    report = photos.parent / "report"
    words = ["bench", "reading", "--samples", str(photos), "--json", "--report", str(report)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), (report / "reading.html").read_text("utf-8")


def test_exact_texts_are_counted_folder_by_folder_beside_the_plain_call(ran):
    record, _ = ran
    rows = {row["folder"]: row for row in record["folders"]}
    assert (rows["qr"]["with_truth"], rows["qr"]["karez_exact"], rows["qr"]["plain_exact"]) == (2, 1, 1)
    assert rows["qr"]["missed"] == ["b.png"]
    assert record["total"]["with_truth"] == 2


def test_a_waybill_taken_where_there_is_no_truth_is_counted_and_named(ran):
    record, page = ran
    (row,) = (row for row in record["folders"] if row["folder"] == "nothing")
    assert (row["with_truth"], row["without_truth"], row["waybills_without_truth"]) == (0, 1, 1)
    assert row["accepted"] == ["c.png"]
    assert "YT4342518558713" in page


def test_the_page_shows_the_missed_picture_with_its_truth_and_what_was_read(ran):
    _, page = ran
    assert "NOT WHAT &lt;IT&gt; HOLDS" in page
    assert "SOMETHING ELSE" in page
    assert page.count("data:image/jpeg;base64,") == 2


def test_texts_that_do_not_stand_beside_the_picture_are_counted_and_the_picture_named(ran):
    record, _ = ran
    rows = {row["folder"]: row for row in record["folders"]}
    assert rows["qr"]["other_texts"] == {"karez": 1, "plain": 1}
    assert rows["qr"]["with_other_texts"] == ["b.png"]
    assert rows["nothing"]["other_texts"] == {"karez": 0, "plain": 0}, "without truth nothing can be told"
    assert record["total"]["other_texts"] == {"karez": 1, "plain": 1}
    assert any("other texts: " in note for note in record["notes"])


def test_a_text_beside_the_true_one_is_another_text_and_the_picture_is_read_exactly():
    tally = Tally()
    tally.add("5030159003930", Outcome(texts=("5030159003930", "7034759003930", "7034759003930"), cpu_ms=5.0))
    assert (tally.exact, tally.others) == (1, 1)


def test_a_picture_that_crashed_the_reader_costs_no_time_and_is_counted():
    result = FolderResult("qr", with_truth=3)
    for outcome in (Outcome(texts=("A",), cpu_ms=500.0), Outcome(failed=True), Outcome(failed=True)):
        result.karez.add("A", outcome)
        result.plain.add("A", Outcome(failed=True))
    record = samples_record([result], "photos", datetime(2026, 11, 26, tzinfo=UTC))
    (row,) = record["folders"]
    assert (row["karez_exact"], row["failed"]) == (1, {"karez": 2, "plain": 3})
    assert row["cpu_ms"] == {"karez": 500, "plain": None}
    assert samples_table(record).rows[0][-3:] == ("2 + 3", "500.0", "–")


def test_a_line_feed_belongs_to_the_truth_and_its_bytes_are_kept(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\x1d")
    assert truth_of(tmp_path / "a.png") == "one\r\ntwo\x1d"
    assert truth_of(tmp_path / "b.png") is None


@pytest.mark.parametrize(("made", "said"), [(False, "not a folder"), (True, "no picture")])
def test_a_folder_without_pictures_is_a_clear_error(tmp_path, made, said):
    folder = tmp_path / "photos"
    if made:
        folder.mkdir()
    with pytest.raises(BadInput, match=said):
        CliRunner().invoke(app, ["bench", "reading", "--samples", str(folder)], catch_exceptions=False)
