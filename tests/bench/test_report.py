"""The page of a run: the table, and each picture that fell short with its reason."""

from pathlib import Path

from karez.bench.outcome import Outcome
from karez.bench.pictures import Shot
from karez.bench.reading import ConditionResult, Failure, _keep
from karez.bench.report import conditions_page, samples_page
from karez.bench.samples import FolderResult, Missed
from karez.bench.scoring import Truth, mark
from karez.bench.table import Table
from karez.simulation.label_layout import PrintedLine

LINES = (PrintedLine("喀什市人民东路1号", "Hans"), PrintedLine("قەشقەر شەھىرى", "Arab"))
SHOT = Shot(Path("hard-00007.jpg"), Truth(("YT4342518558713",), LINES), {"tilt_deg": 28.25, "glares": 0, "surface": ""})


def page_of(outcome):
    failure = Failure(SHOT, b"the picture", outcome, mark(SHOT.truth, outcome))
    result = ConditionResult("hard", failures=[failure])
    return conditions_page(Table(("condition",), [("hard",)]), ["seed 7"], [result])


def test_a_no_read_shows_its_picture_and_says_why():
    page = page_of(Outcome(None, why="no_waybill: Only <one> print."))
    for words in ("hard-00007", "dGhlIHBpY3R1cmU=", "not identified", "Only &lt;one&gt; print.", "tilt_deg 28.25"):
        assert words in page
    assert "glares" not in page


def test_a_wrong_number_stands_beside_the_true_one():
    page = page_of(Outcome("YT4342518558718"))
    assert "YT4342518558718 – a wrong number was taken" in page
    assert "YT4342518558713" in page


def test_lines_not_read_exactly_are_shown_and_those_read_are_not():
    page = page_of(Outcome("YT4342518558713", lines=("喀什市 人民东路1号", "قەشقەر شەھرى")))
    assert "قەشقەر شەھىرى" in page
    assert "قەشقەر شەھرى" in page
    assert "人民东路" not in page
    assert "not identified" not in page


def test_the_page_needs_nothing_from_outside():
    page = page_of(Outcome(None, why="none"))
    assert "http" not in page
    assert "<script" not in page


def test_a_sample_that_gave_other_texts_is_shown_once():
    both = Missed(Path("a.png"), "A", Outcome(texts=("A", "B")), b"the picture")
    neither = Missed(Path("c.png"), "C", Outcome(texts=("D",)), b"the picture")
    page = samples_page(Table((), []), [], [FolderResult("ean", missed=[neither], with_others=[both, neither])])
    assert "ean: other texts read beside the true one" in page
    assert (page.count('<dd class="" dir="auto">a.png'), page.count('<dd class="" dir="auto">c.png')) == (1, 1)


def test_a_picture_with_all_read_is_not_kept():
    kept = []
    outcome = Outcome("YT4342518558713", lines=("喀什市人民东路1号", "قەشقەر شەھىرى"))
    _keep(kept, SHOT, outcome, mark(SHOT.truth, outcome))
    assert kept == []


def test_wrong_numbers_are_kept_before_no_reads_and_those_before_lines(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"the picture")
    shot = Shot(path, SHOT.truth, {})
    kept = []
    for outcome in (Outcome("YT4342518558713"), *[Outcome(None)] * 12, Outcome("YT4342518558718")):
        _keep(kept, shot, outcome, mark(shot.truth, outcome))
    assert [failure.outcome.waybill for failure in kept] == ["YT4342518558718", *[None] * 11]
