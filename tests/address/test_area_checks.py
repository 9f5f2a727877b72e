"""What a look over an areas file finds: each with its line, what it is, and what to do now."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.areas.checks import AreaReport, check
from karez.address.areas.findings import Finding, FindingKind, Weight
from karez.address.areas.numbers import NumberRange, Side, read_ranges
from karez.address.gazetteer import Gazetteer
from karez.domain.errors import BadConfig

HEAD = '[[area]]\nid = "{id}"\nkind = "local"\nname = "区"\n'
REST = '[[area]]\nid = "REST"\nkind = "linehaul"\nname = "其他"\nrest = true\n'
CITY = '[[area]]\nid = "CITY"\nkind = "local"\nname = "喀什市"\ncounties = ["喀什市"]\n'
SQUARE = "[[75.97, 39.46], [75.99, 39.46], [75.99, 39.48], [75.97, 39.48]]"
KASHI = Path(__file__).parents[2] / "examples" / "kashi"

Look = Callable[..., AreaReport]


@pytest.fixture
def look(gazetteer: Gazetteer, tmp_path: Path) -> Look:
    def over(*areas: str, more: str = REST) -> AreaReport:
        heads = [HEAD.format(id="ABCDE"[index]) + members for index, members in enumerate(areas)]
        path = tmp_path / "areas.toml"
        path.write_text("\n".join([*heads, more]), "utf-8")
        return check(path, gazetteer)

    return over


def road(*numbers: str) -> list[str]:
    return [f'roads = {{ "喀什市" = {{ "色满路" = "{each}" }} }}\n' for each in numbers]


def polygons(*rings: str) -> list[str]:
    return [f'polygons = {{ "喀什市" = [{each}] }}\n' for each in rings]


def only(report: AreaReport, kind: FindingKind) -> Finding:
    found = [each for each in report.findings if each.kind is kind]
    assert len(found) == 1, report.findings
    return found[0]


@pytest.mark.parametrize("file", ["areas.toml", "areas-couriers.toml"])
def test_the_examples_are_clean(file: str, gazetteer: Gazetteer) -> None:
    report = check(KASHI / file, gazetteer)
    assert report.is_clean
    assert not report.findings


def test_a_township_in_two_areas_is_an_error_of_the_second_line(look: Look) -> None:
    towns = 'townships = { "喀什市" = ["恰萨街道"] }\n'
    found = only(look(towns, towns, more=CITY + REST), FindingKind.OVERLAP)
    assert (found.weight, found.line, list(found.areas)) == (Weight.ERROR, 11, ["A", "B"])
    assert "恰萨街道" in found.what
    assert "line 5" in found.what


@pytest.mark.parametrize(
    "member",
    [
        'villages = { "喀什市/乃则尔巴格镇" = ["前进村"] }',
        'estates = { "喀什市" = ["天南小区"] }',
        'pois = { "喀什市" = ["天南小区"] }',
        'counties = ["疏附县"]',
        'prefectures = ["喀什地区"]',
        'roads = { "喀什市" = ["色满路"] }',
    ],
)
def test_whatever_stands_in_two_areas_is_found(member: str, look: Look) -> None:
    assert only(look(f"{member}\n", f"{member}\n", more=CITY + REST), FindingKind.OVERLAP).areas == ("A", "B")


def test_an_estate_in_one_area_and_a_poi_of_that_name_in_another_are_the_same_place(look: Look) -> None:
    report = look('estates = { "喀什市" = ["天南"] }\n', 'pois = { "喀什市" = ["天南"] }\n', more=CITY + REST)
    assert only(report, FindingKind.OVERLAP).areas == ("A", "B")


def test_shared_house_numbers_are_told_by_side(look: Look) -> None:
    found = only(look(*road("odd 1-99", "90-200"), more=CITY + REST), FindingKind.OVERLAP)
    assert "色满路 odd 91-99" in found.what


def test_house_numbers_left_out_are_told_with_who_gets_them(look: Look) -> None:
    found = only(look(*road("1-99", "200-"), more=CITY + REST), FindingKind.NUMBER_HOLE)
    assert "100-199" in found.what
    assert "CITY" in found.what
    assert found.weight is Weight.WARNING


def test_a_side_that_nobody_serves_is_a_note_and_keeps_the_file_clean(look: Look) -> None:
    report = look(*road("odd"), more=CITY + REST)
    assert "even numbers" in only(report, FindingKind.ROAD_SIDE).what
    assert report.is_clean


@st.composite
def _range(draw: st.DrawFn) -> NumberRange:
    first = draw(st.integers(1, 30))
    last = draw(st.none() | st.integers(first + 1, 40))
    return NumberRange(first, last, draw(st.sampled_from(Side)))


@given(st.lists(_range(), min_size=1, max_size=3), st.lists(_range(), min_size=1, max_size=3))
def test_every_number_is_one_areas_or_reported(mine: list[NumberRange], yours: list[NumberRange]) -> None:
    gazetteer, folder = _SHARED[0]
    path = folder / "ranges.toml"
    rows = road(*(", ".join(map(str, each)) for each in (mine, yours)))
    path.write_text("\n".join([HEAD.format(id="A") + rows[0], HEAD.format(id="B") + rows[1], CITY, REST]), "utf-8")
    kinds = {each.kind for each in check(path, gazetteer).findings}
    numbers = range(1, 45)
    twice = any(any(n in a for a in mine) and any(n in b for b in yours) for n in numbers)
    both = [*mine, *yours]
    low, high = min(each.first for each in both), min(44, max(each.end for each in both))
    left = {n for n in range(low, high + 1) if not any(n in each for each in both)}
    sides = {n % 2 for n in numbers if any(n in each for each in both)}
    assert (FindingKind.OVERLAP in kinds) == twice
    assert (FindingKind.NUMBER_HOLE in kinds) == any(n % 2 in sides for n in left)
    assert (FindingKind.ROAD_SIDE in kinds) == (len(sides) == 1)


_SHARED: list[tuple[Gazetteer, Path]] = []


@pytest.fixture(autouse=True)
def _share(gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hand the gazetteer to the property, which may not ask for it by name."""
    if not _SHARED:
        _SHARED.append((gazetteer, tmp_path_factory.mktemp("areas")))


