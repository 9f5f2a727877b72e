"""The weight in grams, from lines as labels print it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.reading.weighings import weight
from reading.printed import laid_out


def grams(*texts: str) -> str | None:
    found = weight(laid_out(*((text, 20.0, 40.0 * row, 24.0) for row, text in enumerate(texts))))
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.25kg", "1250"),
        ("重量: 0.8 KG", "800"),
        ("计费重量 1.5kg", "1500"),
        ("WEIGHT: 2,50 kg", "2500"),
        ("重量(kg): 1.3", "1300"),
        ("G.W. 3.4KGS", "3400"),
        ("毛重：850克", "850"),
        ("数量:1 重量:1 .25 K G", "1250"),
    ],
)
def test_weights_are_given_in_grams(text: str, expected: str) -> None:
    assert grams("圆通速递", text) == expected


def test_the_actual_weight_stands_before_the_billed_one() -> None:
    assert grams("计费重量 1.5kg 实际重量 1.2kg") == "1200"


@pytest.mark.parametrize("text", ["茶叶 500g", "数量:1 干果250克x2", "6kg以内", "重量 900 kg", "YT2512345678901"])
def test_what_goods_are_sold_by_and_impossible_weights_are_passed_over(text: str) -> None:
    assert grams(text) is None


def test_a_letter_for_a_figure_is_repaired_and_said_so() -> None:
    found = weight(laid_out(("重量:1.2Okg", 20, 20, 24)))
    assert found is not None
    assert (found.value, found.read_as) == ("1200", "1.2O")


@given(st.integers(1, 99_999))
def test_any_weight_in_kilograms_comes_back_in_grams(weight_g: int) -> None:
    assert grams(f"重量: {weight_g / 1000:.3f}kg") == str(weight_g)
