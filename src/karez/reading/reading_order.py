"""Order lines as a person reads them: row by row, even where perspective lets the rows slope."""

import math
from collections.abc import Sequence
from statistics import median

from karez.reading.views import Region


def levelled(places: Sequence[Region]) -> list[Region]:
    """Take the common slope out of the lines' places, so that one row has one y."""
    slope = _slope(places)
    turned = []
    for place in places:
        x = place.x * math.cos(slope) + place.y * math.sin(slope)
        y = place.y * math.cos(slope) - place.x * math.sin(slope)
        turned.append(Region(x, y, place.width, place.height, place.angle_deg - math.degrees(slope)))
    return turned


def _slope(places: Sequence[Region]) -> float:
    """Slope of the long level lines, in radians; short ones say little about it."""
    long = [p for p in places if abs(p.angle_deg) < 30 and p.width > 5 * p.height]
    return math.radians(median(p.angle_deg for p in long)) if len(long) >= 3 else 0.0


def order(places: Sequence[Region]) -> list[int]:
    """List the positions of levelled places, top to bottom, and from left to right within a row."""
    rows: list[list[int]] = []
    for index in sorted(range(len(places)), key=lambda i: places[i].y):
        place = places[index]
        row = rows[-1] if rows else []
        if row and place.y - places[row[0]].y < 0.4 * min(place.height, places[row[0]].height):
            row.append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: places[i].x)]
