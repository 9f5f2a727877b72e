"""Under which conditions a picture is taken: what "typical" and "hard" mean, and one draw from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from karez.simulation.planned import PlannedParcel

SURFACES = ("cardboard", "poly bag", "white bag")
UNREADABLE_WAYS = ("face down", "torn", "wet")

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Bounds of one class of pictures; each figure is drawn evenly between them."""

    px_per_mm: Bounds
    tilt_deg: Bounds
    motion_mm: Bounds
    defocus_px: Bounds
    light: Bounds
    noise: Bounds
    creases: tuple[int, int]
    glares: tuple[int, int]
    glare_peak: Bounds


DIFFICULTIES: Mapping[str, Difficulty] = {
    "typical": Difficulty((4.5, 6.0), (0, 15), (0, 0.4), (0.4, 1.0), (0.4, 1.0), (1, 3), (0, 1), (0, 1), (50, 150)),
    "hard": Difficulty((4.5, 6.0), (5, 30), (0.1, 0.5), (0.6, 1.2), (0.15, 0.5), (3, 6), (1, 3), (1, 3), (80, 220)),
}
"""The classes that reading was measured in; an unreadable parcel is photographed under typical conditions."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was drawn for one picture.

    Attributes
    ----------
    angle_deg
        The label's turn in the picture.
    tilt_deg, tilt_axis_deg
        How far the face leans from the camera, and about which axis.
    px_per_mm
        Resolution at the label's centre.
    motion_mm, defocus_px
        Travel during exposure, along the belt; standard deviation of the blur.
    light, noise
        1 is well lit; noise as a standard deviation in grey levels.
    creases, glares, glare_peak
        How many, and how bright in grey levels.
    surface, damage
        One of `SURFACES`; one of `UNREADABLE_WAYS`, or empty.
    """

    angle_deg: float
    tilt_deg: float
    tilt_axis_deg: float
    px_per_mm: float
    motion_mm: float
    defocus_px: float
    light: float
    noise: float
    creases: int
    glares: int
    glare_peak: float
    surface: str
    damage: str


def conditions(parcel: PlannedParcel, lap: int, seed: int) -> Conditions:
    """Draw the conditions of a parcel's picture on one lap.

    What belongs to the parcel (creases, surface, damage) stays from lap to lap; what belongs to the shot does not.
    """
    of_parcel, of_shot = generator(parcel, seed, purpose=1), generator(parcel, seed, purpose=2, lap=lap)
    difficulty = DIFFICULTIES.get(parcel.picture, DIFFICULTIES["typical"])
    return Conditions(
        creases=int(of_parcel.integers(difficulty.creases[0], difficulty.creases[1] + 1)),
        surface=SURFACES[int(of_parcel.choice(3, p=(0.5, 0.25, 0.25)))],
        damage=UNREADABLE_WAYS[int(of_parcel.integers(3))] if parcel.picture == "unreadable" else "",
        angle_deg=float(of_shot.uniform(0, 360)),
        tilt_deg=float(of_shot.uniform(*difficulty.tilt_deg)),
        tilt_axis_deg=float(of_shot.uniform(0, 360)),
        px_per_mm=float(of_shot.uniform(*difficulty.px_per_mm)),
        motion_mm=float(of_shot.uniform(*difficulty.motion_mm)),
        defocus_px=float(of_shot.uniform(*difficulty.defocus_px)),
        light=float(of_shot.uniform(*difficulty.light)),
        noise=float(of_shot.uniform(*difficulty.noise)),
        glares=int(of_shot.integers(difficulty.glares[0], difficulty.glares[1] + 1)),
        glare_peak=float(of_shot.uniform(*difficulty.glare_peak)),
    )


def generator(parcel: PlannedParcel, seed: int, purpose: int, lap: int = 0) -> np.random.Generator:
    """Give the random numbers of one purpose for one parcel, so that no draw shifts another."""
    return np.random.default_rng([seed, parcel.index, lap, purpose])
