"""Compiles the planning model's kernels, so that the first run of a checkout need not: set-up calls it once."""

import numpy as np

from karez.simulation.loop import Station
from karez.simulation.planning.instance import LoopInstance, ParcelRows
from karez.simulation.planning.policy import GREEDY
from karez.simulation.planning.run import run

_ONE = np.ones(1, np.int64)

run(
    LoopInstance(
        name="one parcel",
        carriers=4,
        pitch_mm=500,
        speed_mm_s=1_000,
        stations=(Station((0,), 100, 200, 1_900),),
        chutes_mm=(300, 600),
        exception=0,
        capacity=(1, 1),
        emptied_after_ms=1_000,
        coders=1,
        coding_expected_ms=1_000,
        parcels=ParcelRows(_ONE, 0 * _ONE, _ONE.reshape(1, 1), _ONE, _ONE, _ONE == 1),
    ),
    GREEDY,
)
