"""Colours of the areas map: strong ones for couriers' areas, pale ones for onward flows."""

import colorsys
from collections.abc import Mapping, Sequence

from karez.address.areas.rules import Area
from karez.domain.ids import AreaId

Colour = tuple[int, int, int]

PAPER: Colour = (250, 248, 243)
LAND: Colour = (236, 233, 225)
WATERLINE: Colour = (255, 255, 255)
INK: Colour = (38, 38, 44)
SOFT_INK: Colour = (106, 104, 110)
FRAME: Colour = (168, 164, 156)
ALARM: Colour = (200, 24, 36)

_GOLDEN = 0.618033988749895  # steps of this share of the circle keep neighbours in the list far apart
_LIGHT = (0.80, 0.66, 0.74)


def colours_of(areas: Sequence[Area]) -> Mapping[AreaId, Colour]:
    """Return a colour for each area; the same file always gets the same ones."""
    found: dict[AreaId, Colour] = {}
    for kind, saturation in (("local", 0.62), ("linehaul", 0.24)):
        mine = [area for area in areas if area.kind == kind]
        for index, area in enumerate(mine):
            hue = (0.04 + index * _GOLDEN) % 1.0
            light = _LIGHT[index % len(_LIGHT)] + (0.08 if kind == "linehaul" else 0.0)
            found[area.id] = _rgb(colorsys.hls_to_rgb(hue, light, saturation))
    return found


def darker(colour: Colour, share: float = 0.45) -> Colour:
    """Return a colour for the outline of what is filled with ``colour``."""
    red, green, blue = (round(part * (1 - share)) for part in colour)
    return red, green, blue


def paler(colour: Colour, share: float = 0.45) -> Colour:
    """Return a colour nearer to the paper's, for what lies behind the things to look at."""
    red, green, blue = (round(part + (paper - part) * share) for part, paper in zip(colour, LAND, strict=True))
    return red, green, blue


def _rgb(parts: tuple[float, float, float]) -> Colour:
    red, green, blue = (round(255 * part) for part in parts)
    return red, green, blue
