import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.gazetteer import Gazetteer
from karez.address.normalise import LONGEST
from karez.address.parts.parse import parse

SOUTHERN_XINJIANG = [
    "喀什市/district 色满路/road 12号院/poi 3号楼/houseno 2单元/cellno 501室/roomno",
    "图木舒克市/district 51团/town 5连/community",
    "图木舒克市/district 五十一团/town 一连/community 12号/roadno",
    "疏勒县/district 巴仁乡/town 12村/community 3组/road 45号/roadno",
    "新疆维吾尔自治区/prov 喀什地区/city 疏附县/district 阿瓦提乡/town 1村/community",
    "新疆/prov 喀什地区/city 莎车县/district 阿瓦提镇/town 老城路/road 5号/roadno",
    "喀什市/district 恰萨街道/town 诺尔贝希社区/community 艾提尕尔巷/road 18号/roadno",
    "叶城县/district 国道314线/road 1380公里处/assist",
    "泽普县/district 古勒巴格乡/town 巴什居热克村委会/community",
    "英吉沙县/district 芒辛镇/town 7村/community 4组/road",
    "莎车县/district 米夏镇/town 夏马勒巴格(14)村/community",
    "伽师县/district 江巴孜乡/town 依帕尔村/community 幸福小区/poi 2区/subpoi 15号/houseno",
    "喀什市/district 中西亚国际贸易市场/poi 二楼/floorno A区/subpoi",
    "喀什市/district 人民东路/road 大巴扎/poi 对面/assist 金都小区/subpoi 5号楼/houseno",
    "新疆生产建设兵团/prov 第三师/city 图木舒克市/district 前海街道/town 前海西街/road 5号/roadno",
]
ELSEWHERE = [
    "浙江省/prov 杭州市/city 余杭区/district 五常街道/town 文一西路/road 969号/roadno 阿里巴巴西溪园区/poi",
    "上海市/city 静安区/district 柳营路/road 669弄/roadno 14号/houseno 1102室/roomno",
    "广东省/prov 深圳市/city 南山区/district 科技园/poi 8栋/houseno 3楼/floorno",
    "中国/country 浙江省/prov 杭州市/city 西湖区/district 文三路/road 598号/roadno",
    "北京市/city 东城区/district 东中街/road 29号/roadno 东环广场/poi B座/houseno 5层/floorno",
]


def written(text: str, gazetteer: Gazetteer) -> str:
    return " ".join(f"{part.text}/{part.label}" for part in parse(text, gazetteer))


def unlabelled(expected: str) -> str:
    return "".join(part.rpartition("/")[0] for part in expected.split())


@pytest.mark.parametrize("expected", SOUTHERN_XINJIANG)
def test_addresses_of_southern_xinjiang_are_cut_into_their_parts(expected: str, gazetteer: Gazetteer) -> None:
    assert written(unlabelled(expected), gazetteer) == expected


@pytest.mark.parametrize("expected", ELSEWHERE)
def test_addresses_of_other_provinces_are_cut_into_their_parts(expected: str, gazetteer: Gazetteer) -> None:
    assert written(unlabelled(expected), gazetteer) == expected


READ_BY_WHAT_STANDS_AROUND = [
    "杭州市/city 余杭区/district 文一西路/road 500号/roadno 余杭区第一人民医院/poi",
    "温州市/city 鹿城区/district 环城东路/road 1-155号/roadno",
    "嘉兴市/city 南湖区/district 东升路/road 江南花园/poi 2-8栋/houseno 501室/roomno",
    "广州市/city 天河区/district 国际面料交易中心/poi 7D/houseno 263/roomno",
    "杭州市/city 西湖区/district 文三路/road 与/assist 学院路/subroad 交叉口/assist 南450米/assist",
    "慈溪市/district 人民路/road 140号/roadno 中国工商银行慈溪支行/poi",
    "西安市/city 东新街/road 110号/roadno",
    "广洲市/city 海珠区/district 昌岗中路/road 12号/roadno",
    "台州市/city 温岭市/district 台州市/redundant 温岭市/redundant",
    "义乌市/district 江东街道/town 金陵北路/road 23号/roadno GAP专柜/person",
]


