"""Checks that a result can have happened: one parcel on a carrier, nothing into a full chute, no answer too early.

Times are whole milliseconds, and a carrier passes a point in the millisecond in which it reaches it, as
`karez.simulation.loop.Loop` has it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karez.bench.loop.entry import Entry
from karez.simulation.planning.instance import LoopInstance, Whole

_UM = 1_000
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Points:
    """Where carriers pass when: counts and times for arrays of carriers."""

    loop: LoopInstance

    def passed(self, carrier: Whole, point_mm: Whole, until_ms: Whole) -> Whole:
        """How often the carrier has passed the point from time 0 to ``until_ms``, that millisecond included."""
        length = self._length
        way = (point_mm * _UM - carrier * (self.loop.pitch_mm * _UM)) % length
        return np.asarray((self.loop.speed_mm_s * until_ms - way) // length + 1, np.int64)

    def passes(self, carrier: Whole, point_mm: Whole, after_ms: Whole) -> Whole:
        """When it next passes, later than ``after_ms``."""
        speed = self.loop.speed_mm_s
        way = (point_mm * _UM - carrier * (self.loop.pitch_mm * _UM) - speed * after_ms) % self._length
        return np.asarray(after_ms - (-np.where(way == 0, self._length, way) // speed), np.int64)

    def there(self, carrier: Whole, point_mm: Whole, at_ms: Whole) -> Rows:
        """Whether it passes the point in this millisecond."""
        return np.asarray(self.passes(carrier, point_mm, at_ms - 1) == at_ms)

    @property
    def _length(self) -> int:
        return self.loop.carriers * self.loop.pitch_mm * _UM


@dataclass(frozen=True, slots=True)
class Trip:
    """Points of each parcel's station and induction, in mm, and the result."""

    loop: LoopInstance
    entry: Entry
    induction_mm: Whole
    camera_mm: Whole
    scan_mm: Whole
    end_mm: Whole

    @property
    def on(self) -> Rows:
        """Parcels that came onto the loop."""
        return np.asarray(self.entry.carrier >= 0)

    @property
    def first_lap_ends_ms(self) -> Whole:
        """When each parcel's first lap ends, had it not left before."""
        return Points(self.loop).passes(self.entry.carrier, self.end_mm, self.entry.inducted_ms)


def trip(loop: LoopInstance, entry: Entry) -> Trip:
    """Lay a result over its loop."""
    owner = np.array([number for number, station in enumerate(loop.stations) for _ in station.inductions])[
        loop.parcels.induction
    ]
    camera, scan, end = (
        np.array([getattr(station, name) for station in loop.stations], np.int64)[owner]
        for name in ("camera_mm", "scan_mm", "end_mm")
    )
    return Trip(loop, entry, np.array(loop.inductions, np.int64)[loop.parcels.induction], camera, scan, end)


def violations(it: Trip) -> Iterator[str]:
    """Say everything that cannot have happened, parcel by parcel."""
    if bool(np.any(it.on & (it.entry.carrier >= it.loop.carriers))):
        yield "a carrier's number is none of the loop's"
        return
    for check in (*_ROW_CHECKS, _carriers, _queues, _chutes, _jams, _coders):
        yield from check(it)


def _told(rows: Rows, what: str) -> Iterator[str]:
    for parcel in np.flatnonzero(rows).tolist():
        yield f"parcel {parcel} {what}"


def _half_told(it: Trip) -> Iterator[str]:
    entry = it.entry
    yield from _told(
        (entry.chute >= 0) != (entry.left_ms >= 0), "has a chute without a time of leaving, or the reverse"
    )
    yield from _told(entry.left & (entry.left_ms <= entry.inducted_ms), "leaves before it comes on")


def _induction(it: Trip) -> Iterator[str]:
    entry, parcels = it.entry, it.loop.parcels
    yield from _told(it.on & (entry.inducted_ms <= parcels.arrives_ms), "comes on before it has arrived")
    there = Points(it.loop).there(entry.carrier, it.induction_mm, entry.inducted_ms)
    yield from _told(it.on & ~there, "comes on when its carrier is not at its induction")


def _leaving(it: Trip) -> Iterator[str]:
    entry, points, left = it.entry, Points(it.loop), it.entry.left
    at_mm = np.array(it.loop.chutes_mm, np.int64)[entry.chute]
    yield from _told(left & ~points.there(entry.carrier, at_mm, entry.left_ms), "leaves when its carrier is not there")
    laps = 1 + points.passed(entry.carrier, it.end_mm, entry.left_ms)
    laps -= points.passed(entry.carrier, it.end_mm, entry.inducted_ms)
    yield from _told(left & (laps != entry.lap), "leaves on another lap than it says")
    last_scan = points.passed(entry.carrier, it.scan_mm, entry.left_ms - 1)
    scans = last_scan - points.passed(entry.carrier, it.scan_mm, entry.inducted_ms)
    yield from _told(left & (scans < entry.lap), "leaves before it has asked on that lap")


