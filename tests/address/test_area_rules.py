"""Which rule of an areas file decides: the most exact that fits, and never a silent guess where none can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.verdict import DOUBTFUL_TOWNSHIP
from karez.domain.destination import Destination

FILE = """
[[area]]
id = "REST"
kind = "local"
name = "喀什市其他"
counties = ["喀什市", "疏附县"]

[[area]]
id = "ODD"
kind = "local"
name = "色满路单号"
townships = { "喀什市" = ["恰萨街道"] }
[area.roads."喀什市/恰萨街道、亚瓦格街道"]
"色满路" = "odd 1-199"
"人民西路" = "all"

[[area]]
id = "EVEN"
kind = "local"
name = "色满路双号"
villages = { "喀什市/乃则尔巴格镇" = ["前进村"] }
townships = { "喀什市" = ["乃则尔巴格镇"] }
estates = { "喀什市" = ["天南小区"] }
[area.roads."喀什市/恰萨街道、亚瓦格街道"]
"色满路" = ["even 2-198", "200-"]

[[area]]
id = "POI"
kind = "local"
name = "市场"
pois = { "喀什市" = ["月星上海城"] }
[area.roads."疏附县"]
"友谊路" = "1-50"

[[area]]
id = "POLYGON"
kind = "local"
name = "湖滨"
[area.polygons]
"喀什市/东湖街道" = [[[76.000, 39.462], [76.012, 39.464], [76.016, 39.455], [76.004, 39.450]]]
"喀什市/吾斯塘博依街道" = [[[75.97, 39.46], [75.99, 39.46], [75.99, 39.48], [75.97, 39.48]]]

[[area]]
id = "FLOW"
kind = "linehaul"
name = "其他"
rest = true

[[place]]
name = "天南小区"
kind = "estate"
in = "喀什市"
aliases = ["天南花园", "Tiannan Garden"]

[[place]]
name = "色满路"
kind = "road"
in = "喀什市"
aliases = ["Seman Road", "سەمەن يولى"]

[[place]]
name = "湖景小区"
kind = "estate"
in = "喀什市/东湖街道"
point = [76.008, 39.458]