def test_polygons_that_overlap_are_told_with_their_share(look: Look) -> None:
    shifted = "[[75.98, 39.46], [76.00, 39.46], [76.00, 39.48], [75.98, 39.48]]"
    found = only(look(*polygons(SQUARE, shifted), more=CITY + REST), FindingKind.POLYGON_OVERLAP)
    assert found.share == pytest.approx(0.5, abs=0.001)
    assert "50%" in found.what
    assert found.shape is not None


def test_polygons_that_only_touch_do_not_overlap(look: Look) -> None:
    beside = "[[75.99, 39.46], [76.00, 39.46], [76.00, 39.48], [75.99, 39.48]]"
    kinds = {each.kind for each in look(*polygons(SQUARE, beside), more=CITY + REST).findings}
    assert FindingKind.POLYGON_OVERLAP not in kinds


def test_a_polygon_without_a_known_point_serves_nobody(look: Look) -> None:
    far = "[[76.10, 39.46], [76.11, 39.46], [76.11, 39.48]]"
    found = only(look(*polygons(far), more=CITY + REST), FindingKind.UNUSED)
    assert "serves no address" in found.what


def test_a_township_named_in_one_area_whose_point_lies_in_anothers_polygon_is_found(look: Look) -> None:
    towns = 'townships = { "喀什市" = ["吾斯塘博依街道"] }\n'
    report = look(towns, *polygons(SQUARE), more=CITY + REST)
    found = only(report, FindingKind.NAME_AGAINST_POLYGON)
    assert (found.line, list(found.areas)) == (5, ["A", "B"])


