"""The areas file: every form of member is read, and every fault is told with its line."""

from pathlib import Path

import pytest

from karez.address.areas.areas import Areas
from karez.address.areas.file import AreaFile, read_area_file
from karez.address.areas.rules import RuleKind
from karez.address.gazetteer import Gazetteer
from karez.domain.errors import BadConfig

GOOD = """[[area]]
id = "A"
kind = "local"
name = "甲"
townships = { "喀什市" = ["恰萨街道"] }
villages = { "喀什市/乃则尔巴格镇" = ["前进村"], "疏附县" = ["温馨社区"] }
[area.roads."喀什市/恰萨街道、亚瓦格街道"]
"色满路" = "odd 1-99"
"人民西路" = ["1-98", "单号 101-"]
[area.estates]
"喀什市" = ["天南小区"]
[area.polygons]
"喀什市/东湖街道" = [
    [[76.0, 39.46], [76.01, 39.46], [76.01, 39.45], [76.0, 39.46]],
]

[[area]]
id = "B"
kind = "linehaul"
name = { zh = "乙", en = "B" }
pois = { "喀什市" = ["大巴扎"] }
rest = true

[[place]]
name = "天南小区"
kind = "estate"
in = "喀什市"
aliases = ["天南花园"]
point = [76.0, 39.45]
"""


@pytest.fixture
def good(gazetteer: Gazetteer, tmp_path: Path) -> AreaFile:
    return read(GOOD, gazetteer, tmp_path)


def read(text: str, gazetteer: Gazetteer, tmp_path: Path) -> AreaFile:
    path = tmp_path / "areas.toml"
    path.write_text(text, "utf-8")
    return read_area_file(path, gazetteer)


def test_every_kind_of_member_becomes_a_rule(good: AreaFile, gazetteer: Gazetteer) -> None:
    assert not good.faults
    rules = [
        (rule.kind, gazetteer.places[rule.place].name if rule.place >= 0 else "", rule.name) for rule in good.rules
    ]
    assert rules == [
        (RuleKind.TOWNSHIP, "恰萨街道", "恰萨街道"),
        (RuleKind.VILLAGE, "前进村", "前进村"),
        (RuleKind.VILLAGE, "温馨社区", "温馨社区"),
        (RuleKind.ROAD, "恰萨街道", "色满路"),
        (RuleKind.ROAD, "恰萨街道", "人民西路"),
        (RuleKind.ROAD, "亚瓦格街道", "色满路"),
        (RuleKind.ROAD, "亚瓦格街道", "人民西路"),
        (RuleKind.ESTATE, "喀什市", "天南小区"),
        (RuleKind.POLYGON, "东湖街道", ""),
        (RuleKind.POI, "喀什市", "大巴扎"),
        (RuleKind.REST, "", ""),
    ]


def test_every_rule_knows_its_line(good: AreaFile) -> None:
    lines = {rule.name or rule.kind: rule.line for rule in good.rules}
    assert lines["恰萨街道"] == 5
    assert (lines["色满路"], lines["人民西路"], lines["天南小区"]) == (8, 9, 11)
    assert (lines["polygon"], lines["大巴扎"], lines["rest"]) == (13, 21, 22)
    assert [place.line for place in good.places] == [25]


def test_a_closed_ring_is_the_same_as_an_open_one(good: AreaFile) -> None:
    (ring,) = [rule.ring for rule in good.rules if rule.kind is RuleKind.POLYGON]
    assert ring == [(76.0, 39.46), (76.01, 39.46), (76.01, 39.45)]


def test_roads_may_be_listed_without_numbers(gazetteer: Gazetteer, tmp_path: Path) -> None:
    text = '[[area]]\nid = "A"\nkind = "local"\nname = "甲"\nroads = { "喀什市" = ["色满路", "健康路"] }\n'
    rules = read(text, gazetteer, tmp_path).rules
    assert [(rule.name, [str(each) for each in rule.ranges]) for rule in rules] == [
        ("色满路", ["all"]),
        ("健康路", ["all"]),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "word"),
    [
        ('"odd 1-99"', '"odd 1-9-9"', 8, "roads", "no range"),
        ('"odd 1-99"', "99", 8, "roads", "as a text"),
        ('"odd 1-99"', '"99-1"', 8, "roads", "before it begins"),
        ('"喀什市/乃则尔巴格镇"', '"喀什市/乃则巴格镇"', 6, "villages", "乃则尔巴格镇"),
        ('"前进村"', '"前近村"', 6, "villages", "前进村"),
        ('["恰萨街道"]', '["恰沙街道"]', 5, "townships", "恰萨街道"),
        ("[area.estates]\n", '[area.estates]\n"喀什市" = "天南小区"\n"疏附县" = []\n', 0, "TOML", ""),
        ('["天南小区"]', '"天南小区"', 11, "estates", "list of names"),
        ("[76.01, 39.45], [76.0, 39.46]]", "[76.0, 39.46]]", 13, "polygons", "three corners"),
        ("[76.01, 39.45]", "[39.45, 76.01]", 13, "polygons", "longitude comes first"),
        ("[76.01, 39.45]", '["76.01", 39.45]', 13, "polygons", "longitude, latitude"),
        ("[76.01, 39.46], [76.01, 39.45]", "[76.01, 39.45], [76.01, 39.46], [76.0, 39.45]", 13, "polygons", "itself"),
        ('kind = "estate"', 'kind = "shop"', 26, "kind", "estate, poi, road"),
        ('in = "喀什市"', 'in = "喀什司"', 27, "in", "喀什市"),
        ('in = "喀什市"\n', "", 24, "in", "missing"),
        ("point = [76.0, 39.45]", "point = [39.45, 76.0]", 29, "point", "longitude comes first"),
        ("point = [76.0, 39.45]", 'point = "76, 39"', 29, "point", "longitude, latitude"),
        ("point = [76.0, 39.45]", "points = [76.0, 39.45]", 29, "points", "no field"),
        ('kind = "estate"', 'kind = "road"', 29, "point", "no one point"),
        ('["天南花园"]', '"天南花园"', 28, "aliases", "list of names"),
        ('name = "天南小区"\n', "", 24, "name", "missing"),
        ('kind = "estate"', 'kind = "village"', 28, "aliases", "from the gazetteer"),
    ],
)
def test_a_fault_is_told_with_its_line(
    old: str, new: str, line: int, field: str, word: str, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    assert old in GOOD
    path = tmp_path / "areas.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(BadConfig) as caught:
        Areas.load(path, gazetteer)
    faults = caught.value.faults
    assert any((line in (0, at), name) == (True, field) and word in what for at, name, what in faults), faults


def test_a_village_has_no_aliases_of_the_hubs_own(gazetteer: Gazetteer, tmp_path: Path) -> None:
    village = '[[place]]\nname = "前进村"\nkind = "village"\nin = "喀什市/乃则尔巴格镇"\naliases = ["前进"]\n'
    faults = read(f"{GOOD}\n{village}", gazetteer, tmp_path).faults
    assert [fault.field for fault in faults] == ["aliases"]


@pytest.mark.parametrize("text", ["", "area = 5", "[[area]]", "[area]\nid = 'A'", "area = [1, 2]", "[[place]]"])
def test_a_file_without_areas_is_refused(text: str, gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadConfig):
        Areas.load(path, gazetteer)
