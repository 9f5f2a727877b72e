"""The parcels of a run, drawn before it: numbers, measures, what is known of each beforehand, and pictures of some."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from karez.simulation.darkroom import Darkroom
from karez.simulation.demand import day
from karez.simulation.planned import PlannedParcel

NOT_READ_SHARE = 0.01
"""Parcels of whose code the sorter's own scanner reads nothing (makers speak of 2 % and less; 3 laps make it more)."""

UNKNOWN_SHARE = 0.01
"""Parcels with a number that no courier company announced, so that the code alone tells no destination."""

ONLY_BY_PICTURE = 10
"""Of so many parcels with a picture, one is read by nothing else."""

MOST_PICTURES = 800
"""So many are drawn at most (a picture takes a sixth of a second); then the first parcel comes again under a new id,
long after it has left."""

_A_DAY = 2_000  # the simulation deals out areas in a time that grows faster than the number of parcels
_ROWS_A_FILE = 5_000


@dataclass(frozen=True, slots=True)
class BenchParcel:
    """One parcel as the sorter sees it.

    Attributes
    ----------
    codes
        What the sorter's scanner reads of it; empty says no-read.
    known
        Whether the hub can place it by its code alone: its number was announced, with an address.
    """

    codes: tuple[str, ...]
    known: bool
    mass_g: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class Parcels:
    """All parcels of a run.

    Attributes
    ----------
    plain
        Those without a picture, each there once.
    pictured
        Those with one, in the order of the pictures; they come again and again.
    """

    plain: list[BenchParcel]
    pictured: list[BenchParcel]


def plan_parcels(seed: int, count: int, areas_file: Path, sort_codes_file: Path) -> Iterator[PlannedParcel]:
    """Draw parcels with numbers of their own, day after day; the same seed draws the same ones."""
    numbers = set[str]()
    drawn = 0
    for number in range(count):
        for parcel in day(seed * 10_000 + number, _A_DAY, 60_000, areas_file, sort_codes_file):
            if parcel.waybill in numbers:
                continue
            numbers.add(parcel.waybill)
            yield replace(parcel, index=drawn, picture="typical")
            drawn += 1
            if drawn == count:
                return


def as_scanned(planned: Sequence[PlannedParcel], seed: int, pictures: int) -> Parcels:
    """What the sorter will say of each parcel; the first ``pictures`` of them are those whose label is drawn."""
    rng = Random(f"karez bench sorter {seed}")
    return Parcels(
        plain=[_plain(each, rng.random()) for each in planned[pictures:]],
        pictured=[_scanned(each, number % ONLY_BY_PICTURE > 0) for number, each in enumerate(planned[:pictures])],
    )


def _plain(planned: PlannedParcel, chance: float) -> BenchParcel:
    return _scanned(planned, chance >= NOT_READ_SHARE, chance >= NOT_READ_SHARE + UNKNOWN_SHARE)


def _scanned(planned: PlannedParcel, read: bool, known: bool = True) -> BenchParcel:
    measures = (planned.mass_g, planned.length_mm, planned.width_mm, planned.height_mm)
    return BenchParcel((planned.waybill,) if read else (), read and known, *measures)


def advice_files(planned: Sequence[PlannedParcel], parcels: Parcels) -> Iterator[bytes]:
    """Write the courier companies' pre-advice of all that are known, as files of some thousand rows."""
    scanned = (*parcels.pictured, *parcels.plain)
    pictured = len(parcels.pictured)
    known = [each for at, (each, seen) in enumerate(zip(planned, scanned, strict=True)) if seen.known or at < pictured]
    for start in range(0, len(known), _ROWS_A_FILE):
        sheet = io.StringIO(newline="")
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(("waybill", "company", "service", "address"))
        for each in known[start : start + _ROWS_A_FILE]:
            writer.writerow((each.waybill, each.company, each.service, each.order_address))
        yield sheet.getvalue().encode("utf-8")


def draw_pictures(planned: Sequence[PlannedParcel], seed: int, folder: Path) -> list[Path]:
    """Draw the labels of these parcels as a camera takes them; the files in their order."""
    with Darkroom([replace(each, index=number) for number, each in enumerate(planned)], seed, folder) as darkroom:
        darkroom.develop(lambda _done: None)
    return sorted(folder.glob("*.jpg"))
