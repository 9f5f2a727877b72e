"""Pre-advice, then sort code, then address; and when a label contradicts the pre-advice."""

import pytest

from karez.address.resolver import Resolver
from karez.domain.advice import PreAdvice
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.ids import AreaId
from karez.domain.reading import Found, NoRead, NoReadReason, Reading, Source, SourceKind

SOURCE = Source(SourceKind.LINE, 0, (0,))


def label(address: str | None = None, sort_code: str | None = None) -> Reading:
    return Reading(
        waybill=Found("SF1234567890123", SOURCE, 1.0),
        company="sf",
        sort_code=Found(sort_code, SOURCE, 0.9) if sort_code else None,
        address=Found(address, SOURCE, 0.9) if address else None,
        codes=(),
        lines=(),
        ms=1.0,
    )


def advised(area: str, county: str, township: str | None = None) -> PreAdvice:
    return PreAdvice("SF1234567890123", area=AreaId(area), county="653121", county_name=county, township_name=township)


def test_the_pre_advice_wins_over_the_label(resolver: Resolver) -> None:
    found = resolver.resolve(label("新疆莎车县", "905 K01"), advised("SF-1", "疏附县"))
    assert isinstance(found, Destination)
    assert (found.area, found.reason) == ("SF-1", DestinationReason.PRE_ADVICE)


def test_without_pre_advice_the_sort_code_decides(resolver: Resolver) -> None:
    found = resolver.resolve(label("新疆莎车县", "905 K01 02"), None)
    assert isinstance(found, Destination)
    assert (found.area, found.county_name, found.reason) == ("KS-01", "喀什市", DestinationReason.SORT_CODE)


def test_an_unknown_sort_code_leaves_it_to_the_address(resolver: Resolver) -> None:
    found = resolver.resolve(label("新疆莎车县", "1 2 3"), PreAdvice("SF1234567890123"))
    assert isinstance(found, Destination)
    assert (found.area, found.county_name, found.reason) == ("L-SCX", "莎车县", DestinationReason.ADDRESS)


def test_an_unknown_sort_code_alone_is_unresolved(resolver: Resolver) -> None:
    found = resolver.resolve(label(sort_code="1 2 3"), None)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.SORT_CODE_UNKNOWN


def test_nothing_to_go_by_is_unresolved(resolver: Resolver) -> None:
    found = resolver.resolve(NoRead(NoReadReason.NO_LABEL, "nothing"), None)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.NO_ADDRESS


def test_a_no_read_with_an_address_can_still_be_sorted(resolver: Resolver) -> None:
    found = resolver.resolve(NoRead(NoReadReason.NO_WAYBILL, "", address=Found("疏附县", SOURCE, 0.9)), None)
    assert isinstance(found, Destination)
    assert found.area == "SF-1"


@pytest.mark.parametrize(
    ("reading", "advice", "expected"),
    [
        (label("新疆喀什地区莎车县"), advised("SF-1", "疏附县"), ("SF-1", "L-SCX")),
        (label(sort_code="905 K01"), advised("SF-1", "疏附县"), ("SF-1", "KS-01")),
        (label("新疆喀什地区疏附县"), advised("SF-1", "疏附县"), None),
        (label("新疆喀什地区疏附县"), advised("SF-2", "疏附县", "乌帕尔镇"), None),  # says less, not otherwise
        (label("新疆喀什地区疏附县乌帕尔镇"), advised("SF-1", "疏附县"), None),
        (label("新疆喀什地区疏附县乌帕尔镇"), advised("SF-1", "疏附县", "石园镇"), ("SF-1", "SF-2")),
        (label("鼓楼区中山路"), advised("SF-1", "疏附县"), None),  # not clear
        (label(), advised("SF-1", "疏附县"), None),
        (label("新疆喀什地区莎车县"), PreAdvice("SF1234567890123"), None),
    ],
)
def test_a_contradiction_is_told_only_where_the_label_clearly_names_another_area(
    reading: Reading, advice: PreAdvice, expected: tuple[str, str] | None, resolver: Resolver
) -> None:
    assert resolver.contradiction(reading, advice) == expected


@pytest.mark.parametrize(
    ("text", "area", "province", "prefecture"),
    [
        ("乌鲁木齐市友好路", "P-WLM", "新疆维吾尔自治区", "乌鲁木齐市"),
        ("乌鲁木齐友好路", "P-WLM", "新疆维吾尔自治区", "乌鲁木齐市"),
        ("ئۈرۈمچى شەھىرى", "P-WLM", "新疆维吾尔自治区", "乌鲁木齐市"),
        ("Ürümqi, Xinjiang", "P-WLM", "新疆维吾尔自治区", "乌鲁木齐市"),
        ("吐鲁番", "X-XJ", "新疆维吾尔自治区", "吐鲁番市"),
        ("Turpan", "X-XJ", "新疆维吾尔自治区", "吐鲁番市"),
        ("قۇمۇل", "X-XJ", "新疆维吾尔自治区", "哈密市"),
        ("Nathan Road, Kowloon, Hong Kong", "X-CN", "香港特别行政区", None),
        ("吉林省吉林市解放大路", "X-CN", "吉林省", "吉林市"),
        ("西藏拉萨市", "X-CN", "西藏自治区", "拉萨市"),
        ("香港九龙弥敦道1号", "X-CN", "香港特别行政区", "九龙"),
        ("澳门氹仔", "X-CN", "澳门特别行政区", None),
        ("台湾台北市", "X-CN", "台湾省", "台北市"),
        ("海南省", "X-CN", "海南省", None),
    ],
)
def test_a_city_alone_is_enough_where_one_area_serves_the_whole_of_it(
    text: str, area: str, province: str, prefecture: str | None, resolver: Resolver
) -> None:
    found = resolver.from_text(text)
    assert isinstance(found, Destination), found
    assert (found.area, found.reason, found.confidence) == (area, DestinationReason.AREA_COVERS, 0.9)
    assert (found.province_name, found.prefecture_name, found.county_name) == (province, prefecture, None)


@pytest.mark.parametrize(
    "text",
    [
        "新疆",
        "喀什地区",
        "喀什地区 浙江商贸城",
        "喀什地区 Shanghai Hotel",
        "伊犁哈萨克自治州塔城地区",  # two prefectures, two areas
        "新疆吉林市",
        "上海大酒店5楼",  # houses, of the kind that stand in Kashi
        "广州新城3号楼",
        "深圳城小区",
    ],
)
def test_a_city_or_province_of_several_areas_or_in_a_house_s_name_is_too_coarse(text: str, resolver: Resolver) -> None:
    found = resolver.from_text(text)
    assert isinstance(found, Unresolved), found
    assert found.reason == UnresolvedReason.TOO_COARSE


def test_a_name_that_several_counties_bear_stays_ambiguous_though_one_area_serves_them_all(resolver: Resolver) -> None:
    found = resolver.from_text("鼓楼区中山路")
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.AMBIGUOUS


def test_without_areas_a_city_alone_is_too_coarse(resolver: Resolver) -> None:
    found = Resolver(resolver.gazetteer).from_text("乌鲁木齐市友好路")
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.TOO_COARSE
