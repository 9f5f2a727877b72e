"""Draws the recirculating share by policy and instance as one SVG: a row an instance, a dot a policy."""

from math import log10
from typing import Any
from xml.sax.saxutils import escape

Record = dict[str, Any]

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 760, 44, 64, 150, 40
_LEAST, _MOST = 0.0001, 1.0
_TICKS = ((0.0001, "0.01 %"), (0.001, "0.1 %"), (0.01, "1 %"), (0.1, "10 %"), (1.0, "100 %"))
_COLOURS = {"naive": "#8a8f98", "greedy": "#d98a00", "karez": "#00796b"}


def drawn(record: Record) -> str:
    """Give the SVG of a bench's record; shares below 0.01 % stand at its edge."""
    instances = record["instances"]
    height = _TOP + _ROW * len(instances) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="13" fill="#222">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="16" y="24" font-size="15">Occupied carriers that go round again, time-averaged (logarithmic)</text>',
        *_legend(instances),
        *_grid(height),
    ]
    for number, each in enumerate(instances):
        lines += _row(each, _TOP + _ROW * number + _ROW // 2)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _x(share: float) -> float:
    inside = min(max(share, _LEAST), _MOST)
    way = (log10(inside) - log10(_LEAST)) / (log10(_MOST) - log10(_LEAST))
    return round(_LEFT + way * (_WIDTH - _LEFT - _RIGHT), 1)


def _legend(instances: list[Record]) -> list[str]:
    policies = dict.fromkeys(one["policy"] for each in instances for one in each["policies"])
    found = []
    for number, name in enumerate(policies):
        x = _LEFT + 110 * number
        found.append(f'<circle cx="{x}" cy="44" r="6" fill="{_colour(name)}"/>')
        found.append(f'<text x="{x + 12}" y="48">{escape(name)}</text>')
    return found


def _colour(policy: str) -> str:
    return _COLOURS.get(policy, "#222")


def _grid(height: int) -> list[str]:
    found = []
    for share, words in _TICKS:
        x, foot = _x(share), height - 34
        found.append(f'<line x1="{x}" y1="{_TOP - 4}" x2="{x}" y2="{foot}" stroke="#ddd"/>')
        found.append(f'<text x="{x}" y="{foot + 18}" text-anchor="middle" fill="#666">{words}</text>')
    return found


def _row(each: Record, y: int) -> list[str]:
    shares = [one["recirculating_share"] for one in each["policies"]]
    found = [
        f'<text x="{_LEFT - 14}" y="{y + 5}" text-anchor="end">{escape(each["instance"])}</text>',
        f'<line x1="{_x(min(shares))}" y1="{y}" x2="{_x(max(shares))}" y2="{y}" stroke="#bbb" stroke-width="2"/>',
    ]
    for one in each["policies"]:
        share, name = one["recirculating_share"], one["policy"]
        told = f"{each['instance']}, {name}: {100 * share:.2f} %"
        found.append(f'<circle cx="{_x(share)}" cy="{y}" r="6" fill="{_colour(name)}"><title>{escape(told)}</title>')
        found.append("</circle>")
    return found
