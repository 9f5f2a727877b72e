"""Which lines are read first when only the recipient and the sort code are wanted."""

from hypothesis import given
from hypothesis import strategies as st

from karez.reading.views import Region
from karez.reading.zones import beside, by_promise

CODE, MARK, NAME, FIRST, SECOND = 0, 1, 2, 3, 4
PLACES = [
    Region(300, 20, 500, 70, 0),  # sort code
    Region(40, 150, 40, 44, 0),  # mark
    Region(220, 140, 260, 30, 0),
    Region(260, 178, 360, 30, 0),
    Region(240, 216, 320, 30, 0),
    *(Region(220, 320 + 26 * row, 300, 20, 0) for row in range(7)),  # small print
]


def test_the_large_print_and_the_block_in_larger_print_come_first() -> None:
    assert set(next(by_promise(PLACES))) == {CODE, MARK, NAME, FIRST, SECOND}


def test_marks_and_lines_of_the_same_print_stand_beside_a_block() -> None:
    assert set(beside(PLACES, [FIRST, SECOND])) == {MARK, NAME}


@given(
    st.lists(
        st.builds(
            Region,
            st.floats(0, 800),
            st.floats(0, 1200),
            st.floats(9, 700),
            st.floats(9, 90),
            st.just(0.0),
        ),
        max_size=40,
    )
)
def test_every_line_comes_in_the_end(places: list[Region]) -> None:
    assert {index for group in by_promise(places) for index in group} == set(range(len(places)))