[[place]]
name = "远湖小区"
kind = "estate"
in = "喀什市/东湖街道"
point = [76.050, 39.458]
"""


@pytest.fixture(scope="module")
def couriers(gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Areas:
    path = tmp_path_factory.mktemp("areas") / "areas.toml"
    path.write_text(FILE, "utf-8")
    return Areas.load(path, gazetteer)


def served(text: str, gazetteer: Gazetteer, areas: Areas) -> Destination:
    found = resolve(text, gazetteer, areas)
    assert isinstance(found, Destination)
    return found


@pytest.mark.parametrize(
    ("text", "area", "said"),
    [
        ("喀什市恰萨街道色满路11号", "ODD", "色满路 odd 1-199 belongs to ODD."),
        ("喀什市恰萨街道色满路12号", "EVEN", "色满路 even 2-198, 200- belongs to EVEN."),
        ("喀什市色满路12号", "EVEN", "色满路 even 2-198, 200- belongs to EVEN."),
        ("喀什市色满路201号", "EVEN", "色满路"),
        ("喀什市色满路12-3号", "EVEN", "色满路"),
        ("喀什市色满路甲13号", "ODD", "色满路"),
        ("喀什市色满路十二号", "EVEN", "色满路"),
        ("喀什市色满路一百零五号", "ODD", "色满路"),
        ("喀什市色满路12号附1", "EVEN", "色满路"),
        ("喀什市色满路１２号", "EVEN", "色满路"),
        ("喀什市色满路12号院3栋", "EVEN", "色满路"),
        ("喀什市色满路 12 号", "EVEN", "色满路"),
        ("喀什市人民西路", "ODD", "人民西路 all numbers belongs to ODD."),
        ("喀什市人民西路5号", "ODD", "人民西路"),
        ("喀什市色满路11号天南小区3栋", "EVEN", "天南小区 belongs to EVEN."),
        ("喀什市天南花园5号楼", "EVEN", "天南小区 belongs to EVEN."),
        ("喀什市健康路9号月星上海城", "POI", "月星上海城 belongs to POI."),
        ("喀什市乃则尔巴格镇前进村3组21号", "EVEN", "前进村 belongs to EVEN."),
        ("喀什市乃则尔巴格镇樱桃村3组", "EVEN", "乃则尔巴格镇 belongs to EVEN."),
        ("喀什市东湖街道湖景小区3栋", "POLYGON", "湖景小区 lies in a polygon of POLYGON."),
        ("喀什市湖景小区3栋", "POLYGON", "湖景小区 lies in a polygon of POLYGON."),
        ("喀什市东湖街道远湖小区3栋", "REST", "喀什市 belongs to REST."),
        ("喀什市吾斯塘博依街道", "POLYGON", "It lies in a polygon of POLYGON."),
        ("喀什市恰萨街道健康路5号", "ODD", "恰萨街道 belongs to ODD."),
        ("喀什市健康路5号", "REST", "喀什市 belongs to REST."),
        ("疏附县友谊路20号", "POI", "友谊路 1-50 belongs to POI."),
        ("疏附县友谊路60号", "REST", "疏附县 belongs to REST."),
        ("莎车县色满路11号", "FLOW", "FLOW takes the rest."),
        ("莎车县色漫路11号", "FLOW", "FLOW takes the rest."),
        ("喀什市人民东路5号", "REST", "喀什市 belongs to REST."),
        ("喀什市色满路12A号", "EVEN", "色满路"),
        ("喀什市色满路12-A", "EVEN", "色满路"),
        ("Kashgar, Seman Road 112", "EVEN", "色满路"),
        ("Kashgar, Seman Rd. 112", "EVEN", "色满路"),
        ("12A Seman rd, Kashgar", "EVEN", "色满路"),
        ("No. 11 Seman Road, Kashgar", "ODD", "色满路"),
        ("قەشقەر شەھرى سەمەن يولى 12", "EVEN", "色满路"),
    ],
)
def test_the_most_exact_rule_decides_and_is_named(
    text: str, area: str, said: str, gazetteer: Gazetteer, couriers: Areas
) -> None:
    found = served(text, gazetteer, couriers)
    assert (found.area, said in found.explanation) == (area, True), found
    assert found.confidence > DOUBTFUL_TOWNSHIP
    assert not found.candidates


@pytest.mark.parametrize(
    ("text", "others", "why"),
    [
        ("喀什市色满路", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路附1号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路3巷12号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路1O2号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路１ｌ２号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路11O号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市色满路1 2号", {"ODD", "EVEN"}, "divided by house numbers"),
        ("Kashgar, Seman Road 1O2", {"ODD", "EVEN"}, "divided by house numbers"),
        ("1O2 Seman Road, Kashgar", {"ODD", "EVEN"}, "divided by house numbers"),
        ("喀什市恰萨街道", {"EVEN"}, "Roads decide here"),
        ("喀什市恰萨街道幸福小区3栋", {"EVEN"}, "Roads decide here"),
        ("喀什市恰萨街道天南小区对面", {"EVEN"}, "天南小区 may be meant"),
        ("喀什市恰萨街道天南小区幼儿园", {"EVEN"}, "天南小区 may be meant"),
        ("喀什市东湖街道健康路5号", {"POLYGON"}, "Polygons decide here"),
        ("喀什市恰萨街道满路12号", {"EVEN"}, "色满路 may be meant"),
        ("喀什市恰萨街道色满满路12号", {"EVEN"}, "色满路 may be meant"),
        ("喀什市亚瓦格街道人民路5号", {"ODD"}, "人民西路 may be meant"),
        ("喀什市亚瓦格街道色漫路12号", {"ODD", "EVEN"}, "色满路 may be meant"),
        ("喀什市免满路12号", {"ODD", "EVEN"}, "色满路 may be meant"),
        ("喀什市人民酉路5号", {"ODD"}, "人民西路 may be meant"),
        ("喀什市人民路12号", {"ODD"}, "人民西路 may be meant"),
        ("喀什市天雨小区3栋", {"EVEN"}, "天南小区 may be meant"),
        ("喀什市天南小苑3栋", {"EVEN"}, "天南小区 may be meant"),
        ("喀什市月星街海城", {"POI"}, "月星上海城 may be meant"),
        ("喀什市湖影小区3栋", {"POLYGON"}, "湖景小区 may be meant"),
        ("喀什市乃则尔巴格镇樱桃村月星上海诚", {"POI"}, "月星上海城 may be meant"),
        ("Kashgar, Renmin West Road 21", {"ODD", "EVEN"}, "the file lacks the one named in these letters"),
        ("Kashgar, East Seman Road 12", {"ODD", "EVEN"}, "色满路 may be meant"),
        ("喀什市 Renmin Xi Lu 21", {"ODD", "EVEN"}, "the file lacks the one named in these letters"),
        ("قەشقەر شەھرى خەلق غەربىي يولى 21", {"ODD", "EVEN"}, "the file lacks the one named in these letters"),
        ("Kashgar, Tian Nan Garden 3", {"EVEN", "POI"}, "Places below the township decide here"),
        ("喀什市天南小区月星上海城", {"POI"}, "It also names what belongs to POI"),
        ("疏附县张三", {"POI"}, "Roads decide here"),
    ],
)
def test_where_no_rule_can_decide_the_address_is_in_doubt_and_the_areas_are_listed(
    text: str, others: set[str], why: str, gazetteer: Gazetteer, couriers: Areas
) -> None:
    found = served(text, gazetteer, couriers)
    assert found.confidence <= DOUBTFUL_TOWNSHIP
    assert why in found.explanation
    assert {candidate.area for candidate in found.candidates} == others
    assert found.confidence + sum(candidate.confidence for candidate in found.candidates) <= 1.02  # two decimals each
    assert all(candidate.confidence <= found.confidence for candidate in found.candidates)


def test_a_township_that_cannot_be_read_does_not_matter_where_an_estate_decides(
    gazetteer: Gazetteer, couriers: Areas
) -> None:
    doubtful = served("喀什市某某街道健康路5号", gazetteer, couriers)
    sure = served("喀什市某某街道天南小区", gazetteer, couriers)
    assert doubtful.confidence <= DOUBTFUL_TOWNSHIP < sure.confidence
    assert sure.area == "EVEN"


def test_a_road_whose_name_was_misread_is_not_taken_for_another_road(gazetteer: Gazetteer, couriers: Areas) -> None:
    read, meant = next(
        (wrong, right)
        for wrong, rights in gazetteer.lookalikes.items()
        for right in rights
        if right in "色满" and wrong not in "色满路"
    )
    found = served(f"喀什市恰萨街道{'色满路'.replace(meant, read)}11号", gazetteer, couriers)
    assert found.confidence <= DOUBTFUL_TOWNSHIP


def test_words_of_the_address_never_stand_in_the_explanation(gazetteer: Gazetteer, couriers: Areas) -> None:
    found = served("喀什市色满路113号张三丰收件 13812345678", gazetteer, couriers)
    assert found.area == "ODD"
    assert not any(word in found.explanation for word in ("113", "张三", "138"))


@given(st.integers(1, 9999))
def test_every_number_of_a_road_without_gaps_is_one_couriers_and_by_its_side(number: int) -> None:
    areas, gazetteer = _loaded()
    found = served(f"喀什市色满路{number}号", gazetteer, areas)
    assert found.area == ("ODD" if number % 2 and number < 200 else "EVEN")


_LOADED: list[tuple[Areas, Gazetteer]] = []


def _loaded() -> tuple[Areas, Gazetteer]:
    return _LOADED[0]


@pytest.fixture(autouse=True)
def _share(couriers: Areas, gazetteer: Gazetteer) -> None:
    """Hand the areas to the property, which may not ask for them by name."""
    _LOADED[:] = [(couriers, gazetteer)]


def test_an_area_of_roads_lies_in_their_county(gazetteer: Gazetteer, couriers: Areas) -> None:
    names = [county.name if (county := couriers.county_of(couriers.all[n].id)) else None for n in (1, 2, 4)]
    assert names == ["喀什市", "喀什市", "喀什市"]


def test_a_county_that_roads_divide_is_no_areas_alone(gazetteer: Gazetteer, couriers: Areas) -> None:
    (county,) = gazetteer.find(3, "疏附县")
    assert couriers.area_of(county) == "REST"
    assert couriers.sole_area_of(county) is None


def test_counties_without_such_rules_are_served_without_looking_at_the_text(areas: Areas, gazetteer: Gazetteer) -> None:
    (county,) = gazetteer.find(3, "莎车县")
    assert areas.area_for(county, "").area == areas.area_for(county, "色满路11号").area == "L-SCX"
