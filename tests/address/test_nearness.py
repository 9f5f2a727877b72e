"""How near a text comes to a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.nearness import ENDING, LOST, Lookalikes, likely, near, stem_length

ALIKE = Lookalikes({"刀": "力", "待": "街"})
NAMES = ("多来特巴格乡", "巴仁乡", "恰尔巴格镇", "草湖镇", "帕哈太克里乡")
AROUND = st.text("ABCDEFG", max_size=6)


@given(st.sampled_from(NAMES), AROUND, AROUND)
def test_a_name_as_it_is_costs_nothing_and_is_found_where_it_stands(name: str, before: str, behind: str) -> None:
    found = near(name, before + name + behind, ALIKE)
    assert found is not None
    assert (found.cost, found.start, found.end) == (0.0, len(before), len(before) + len(name))


@given(st.sampled_from(NAMES), AROUND, st.data())
def test_one_character_lost_costs_at_most_that(name: str, before: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    found = near(name, before + name[:place] + name[place + 1 :], ALIKE)
    assert found is not None
    assert 0 < found.cost <= LOST


@given(st.sampled_from(NAMES), st.text("ABCDEFG乡镇巴路", max_size=12))
def test_costs_are_never_negative_and_the_place_is_in_the_text(name: str, text: str) -> None:
    found = near(name, text, ALIKE)
    assert found is None or (found.cost >= 0 and 0 <= found.start <= found.end <= len(text))


@pytest.mark.parametrize(
    ("name", "text", "cost"),
    [
        ("草湖镇", "草湖乡", ENDING * 0.4),  # one generic word for another
        ("草湖镇", "草湖湖镇", 0.4),  # a character doubled
        ("力湖镇", "刀湖镇", 0.4),  # a look-alike
        ("草湖镇", "苹湖镇", LOST),  # anything else
    ],
)
def test_likely_errors_cost_less_than_unlikely_ones(name: str, text: str, cost: float) -> None:
    found = near(name, text, ALIKE)
    assert found is not None
    assert found.cost == pytest.approx(cost)


@pytest.mark.parametrize("text", ["色满路12号", "色满大道3号", "色满巷"])
def test_a_road_of_the_same_name_is_not_the_township(text: str) -> None:
    assert near("色满乡", text, ALIKE) is None


def test_the_generic_word_is_no_part_of_the_stem() -> None:
    assert [stem_length(name) for name in ("巴仁乡", "东湖街道", "草湖", "英吉沙县")] == [2, 2, 2, 3]


def test_the_sieve_lets_pass_what_may_be_meant_and_nothing_far_from_it() -> None:
    names = ("多来特巴格乡", "克孜勒乡", "巴仁乡", "草湖镇")
    text = "多来持巴格乡3村"
    assert list(likely(names, text, ALIKE.could_be(text))) == ["多来特巴格乡"]
