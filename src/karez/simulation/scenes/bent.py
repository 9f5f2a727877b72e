"""Labels bent round a bottle or tube, or over the edge of a box."""

import cv2
import numpy as np

from karez.simulation.label_layout import Label
from karez.simulation.projection import Homography, blend, cast_shadow, project
from karez.simulation.scenes.shapes import Bend, lay_shaped
from karez.simulation.scenes.stage import Stage, sensor_blur_dots
from karez.simulation.textures import Picture, cut, fibres

RADIUS_MM = (40.0, 120.0)
"""Bounds of a cylinder's radius."""

EDGE_SHARE = 0.35
"""Of the bent labels lie over an edge; the others round a cylinder."""

_FURTHEST_RAD = 1.15  # no point of a label lies further round; what does is turned to the camera by hand
_BODY_PX_PER_MM = 2.0
_COLOURS = ((176, 190, 200), (120, 150, 70), (60, 90, 150), (210, 214, 214), (70, 60, 56))  # blue, green, red


def lay_bent(stage: Stage, label: Label, print_px: Picture, view: Homography) -> None:
    """Lay a bottle, tube or box into the scene, the label bent about it."""
    rng = stage.rng
    axis_deg, lamp_rad = float(rng.uniform(0, 180)), float(rng.uniform(-0.5, 0.5))
    half_mm = _half_across_mm(label, axis_deg)
    if rng.random() < EDGE_SHARE:
        bend, body_mm = _over_an_edge(axis_deg, half_mm, lamp_rad, rng)
    else:
        radius_mm = max(float(rng.uniform(*RADIUS_MM)), half_mm / _FURTHEST_RAD)
        bend, body_mm = Bend.cylinder(axis_deg, radius_mm, lamp_rad), radius_mm
    _lay_body(stage, bend, body_mm, half_mm, label, view)
    lay_shaped(stage.picture, print_px, label, view, bend, sensor_blur_dots(label, stage.shot))


def _half_across_mm(label: Label, axis_deg: float) -> float:
    """Give how far a label reaches from its centre, across an axis."""
    axis = np.radians(axis_deg)
    return float(abs(np.sin(axis)) * label.width_mm + abs(np.cos(axis)) * label.height_mm) / 2


def _over_an_edge(axis_deg: float, half_mm: float, lamp_rad: float, rng: np.random.Generator) -> tuple[Bend, float]:
    """Bend by 30 to 60 degrees, anywhere in the label's middle two thirds; the camera sees both sides or faces one."""
    bend_deg, share = rng.uniform(30, 60), rng.uniform(0, 1)
    at_mm = float(rng.uniform(-0.66, 0.66) * half_mm)
    leans = (float(-share * bend_deg), float((1 - share) * bend_deg))
    return Bend.edge(axis_deg, at_mm, leans, lamp_rad), half_mm + float(rng.uniform(8, 60))


def _lay_body(stage: Stage, bend: Bend, half_width_mm: float, reach_mm: float, label: Label, view: Homography) -> None:
    """Paint what the label is bent about, its light and shade across the axis."""
    rng = stage.rng
    half_mm = (float(np.hypot(label.width_mm, label.height_mm)) / 2 + rng.uniform(6, 50), max(half_width_mm, reach_mm))
    low, high = max(-half_mm[1], float(bend.seen_mm[0])), min(half_mm[1], float(bend.seen_mm[-1]))
    rows = np.linspace(low, high, int((high - low) * _BODY_PX_PER_MM), dtype=np.float32)
    colour = np.array(_COLOURS[int(rng.integers(len(_COLOURS)))], dtype=np.float32)
    grain = cut(fibres(), len(rows), int(2 * half_mm[0] * _BODY_PX_PER_MM), rng)
    body = np.clip((bend.brightness(rows)[:, None] * (0.6 + 0.4 * grain))[:, :, None] * colour, 0, 255)
    edge = np.array([[-half_mm[0], low], [half_mm[0], low], [half_mm[0], high], [-half_mm[0], high]])
    turned = view @ _turn(bend.axis_deg)
    place = turned @ np.array([[1 / _BODY_PX_PER_MM, 0, -half_mm[0]], [0, 1 / _BODY_PX_PER_MM, low], [0, 0, 1]])
    outline = project(turned, edge)
    cast_shadow(stage.picture, outline)
    blend(stage.picture, body.astype(np.uint8), place, outline)


def _turn(axis_deg: float) -> Homography:
    turned = np.eye(3)
    turned[:2] = cv2.getRotationMatrix2D((0, 0), -axis_deg, 1.0)
    return turned
