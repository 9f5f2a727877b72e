"""Addresses as they come off a reader or a keyboard: damaged, in another order, with both parties in one text."""

import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.domain.destination import Destination, DestinationReason, Unresolved


def known(text: str, gazetteer: Gazetteer) -> Destination:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    return found


@pytest.mark.parametrize(
    ("text", "county", "township"),
    [
        ("岳景湖助也克乡3组", "岳普湖县", "色也克乡"),  # county and township both damaged, nothing above
        ("巴县三岔口镇振兴路", "巴楚县", "三岔口镇"),  # 巴 is left of the county
        ("喀什塔什尔干达市达乡", "塔什库尔干塔吉克自治县", "达布达尔乡"),
        ("图木市永兴镇3组", "图木舒克市", "永兴镇"),
        ("加师县英买里乡", "伽师县", "英买里镇"),
        ("喀什地区泽普县波斯斯喀木乡", "泽普县", "波斯喀木乡"),
    ],
)
def test_county_and_township_together_tell_what_neither_tells_alone(
    text: str, county: str, township: str, gazetteer: Gazetteer
) -> None:
    found = known(text, gazetteer)
    assert (found.county_name, found.township_name) == (county, township)


def test_a_mended_address_says_so(gazetteer: Gazetteer) -> None:
    assert known("岳景湖助也克乡3组", gazetteer).reason == DestinationReason.REPAIRED


@pytest.mark.parametrize("text", ["菏泽济技术开发区剑桥学府19号楼", "龙区南湾街道农民公寓", "乌鲁木齐喀什东路"])
def test_what_is_left_of_a_place_elsewhere_is_not_taken_for_xinjiang(text: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Unresolved) or found.confidence < 0.9


@pytest.mark.parametrize(
    ("text", "township", "village"),
    [
        ("巴依阿瓦提 库孜吕克村 新疆维吾尔自治区喀什地区 岳普湖县", "巴依阿瓦提乡", "库孜吕克村"),
        ("大同乡 阿依克日克村 148号 塔县 新疆喀什地区", "大同乡", "阿依克日克村"),
        ("新疆喀什地区喀什市 吐格村", "色满乡", "吐格村"),  # the village alone tells the township
        ("图木舒克市兵团四十四团4连", "永安镇", "四连生活区"),
        ("新疆疏勒县疏勒县巴仁镇", "巴仁镇", None),
    ],
)
def test_any_order_repeats_and_villages_alone(
    text: str, township: str, village: str | None, gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    if township == "巴仁镇":  # 疏勒县 has no 巴仁镇 any more: at least the county
        assert isinstance(found, Destination) and found.county_name == "疏勒县"
        return
    assert isinstance(found, Destination)
    assert (found.township_name, found.village_name) == (township, village)


def test_a_village_that_several_townships_have_tells_none(gazetteer: Gazetteer) -> None:
    assert known("新疆草湖市三连生活区", gazetteer).township_name is None


def test_a_short_county_before_a_generic_word_is_its_township(gazetteer: Gazetteer) -> None:
    found = known("新疆喀什地区莎车镇文化路3号", gazetteer)
    assert (found.county_name, found.township_name) == ("莎车县", "莎车镇")


def test_a_county_s_name_that_begins_another_s_township_is_not_the_county(gazetteer: Gazetteer) -> None:
    assert known("喀什伽师总场", gazetteer).county_name == "草湖市"


@pytest.mark.parametrize("text", ["喀什地区图木舒克市", "新疆喀什地区草湖市"])
def test_a_city_under_the_region_is_not_contradicted_by_the_prefecture_around_it(
    text: str, gazetteer: Gazetteer
) -> None:
    found = known(text, gazetteer)
    assert found.reason != DestinationReason.CITY_CONTRADICTS
    assert found.prefecture_name is None


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("寄：新疆喀什市多来特巴格乡 收：乌鲁木齐市天山区解放南路", "天山区"),
        ("收：乌鲁木齐市天山区解放南路 寄：新疆喀什市多来特巴格乡", "天山区"),
        ("寄 喀什地区巴楚县巴楚镇 收 喀什地区叶城县铁提乡", "叶城县"),
        ("收货人:张** 1782158xxxx转0004 新疆伽师县英买里镇 发货人:赵** 江苏省南京市鼓楼区", "伽师县"),
        ("寄件人：新疆喀什地区莎车县 收件人：乌鲁木齐市沙依巴克区", "沙依巴克区"),
        ("From: Kashgar Seman Road To: Yarkand County", "莎车县"),
        ("喀什市色满乡11村 寄件地址：上海市浦东新区张江路88号", "喀什市"),
        ("寄件人:李四,地址:上海市浦东新区张江路88号,收件人:张三,地址:喀什市色满乡11村", "喀什市"),
        ("(收)喀什市色满乡11村(寄)新疆乌鲁木齐市天山区", "喀什市"),
        ("喀\u200b什\u200b市色满路", "喀什市"),
        ("新疆喀什地区疏附县乌帕尔镇 阿依古丽 收 17800000000", "疏附县"),
    ],
)
def test_the_recipient_s_address_wins_wherever_it_stands(text: str, county: str, gazetteer: Gazetteer) -> None:
    assert known(text, gazetteer).county_name == county


@pytest.mark.parametrize("text", ["喀什市多来特巴格路12号", "喀什市亚瓦格路3号", "喀什市多来特巴格大道"])
def test_a_road_named_after_a_township_does_not_tell_it(text: str, gazetteer: Gazetteer) -> None:
    assert known(text, gazetteer).township_name is None
