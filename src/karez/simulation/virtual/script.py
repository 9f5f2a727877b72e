"""Draws the script of one day: when and to which parcels what happens, the same for the same seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from karez.domain.ids import ChuteId
from karez.simulation.faults import NO_FAULTS, Cut, Faults, FullChute, PlcRestart, Removal, ShutChute, Stray
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.rates import FaultRates

_MS_PER_H = 3_600_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Kill:
    """The hub is killed.

    Attributes
    ----------
    down_ms
        Until it is up again.
    in_commit
        Not at this time, but in the middle of the next commit behind it.
    reached_disk
        Share of the appends that wait which had reached the disk, without the hub having heard of it.
    """

    at_ms: float
    down_ms: float
    in_commit: bool
    reached_disk: float


@dataclass(frozen=True, slots=True)
class Jump:
    """A clock is set: the PLC's, or the hub's wall clock."""

    at_ms: float
    by_ms: int
    of_plc: bool


@dataclass(frozen=True, slots=True)
class SlowDisk:
    """Commits take up to ``commit_ms`` for a while."""

    at_ms: float
    for_ms: float
    commit_ms: float


@dataclass(frozen=True, slots=True)
class Script:
    """All that goes wrong on one day: in the hall, and to the hub."""

    hall: Faults = NO_FAULTS
    kills: Sequence[Kill] = ()
    jumps: Sequence[Jump] = ()
    slow: Sequence[SlowDisk] = ()


def write_script(
    seed: int,
    rates: FaultRates,
    planned: Sequence[PlannedParcel],
    chutes: Sequence[ChuteId],
    exception_chute: ChuteId,
    lap_ms: int,
) -> Script:
    """Draw the script of a day.

    Parameters
    ----------
    planned
        In the order of their arrival.
    lap_ms
        Time once round: chutes stay shut for up to three laps, and a cut is shorter than a third of one.
    """
    ends_ms = planned[-1].arrives_ms * rates.until
    rng = Random(f"script {seed}")

    def times(an_hour: float) -> list[float]:
        count = _count(an_hour * ends_ms / _MS_PER_H, rng)
        return sorted(rng.uniform(0, ends_ms) for _ in range(count))

    return Script(
        hall=_hall(rates, times, planned, chutes, exception_chute, lap_ms, ends_ms, rng),
        kills=[
            Kill(at_ms, rng.uniform(0.1, 1) * rates.hub_down_ms, rng.random() < 0.7, rng.random())
            for at_ms in times(rates.hub_kills_per_h)
        ],
        jumps=[
            Jump(at_ms, round(rng.uniform(-1, 1) ** 3 * _DAY_MS), rng.random() < 0.5)
            for at_ms in times(rates.clock_jumps_per_h)
        ],
        slow=[
            SlowDisk(at_ms, rng.uniform(1, 3) * rates.disk_slow_ms, rates.disk_slow_ms)
            for at_ms in times(rates.disk_slow_per_h)
        ],
    )


def _count(mean: float, rng: Random) -> int:
    """A whole number about the mean."""
    return int(mean) + (rng.random() < mean % 1)


def _hall(
    rates: FaultRates,
    times: Callable[[float], list[float]],
    planned: Sequence[PlannedParcel],
    chutes: Sequence[ChuteId],
    exception_chute: ChuteId,
    lap_ms: int,
    ends_ms: float,
    rng: Random,
) -> Faults:
    usual = [chute for chute in chutes if chute != exception_chute]

    def laps(least: float, most: float) -> int:
        return round(lap_ms * rng.uniform(least, most))

    shut = [
        ShutChute(rng.choice(chutes), round(at_ms), laps(0.2, 3), jam)
        for jam, an_hour in ((True, rates.chute_jams_per_h), (False, rates.bag_changes_per_h))
        for at_ms in times(an_hour)
    ]
    removals, strays, by_hand = _parcels(rates, planned, chutes, ends_ms, rng)
    return Faults(
        full=[FullChute(None, round(at_ms), laps(0.5, 3), usual) for at_ms in times(rates.full_chutes_per_h)],
        cuts=[Cut(round(at_ms), laps(0.01, 0.33)) for at_ms in times(rates.link_cuts_per_h)],
        shut=shut,
        restarts=[
            PlcRestart(round(at_ms), laps(0.05, 0.5), rng.random() < rates.plc_forgets)
            for at_ms in times(rates.plc_restarts_per_h)
        ],
        removals=removals,
        strays=strays,
        by_hand=by_hand,
    )


def _parcels(
    rates: FaultRates, planned: Sequence[PlannedParcel], chutes: Sequence[ChuteId], ends_ms: float, rng: Random
) -> tuple[Sequence[Removal], Sequence[Stray], frozenset[int]]:
    """What happens to single parcels; at most one thing to each."""
    removals: list[Removal] = []
    strays: list[Stray] = []
    by_hand: set[int] = set()
    told = rates.removed
    untold = told + rates.removed_untold
    added = untold + rates.added
    stray = added + rates.strays
    silent = stray + rates.strays_silent
    for parcel in planned:
        roll = rng.random()
        if roll >= silent or parcel.arrives_ms > ends_ms:
            continue
        if roll < untold:
            back_ms = rng.randint(5_000, 120_000) if rng.random() < rates.put_back else None
            removals.append(Removal(parcel.index, roll < told, back_ms))
        elif roll < added:
            by_hand.add(parcel.index)
        else:
            strays.append(Stray(parcel.index, rng.choice(chutes), roll >= stray))
    return removals, strays, frozenset(by_hand)
