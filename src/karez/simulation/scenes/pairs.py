"""Two labels in one picture: of two parcels, or both on one parcel."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from karez.simulation.conditions import Conditions
from karez.simulation.label_layout import Label
from karez.simulation.parcel_face import lay_face
from karez.simulation.projection import HEIGHT_PX, WIDTH_PX, Homography, project, view_of
from karez.simulation.scenes.parcels import Labelled, labelled
from karez.simulation.scenes.stage import Stage, face_mm, lay_flat, stick_print
from karez.simulation.textures import Picture


class Pair(StrEnum):
    """How two labels come into one picture."""

    TWO_PARCELS = "two parcels"
    OLD_LABEL = "old label"
    COPY = "copy"


PAIR_SHARES = {Pair.TWO_PARCELS: 0.5, Pair.OLD_LABEL: 0.25, Pair.COPY: 0.25}
"""Two parcels at once; one parcel with a second label of another waybill; one with the same waybill twice."""

SMALL_MM = (76.0, 130.0)
"""Size of both labels: two of 100 × 150 mm do not fit into the view at 5 px/mm at any angle."""

_OTHER = 1_000_000
"""Between the indices of a picture's two parcels, so that no scene's second parcel is the first of another."""

_TRIES = 400
_GAP_PX = 30.0


def lay_pair(stage: Stage, index: int, seed: int) -> list[Labelled]:
    """Lay two labels into the scene; returns both with their parcels and places."""
    pair = drawn_pair(stage.rng)
    first = labelled(index, seed, size_mm=SMALL_MM)
    copied = pair is Pair.COPY
    second = labelled(index + (0 if copied else _OTHER), seed, size_mm=SMALL_MM, copy=copied)
    places = placed(pair, first.label, stage.shot, stage.rng)
    views = [view_of(shot, centre_px) for shot, centre_px in places]
    if pair is Pair.TWO_PARCELS:
        lay_flat(stage, first.label, _print(first), face_mm(first.parcel, first.label), views[0])
        small = (second.label.width_mm + 5, second.label.height_mm + 5)  # so that it hides nothing of the first label
        lay_flat(stage, second.label, _print(second), small, views[1])
    else:
        _lay_face_under_both(stage, first.label, second.label, views)
        stick_print(stage, first.label, _print(first), views[0])
        stick_print(stage, second.label, _print(second), views[1])
    return [replace(laid, centre_px=centre_px) for laid, (_, centre_px) in zip((first, second), places, strict=True)]


def _print(laid: Labelled) -> Picture:
    return laid.label.pixels[:, :, ::-1]


def _lay_face_under_both(stage: Stage, first: Label, second: Label, views: list[Homography]) -> None:
    """Lay one parcel's face into the scene, large enough for both labels."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    back = np.asarray(np.linalg.inv(views[0]) @ views[1], dtype=np.float64)  # from the second label's plane
    corners = np.concatenate(
        [
            half * (first.width_mm, first.height_mm),
            project(back, half * (second.width_mm, second.height_mm)),
        ]
    )
    low, high = corners.min(axis=0) - 6, corners.max(axis=0) + 6
    size_mm = (float(high[0] - low[0]), float(high[1] - low[1]))
    lay_face(stage.picture, size_mm, first, stage.shot.surface, views[0], stage.rng, centre_mm=(low + high) / 2)


def drawn_pair(rng: np.random.Generator) -> Pair:
    """Draw how the two labels come into the picture."""
    return list(PAIR_SHARES)[int(rng.choice(len(PAIR_SHARES), p=list(PAIR_SHARES.values())))]


def placed(
    pair: Pair, label: Label, shot: Conditions, rng: np.random.Generator
) -> tuple[tuple[Conditions, tuple[float, float]], tuple[Conditions, tuple[float, float]]]:
    """Find turn and centre (pixels) of two labels of one size that stand apart in the picture, whole.

    On one parcel the second label is turned against the first by quarters, give or take; on two parcels anyhow.
    """
    # As good as any other: side by side, both upright in the picture's height.
    places = ((replace(shot, angle_deg=0.0), (430.0, 600.0)), (replace(shot, angle_deg=0.0), (1170.0, 600.0)))
    for _ in range(_TRIES):
        turned = rng.uniform(0, 360) if pair is Pair.TWO_PARCELS else 90 * rng.integers(4) + rng.normal(0, 4)
        angles = (shot.angle_deg, float(shot.angle_deg + turned))
        tried = [_rectangle(label, angle, shot.px_per_mm, rng) for angle in angles]
        if not _touch(*(corners for _, corners in tried)):
            first, second = (
                (replace(shot, angle_deg=angle), (float(centre[0]), float(centre[1])))
                for angle, (centre, _) in zip(angles, tried, strict=True)
            )
            return first, second
    return places


def _rectangle(
    label: Label, angle_deg: float, px_per_mm: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put a label anywhere in the picture; returns its centre and corners in pixels."""
    turn = np.radians(angle_deg)
    half = np.array([label.width_mm, label.height_mm]) / 2 * px_per_mm
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    reach = np.abs(spin) @ half + 8
    size = np.array([WIDTH_PX, HEIGHT_PX])
    centre = reach + rng.uniform(0, 1, 2) * (size - 2 * reach).clip(0)
    return centre, centre + (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half) @ spin.T


def _touch(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Tell whether two rectangles come closer than the gap: no side of either separates them."""
    for corners in (one, other):
        for side in np.diff(corners[:3], axis=0):
            normal = np.array([-side[1], side[0]]) / np.hypot(*side)
            a, b = one @ normal, other @ normal
            if a.max() + _GAP_PX < b.min() or b.max() + _GAP_PX < a.min():
                return False
    return True
