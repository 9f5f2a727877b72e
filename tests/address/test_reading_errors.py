"""Reading errors: look-alike, lost and doubled characters are mended against the gazetteer, and said."""

import pytest

from karez.address.areas.areas import Areas
from karez.address.contest import mender_for
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.mentions import find_upper
from karez.address.repair import LOOKALIKE, LOST, OTHER, error_cost
from karez.domain.destination import Destination, DestinationReason, Unresolved


@pytest.mark.parametrize(
    ("text", "county", "township"),
    [
        ("新疆喀什地区伽齐县铁日木乡6村2组", "伽师县", "铁日木乡"),  # 师 read as 齐
        ("新疆喀什地区巴楚具色力布亚镇", "巴楚县", "色力布亚镇"),  # 县 read as 具
        ("新疆喀什地区岳普县友好路108号", "岳普湖县", None),  # 湖 lost
        ("新疆喀什地区疏勒县罕南力克鎮", "疏勒县", "罕南力克镇"),
        ("新疆喀什地区疏勒县罕南刀克镇", "疏勒县", "罕南力克镇"),
        ("图木舒市托云牧场兴边镇", "草湖市", "托云牧场兴边镇"),
        ("广西壮族自治区南宁市青秀区", "青秀区", None),
        ("河北省邯郸市陟县", "涉县", None),
        ("江苏省苏州市姑区虎丘路34号", "姑苏区", None),
    ],
)
def test_one_error_is_mended(text: str, county: str, township: str | None, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.township_name) == (county, township)


def test_a_mended_county_says_so_and_is_less_sure(gazetteer: Gazetteer) -> None:
    found = resolve("新疆喀什地区伽齐县", gazetteer)
    assert isinstance(found, Destination)
    assert found.reason == DestinationReason.REPAIRED
    assert found.confidence < 0.99


def test_a_name_that_is_right_is_never_mended_into_another(gazetteer: Gazetteer) -> None:
    text = "江苏省南京市江宁区"
    exact = find_upper(text, gazetteer.upper)
    assert all(mention.end > 6 or mention.start > 5 for mention in mender_for(gazetteer).mentions(text, exact))


def test_costs_tell_likely_errors_from_unlikely_ones(gazetteer: Gazetteer) -> None:
    table = {"刀": "力"}
    assert error_cost("罕南刀克镇", "罕南力克镇", table) == LOOKALIKE
    assert error_cost("岳普县", "岳普湖县", table) == LOST
    assert error_cost("岳普县", "泽普县", table) == OTHER


@pytest.mark.parametrize(
    ("text", "township"),
    [
        ("喀什市东湖待道健康路9号", "东湖街道"),
        ("喀什市色满多3村", "色满乡"),
        ("喀什市色满路3号", None),
        ("喀什市东湖大道8号", None),
        ("喀什市西域大道12号", None),
    ],
)
def test_a_township_with_a_damaged_ending_is_mended_and_a_road_of_its_name_is_not(
    text: str, township: str | None, gazetteer: Gazetteer, areas: Areas
) -> None:
    found = resolve(text, gazetteer, areas)
    assert isinstance(found, Destination)
    assert (found.county_name, found.township_name) == ("喀什市", township)
    assert found.confidence > 0.5


def test_where_a_township_may_be_named_but_cannot_be_read_the_county_alone_is_a_guess(
    gazetteer: Gazetteer, areas: Areas
) -> None:
    found = resolve("喀什市东胡待道9号", gazetteer, areas)
    assert isinstance(found, Destination)
    assert found.township_name is None and found.confidence < 0.5
    assert "cannot be read" in found.explanation


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("枷师县", "伽师县"),
        ("枷师县迎宾路8号", "伽师县"),
        ("岳普胡县", "岳普湖县"),
        ("麦盖堤县", "麦盖提县"),
        ("英吉莎县城", "英吉沙县"),
    ],
)
def test_a_lone_county_with_any_one_error_is_mended_where_only_one_is_so_near(
    text: str, county: str, gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.reason, found.confidence) == (county, DestinationReason.REPAIRED, 0.92)


@pytest.mark.parametrize("text", ["苏勒县", "疏付县", "莎东县"])
def test_a_lone_county_that_two_are_as_near_to_is_not_guessed(text: str, gazetteer: Gazetteer) -> None:
    assert isinstance(resolve(text, gazetteer), Unresolved)
