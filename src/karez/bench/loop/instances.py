"""The instances of the benchmark: where they lie, and as what the planning model and the scorer take them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from karez.bench.loop.format import InstanceFile, LoopPart, ParcelPart, digest, read
from karez.bench.loop.generate import spelled_out
from karez.domain.errors import BadInput
from karez.simulation.loop import Station
from karez.simulation.planning.instance import Jam, LoopInstance, ParcelRows

FOLDER = Path("benchmarks/loop/instances")


@dataclass(frozen=True, slots=True)
class Opened:
    """An instance as it is run: its arrays, its chutes' names, its digest, and the seed where it was drawn."""

    loop: LoopInstance
    chutes: tuple[str, ...]
    sha256: str
    seed: int | None


def names(folder: Path) -> list[str]:
    """Names of the instances that lie in a folder, in their order."""
    return sorted(path.stem for path in folder.glob("*.json"))


def opened(folder: Path, name: str, seed: int | None = None) -> Opened:
    """Read an instance, and draw it where it is a recipe.

    Parameters
    ----------
    seed
        Another drawing of the same recipe; ``None``: the published one, held against its SHA-256.

    Raises
    ------
    BadInput
        There is no such instance, or what is drawn is not what was published.
    """
    known = names(folder)
    if name not in known:
        raise BadInput(f"no instance is called {name!r}", "--instance", f"one of: {', '.join(known) or 'none here'}")
    file = read(InstanceFile, folder / f"{name}.json")
    if file.recipe is None:
        return _opened(file, None)
    recipe = file.recipe if seed is None else file.recipe.model_copy(update={"seed": seed})
    found = _opened(spelled_out(file.name, file.about, recipe), recipe.seed)
    if seed is None and file.sha256 != found.sha256:
        raise BadInput(f"{name} is drawn with another SHA-256 than it was published with", name, "report it")
    return found


def _opened(file: InstanceFile, seed: int | None) -> Opened:
    if file.loop is None or file.coding is None or file.parcels is None:
        raise BadInput(f"{file.name} has neither a recipe nor loop, coding and parcels", file.name, "add one")
    chutes = tuple(each.name for each in file.loop.chutes)
    numbers = {chute: number for number, chute in enumerate(chutes)}
    called = {file.loop.exception, *(jam.chute for jam in file.jams)}
    called.update(chute for parcel in file.parcels for chute in parcel.chutes)
    if len(numbers) < len(chutes) or called - numbers.keys():
        raise BadInput("chutes must have names of their own, and only those be used", file.name, "correct the instance")
    loop = _loop(file, file.loop, numbers)
    loop.check()
    return Opened(loop, chutes, digest(file), seed)


def _loop(file: InstanceFile, part: LoopPart, numbers: dict[str, int]) -> LoopInstance:
    assert file.coding is not None and file.parcels is not None
    return LoopInstance(
        name=file.name,
        carriers=part.carriers,
        pitch_mm=part.pitch_mm,
        speed_mm_s=part.speed_mm_s,
        stations=tuple(Station(tuple(s.inductions_mm), s.camera_mm, s.scan_mm, s.end_mm) for s in part.stations),
        chutes_mm=tuple(each.at_mm for each in part.chutes),
        exception=numbers[part.exception],
        capacity=tuple(each.capacity for each in part.chutes),
        emptied_after_ms=part.emptied_after_ms,
        coders=file.coding.coders,
        coding_expected_ms=file.coding.expected_ms,
        parcels=_rows(file.parcels, numbers),
        jams=tuple(Jam(numbers[jam.chute], jam.at_ms, jam.for_ms) for jam in file.jams),
        about=file.about,
    )


def _rows(parcels: list[ParcelPart], numbers: dict[str, int]) -> ParcelRows:
    most = max((len(each.chutes) for each in parcels), default=1)
    chutes = np.full((len(parcels), most), -1, np.int64)
    for row, each in zip(chutes, parcels, strict=True):
        row[: len(each.chutes)] = [numbers[chute] for chute in each.chutes]
    return ParcelRows(
        arrives_ms=np.array([each.arrives_ms for each in parcels], np.int64),
        induction=np.array([each.induction for each in parcels], np.int64),
        chutes=chutes,
        read_on_lap=np.array([each.read_on_lap for each in parcels], np.int64),
        coding_ms=np.array([each.coding_ms for each in parcels], np.int64),
        codable=np.array([each.codable for each in parcels], np.bool_),
    )
