"""The areas file: every place in exactly one area, and faults named by line and field."""

from pathlib import Path

import pytest

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level
from karez.domain.errors import BadConfig

GOOD = """[[area]]
id = "A"
kind = "local"
name = { zh = "甲", en = "A" }
counties = ["疏附县"]

[[area]]
id = "B"
kind = "linehaul"
name = "乙"
rest = true
"""


def faults_of(text: str, gazetteer: Gazetteer, tmp_path: Path) -> list[tuple[int, str, str]]:
    path = tmp_path / "areas.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadConfig) as caught:
        Areas.load(path, gazetteer)
    return caught.value.faults


def test_every_place_in_china_falls_into_an_area_of_the_kashi_example(areas: Areas, gazetteer: Gazetteer) -> None:
    assert all(areas.area_of(place) for place in gazetteer.places)


def test_the_most_exact_name_wins(areas: Areas, gazetteer: Gazetteer) -> None:
    (county,) = gazetteer.find(Level.COUNTY, "疏附县")
    towns = {gazetteer.places[n].name: gazetteer.places[n] for n in gazetteer.children(county.id)}
    assert areas.area_of(county) == "SF-1"
    assert areas.area_of(towns["乌帕尔镇"]) == "SF-2"
    assert areas.area_of(towns["托克扎克镇"]) == "SF-1"


def test_the_corps_cities_go_with_the_prefecture_around_them(areas: Areas, gazetteer: Gazetteer) -> None:
    expected = {"阿拉尔市": "P-AKS", "昆玉市": "P-HTN", "石河子市": "X-XJ", "草湖市": "L-CHS", "岑岭县": "L-CLX"}
    assert {name: areas.area_of(gazetteer.find(Level.COUNTY, name)[0]) for name in expected} == expected


def test_every_kashi_city_township_is_in_a_named_local_area(areas: Areas, gazetteer: Gazetteer) -> None:
    (city,) = gazetteer.find(Level.COUNTY, "喀什市")
    for number in gazetteer.children(city.id):
        area = areas.get(areas.area_of(gazetteer.places[number]) or "")
        assert area is not None
        assert area.kind == "local"
        assert area.id != "KS-00"


def test_an_area_knows_the_one_county_it_lies_in(areas: Areas) -> None:
    found = [areas.county_of(area.id) for area in areas.all if area.id in ("KS-01", "L-YCX", "P-AKS", "X-CN")]
    assert [county.name if county else None for county in found] == ["喀什市", "叶城县", None, None]


def test_one_area_serves_a_place_only_where_nothing_below_it_goes_elsewhere(areas: Areas, gazetteer: Gazetteer) -> None:
    places = [*gazetteer.find(Level.PREFECTURE, "阿克苏地区"), *gazetteer.find(Level.PROVINCE, "西藏自治区")]
    assert [areas.sole_area_of(place) for place in places] == ["P-AKS", "X-CN"]
    split = [*gazetteer.find(Level.PREFECTURE, "喀什地区"), *gazetteer.find(Level.COUNTY, "疏附县")]
    assert [areas.sole_area_of(place) for place in split] == [None, None]


def test_an_unknown_id_is_none(areas: Areas) -> None:
    assert areas.get("no such area") is None


def test_without_a_rest_a_place_may_have_no_area(gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    path.write_text(GOOD.replace("rest = true", 'counties = ["疏勒县"]'), "utf-8")
    areas = Areas.load(path, gazetteer)
    assert areas.area_of(gazetteer.find(Level.COUNTY, "莎车县")[0]) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "word"),
    [
        ('["疏附县"]', '["疏复县"]', 5, "counties", "疏复县"),
        ('["疏附县"]', '["鼓楼区"]', 5, "counties", "4 places"),
        ('["疏附县"]', '"疏附县"', 5, "counties", "list"),
        ('"local"', '"locale"', 3, "kind", "linehaul"),
        ('id = "B"', 'id = "A"', 8, "id", "two areas"),
        ('id = "A"', 'id = "a b"', 2, "id", "letters"),
        ('name = "乙"', "name = 5", 10, "name", "zh"),
        ("rest = true", "rests = true", 11, "rests", "no field"),
        ("rest = true", 'counties = ["疏附县"]', 11, "counties", "already"),
        ("rest = true", 'townships = { "喀什市" = ["东湖镇"] }', 11, "townships", "东湖镇"),
        ("rest = true", 'townships = { "喀什省" = ["东湖街道"] }', 11, "townships", "喀什省"),
        ("rest = true", "", 8, "id", "no members"),
        ("[[area]]\nid", 'hub = "Kashi"\n[[area]]\nid', 1, "hub", "no field"),
    ],
)
def test_a_fault_is_named_by_line_and_field(
    old: str, new: str, line: int, field: str, word: str, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    assert old in GOOD
    found = faults_of(GOOD.replace(old, new, 1), gazetteer, tmp_path)
    assert any((at, name) == (line, field) and word in what for at, name, what in found), found


def test_every_fault_is_told_not_only_the_first(gazetteer: Gazetteer, tmp_path: Path) -> None:
    found = faults_of(GOOD.replace("疏附县", "无此县").replace("linehaul", "truck"), gazetteer, tmp_path)
    assert {field for _, field, _ in found} == {"counties", "kind"}


def test_broken_toml_is_told_with_its_line(gazetteer: Gazetteer, tmp_path: Path) -> None:
    assert faults_of(GOOD.replace('kind = "local"', "kind = "), gazetteer, tmp_path)[0][:2] == (3, "TOML")


def test_an_empty_or_missing_file_is_told(gazetteer: Gazetteer, tmp_path: Path) -> None:
    assert faults_of("", gazetteer, tmp_path)[0][1] == "area"
    with pytest.raises(BadConfig):
        Areas.load(tmp_path / "nowhere.toml", gazetteer)
