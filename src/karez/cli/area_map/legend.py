"""The legend under the map: each area with its colour, its names and what it takes in."""

from collections import Counter
from collections.abc import Mapping, Sequence

from PIL import ImageDraw

from karez.address.areas.file import AreaFile
from karez.address.areas.rules import Area, Rule, RuleKind
from karez.cli.area_map.colours import INK, SOFT_INK, Colour, darker
from karez.domain.ids import AreaId
from karez.simulation.fonts import typeface

ROW_PX = 44
COLUMNS = 4
_WORDS = {
    RuleKind.ESTATE: ("estate", "estates"),
    RuleKind.POI: ("POI", "POIs"),
    RuleKind.ROAD: ("road", "roads"),
    RuleKind.VILLAGE: ("village", "villages"),
    RuleKind.POLYGON: ("polygon", "polygons"),
    RuleKind.TOWNSHIP: ("township", "townships"),
    RuleKind.COUNTY: ("county", "counties"),
    RuleKind.PREFECTURE: ("prefecture", "prefectures"),
    RuleKind.PROVINCE: ("province", "provinces"),
    RuleKind.REST: ("all the rest", "all the rest"),
}


def height_px(file: AreaFile) -> int:
    """Return how high the legend of a file is."""
    return ROW_PX * -(-len(file.areas) // COLUMNS)


def draw_legend(
    draw: ImageDraw.ImageDraw,
    left: int,
    top: int,
    width: int,
    file: AreaFile,
    colours: Mapping[AreaId, Colour],
) -> None:
    """Draw the areas in columns, from the top down."""
    rows, column = -(-len(file.areas) // COLUMNS), width // COLUMNS
    for index, area in enumerate(file.areas):
        x, y = left + index // rows * column, top + index % rows * ROW_PX
        _entry(draw, x, y, column - 18, area, file.rules, colours[area.id])


def _entry(
    draw: ImageDraw.ImageDraw, x: int, y: int, width: int, area: Area, rules: Sequence[Rule], colour: Colour
) -> None:
    draw.rounded_rectangle((x, y + 4, x + 26, y + 32), 4, fill=colour, outline=darker(colour), width=1)
    at = x + 36
    draw.text((at, y), area.id, font=typeface("zh-bold", 15), fill=INK)
    ident = typeface("zh-bold", 15).getlength(area.id)
    draw.text((at + ident + 8, y), fitted(area.name, 15, width - 44 - ident), font=typeface("zh", 15), fill=INK)
    told = " · ".join(filter(None, (area.name_en, taken_in(area.id, rules))))
    told = fitted(told, 13, width - 36)
    draw.text((at, y + 20), told, font=typeface("zh", 13), fill=SOFT_INK)
    if area.name_ug:
        used = typeface("zh", 13).getlength(told) + 12
        name = typeface("ug-tut", 14)
        if used + name.getlength(area.name_ug) <= width - 36:
            draw.text((at + used, y + 21), area.name_ug, font=name, fill=SOFT_INK)


def taken_in(area: AreaId, rules: Sequence[Rule]) -> str:
    """Return in a few words what an area takes in: 3 roads, 1 estate."""
    written = {(rule.kind, rule.name, rule.line, tuple(rule.ring)): rule.kind for rule in rules if rule.area == area}
    counts = Counter(written.values())  # what is written once for several townships counts once
    words = []
    for kind in RuleKind:
        count = counts[kind]
        if count:
            words.append(_WORDS[kind][0] if kind is RuleKind.REST else f"{count} {_WORDS[kind][count > 1]}")
    return ", ".join(words)


def fitted(words: str, size_px: int, width: float) -> str:
    """Return words cut so that they fit a width in pixels."""
    font = typeface("zh", size_px)
    if font.getlength(words) <= width:
        return words
    while words and font.getlength(words + "…") > width:
        words = words[:-1]
    return words + "…"