def test_townships_of_a_divided_county_that_nobody_names_are_listed(look: Look) -> None:
    found = only(look('townships = { "岑岭县" = ["新华镇", "宝玉镇"] }\n'), FindingKind.TOWNSHIP_HOLE)
    assert all(name in found.what for name in ("2 townships of 岑岭县", "永康镇", "玉叶镇", "REST"))
    assert len(found.places) == 2


def test_a_divided_county_that_an_area_takes_as_a_whole_has_no_holes(look: Look) -> None:
    assert look('townships = { "喀什市" = ["恰萨街道"] }\n', more=CITY + REST).is_clean


def test_without_a_rest_what_no_area_takes_is_told_once_and_largest_first(look: Look) -> None:
    prefectures = 'prefectures = ["喀什地区"]\nprovinces = ["西藏自治区"]\n'
    found = only(look(prefectures, more=""), FindingKind.UNSERVED)
    assert "西藏自治区" not in found.what
    assert "喀什" not in found.what
    assert found.line == 0
    assert len(found.places) < 120  # whole provinces, the other prefectures of Xinjiang, the Corps' cities


@pytest.mark.parametrize(
    ("member", "meant"),
    [
        ('townships = { "喀什市" = ["恰沙街道"] }', "恰萨街道"),
        ('townships = { "喀十市" = ["恰萨街道"] }', "喀什市"),
        ('counties = ["喀什"]', "喀什市"),
        ('prefectures = ["喀什"]', "喀什地区"),
        ('roads = { "喀什市/恰沙街道" = ["色满路"] }', "喀什市/恰萨街道"),
        ('villages = { "喀什市" = ["樱挑村"] }', "樱桃村"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_the_nearest_that_does(member: str, meant: str, look: Look) -> None:
    found = only(look(f"{member}\n"), FindingKind.UNKNOWN_NAME)
    assert found.now == f"did you mean {meant}?"
    assert (found.weight, found.line) == (Weight.ERROR, 5)


def test_one_alias_of_two_places_is_found(look: Look) -> None:
    places = "".join(
        f'[[place]]\nname = "{name}"\nkind = "estate"\nin = "喀什市"\naliases = ["花园"]\n'
        for name in ("甲小区", "乙小区")
    )
    report = look('estates = { "喀什市" = ["甲小区", "乙小区"] }\n', more=CITY + REST + places)
    found = only(report, FindingKind.SHADOWED_NAME)
    assert all(name in found.what for name in ("花园", "甲小区", "乙小区"))


def test_an_estate_that_is_called_like_a_township_is_found(look: Look) -> None:
    report = look('estates = { "喀什市" = ["东湖街道"] }\n', more=CITY + REST)
    assert "township or village" in only(report, FindingKind.SHADOWED_NAME).what


def test_a_place_that_no_area_uses_is_found_with_the_name_that_was_meant(look: Look) -> None:
    place = '[[place]]\nname = "色漫路"\nkind = "road"\nin = "喀什市"\naliases = ["Seman Road"]\n'
    report = look('roads = { "喀什市" = ["色满路"] }\n', more=CITY + REST + place)
    assert only(report, FindingKind.UNUSED).now == "did you mean 色满路?"


def test_an_area_without_members_is_found(look: Look) -> None:
    assert only(look(""), FindingKind.EMPTY_AREA).weight is Weight.ERROR


def test_errors_come_before_warnings_and_each_says_what_now(look: Look) -> None:
    report = look('townships = { "岑岭县" = ["新华镇"] }\n', 'townships = { "岑岭县" = ["新华镇"] }\n', more="")
    weights = [each.weight for each in report.findings]
    assert weights == sorted(weights, key=list(Weight).index)
    assert all(each.now and each.what for each in report.findings)


def test_a_field_of_the_wrong_form_is_no_finding_but_a_bad_file(look: Look) -> None:
    with pytest.raises(BadConfig):
        look('roads = "色满路"\n')


def test_what_ranges_print_is_what_the_file_may_say() -> None:
    assert [str(each) for each in read_ranges("odd, 1-99, even 2-, 7")] == ["odd", "1-99", "even 2-", "7"]
