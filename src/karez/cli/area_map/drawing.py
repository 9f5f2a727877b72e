"""Paints one map of the page: counties in the colours of their areas, polygons, points, overlaps, holes, names."""

from collections import defaultdict
from collections.abc import Mapping

from PIL import Image, ImageDraw
from shapely.geometry import box as _box
from shapely.geometry.base import BaseGeometry

from karez.address.areas.checks import AreaReport
from karez.address.gazetteer import Gazetteer
from karez.cli.area_map.colours import ALARM, FRAME, INK, LAND, SOFT_INK, WATERLINE, Colour, colours_of, darker, paler
from karez.cli.area_map.labels import Labels, Line
from karez.cli.area_map.panel import Panel
from karez.cli.area_map.scene import Scene
from karez.domain.ids import AreaId
from karez.simulation.fonts import typeface

_PALE, _DETAIL_PALE = 0.25, 0.78
_SMALL_COUNTY_PX = 26  # a county that is narrower gets no name


def paint(
    page: Image.Image,
    panel: Panel,
    scene: Scene,
    report: AreaReport,
    gazetteer: Gazetteer,
    finer: Panel | None,
    is_main: bool,
) -> None:
    """Paint a panel with all that lies in it, and put it on the page."""
    colours = colours_of(report.file.areas)
    shown = {county: shape for county, shape in scene.shapes.items() if panel.shows(shape)}
    _counties(panel, scene, shown, colours, _DETAIL_PALE if is_main and scene.detail is not None else _PALE)
    if is_main:
        _own_polygons(panel, scene, colours)
        draw_spots(panel, scene, colours)
    if finer is not None:
        panel.frame_of(finer, INK)
    page.paste(panel.picture(), (panel.left, panel.top))
    labels = _framed(page, panel)
    _scale_bar(labels, panel)
    if is_main:
        _spot_names(labels, panel, scene, report)
    _county_names(labels, panel, scene, shown, gazetteer, is_main)
    if not is_main:
        _area_names(labels, panel, scene, shown, report)


def _framed(page: Image.Image, panel: Panel) -> Labels:
    """Draw the frame of a panel, and return the labels of what it frames."""
    draw = ImageDraw.Draw(page)
    right, bottom = panel.left + panel.width, panel.top + panel.height
    draw.rectangle((panel.left, panel.top, right - 1, bottom - 1), outline=FRAME, width=1)
    return Labels(draw, (panel.left, panel.top, right, bottom))


def _counties(
    panel: Panel,
    scene: Scene,
    shown: Mapping[int, BaseGeometry],
    colours: Mapping[AreaId, Colour],
    pale: float,
) -> None:
    """Fill counties; stripes stand back by the share ``pale``, so that what lies on them is seen first."""
    for county in sorted(shown, key=lambda each: -shown[each].area):  # a county inside another comes after it
        areas = scene.divided[county] if county in scene.named else []
        if not areas:
            panel.fill(shown[county], LAND)
        elif county in scene.partly:
            panel.stripe(shown[county], [*(paler(colours[area], pale) for area in areas), LAND])
        elif len(areas) == 1:
            panel.fill(shown[county], colours[areas[0]])
        else:
            panel.stripe(shown[county], [paler(colours[area], pale) for area in areas])
        if county in scene.holes and pale < _DETAIL_PALE:
            panel.hatch(shown[county], SOFT_INK, gap=11, width=1, downwards=True)
    for shape in shown.values():
        panel.outline(shape, WATERLINE, 0.8)
    for county in scene.local & shown.keys():
        panel.outline(shown[county], darker((150, 148, 140)), 1.2)


def _own_polygons(panel: Panel, scene: Scene, colours: Mapping[AreaId, Colour]) -> None:
    for rule, shape in scene.polygons:
        panel.fill(shape, colours[rule.area])
    for rule, shape in scene.polygons:
        panel.outline(shape, darker(colours[rule.area]), 2)
    for shape, _ in scene.overlaps:
        panel.hatch(shape, ALARM, gap=6, width=2)
        panel.outline(shape, ALARM, 2)


def draw_spots(panel: Panel, scene: Scene, colours: Mapping[AreaId, Colour]) -> None:
    """Draw the points dark with a white edge: many lie on a polygon of their own area's colour."""
    for spot in scene.spots:
        fill, edge = (darker(colours[spot.area]), WATERLINE) if spot.area is not None else (WATERLINE, ALARM)
        panel.dot(spot.lon, spot.lat, fill, edge, 5, spot.square)


def _spot_names(labels: Labels, panel: Panel, scene: Scene, report: AreaReport) -> None:
    spots = [(spot, panel.at(spot.lon, spot.lat)) for spot in scene.spots]
    labels.taken += [(x - 6, y - 6, x + 6, y + 6) for _, (x, y) in spots]
    for shape, share in scene.overlaps:
        middle = shape.representative_point()
        labels.place(*panel.at(middle.x, middle.y), [Line(f"重叠 overlap {share}", 15, "zh-bold", ALARM)], 8)
    for rule, shape in scene.polygons:
        area = report.areas.get(rule.area)
        middle = shape.representative_point()
        if area is not None:
            lines = [Line(area.id, 17, "zh-bold"), Line(area.name, 15), *_foreign(area.name_en, area.name_ug)]
            where, around = panel.at(middle.x, middle.y), panel.around(shape)
            any(labels.place(*where, lines[:rows], inside=around) for rows in (len(lines), 2, 1))  # what has room
    for spot, (x, y) in spots:
        labels.place(x, y, [Line(spot.name, 14)], 9)


