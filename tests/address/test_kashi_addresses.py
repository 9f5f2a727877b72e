"""Addresses of the Kashi region: every township, the traps, the map before and after 2026."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.places import Level, Place
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason

GAZETTEER = Gazetteer.load()
REGION = [
    place
    for place in GAZETTEER.places
    if place.level == Level.COUNTY and (place.code.startswith("6531") or place.code in ("659003", "659013"))
]
TOWNSHIPS = [
    GAZETTEER.places[number]
    for county in REGION
    for number in GAZETTEER.children(county.id)
    if GAZETTEER.places[number].level == Level.TOWNSHIP and not GAZETTEER.places[number].until
]
STREETS = ("人民西路12号", "3村2组", "巴扎对面商店", "12号院3栋402室", "友谊路5号", "幸福花园2单元", "101")


def county_of(township: Place) -> str:
    return GAZETTEER.name_above(township.id, Level.COUNTY) or ""


def known(text: str, areas: Areas | None = None) -> Destination:
    found = resolve(text, GAZETTEER, areas)
    assert isinstance(found, Destination), found
    return found


def test_the_region_has_its_two_hundred_townships() -> None:
    assert len(TOWNSHIPS) == 209


@given(st.sampled_from(TOWNSHIPS))
@settings(max_examples=250, deadline=None)
def test_every_township_written_with_its_county_resolves_to_itself(township: Place) -> None:
    found = known(county_of(township) + township.name)
    assert (found.county_name, found.township_name) == (county_of(township), township.name)


@given(st.sampled_from(TOWNSHIPS), st.sampled_from(STREETS), st.sampled_from(["", "新疆", "新疆维吾尔自治区", "喀什"]))
@settings(max_examples=200, deadline=None)
def test_a_street_tail_never_changes_the_county(township: Place, tail: str, head: str) -> None:
    address = head + county_of(township) + township.name
    assert known(address + tail).county_name == known(address).county_name


@given(st.sampled_from(TOWNSHIPS), st.integers(0, 8))
@settings(max_examples=120, deadline=None)
def test_a_doubled_character_does_not_change_county_and_township(township: Place, place: int) -> None:
    text = county_of(township) + township.name
    place = place % len(text)
    found = known("新疆" + text[:place] + text[place] + text[place:])
    assert (found.county_name, found.township_name) == (county_of(township), township.name)


@given(st.sampled_from(TOWNSHIPS), st.integers(1, 12), st.sampled_from([" ", "　", "  "]))
@settings(max_examples=120, deadline=None)
def test_a_space_anywhere_changes_nothing(township: Place, place: int, space: str) -> None:
    text = "新疆" + county_of(township) + township.name
    place = place % len(text)
    assert known(text[:place] + space + text[place:]).township_name == township.name


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_village_written_with_its_township_resolves_to_itself(data: st.DataObject) -> None:
    township = data.draw(st.sampled_from([t for t in TOWNSHIPS if GAZETTEER.children(t.id)]))
    village = GAZETTEER.places[data.draw(st.sampled_from(GAZETTEER.children(township.id)))]
    found = known(county_of(township) + township.name + village.name + "5组12号")
    assert (found.township_name, found.village_name) == (township.name, village.name)


@pytest.mark.parametrize(
    ("text", "county", "township"),
    [
        ("喀什", "喀什市", None),
        ("新疆喀什", "喀什市", None),
        ("喀什色满乡", "喀什市", "色满乡"),
        ("喀什疏附县托克扎克镇", "疏附县", "托克扎克镇"),
        ("图市51团5连", "图木舒克市", "唐驿镇"),
        ("五十一团", "图木舒克市", "唐驿镇"),
        ("新疆农三师第51团", "图木舒克市", "唐驿镇"),
        ("图木舒克市兵团五十三团", "图木舒克市", "金胡杨镇"),
        ("塔县塔什库尔干镇", "塔什库尔干塔吉克自治县", "塔什库尔干镇"),
        ("莎车荒地镇3村", "莎车县", "荒地镇"),
        ("新疆 喀什地区 巴楚县 色力布亚镇", "巴楚县", "色力布亚镇"),
        ("新疆喀什地区喀什市乃则尔巴格12村", "喀什市", "乃则尔巴格镇"),
        ("新疆喀什莎車縣米夏镇", "莎车县", "米夏镇"),
        ("新疆喀什地区泽普县依玛乡", "泽普县", "依玛乡"),
        ("巴楚县夏马勒乡", "巴楚县", "夏玛勒乡"),
    ],
)
def test_short_old_and_spoken_forms(text: str, county: str, township: str | None) -> None:
    found = known(text)
    assert (found.county_name, found.township_name) == (county, township)


@pytest.mark.parametrize(
    ("text", "county", "former", "township"),
    [
        ("图木舒克市草湖镇", "草湖市", "图木舒克市", "四十一团草湖镇"),
        ("疏勒县巴合齐乡", "草湖市", "疏勒县", "巴合齐乡"),
        ("疏附县布拉克苏乡", "草湖市", "疏附县", "布拉克苏乡"),
        ("叶城县新华镇", "岑岭县", "叶城县", "新华镇"),
        ("疏附县兰干镇", "喀什市", "疏附县", "兰干镇"),
        ("岑岭县永康镇", "岑岭县", None, "永康镇"),
        ("新疆草湖市龙口镇", "草湖市", None, "四十二团龙口镇"),
        ("41团", "草湖市", None, "四十一团草湖镇"),
        ("伽师总场", "草湖市", None, "伽师总场嘉和镇"),
        ("新疆喀什地区疏勒县草湖镇", "草湖市", "疏勒县", "四十一团草湖镇"),
        ("岳普湖县42团", "草湖市", "岳普湖县", "四十二团龙口镇"),
        ("麦盖提县45团3连", "图木舒克市", "麦盖提县", "前海镇"),
        ("乌恰县托云牧场", "草湖市", "乌恰县", "托云牧场兴边镇"),
    ],
)
def test_the_new_counties_are_found_from_old_and_new_names(
    text: str, county: str, former: str | None, township: str
) -> None:
    found = known(text)
    assert (found.county_name, found.former_name, found.township_name) == (county, former, township)
    assert (found.reason == DestinationReason.FORMER_NAME) == (former is not None)


def test_a_short_name_that_two_townships_of_the_county_bear_is_not_guessed() -> None:
    assert known("图木舒克市前海3村").township_name is None


def test_a_city_directly_under_the_region_has_no_prefecture() -> None:
    assert known("新疆草湖市").prefecture_name is None
    assert known("新疆喀什地区岑岭县").prefecture_name == "喀什地区"


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("上海市嘉定区叶城路1118号", "嘉定区"),
        ("乌鲁木齐市新市区喀什东路8号", "新市区"),
        ("奎屯市喀什东路10号", "奎屯市"),
        ("北京市海淀区莎车胡同", "海淀区"),
    ],
)
def test_a_street_named_after_a_county_of_kashi_is_a_street(text: str, county: str) -> None:
    assert known(text).county_name == county


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("上海市叶城路123号", "上海市"),
        ("乌鲁木齐喀什东路", "乌鲁木齐市"),
        ("乌鲁木齐市喀什东路8号", "乌鲁木齐市"),
        ("香港九龙旺角", "九龙"),
    ],
)
def test_a_street_without_its_district_is_too_coarse(text: str, named: str) -> None:
    found = resolve(text, GAZETTEER)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.TOO_COARSE
    assert named in (found.candidates[0].province_name, found.candidates[0].prefecture_name)


@pytest.mark.parametrize("township", ["恰尔巴格乡", "铁日木乡", "阿瓦提乡", "英吾斯塘乡"])
def test_a_township_name_that_several_counties_bear_needs_its_county(township: str) -> None:
    found = resolve(township, GAZETTEER)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.AMBIGUOUS
    assert len(found.candidates) >= 2


@pytest.mark.parametrize("county", ["巴楚县", "莎车县"])
def test_and_with_its_county_it_is_clear(county: str) -> None:
    found = known(f"{county}恰尔巴格乡3村")
    assert (found.county_name, found.township_name) == (county, "恰尔巴格乡")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("新疆喀什地区喀什市恰萨街道", "KS-01"),
        ("新疆喀什地区喀什市人民西路12号", "KS-00"),
        ("疏附县乌帕尔镇", "SF-2"),
        ("疏附县", "SF-1"),
        ("叶城县新华镇", "L-CLX"),
        ("乌鲁木齐市天山区", "P-WLM"),
        ("克拉玛依市独山子区", "X-XJ"),
        ("广东省东莞市虎门镇", "X-CN"),
    ],
)
def test_a_destination_carries_its_delivery_area(text: str, area: str, areas: Areas) -> None:
    assert known(text, areas).area == area


@pytest.mark.parametrize(
    ("text", "county"),
    [("喀什噶尔 色满路 180号", "喀什市"), ("叶尔羌县", "莎车县"), ("新疆喀什地区叶尔羌", "莎车县")],
)
def test_an_old_name_that_is_still_written_is_understood(text: str, county: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.reason) == (county, DestinationReason.ALIAS)


@pytest.mark.parametrize(
    ("text", "county"),
    [("麦盖提县叶尔羌河路3号", "麦盖提县"), ("阿里地区噶尔县", "噶尔县"), ("巴楚县叶尔羌", "巴楚县")],
)
def test_an_old_name_does_not_outweigh_the_county_that_is_named(text: str, county: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert found.county_name == county
