"""The list beside the map: what couriers' areas take in that has no polygon, by name."""

from collections.abc import Iterator, Sequence

from PIL import ImageDraw

from karez.address.area_checks import AreaReport
from karez.address.area_rules import Area, Rule, RuleKind
from karez.cli.area_map.colours import FRAME, INK, SOFT_INK, WATERLINE, colours_of, darker
from karez.cli.area_map.legend import fitted
from karez.simulation.fonts import typeface

_ROW_PX, _SIZE_PX = 19, 13
_INSET, _BESIDE_ID = 12, 92
_MOST_LINES = (12, 4, 2, 1)  # of an area; the first that leaves room for all areas
_SHOWN = (
    *(RuleKind.ROAD, RuleKind.ESTATE, RuleKind.POI),
    *(RuleKind.VILLAGE, RuleKind.TOWNSHIP, RuleKind.COUNTY),
)


def draw_members(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], report: AreaReport) -> None:
    """Write, for each area that couriers serve, its roads with numbers, estates, villages, townships, counties."""
    left, top, right, bottom = box
    draw.rectangle((left, top, right - 1, bottom - 1), fill=WATERLINE, outline=FRAME, width=1)
    draw.text((left + _INSET, top + 7), "派送范围  What couriers serve", font=typeface("zh-bold", 15), fill=INK)
    local = [area for area in report.file.areas if area.kind == "local"]
    room = (bottom - top - 40) // _ROW_PX
    width = right - left - 2 * _INSET - _BESIDE_ID
    fitting = ([row for area in local for row in _rows(area, report.file.rules, width, most)] for most in _MOST_LINES)
    tried = list(fitting)
    rows = next((each for each in tried if len(each) <= room), tried[-1])
    colours = colours_of(report.file.areas)
    cut = len(rows) > room
    for index, (area, words) in enumerate(rows[: room - 1 if cut else room]):
        x, y = left + _INSET, top + 34 + index * _ROW_PX
        if area is not None:
            draw.rectangle((x, y + 4, x + 12, y + 14), fill=colours[area.id], outline=darker(colours[area.id]))
            draw.text((x + 20, y), area.id, font=typeface("zh-bold", _SIZE_PX), fill=INK)
        draw.text((x + _BESIDE_ID, y), words, font=typeface("zh", _SIZE_PX), fill=INK)
    if cut:
        y = top + 34 + (room - 1) * _ROW_PX
        words = f"… and {len(rows) - room + 1} lines more in the file"
        draw.text((left + _INSET, y), words, font=typeface("zh", _SIZE_PX), fill=SOFT_INK)


def _rows(area: Area, rules: Sequence[Rule], width: int, most: int) -> Iterator[tuple[Area | None, str]]:
    """Yield the lines of an area; the first bears its id, the last of ``most`` is cut."""
    names = [_name(rule) for kind in _SHOWN for rule in rules if rule.area == area.id and rule.kind is kind]
    words = "、".join(names) or ("在图上 on the map" if any(rule.area == area.id for rule in rules) else "–")
    for number in range(most):
        line = words if number < most - 1 else fitted(words, _SIZE_PX, width)
        while typeface("zh", _SIZE_PX).getlength(line) > width:
            line = line[:-1]
        yield area if number == 0 else None, line
        words = words[len(line) :]
        if not words or line.endswith("…"):
            return


def _name(rule: Rule) -> str:
    numbers = ",".join(map(str, rule.ranges)).replace("odd", "单").replace("even", "双")
    return f"{rule.name} {numbers.replace('all', '全')}" if rule.ranges else rule.name
