"""Makes the planning model's arrays from an instance and a policy."""

from collections.abc import Iterable, MutableSequence
from typing import TypeVar, cast

import numpy as np

from karez.hub.rereading import HOPEFUL, LAST
from karez.simulation.planning.instance import LoopInstance, Whole
from karez.simulation.planning.policy import Policy
from karez.simulation.planning.state import (
    ChuteRow,
    Count,
    EntryRow,
    House,
    InductionRow,
    JamRow,
    Model,
    ParcelRow,
    StationRow,
)

Row = TypeVar("Row")

_UM = 1_000  # speed in mm/s is micrometres a millisecond

_AS_THE_POLICY_HAS_IT = (
    *("asks", "same_lap", "max_laps", "crowded_percent"),
    *("patience_percent", "reread_least_percent", "looks_at_chutes"),
)

_CODER_TIMES = ("coder_asked_ms", "coder_starts_ms", "coder_done_ms")


def laid_out(instance: LoopInstance, policy: Policy) -> Model:
    """Make the arrays of a run that has not begun."""
    rows = instance.parcels
    count = len(rows)
    choices = _whole(rows.chutes)
    counts = records(Count, 1)
    counts[0].entries = count  # the hall enters every arrival before anything else
    counts[0].pictured_again = counts[0].pictured_again_in_all = counts[0].reread = HOPEFUL
    return Model(
        house=_house(instance, policy),
        counts=counts,
        stations=_stations(instance),
        inductions=_inductions(instance),
        chutes=_chutes(instance),
        parcels=_parcels(instance),
        jams=_jams(instance),
        agenda=records(EntryRow, _most_entries(instance, choices.shape[1] + 1)),
        answers=records(EntryRow, count + 1),
        choices=choices,
        orders=np.full((count, choices.shape[1] + 1), -1, np.int64),
        queue=np.zeros(count, np.int64),
        in_order=_whole(np.argsort(rows.arrives_ms, kind="stable")),
        on_carrier=np.full(instance.carriers, -1, np.int64),
        tasks=np.zeros(count, np.int64),
        at_work=np.full(instance.coders, -1, np.int64),
        rereads=np.ones(LAST, np.int64),
    )


def _most_entries(instance: LoopInstance, choices: int) -> int:
    """Bound what is entered at one time: nothing of a parcel is entered more than a lap ahead."""
    in_a_lap = instance.carriers * len(instance.stations)
    others = 2 * len(instance.jams) + len(instance.chutes_mm) + len(instance.inductions)
    return in_a_lap * (6 + 2 * choices) + others + 64


def _house(instance: LoopInstance, policy: Policy) -> MutableSequence[House]:
    house = records(House, 1)
    it, carriers = house[0], instance.carriers
    it.carriers, it.pitch_um, it.speed_um_ms = carriers, instance.pitch_mm * _UM, instance.speed_mm_s
    it.length_um = carriers * instance.pitch_mm * _UM
    it.emptied_after_ms, it.exception = instance.emptied_after_ms, instance.exception
    it.lap_ms, it.ends_when_quiet_ms = instance.lap_ms, instance.patience_laps * instance.lap_ms
    it.coders, it.coding_expected_ms = instance.coders, instance.coding_expected_ms
    it.hold_at, it.resume_at = -(-carriers * policy.hold_percent // 100), (carriers * policy.resume_percent - 1) // 100
    for name in _AS_THE_POLICY_HAS_IT:
        setattr(it, name, int(getattr(policy, name)))
    return house


def _stations(instance: LoopInstance) -> MutableSequence[StationRow]:
    rows = records(StationRow, len(instance.stations))
    for row, each in zip(rows, instance.stations, strict=True):
        row.camera_um, row.scan_um, row.end_um = each.camera_mm * _UM, each.scan_mm * _UM, each.end_mm * _UM
    return rows


def _inductions(instance: LoopInstance) -> MutableSequence[InductionRow]:
    owner = [number for number, station in enumerate(instance.stations) for _ in station.inductions]
    rows = records(InductionRow, len(owner))
    begins = np.searchsorted(np.sort(instance.parcels.induction), np.arange(len(owner)))
    for row, at_mm, station, begin in zip(rows, instance.inductions, owner, begins, strict=True):
        row.point_um, row.station = at_mm * _UM, station
        row.first, row.beside = owner.index(station), owner.count(station)
        row.head = row.tail = begin
    return rows


def _chutes(instance: LoopInstance) -> MutableSequence[ChuteRow]:
    rows = records(ChuteRow, len(instance.chutes_mm))
    _fill(rows, point_um=_points(instance.chutes_mm), capacity=instance.capacity)
    return rows


def _parcels(instance: LoopInstance) -> MutableSequence[ParcelRow]:
    told = instance.parcels
    owner = _whole([number for number, station in enumerate(instance.stations) for _ in station.inductions])
    rows = records(ParcelRow, len(told))
    never = ("carrier", "inducted_ms", "left_ms", "chute", "coder", *_CODER_TIMES)
    _fill(rows, **dict.fromkeys(never, -1))
    same = ("arrives_ms", "induction", "read_on_lap", "coding_ms", "codable")
    _fill(rows, **{name: getattr(told, name) for name in same}, station=owner[told.induction])
    return rows


def _jams(instance: LoopInstance) -> MutableSequence[JamRow]:
    rows = records(JamRow, len(instance.jams))
    for row, jam in zip(rows, instance.jams, strict=True):
        row.chute, row.at_ms, row.for_ms = jam.chute, jam.at_ms, jam.for_ms
    return rows


def records(kind: type[Row], count: int) -> MutableSequence[Row]:
    """Make an array of records with the fields of a class, all 0."""
    fields = np.dtype([(name, np.int64) for name in kind.__annotations__])
    return cast(MutableSequence[Row], np.zeros(count, fields).view(np.recarray))


def _fill(rows: object, **columns: object) -> None:
    for name, values in columns.items():
        cast(np.recarray, rows)[name] = values


def column(rows: object, name: str) -> Whole:
    """Take one field of all records, as an array of its own."""
    return np.array(cast(np.recarray, rows)[name], np.int64)


def _points(places_mm: Iterable[int]) -> Whole:
    return _whole(list(places_mm)) * _UM


def _whole(values: object) -> Whole:
    return np.array(values, dtype=np.int64)
