"""A parcel circles only while that can still help, and never on a crowded loop."""

from hypothesis import given
from hypothesis import strategies as st

from karez.sorter.recirculation import Hope, LoopLoad, go_round

QUIET = LoopLoad(lap_ms=96_000, carriers=400, occupied=200, coders=1)

loads = st.builds(
    LoopLoad,
    lap_ms=st.none() | st.integers(1_000, 300_000),
    carriers=st.none() | st.integers(1, 1_000),
    occupied=st.integers(0, 1_000),
    coders=st.integers(0, 5),
    coding_ms=st.floats(100, 60_000),
    reread_share=st.floats(0, 1),
)


def test_an_unread_parcel_circles_while_another_picture_may_be_read_and_no_longer() -> None:
    assert [go_round(lap, 3, Hope.PICTURE, QUIET).go_round for lap in (1, 2, 3, 4)] == [True, True, False, False]


def test_without_hope_nothing_circles() -> None:
    assert not go_round(1, 3, Hope.NONE, QUIET).go_round


def test_on_a_crowded_loop_nothing_circles_for_help_and_the_verdict_says_why() -> None:
    crowded = LoopLoad(carriers=400, occupied=360, crowded_share=0.9)
    for hope in (Hope.PICTURE, Hope.PERSON):
        verdict = go_round(1, 3, hope, crowded)
        assert not verdict.go_round and "360 of 400 carriers" in verdict.explanation
    assert go_round(1, 3, Hope.CHUTE, crowded).go_round, "it can be sorted; the inductions are held instead"


def test_nothing_circles_for_pictures_where_they_have_told_nothing_more() -> None:
    assert go_round(1, 3, Hope.PICTURE, LoopLoad(reread_share=0.1)).go_round
    assert not go_round(1, 3, Hope.PICTURE, LoopLoad(reread_share=0.09)).go_round


def test_a_parcel_waits_for_a_person_only_while_the_answer_comes_well_within_a_lap() -> None:
    assert go_round(1, 2, Hope.PERSON, QUIET, ahead=9).go_round  # 10 answers of 3.5 s: 35 of 38.4 s
    late = go_round(1, 2, Hope.PERSON, QUIET, ahead=10)
    assert not late.go_round and "38 s" in late.explanation


def test_more_operators_answer_sooner() -> None:
    two = LoopLoad(lap_ms=96_000, coders=2)
    assert go_round(1, 2, Hope.PERSON, two, ahead=20).go_round


def test_where_nobody_answers_no_parcel_waits_for_an_answer() -> None:
    assert not go_round(1, 6, Hope.PERSON, LoopLoad(lap_ms=96_000, coders=0)).go_round


def test_without_a_known_lap_time_the_laps_alone_decide() -> None:
    unknown = LoopLoad(coders=0)
    assert [go_round(lap, 6, Hope.PERSON, unknown, ahead=900).go_round for lap in (1, 5, 6)] == [True, True, False]


@given(st.integers(1, 60), st.integers(1, 50), st.sampled_from(Hope), loads, st.integers(0, 2_000))
def test_no_parcel_circles_for_ever_and_every_verdict_has_a_reason(
    lap: int, laps: int, hope: Hope, load: LoopLoad, ahead: int
) -> None:
    verdict = go_round(lap, laps, hope, load, ahead)
    assert verdict.explanation
    assert not (verdict.go_round and lap >= laps)


@given(st.integers(1, 5), loads, st.integers(0, 500))
def test_a_longer_queue_never_makes_a_parcel_wait_that_a_shorter_one_would_not(
    lap: int, load: LoopLoad, ahead: int
) -> None:
    longer, shorter = (go_round(lap, 6, Hope.PERSON, load, each).go_round for each in (ahead + 1, ahead))
    assert shorter or not longer
