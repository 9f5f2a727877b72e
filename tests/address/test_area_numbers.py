"""House numbers and ranges: every number is in the ranges that claim it, or in the gaps between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.areas.numbers import NumberRange, Side, gaps, house_number, read_ranges, shared, unclaimed_side


@st.composite
def ranges(draw: st.DrawFn) -> NumberRange:
    first = draw(st.integers(1, 120))
    last = draw(st.none() | st.integers(first, 160))
    return NumberRange(first, last, draw(st.sampled_from(Side)))


@given(st.lists(ranges(), min_size=1, max_size=5), st.integers(1, 400))
def test_a_number_between_the_lowest_and_the_highest_is_claimed_or_in_exactly_one_gap(
    listed: list[NumberRange], number: int
) -> None:
    holes = gaps(listed)
    claimed = any(number in each for each in listed)
    inside = min(each.first for each in listed) <= number <= max(each.end for each in listed)
    unserved = unclaimed_side(listed)
    on_served_side = unserved is None or number not in NumberRange(side=unserved)
    assert sum(number in hole for hole in holes) == (inside and not claimed and on_served_side)


@given(ranges(), ranges(), st.integers(1, 400))
def test_what_two_ranges_share_is_what_both_take_in(one: NumberRange, other: NumberRange, number: int) -> None:
    both = shared(one, other)
    assert (both is not None and number in both) == (number in one and number in other)


@given(ranges())
def test_a_range_is_read_again_as_it_is_printed(one: NumberRange) -> None:
    if shared(one, one) is None:
        return  # odd 2 to 2: no number at all, and the reader refuses it
    assert [number in one for number in range(1, 200)] == [
        any(number in each for each in read_ranges(str(one))) for number in range(1, 200)
    ]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("all", [1, 2, 999], []),
        ("全部", [1, 2], []),
        ("odd 1-99", [1, 99], [2, 101]),
        ("1-99 单号", [1, 99], [2, 101]),
        ("双号", [2, 500], [1]),
        ("100-", [100, 9999], [99]),
        ("-50", [1, 50], [51]),
        ("7", [7], [6, 8]),
        ("1-9, even 20-", [1, 9, 20, 22], [10, 21]),
        ("１-９、双 20-30", [1, 9, 30], [10, 32]),
    ],
)
def test_ranges_are_read_as_people_write_them(text: str, inside: list[int], outside: list[int]) -> None:
    listed = read_ranges(text)
    assert all(any(number in each for each in listed) for number in inside)
    assert not any(number in each for each in listed for number in outside)


@pytest.mark.parametrize("text", ["", "x", "9-1", "odd 2", "1-99-", "1-999999", "odd, ,", "甲"])
def test_what_is_no_range_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"no range|before it begins|no number|beyond"):
        read_ranges(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12号", 12),
        ("12-3号", 12),
        ("甲12号", 12),
        ("十二号", 12),
        ("12号附1", 12),
        ("12号", 12),
        ("二十号", 20),
        ("一百零五号", 105),
        ("一百二十三号", 123),
        ("二〇五号", 205),
        ("No. 12", 12),
        ("附1号", None),
        ("A座", None),
        ("", None),
        ("1234567", None),
        ("12A号", 12),
        ("12b 3栋", 12),
        ("12-A", 12),
        ("12 302室", 12),
        ("12 3号楼", 12),
        ("12号1O2室", 12),
        ("1O2号", None),
        ("1l2号", None),
        ("1O号", None),
        ("12A3号", None),
        ("1 2号", None),
        ("1、2号", None),
        ("1 2", None),
        ("1〇2号", None),
        ("一O二号", None),
    ],
)
def test_the_number_of_a_house_is_read(text: str, number: int | None) -> None:
    assert house_number(text) == number


def test_gaps_are_told_by_side_and_joined_where_both_are_left_out() -> None:
    assert [str(each) for each in gaps(read_ranges("odd 1-99, even 2-98, 200-"))] == ["100-199"]
    assert [str(each) for each in gaps(read_ranges("odd 1-9, odd 15-"))] == ["odd 11-13"]
    assert [str(each) for each in gaps(read_ranges("odd 1-, even 2-98"))] == ["even 100-"]
    assert gaps(read_ranges("1-99, 100-")) == []


def test_a_side_that_nobody_serves_is_named() -> None:
    assert unclaimed_side(read_ranges("odd 1-99, odd 201-")) is Side.EVEN
    assert unclaimed_side(read_ranges("odd 1-99, 200-")) is None
