"""The bench's conditions by name: constants, each one trouble at a time on an otherwise sharp picture."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from karez.simulation.conditions import DIFFICULTIES, SURFACES, Bounds, Conditions, Difficulty

_ANY: Bounds = (0.0, 360.0)


class Trouble(StrEnum):
    """What befalls parcel or label beyond light, lens and sensor."""

    NONE = "none"
    PRINTED_CARTON = "printed carton"
    POLY_BAG = "poly bag"
    CURVED = "curved"
    FADED = "faded"
    TAPE = "tape"
    TWO_LABELS = "two labels"


@dataclass(frozen=True, slots=True)
class SceneCondition:
    """One condition of the bench.

    Attributes
    ----------
    figures
        Bounds of resolution, tilt, motion, blur, light, noise, creases and glare.
    angle_deg
        Bounds of the label's turn in the picture.
    surfaces
        What the parcel may be made of.
    trouble
        What befalls it.
    """

    figures: Difficulty
    angle_deg: Bounds = _ANY
    surfaces: tuple[str, ...] = SURFACES
    trouble: Trouble = Trouble.NONE


_SHARP = Difficulty(
    px_per_mm=(5.0, 5.0),
    tilt_deg=(0.0, 0.0),
    motion_mm=(0.0, 0.0),
    defocus_px=(0.4, 0.4),
    light=(1.0, 1.0),
    noise=(1.5, 1.5),
    creases=(0, 0),
    glares=(0, 0),
    glare_peak=(0.0, 0.0),
)

CONDITIONS: Mapping[str, SceneCondition] = {
    "clean": SceneCondition(_SHARP, angle_deg=(-2.0, 2.0)),
    "rotated": SceneCondition(_SHARP),
    "3px-mm": SceneCondition(replace(_SHARP, px_per_mm=(3.0, 3.0))),
    "motion": SceneCondition(replace(_SHARP, motion_mm=(0.75, 0.75))),
    "defocus": SceneCondition(replace(_SHARP, defocus_px=(1.5, 1.5))),
    "light": SceneCondition(replace(_SHARP, light=(0.08, 0.08))),
    "tilt": SceneCondition(replace(_SHARP, tilt_deg=(30.0, 30.0))),
    "tilt-45": SceneCondition(replace(_SHARP, tilt_deg=(45.0, 45.0))),
    "glare": SceneCondition(replace(_SHARP, glares=(2, 3), glare_peak=(120.0, 255.0))),
    "creases": SceneCondition(replace(_SHARP, creases=(2, 4))),
    "printed-carton": SceneCondition(_SHARP, surfaces=("cardboard",), trouble=Trouble.PRINTED_CARTON),
    "poly-bag": SceneCondition(_SHARP, surfaces=("poly bag", "white bag"), trouble=Trouble.POLY_BAG),
    "curved": SceneCondition(_SHARP, trouble=Trouble.CURVED),
    "faded": SceneCondition(_SHARP, trouble=Trouble.FADED),
    "tape": SceneCondition(_SHARP, trouble=Trouble.TAPE),
    "two-labels": SceneCondition(_SHARP, trouble=Trouble.TWO_LABELS),
    "typical": SceneCondition(DIFFICULTIES["typical"]),
    "hard": SceneCondition(DIFFICULTIES["hard"]),
}
"""By name, as ``karez bench reading --condition`` takes it."""


def drawn(condition: SceneCondition, rng: np.random.Generator) -> Conditions:
    """Draw the conditions of one picture, each figure evenly between its bounds."""
    figures = condition.figures
    return Conditions(
        angle_deg=float(rng.uniform(*condition.angle_deg)),
        tilt_deg=float(rng.uniform(*figures.tilt_deg)),
        tilt_axis_deg=float(rng.uniform(0, 360)),
        px_per_mm=float(rng.uniform(*figures.px_per_mm)),
        motion_mm=float(rng.uniform(*figures.motion_mm)),
        defocus_px=float(rng.uniform(*figures.defocus_px)),
        light=float(rng.uniform(*figures.light)),
        noise=float(rng.uniform(*figures.noise)),
        creases=int(rng.integers(figures.creases[0], figures.creases[1] + 1)),
        glares=int(rng.integers(figures.glares[0], figures.glares[1] + 1)),
        glare_peak=float(rng.uniform(*figures.glare_peak)),
        surface=condition.surfaces[int(rng.integers(len(condition.surfaces)))],
        damage="",
    )
