"""The list beside the map: what couriers' areas take in by name, and which have a polygon."""

from collections.abc import Iterator, Sequence

from PIL import ImageDraw

from karez.address.areas.checks import AreaReport
from karez.address.areas.rules import Area, Rule, RuleKind
from karez.cli.area_map.colours import FRAME, INK, WATERLINE, colours_of, darker
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
    rows = member_rows(report, right - left - 2 * _INSET - _BESIDE_ID, (bottom - top - 40) // _ROW_PX)
    colours = colours_of(report.file.areas)
    for index, (area, words) in enumerate(rows):
        x, y = left + _INSET, top + 34 + index * _ROW_PX
        if area is not None:
            draw.rectangle((x, y + 4, x + 12, y + 14), fill=colours[area.id], outline=darker(colours[area.id]))
            draw.text((x + 20, y), area.id, font=typeface("zh-bold", _SIZE_PX), fill=INK)
        draw.text((x + _BESIDE_ID, y), words, font=typeface("zh", _SIZE_PX), fill=INK)


def member_rows(report: AreaReport, width: int, room: int) -> list[tuple[Area | None, str]]:
    """Return the lines of all couriers' areas, each area with as many as leave room for all."""
    local = [area for area in report.file.areas if area.kind == "local"]
    rows: list[tuple[Area | None, str]] = []
    for most in _MOST_LINES:
        rows = [row for area in local for row in _rows(area, report.file.rules, width, most)]
        if len(rows) <= room:
            return rows
    return [*rows[: room - 1], (None, f"… and {len(rows) - room + 1} more: see the file")]


def _rows(area: Area, rules: Sequence[Rule], width: int, most: int) -> Iterator[tuple[Area | None, str]]:
    """Yield the lines of an area, at most ``most``; the first bears its id, the last is cut where it must be."""
    mine = [rule for rule in rules if rule.area == area.id]
    names = list(dict.fromkeys(_name(rule) for kind in _SHOWN for rule in mine if rule.kind is kind))
    if any(rule.kind is RuleKind.POLYGON for rule in mine) or (mine and not names):
        names.insert(0, "在图上 on the map")
    lines = _wrapped(names or ["–"], width)
    if len(lines) > most:
        lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    for number, line in enumerate(lines):
        yield area if number == 0 else None, fitted(line, _SIZE_PX, width)


def _wrapped(names: Sequence[str], width: int) -> list[str]:
    """Set names in lines that fit a width in pixels; a line ends between two names."""
    font, lines = typeface("zh", _SIZE_PX), [""]
    for number, name in enumerate(names, 1):
        words = name + ("、" if number < len(names) else "")
        if lines[-1] and font.getlength(lines[-1] + words) > width:
            lines.append("")
        lines[-1] += words
    return lines


def _name(rule: Rule) -> str:
    numbers = ",".join(map(str, rule.ranges)).replace("odd", "单").replace("even", "双")
    return f"{rule.name} {numbers.replace('all', '全')}" if rule.ranges else rule.name
