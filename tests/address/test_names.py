"""Short forms of names, numbers of regiments, and the cleaning of text."""

import pytest

from karez.address.names import short_forms
from karez.address.normalise import chinese_number, clean


@pytest.mark.parametrize(
    ("name", "level", "shorts"),
    [
        ("新疆维吾尔自治区", 1, ("新疆",)),
        ("内蒙古自治区", 1, ("内蒙古",)),
        ("喀什地区", 2, ("喀什",)),
        ("巴音郭楞蒙古自治州", 2, ("巴音郭楞州", "巴音郭楞")),
        ("塔什库尔干塔吉克自治县", 3, ("塔什库尔干县", "塔什库尔干")),
        ("双江拉祜族佤族布朗族傣族自治县", 3, ("双江县", "双江")),
        ("神农架林区", 3, ("神农架",)),
        ("赵县", 3, ()),
        ("恰萨街道", 4, ("恰萨",)),
        ("四十一团草湖镇", 4, ("四十一团草湖", "草湖镇", "草湖")),
    ],
)
def test_a_name_is_shortened_as_people_do(name: str, level: int, shorts: tuple[str, ...]) -> None:
    assert short_forms(name, level) == shorts


@pytest.mark.parametrize(
    ("number", "text"), [(3, "三"), (10, "十"), (12, "十二"), (51, "五十一"), (40, "四十"), (105, "一〇五")]
)
def test_a_regiment_s_number_is_written_in_characters(number: int, text: str) -> None:
    assert chinese_number(number) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("新疆 喀什 地区", "新疆喀什地区"),
        ("５１团", "五十一团"),
        ("莎車縣", "莎车县"),
        ("中华人民共和国新疆", "新疆"),
        ("张三 13812345678 莎车县", "张三莎车县"),
    ],
)
def test_text_is_brought_to_one_form(text: str, cleaned: str) -> None:
    assert clean(text, {ord("車"): "车", ord("縣"): "县"}) == cleaned
