"""Texts that say two things: two addresses, a county and another's township, a kind of place and no name."""

import pytest

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason


@pytest.mark.parametrize(
    ("text", "counties"),
    [
        ("喀什市色满路112号 乌鲁木齐市天山区解放北路", {"喀什市", "天山区"}),
        ("乌鲁木齐市天山区解放北路12号 喀什市色满路112号", {"喀什市", "天山区"}),
        ("新疆喀什市色满路112号 浙江省义乌市北苑街道", {"喀什市", "义乌市"}),
        ("新疆喀什市色满乡11村 新疆乌鲁木齐市天山区新华南路8号", {"喀什市", "天山区"}),
    ],
)
def test_two_addresses_that_nothing_tells_apart_are_neither(
    text: str, counties: set[str], gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.AMBIGUOUS
    assert {candidate.county_name for candidate in found.candidates} == counties


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("山东省烟台市龙口市西城区海岸华府", "龙口市"),
        ("江苏省南通市如皋市金科世界城东区41号楼", "如皋市"),
        ("山东省威海市环翠区凤林街道威海经济技术开发区阳光海上城", "环翠区"),
    ],
)
def test_a_part_of_a_city_or_estate_is_no_second_address(text: str, county: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination)
    assert found.county_name == county


@pytest.mark.parametrize(
    "text",
    [
        "武汉市洪山路",
        "新疆喀什路12号",
        "新疆乌鲁木齐喀什路",
        "柳州市城区",
        "新疆天南小区",
        "深圳市阳光小区",
        "武汉市洪山广场",
    ],
)
def test_a_road_a_house_or_a_kind_of_place_is_no_county(text: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Unresolved), found
    assert found.reason == UnresolvedReason.TOO_COARSE


@pytest.mark.parametrize("text", ["北京朝阳", "深圳南山", "乌鲁木齐米东"])
def test_a_short_name_is_no_mended_one(text: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination)
    assert found.reason == DestinationReason.ALIAS


@pytest.mark.parametrize("text", ["四川省成都市巴楚县", "江苏省南京市莎车县", "广州市喀什市"])
def test_a_county_unique_in_the_country_wins_over_city_and_province_with_less_than_certainty(
    text: str, gazetteer: Gazetteer, areas: Areas
) -> None:
    found = resolve(text, gazetteer, areas)
    assert isinstance(found, Destination)
    assert (found.reason, found.prefecture_name) == (DestinationReason.CITY_CONTRADICTS, "喀什地区")
    assert found.confidence <= 0.9


@pytest.mark.parametrize(
    ("text", "county", "other"),
    [
        ("喀什市托克扎克镇", "喀什市", "疏附县"),
        ("疏勒县英吉沙镇", "疏勒县", "英吉沙县"),
        ("疏附县草湖镇", "疏附县", "草湖市"),
    ],
)
def test_a_county_with_another_s_township_is_in_doubt_and_both_are_named(
    text: str, county: str, other: str, gazetteer: Gazetteer, areas: Areas
) -> None:
    found = resolve(text, gazetteer, areas)
    assert isinstance(found, Destination)
    assert found.confidence <= 0.9
    assert {found.county_name, *(candidate.county_name for candidate in found.candidates)} >= {county, other}
