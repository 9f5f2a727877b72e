"""Uyghur in Arabic letters and Latin spellings: variants of letters, generic words, endings, reading errors."""

import pytest

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.places import Level
from karez.address.scripts import fold_arabic, fold_latin, fold_uyghur, uyghur_stem
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason

UYGHUR = [
    ("قەشقەر شەھىرى", "喀什市"),
    ("قەشقەر شەھرى", "喀什市"),
    ("قەشقەر", "喀什市"),
    ("شىنجاڭ قەشقەر ۋىلايىتى قاغىلىق ناھىيىسى بازار كوچىسى 12-نومۇر", "叶城县"),
    ("قەشقەر كونا شەھەر ناھىيىسى", "疏附县"),
    ("قەشقەر كوناشەھەر ناھىيىسى", "疏附县"),
    ("قەشقەر يېڭى شەھەر ناھىيىسى", "疏勒县"),
    ("يەكەنگە", "莎车县"),
    ("مارالبېشى ناھىيىسىدىكى", "巴楚县"),
    ("پوسكام ناھىيەسى", "泽普县"),
    ("يوپۇرغا", "岳普湖县"),
    ("تۇمشۇق شەھىرى", "图木舒克市"),
    ("تاشقۇرقان ناھىيىسى", "塔什库尔干塔吉克自治县"),
    ("خوتەن شەھىرى", "和田市"),
    ("كورلا", "库尔勒市"),
    ("كۇچا", "库车市"),
    ("غۇلجا شەھىرى", "伊宁市"),
    ("ئۈرۈمچى شەھىرى تەڭرىتاغ رايونى", "天山区"),
    ("ئۈرۈمچى سايباغ رايونى", "沙依巴克区"),
    ("توقسۇن ناھىيىسى", "托克逊县"),
    ("توقسۇ ناھىيىسى", "新和县"),
    ("قاراقاش", "墨玉县"),
    ("تاشقورغان", "塔什库尔干塔吉克自治县"),
]
LATIN = [
    ("Kashgar, Seman Rd", "喀什市"),
    ("Kashi", "喀什市"),
    ("No. 12 Bazaar Road, Yengisheher, Kashgar Prefecture, Xinjiang, China", "疏勒县"),
    ("Yarkand County, Kashgar", "莎车县"),
    ("Kona Sheher", "疏附县"),
    ("YECHENG XIAN, XINJIANG", "叶城县"),
    ("Qaghiliq nahiyisi", "叶城县"),
    ("Tashkurgan", "塔什库尔干塔吉克自治县"),
    ("Tumshuq", "图木舒克市"),
    ("Cenling County, Kashi, Xinjiang", "岑岭县"),
    ("Korla, Xinjiang", "库尔勒市"),
    ("Kuqa", "库车市"),
    ("Kucha", "库车市"),
    ("Ghulja", "伊宁市"),
    ("Ghulja County", "伊宁县"),
    ("Karghilik", "叶城县"),
    ("Charkilik", "若羌县"),
    ("Hotan County", "和田县"),
    ("Ürümqi County", "乌鲁木齐县"),
]


@pytest.mark.parametrize(("text", "county"), [*UYGHUR, *LATIN])
def test_a_name_in_another_script_is_understood(text: str, county: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.reason) == (county, DestinationReason.ALIAS)


