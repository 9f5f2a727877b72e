"""A small day of the example hub for whole-line tests: parcels by a seed, and the camera pictures of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karez.cli import compose
from karez.settings import HallSection
from karez.simulation.darkroom import Darkroom
from karez.simulation.demand import day
from karez.simulation.planned import PlannedParcel


def planned_day(seed: int, parcels: int) -> list[PlannedParcel]:
    """Plan so many parcels, 20,000 an hour, over the inductions of the default hall."""
    example = compose.example()
    return day(seed, parcels, 20_000, example / "areas.toml", example / "sort_codes.toml", HallSection().inductions)


@contextmanager
def developed(planned: list[PlannedParcel], seed: int, folder: Path) -> Iterator[Darkroom]:
    """Develop all pictures of a day before it is run; they are gone with the darkroom."""
    with Darkroom(planned, seed, folder, workers=1) as darkroom:
        darkroom.develop(lambda done: None)
        yield darkroom
