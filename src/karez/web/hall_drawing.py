"""Geometry of the hall drawing: a loop, its chutes on the two long sides, inductions and scan point on the left bend.

The drawing is a scheme, not a map: chutes stand evenly spaced in their true order, and a carrier's true place on the
loop is stretched between the scan point, the chutes and the inductions so that it passes each one when it really does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from karez.web.doors import ChuteView, PlanView

WIDTH = 940
HEIGHT = 472
_LEFT, _RIGHT, _TOP, _BOTTOM = 156.0, 842.0, 152.0, 320.0
_RADIUS = (_BOTTOM - _TOP) / 2
_STRAIGHT = _RIGHT - _LEFT
_BEND = pi * _RADIUS
LENGTH = 2 * (_STRAIGHT + _BEND)
PATH = (
    f"M{_LEFT} {_TOP}H{_RIGHT}A{_RADIUS} {_RADIUS} 0 0 1 {_RIGHT} {_BOTTOM}"
    f"H{_LEFT}A{_RADIUS} {_RADIUS} 0 0 1 {_LEFT} {_TOP}Z"
)
"""The loop's centre line, clockwise from the first chute's side."""

CHUTE_DEPTH = 102
_SCAN_AT = LENGTH - 0.10 * _BEND
_INDUCTIONS_FROM, _INDUCTIONS_TO = LENGTH - 0.86 * _BEND, LENGTH - 0.58 * _BEND


@dataclass(frozen=True, slots=True)
class ChutePlace:
    """Where a chute is drawn: ``x`` its left edge, ``y`` the edge at the loop; ``down`` tells that it leads downwards.

    ``along`` is its place on the path, in drawing units from the path's beginning.
    """

    view: ChuteView
    x: float
    y: float
    width: float
    down: bool
    along: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the loop with its outward direction: an induction or the scan point."""

    name: str
    x: float
    y: float
    out_x: float
    out_y: float
    along: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All places of one hall, and the stretch from true to drawn positions.

    ``stretch`` holds pairs (share of the true loop from the scan point, share of the path from its beginning),
    ascending in the first and, counting onward past 1, in the second.
    """

    chutes: Sequence[ChutePlace]
    inductions: Sequence[Spot]
    scan: Spot
    stretch: Sequence[tuple[float, float]]
    anchors: Mapping[str, float]


def draw(plan: PlanView) -> Drawing:
    """Lay out a hall."""
    chutes = _chutes(_in_order(plan.chutes))
    scan = _spot("scan", _SCAN_AT)
    names = [each.name for each in plan.inductions]
    inductions = [_spot(name, along) for name, along in zip(names, _spread(len(names)), strict=True)]
    true_inductions = _true_inductions(plan)
    pairs = [(_true(place.view), place.along) for place in chutes]
    pairs += [(true_inductions[each.name], each.along) for each in inductions]
    return Drawing(
        chutes=chutes,
        inductions=inductions,
        scan=scan,
        stretch=_stretch(sorted(pairs)),
        anchors={"scan": 0.0, **true_inductions},
    )


def _in_order(chutes: Sequence[ChuteView]) -> list[ChuteView]:
    """Chutes in the order a carrier passes them; those without a position spread evenly behind the scan point."""
    spread = [
        view
        if view.position is not None
        else ChuteView(view.id, view.names, view.function, 0.05 + 0.8 * (number + 0.5) / len(chutes))
        for number, view in enumerate(chutes)
    ]
    return sorted(spread, key=_true)


def _true(view: ChuteView) -> float:
    return view.position or 0.0


def _chutes(ordered: Sequence[ChuteView]) -> list[ChutePlace]:
    top = (len(ordered) + 1) // 2
    places = []
    for number, view in enumerate(ordered):
        upper = number < top
        pitch = _STRAIGHT / max(1, top if upper else len(ordered) - top)
        step = number if upper else number - top
        middle = _LEFT + (step + 0.5) * pitch if upper else _RIGHT - (step + 0.5) * pitch
        width = round(min(pitch - 4, 44), 1)
        along = middle - _LEFT if upper else _STRAIGHT + _BEND + _RIGHT - middle
        edge = _TOP - 15 if upper else _BOTTOM + 15
        places.append(ChutePlace(view, round(middle - width / 2, 1), edge, width, not upper, along))
    return places


def _true_inductions(plan: PlanView) -> dict[str, float]:
    count = len(plan.inductions)
    return {
        each.name: each.position if each.position is not None else 0.9 + 0.06 * number / max(1, count)
        for number, each in enumerate(plan.inductions)
    }


def _spread(count: int) -> list[float]:
    if count == 1:
        return [(_INDUCTIONS_FROM + _INDUCTIONS_TO) / 2]
    gap = (_INDUCTIONS_TO - _INDUCTIONS_FROM) / max(1, count - 1)
    return [_INDUCTIONS_FROM + number * gap for number in range(count)]


def _spot(name: str, along: float) -> Spot:
    """Give a point on the left bend; the bend runs from its lower end (three o'clock is outward right)."""
    turned = (along - 2 * _STRAIGHT - _BEND) / _RADIUS
    angle = pi / 2 + turned
    out_x, out_y = cos(angle), sin(angle)
    middle = (_TOP + _BOTTOM) / 2
    return Spot(name, round(_LEFT + _RADIUS * out_x, 1), round(middle + _RADIUS * out_y, 1), out_x, out_y, along)


def _stretch(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Give the pairs from scan point to scan point; those out of order (a plan may err) are left out."""
    start = _SCAN_AT / LENGTH
    result = [(0.0, start)]
    for true, along in pairs:
        pair = round(true, 5), round(along / LENGTH + (1.0 if along < _SCAN_AT else 0.0), 5)
        if result[-1][0] < pair[0] < 1.0 and result[-1][1] < pair[1] < start + 1.0:
            result.append(pair)
    return [*result, (1.0, start + 1.0)]
