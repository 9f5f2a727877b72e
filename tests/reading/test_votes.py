"""One field read in several frames."""

from hypothesis import given
from hypothesis import strategies as st

from karez.domain.reading import Found, Source, SourceKind
from karez.reading.votes import voted


def readings(*values: tuple[str, float]) -> list[Found]:
    return [Found(value, Source(SourceKind.LINE, frame, (0,)), sure) for frame, (value, sure) in enumerate(values)]


def value(*values: tuple[str, float]) -> str:
    found = voted(readings(*values))
    assert found is not None
    return found.value


def test_nothing_read_is_nothing_voted() -> None:
    assert voted([]) is None


def test_two_that_agree_outvote_one_that_is_surer() -> None:
    assert value(("莎车县米夏镇", 0.8), ("莎车县米夏填", 0.95), ("莎车县 米夏镇", 0.7)) == "莎车县米夏镇"


def test_the_surer_of_two_is_taken() -> None:
    assert value(("902A M088-00 29", 0.8), ("902A M088-00 20", 0.9)) == "902A M088-00 20"


def test_where_no_two_agree_each_character_is_voted() -> None:
    assert value(("902A M088-00 29", 0.8), ("902A M088-00 20", 0.8), ("9O2A M088-00 29", 0.8)) == "902A M088-00 29"
    assert value(("92A M08 29", 0.8), ("92A M88 20", 0.8), ("92B M88 29", 0.8)) == "92A M88 29"


def test_agreement_raises_confidence_and_a_single_reading_keeps_its_own() -> None:
    one, two = voted(readings(("x", 0.8))), voted(readings(("x", 0.8), ("x", 0.7)))
    assert one is not None and two is not None
    assert (one.confidence, two.confidence) == (0.8, 0.9)


@given(st.permutations(list(enumerate([("abc", 0.5), ("abd", 0.5), ("xbc", 0.5), ("ab", 0.9)]))))
def test_the_order_of_frames_does_not_matter(order: list[tuple[int, tuple[str, float]]]) -> None:
    found = voted([Found(text, Source(SourceKind.LINE, frame, ()), sure) for frame, (text, sure) in order])
    assert found is not None
    assert found.value == "abc"