def test_every_uyghur_county_name_of_the_gazetteer_resolves_to_its_county(gazetteer: Gazetteer) -> None:
    for place in gazetteer.places:
        if place.level == Level.COUNTY and place.ug and place.code.startswith("6531"):
            found = resolve(place.ug, gazetteer)
            assert isinstance(found, Destination), place.ug
            assert found.county_name == place.name


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("شىنجاڭ قەشقەر ۋىلايىتى قاغلىق ناھىيىسى", "叶城县"),  # a letter lost
        ("شىنجاڭ قەشقەر ۋىلايىتى پەيزاۋان ناھىيىسى", "伽师县"),  # a letter read as another
        ("شىنجاڭ قەشقەر ۋىلايىتىمارالبېشى ناھىيىسى", "巴楚县"),  # a space lost
        ("Maralbexl county, Xinjiang", "巴楚县"),
    ],
)
def test_a_reading_error_is_mended(text: str, county: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert found.county_name == county


def test_an_unreadable_county_is_not_taken_for_the_city_beside_it(gazetteer: Gazetteer) -> None:
    found = resolve("شىنجاڭ قەشقەر ۋىلايىتى يېرششار ناھىيىسى", gazetteer)
    assert isinstance(found, Unresolved)
    assert found.reason == UnresolvedReason.TOO_COARSE


def test_a_township_in_pinyin_is_found_within_its_county(gazetteer: Gazetteer) -> None:
    found = resolve("Seman Xiang, Kashi Shi, Xinjiang", gazetteer)
    assert isinstance(found, Destination)
    assert found.township_name == "色满乡"


@pytest.mark.parametrize(
    ("text", "county", "township"),
    [
        ("Shule County Hannanlike Township", "疏勒县", "罕南力克镇"),
        ("Shule County Hannanlike Zhen", "疏勒县", "罕南力克镇"),
        ("Shule Hannanlike Town", "疏勒县", "罕南力克镇"),
        ("Shule County Barin Township", "疏勒县", None),  # Baren in pinyin: not known so
        ("Shule County Yafuquan", "疏勒县", "牙甫泉镇"),
        ("Shule Zhen, Shule County", "疏勒县", "疏勒镇"),
        ("Shule Town", "疏勒县", "疏勒镇"),
        ("Awati Xiang, Kashi Shi", "喀什市", "阿瓦提乡"),  # not the county of that name
        ("Shache Xian, Kashi Diqu", "莎车县", None),
        ("Bachu county", "巴楚县", None),
        ("يەكەن", "莎车县", None),
    ],
)
def test_a_county_s_name_is_no_evidence_of_the_township_of_the_same_name(
    text: str, county: str, township: str | None, gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.township_name) == (county, township)


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("Hetian City", "和田市"),
        ("Hetian Shi", "和田市"),
        ("Hetian Xian", "和田县"),
        ("Hetian County", "和田县"),
        ("Wulumuqi Xian", "乌鲁木齐县"),
    ],
)
def test_the_word_behind_a_name_says_whether_city_or_county_is_meant(
    text: str, county: str, gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert found.county_name == county


@pytest.mark.parametrize("text", ["Wulumuqi", "Wulumuqi Shi", "Ürümqi, Xinjiang"])
def test_the_name_of_a_city_with_districts_is_not_the_county_beside_it(text: str, gazetteer: Gazetteer) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Unresolved), found
    assert found.reason == UnresolvedReason.TOO_COARSE


def test_letters_of_different_keyboards_fold_to_one() -> None:
    assert fold_arabic("یەکەن") == fold_arabic("يەكەن") == fold_arabic("ىەكەن")
    assert fold_arabic("ﻗﻪﺷﻘﻪﺭ") == fold_arabic("قەشقەر")
    assert fold_arabic("قەش\u200cقەر") == fold_arabic("قەشقەر")


def test_the_generic_word_is_one_word_and_can_be_left_out() -> None:
    assert fold_uyghur("قەشقەر شەھىرى") == fold_uyghur("قەشقەر شەھرى")
    assert uyghur_stem(fold_uyghur("قەشقەر شەھرى")) == fold_uyghur("قەشقەر")


def test_latin_marks_and_case_are_left_out() -> None:
    assert fold_latin("Ürümqi, XINJIANG") == "urumqi xinjiang"


def test_a_latin_township_that_is_not_known_makes_the_county_alone_a_guess(gazetteer: Gazetteer, areas: Areas) -> None:
    unknown = resolve("Shule County Nosuchplace Township", gazetteer, areas)
    assert isinstance(unknown, Destination)
    assert unknown.county_name == "疏勒县" and unknown.township_name is None and unknown.confidence < 0.5
    plain = resolve("Shule County", gazetteer, areas)
    assert isinstance(plain, Destination) and plain.confidence >= 0.9


@pytest.mark.parametrize(
    ("text", "township"),
    [
        ("Tumxuk 51 tuan", "唐驿镇"),
        ("Tumshuq 44tuan 3 lian", "永安镇"),
        ("تۇمشۇق شەھىرى 51-تۇەن", "唐驿镇"),
        ("12 Tuanjie Lu, Qianhai Zhen, Tumxuk, Xinjiang", "前海镇"),
        ("Qianhai Jiedao, Tumxuk, Xinjiang", "前海街道"),
        ("Qianhai, Tumxuk, Xinjiang", None),  # a town and a street office bear the name
    ],
)
def test_regiments_and_kinds_of_towns_are_understood_in_other_scripts(
    text: str, township: str | None, gazetteer: Gazetteer
) -> None:
    found = resolve(text, gazetteer)
    assert isinstance(found, Destination), found
    assert (found.county_name, found.township_name) == ("图木舒克市", township)