def _knowledge(it: Trip) -> Iterator[str]:
    entry, parcels = it.entry, it.loop.parcels
    read = (parcels.read_on_lap > 0) & (parcels.read_on_lap <= entry.lap)
    done_ms = entry.coder_starts_ms + parcels.coding_ms
    coded = (entry.coder >= 0) & parcels.codable & (done_ms < entry.left_ms)
    guessed = entry.left & (entry.chute != it.loop.exception) & ~read & ~coded
    yield from _told(guessed, "is sorted by an answer that did not exist yet")


_ROW_CHECKS: tuple[Callable[[Trip], Iterator[str]], ...] = (_half_told, _induction, _leaving, _knowledge)


def _carriers(it: Trip) -> Iterator[str]:
    """No two parcels on one carrier at a time."""
    entry = it.entry
    leaves_ms = np.where(entry.left, entry.left_ms, np.iinfo(np.int64).max)
    rows = np.flatnonzero(it.on)
    order = rows[np.lexsort((entry.inducted_ms[rows], entry.carrier[rows]))]
    before, after = order[:-1], order[1:]
    both = (entry.carrier[before] == entry.carrier[after]) & (leaves_ms[before] > entry.inducted_ms[after])
    for first, second in zip(before[both].tolist(), after[both].tolist(), strict=True):
        yield f"parcels {first} and {second} are on carrier {entry.carrier[first]} at one time"


def _queues(it: Trip) -> Iterator[str]:
    """Parcels come on in the order in which they lie at their induction."""
    parcels, entry = it.loop.parcels, it.entry
    on_ms = np.where(it.on, entry.inducted_ms, np.iinfo(np.int64).max)
    order = np.lexsort((np.arange(len(parcels)), parcels.arrives_ms, parcels.induction))
    before, after = order[:-1], order[1:]
    jumped = (parcels.induction[before] == parcels.induction[after]) & (on_ms[before] > on_ms[after])
    yield from (f"parcel {parcel} comes on before one that lay before it" for parcel in after[jumped].tolist())


def _chutes(it: Trip) -> Iterator[str]:
    """Nothing falls into a chute between its last place being taken and its being emptied."""
    entry = it.entry
    order = np.flatnonzero(entry.left)
    order = order[np.argsort(entry.left_ms[order], kind="stable")]
    inside, reopens_ms = [0] * len(it.loop.chutes_mm), [0] * len(it.loop.chutes_mm)
    for parcel, chute, at_ms in zip(
        order.tolist(), entry.chute[order].tolist(), entry.left_ms[order].tolist(), strict=True
    ):
        if at_ms < reopens_ms[chute]:
            yield f"parcel {parcel} falls into a chute that is full"
            continue
        inside[chute] += 1
        if inside[chute] == it.loop.capacity[chute]:
            inside[chute], reopens_ms[chute] = 0, at_ms + it.loop.emptied_after_ms


def _jams(it: Trip) -> Iterator[str]:
    entry = it.entry
    for jam in it.loop.jams:
        inside = (entry.chute == jam.chute) & (jam.at_ms < entry.left_ms) & (entry.left_ms < jam.at_ms + jam.for_ms)
        yield from _told(inside, "falls into a chute that is jammed")


def _coders(it: Trip) -> Iterator[str]:
    """A coder looks at one picture at a time, and at none before it was taken."""
    entry, parcels = it.entry, it.loop.parcels
    coded = entry.coder >= 0
    taken_ms = Points(it.loop).passes(entry.carrier, it.camera_mm, entry.inducted_ms)
    yield from _told(coded & (~it.on | (entry.coder_starts_ms < taken_ms)), "is coded before its picture was taken")
    rows = np.flatnonzero(coded)
    order = rows[np.lexsort((entry.coder_starts_ms[rows], entry.coder[rows]))]
    before, after = order[:-1], order[1:]
    done_ms = entry.coder_starts_ms[before] + parcels.coding_ms[before]
    both = (entry.coder[before] == entry.coder[after]) & (done_ms > entry.coder_starts_ms[after])
    for first, second in zip(before[both].tolist(), after[both].tolist(), strict=True):
        yield f"coder {entry.coder[first]} looks at parcels {first} and {second} at one time"
