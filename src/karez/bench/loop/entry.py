"""A result as the scorer takes it: arrays with a row a parcel, from a file or from a run of the planning model."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from karez.bench.loop.format import ResultFile, Ride
from karez.bench.loop.instances import Opened
from karez.domain.errors import BadInput
from karez.simulation.planning.instance import Whole
from karez.simulation.planning.run import LoopResult


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said to have become of each parcel; -1: never.

    Attributes
    ----------
    coder, coder_starts_ms
        Who looked at its picture, and from when on.
    """

    carrier: Whole
    inducted_ms: Whole
    chute: Whole
    lap: Whole
    left_ms: Whole
    coder: Whole
    coder_starts_ms: Whole

    @property
    def left(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which parcels lie in a chute."""
        return self.chute >= 0


def of_run(result: LoopResult) -> Entry:
    """Take what the planning model did."""
    return Entry(
        result.carrier,
        result.inducted_ms,
        result.chute,
        result.lap,
        result.left_ms,
        result.coder,
        result.coder_starts_ms,
    )


def of_file(file: ResultFile, opened: Opened) -> Entry:
    """Take what an entrant says.

    Raises
    ------
    BadInput
        It is of another instance, has another number of parcels, or names chutes or parcels that are none of its.
    """
    count, numbers = len(opened.loop.parcels), {name: number for number, name in enumerate(opened.chutes)}
    called = {ride[2] for ride in file.parcels if ride is not None} - {None}
    faults = {
        f"the result is of instance {file.instance!r}": file.instance != opened.loop.name,
        f"it has {len(file.parcels)} parcels, the instance {count}": len(file.parcels) != count,
        "it names chutes that the instance has not": bool(called - numbers.keys()),
        "its coding names parcels or coders that are none of the instance's": any(
            not (0 <= parcel < count and 0 <= coder < opened.loop.coders) for parcel, coder, _ in file.coding
        ),
        "its coding names a parcel twice": len({parcel for parcel, _, _ in file.coding}) < len(file.coding),
    }
    for fault, there in faults.items():
        if there:
            raise BadInput(fault, "--score", "see benchmarks/loop/README.md")
    return _arrays(file, numbers, count)


def _arrays(file: ResultFile, numbers: dict[str, int], count: int) -> Entry:
    table = np.full((count, 5), -1, np.int64)
    table[:, 3] = 0
    for row, ride in zip(table, file.parcels, strict=True):
        if ride is not None:
            carrier, inducted_ms, chute, lap, left_ms = ride
            row[:] = (
                carrier,
                inducted_ms,
                -1 if chute is None else numbers[chute],
                lap,
                -1 if left_ms is None else left_ms,
            )
    coding = np.full((count, 2), -1, np.int64)
    for parcel, coder, starts_ms in file.coding:
        coding[parcel] = (coder, starts_ms)
    return Entry(*(table[:, column] for column in range(5)), *(coding[:, column] for column in range(2)))


def as_file(entry: Entry, opened: Opened, by: str) -> ResultFile:
    """Write a result down as an entrant would."""
    columns = (entry.carrier, entry.inducted_ms, entry.chute, entry.lap, entry.left_ms)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    rides: list[Ride | None] = [
        None if carrier < 0 else (carrier, inducted, None if chute < 0 else opened.chutes[chute], lap, _or_none(left))
        for carrier, inducted, chute, lap, left in rows
    ]
    coded = np.flatnonzero(entry.coder >= 0).tolist()
    coding = [(parcel, int(entry.coder[parcel]), int(entry.coder_starts_ms[parcel])) for parcel in coded]
    return ResultFile(instance=opened.loop.name, by=by, parcels=rides, coding=coding)


def _or_none(ms: int) -> int | None:
    return None if ms < 0 else ms


def digest(file: ResultFile) -> str:
    """SHA-256 of a result's rows, without who entered it."""
    told: Sequence[object] = (file.parcels, file.coding)
    return sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