@pytest.mark.parametrize("expected", READ_BY_WHAT_STANDS_AROUND)
def test_words_and_numbers_are_read_by_what_stands_around_them(expected: str, gazetteer: Gazetteer) -> None:
    assert written(unlabelled(expected), gazetteer) == expected


def test_of_an_address_picked_and_one_typed_behind_the_country_the_second_counts(gazetteer: Gazetteer) -> None:
    labels = [part.label.value for part in parse("山东省临沂市临沭县中国浙江省杭州市余杭区文一西路9号", gazetteer)]
    assert labels == ["redundant"] * 3 + ["country", "prov", "city", "district", "road", "roadno"]


def test_numbers_joined_by_dashes_are_building_staircase_and_room(gazetteer: Gazetteer) -> None:
    found = written("义乌市江东街道江滨花园8-2-1206", gazetteer)
    assert found.endswith("8/houseno -/redundant 2/cellno -/redundant 1206/roomno")


def test_a_range_of_house_numbers_is_one_number(gazetteer: Gazetteer) -> None:
    assert "121-125号/roadno" in written("余姚市惠康路121-125号", gazetteer)


def test_places_said_twice_are_redundant_once(gazetteer: Gazetteer) -> None:
    twice = "浙江省金华市义乌市浙江省金华市义乌市稠州北路88号"
    labels = [part.label.value for part in parse(twice, gazetteer)]
    assert labels == ["redundant"] * 3 + ["prov", "city", "district", "road", "roadno"]


def test_remarks_to_the_courier_are_redundant(gazetteer: Gazetteer) -> None:
    assert written("喀什市色满路12号请放门卫", gazetteer).endswith("12号/roadno 请放门卫/redundant")
    assert written("喀什市色满路12号电联", gazetteer).endswith("12号/roadno 电联/redundant")


def test_a_phone_number_is_no_room(gazetteer: Gazetteer) -> None:
    assert written("13899887766", gazetteer) == "13899887766/otherinfo"


def test_the_second_point_of_interest_is_a_part_of_the_first(gazetteer: Gazetteer) -> None:
    assert written("中山路5号人民医院住院部", gazetteer).endswith("人民医院/poi 住院部/subpoi")


def test_roads_at_a_crossing_are_road_and_second_road(gazetteer: Gazetteer) -> None:
    expected = "喀什市/district 解放北路/road 与/assist 人民西路/subroad 交叉口/assist 向东200米/assist"
    assert written(unlabelled(expected), gazetteer) == expected


def test_full_width_and_traditional_text_is_parsed_where_it_stands(gazetteer: Gazetteer) -> None:
    text = "喀什市色滿路12號院3號樓"
    parts = parse(text, gazetteer)
    assert [part.label.value for part in parts] == ["district", "road", "poi", "houseno"]
    assert all(part.text == text[part.start : part.end] for part in parts)


@pytest.mark.parametrize("text", ["", "   ", "🎁🎁", "\x00", "-_-", "1" * 50, "号", "县市区", "\ud800"])
def test_text_that_is_no_address_raises_nothing(text: str, gazetteer: Gazetteer) -> None:
    assert all(part.text == text[part.start : part.end] for part in parse(text, gazetteer))


def test_of_a_megabyte_only_the_beginning_is_parsed(gazetteer: Gazetteer) -> None:
    parts = parse("喀什市色满路" * 200_000, gazetteer)
    assert parts and parts[-1].end <= LONGEST


@given(st.text(alphabet="喀什市路村号楼单元-0123456789A东西与() 　県ى" + string.ascii_letters, max_size=60))
def test_parts_stand_in_the_text_from_left_to_right_and_leave_out_spaces_only(text: str) -> None:
    gazetteer = _gazetteer()
    parts = parse(text, gazetteer)
    assert all(part.text == text[part.start : part.end] != "" for part in parts)
    ends = [0, *(part.end for part in parts)]
    gaps = [text[end : part.start] for end, part in zip(ends, parts, strict=False)] + [text[ends[-1] :]]
    assert all(not gap.strip() for gap in gaps)
    assert all(part.start >= end for end, part in zip(ends, parts, strict=False))


_LOADED: list[Gazetteer] = []


def _gazetteer() -> Gazetteer:
    """Hypothesis takes no fixtures of the session: the gazetteer is loaded at the first example."""
    if not _LOADED:
        _LOADED.append(Gazetteer.load())
    return _LOADED[0]