def _foreign(en: str, ug: str) -> list[Line]:
    lines = [Line(en, 13, "zh", SOFT_INK)] if en else []
    return [*lines, Line(ug, 15, "ug-tut", SOFT_INK)] if ug else lines


def _county_names(
    labels: Labels,
    panel: Panel,
    scene: Scene,
    shown: Mapping[int, BaseGeometry],
    gazetteer: Gazetteer,
    is_main: bool,
) -> None:
    """Name the counties that couriers go to, then the others, largest first."""
    seen = [county for county in shown if not panel.visible(shown[county]).is_empty]
    if is_main and scene.detail is not None and len(seen) == 1:
        return  # the whole map lies in it; the map beside it says in which
    order = sorted(seen, key=lambda county: (county not in scene.local, -shown[county].area))
    for county in order if is_main else [each for each in order if each in scene.local][:1]:
        visible = panel.visible(shown[county])
        if visible.is_empty or visible.area**0.5 * panel.px_a_degree < _SMALL_COUNTY_PX:
            continue
        place, middle = gazetteer.places[county], visible.representative_point()
        where = panel.at(middle.x, middle.y)
        areas = scene.divided[county]
        told = [Line(f"{len(areas)} areas", 13, "zh", SOFT_INK)] if len(areas) > 1 else []
        name = Line(place.name, 18 if county in scene.local else 15, "zh-bold" if county in scene.local else "zh")
        if not labels.place(*where, [name, *_foreign(place.latin, place.ug), *told]):
            labels.place(*where, [name])


def _area_names(
    labels: Labels, panel: Panel, scene: Scene, shown: Mapping[int, BaseGeometry], report: AreaReport
) -> None:
    """Name each area once, in the largest county that it serves alone."""
    largest: dict[AreaId, list[BaseGeometry]] = defaultdict(list)
    for county, shape in shown.items():
        if len(scene.divided[county]) == 1 and county in scene.named - scene.partly:
            largest[scene.divided[county][0]].append(shape)
    for id, shapes in sorted(largest.items(), key=lambda item: -max(shape.area for shape in item[1])):
        area = report.areas.get(id)
        visible = panel.visible(max(shapes, key=lambda shape: shape.area))
        if area is not None and not visible.is_empty:
            middle = visible.representative_point()
            labels.place(*panel.at(middle.x, middle.y), [Line(area.name, 13)])


def _scale_bar(labels: Labels, panel: Panel) -> None:
    km = panel.scale_km()
    length = km / panel.km_a_px
    x, y = panel.left + 16, panel.top + panel.height - 18
    words = f"{km:g} km"
    wide = typeface("zh", 13).getlength(words)
    labels.taken.append((x - 6, y - 16, x + length + wide + 14, y + 12))
    labels.draw.rectangle((x - 6, y - 12, x + length + wide + 14, y + 10), fill=WATERLINE)
    for half, fill in ((0, INK), (1, WATERLINE)):
        start = x + half * length / 2
        labels.draw.rectangle((start, y - 3, start + length / 2, y + 3), fill=fill, outline=INK, width=1)
    labels.draw.text((x + length + 6, y - 10), words, font=typeface("zh", 13), fill=INK)


def key(page: Image.Image, left: int, top: int, colours: Mapping[AreaId, Colour]) -> None:
    """Explain the signs in one row."""
    draw, some = ImageDraw.Draw(page), list(colours.values())[:3] or [LAND]
    x: float = left
    for sign, words in _SIGNS.items():
        swatch = Panel(0, 0, 34, 18, (0.0, 0.0, 1.0, 1.0), margin=0.0)
        west, south, east, north = swatch.bounds
        box = _box(west, south, east, north)
        if sign == "divided":
            swatch.stripe(box, some, 6)
        elif sign in ("overlap", "hole"):
            over = sign == "overlap"
            swatch.hatch(box, ALARM if over else SOFT_INK, gap=6, width=2 if over else 1, downwards=not over)
        else:
            swatch.dot(0.5, 0.5, darker(some[0]), WATERLINE, 5, square=sign == "house")
        page.paste(swatch.picture(), (round(x), top + 4))
        draw.rectangle((x, top + 4, x + 33, top + 21), outline=FRAME, width=1)
        draw.text((x + 42, top + 1), words, font=typeface("zh", 15), fill=INK)
        x += 42 + typeface("zh", 15).getlength(words) + 26


_SIGNS = {
    "divided": "县内多区 county of several areas",
    "overlap": "重叠 overlap",
    "hole": "空白 not served throughout",
    "township": "乡镇 township",
    "house": "小区、地点 estate, POI",
}
