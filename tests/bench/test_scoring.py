"""What counts as identified, wrong, and an exact line."""

import pytest

from karez.bench.outcome import Outcome
from karez.bench.scoring import Score, Truth, mark, ratio_of_medians
from karez.simulation.label_layout import PrintedLine

ONE = Truth(("YT4342518558713",), (PrintedLine("喀什市 人民东路1号", "Hans"), PrintedLine("قەشقەر شەھىرى", "Arab")))
TWO = Truth(("YT4342518558713", "SF7982991275110"))


def test_the_right_number_is_identified_and_not_wrong():
    given = mark(ONE, Outcome("YT4342518558713"))
    assert (given.identified, given.wrong) == (True, False)


def test_a_no_read_is_neither_identified_nor_wrong():
    given = mark(ONE, Outcome(None, why="no_label"))
    assert (given.identified, given.wrong) == (False, False)


def test_another_number_is_wrong():
    given = mark(ONE, Outcome("YT4342518558718"))
    assert (given.identified, given.wrong) == (False, True)


@pytest.mark.parametrize(
    ("outcome", "identified", "wrong"),
    [
        (Outcome(None, ("SF7982991275110", "YT4342518558713")), True, False),
        (Outcome(None, ("SF7982991275110",)), False, False),
        (Outcome("SF7982991275110", ("SF7982991275110", "YT4342518558713")), False, True),
    ],
)
def test_two_different_labels_must_be_told_apart_and_neither_taken(outcome, identified, wrong):
    given = mark(TWO, outcome)
    assert (given.identified, given.wrong) == (identified, wrong)


def test_chinese_is_compared_without_spaces_and_wide_figures_are_figures():
    assert mark(ONE, Outcome(lines=("喀什市人民东路１号",))).lines["zh"] == (1, 1)


def test_between_uyghur_words_a_space_counts_but_not_how_wide_it_is():
    assert mark(ONE, Outcome(lines=("قەشقەر   شەھىرى ",))).lines["ug"] == (1, 1)
    assert mark(ONE, Outcome(lines=("قەشقەرشەھىرى",))).lines["ug"] == (0, 1)


def test_lines_are_found_wherever_they_stand_and_scripts_without_print_count_nothing():
    given = mark(ONE, Outcome(lines=("寄 库尔勒", "قەشقەر شەھىرى", "喀什市 人民东路1号")))
    assert given.lines == {"zh": (1, 1), "ug": (1, 1), "en": (0, 0)}


def test_one_wrong_character_makes_a_line_inexact():
    given = mark(ONE, Outcome(lines=("喀什市人民西路1号", "قەشقەر شەھرى")))
    assert given.lines == {"zh": (0, 1), "ug": (0, 1), "en": (0, 0)}


def scored(*outcomes):
    score = Score()
    for outcome in outcomes:
        score.add(mark(ONE, outcome), outcome)
    return score


def test_sums_hold_every_picture_and_its_time():
    score = scored(Outcome("YT4342518558713", cpu_ms=10), Outcome("SF1", cpu_ms=30), Outcome(failed=True))
    assert (score.pictures, score.identified, score.wrong, score.failed) == (3, 1, 1, 1)
    assert score.lines["zh"] == (0, 3)


def test_a_picture_that_crashed_the_reader_was_not_read_in_no_time():
    score = scored(*[Outcome(cpu_ms=500.0)] * 4, *[Outcome(failed=True, why="Its process died.")] * 6)
    assert (score.median_ms, score.p95_ms) == (500, 500)


def test_where_every_picture_crashed_the_reader_no_time_is_told():
    score = scored(Outcome(failed=True))
    assert (score.median_ms, score.p95_ms) == (None, None)


def test_times_are_compared_over_the_pictures_that_both_read():
    every = scored(*(Outcome(cpu_ms=ms) for ms in (10, 20, 30, 900, 900, 900)))
    few = scored(Outcome(cpu_ms=100), Outcome(failed=True), Outcome(cpu_ms=100))
    assert ratio_of_medians(every, few) == 0.2


def test_without_a_picture_that_both_read_times_are_not_compared():
    assert ratio_of_medians(scored(Outcome(cpu_ms=10)), scored(Outcome(failed=True))) is None


def test_the_first_pictures_of_a_score_can_be_counted_by_themselves():
    first = scored(Outcome("YT4342518558713", cpu_ms=10), Outcome(failed=True), Outcome("SF1", cpu_ms=30)).first(2)
    assert (first.pictures, first.identified, first.wrong, first.failed, first.median_ms) == (2, 1, 0, 1, 10)
