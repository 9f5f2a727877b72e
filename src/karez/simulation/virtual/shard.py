"""One shard: a day of its own, planned, run and judged; what it comes to, and who offended with their history."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from karez.address.resolver import Resolver
from karez.domain.events import parcel_stream
from karez.domain.ids import ChuteId
from karez.hub.plan_desk import PlanDesk
from karez.settings import HallSection, Settings, load
from karez.simulation.chutes import ChuteHabits
from karez.simulation.demand import day
from karez.simulation.demo_hub import prepare
from karez.simulation.loop import lay_out
from karez.simulation.planned import PlannedParcel
from karez.simulation.virtual.coders import CodingHabits
from karez.simulation.virtual.day import DayHabits, VirtualDay
from karez.simulation.virtual.rates import FaultRates
from karez.simulation.virtual.readers import ReaderHabits
from karez.simulation.virtual.script import write_script
from karez.simulation.virtual.verdict import Judge, Offence
from karez.simulation.virtual.wider_plan import widen_plan
from karez.simulation.virtual.wire import WireHabits
from karez.sortplan.plan import SortPlan

if TYPE_CHECKING:
    from karez.simulation.virtual.beside import BesideResult

_TOLD_IN_FULL = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What to simulate; the same for all shards.

    Attributes
    ----------
    example
        Folder of the hub whose areas, sort codes and plan are used.
    no_read
        Share of parcels without a readable code, beside the demand's one in a hundred unreadable ones.
    read_again
        Share of these that a picture of a later lap reads after all.
    coder_tells
        Share of unread parcels of which an operator can tell where they go.
    capacity
        Parcels until a chute is full.
    chutes_each
        Chutes in place of each that the example's plan names, spread over the loop; the exception chute stays one.
    beside
        Names of policies of the planning model that sort the same parcels, to be held against the hub.
    """

    seed: int
    rates: FaultRates
    example: Path
    hall: HallSection
    rate_per_h: int
    no_read: float = 0.01
    read_again: float = 0.25
    coders: int = 0
    coder_tells: float = 0.9
    capacity: int = 40
    chutes_each: int = 1
    beside: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What one shard came to.

    Attributes
    ----------
    counts
        By name; shards add up.
    hall_ms, occupied_ms, recirculating_ms
        Hall time, and carrier time of it.
    beside
        What policies of the planning model did with the same parcels.
    told
        The first offences, each with its history.
    broke
        The error that ended it, where one did.
    cpu_s
        Processor time of planning, running and judging it.
    """

    shard: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    hall_ms: int = 0
    occupied_ms: int = 0
    recirculating_ms: int = 0
    told: Sequence[str] = ()
    broke: str = ""
    cpu_s: float = field(default=0.0, compare=False)
    beside: Sequence["BesideResult"] = ()


def seed_of(seed: int, shard: int) -> int:
    """Seed of one shard's day; that of the first is the seed itself."""
    return seed + 1_000_003 * shard


def run_shard(
    order: Order,
    shard: int,
    parcels: int,
    resolver: Callable[[Settings], Resolver],
    on_progress: Callable[[int], bool] = lambda left: True,
) -> ShardResult:
    """Plan, run and judge one shard.

    Parameters
    ----------
    resolver
        Makes the hub's resolver.
    on_progress
        Told now and then how many parcels have left; ``False`` stops the day as it stands.
    """
    seed, example, began_s = seed_of(order.seed, shard), order.example, process_time()
    planned = day(
        seed,
        parcels,
        order.rate_per_h,
        example / "areas.toml",
        example / "sort_codes.toml",
        order.hall.inductions_in_all,
    )
    with tempfile.TemporaryDirectory(prefix="karez-simulate-") as folder:
        laid_out = prepare(Path(folder) / "hub", example, planned, 0, 0, "simulated", coding=order.coders > 0)
        widen_plan(laid_out.plan, order.chutes_each)
        loaded = load(laid_out.config).settings
        chutes = SortPlan.load(laid_out.plan).chutes
        settings = settings_of(loaded, order.hall, list(chutes))
        plans = PlanDesk(settings, resolver(settings))
        result = _run(order, shard, seed, planned, settings, plans, laid_out.plan, on_progress)
    return replace(result, cpu_s=process_time() - began_s)


def settings_of(settings: Settings, hall: HallSection, chutes: Sequence[ChuteId]) -> Settings:
    """The hub knows its loop: carriers, lap, and when a parcel passes which chute."""
    loop = lay_out(hall, chutes)
    windows = [{chute: loop.window_ms(station, chute) for chute in loop.chutes} for station in loop.stations]
    others = {f"I{number + 1}": windows[number // hall.inductions] for number in range(hall.inductions_in_all)}
    known = {
        "valid_for_ms": loop.lap_ms,
        "lap_ms": loop.lap_ms,
        "carriers": loop.carriers,
        "windows_ms": windows[0],
        "windows_from": others if len(windows) > 1 else {},
    }
    return settings.model_copy(update={"sorter": settings.sorter.model_copy(update=known), "hall": hall})


def _run(
    order: Order,
    shard: int,
    seed: int,
    planned: Sequence[PlannedParcel],
    settings: Settings,
    plans: PlanDesk,
    plan_file: Path,
    on_progress: Callable[[int], bool],
) -> ShardResult:
    chutes = list(plans.plan.chutes)
    lap_ms = lay_out(order.hall, chutes).lap_ms
    script = write_script(seed, order.rates, planned, chutes, plans.plan.exception_chute, lap_ms)
    virtual = VirtualDay(settings, plans, order.hall, planned, seed, script, habits_of(order))
    result = virtual.run(on_progress)
    verdict = Judge(virtual, result, script, plan_file).judge(planned)
    verdict.counts["laps"] = verdict.lap_sum
    verdict.counts["kills"] = virtual.happened["hub_kill"]
    verdict.counts["commits_lost"] = virtual.hub.commits_lost
    verdict.counts["taken_over"] = virtual.hub.taken_over
    verdict.counts["missed"] = virtual.attendant.taken_off
    verdict.counts["coded"] = virtual.coders.answered
    faults = virtual.happened + Counter(
        removed=sum(each.told for each in script.hall.removals),
        removed_untold=sum(not each.told for each in script.hall.removals),
        added=len(script.hall.by_hand),
        chute_jam=sum(each.jam for each in script.hall.shut),
        bag_change=sum(not each.jam for each in script.hall.shut),
        chute_full=len(script.hall.full),
        stray=sum(not each.silent for each in script.hall.strays),
        stray_silent=sum(each.silent for each in script.hall.strays),
        misread=len(virtual.truth.misread),
        coding_error=len(virtual.coders.erred),
    )
    told = [_told(virtual, each) for each in verdict.offences[:_TOLD_IN_FULL]]
    share = virtual.hall.carrier_ms
    beside = _beside(order, virtual, plans, seed) if order.beside else ()
    return ShardResult(shard, verdict.counts, faults, result.hall_ms, *share, told, beside=beside)


def _beside(order: Order, virtual: VirtualDay, plans: PlanDesk, seed: int) -> "Sequence[BesideResult]":
    # numba takes a third of a second to come up, and only this needs it
    from karez.simulation.virtual.beside import instance_of_day, run_beside

    instance = instance_of_day(virtual.hall.loop, plans, virtual.truth, seed, habits_of(order))
    return run_beside(instance, order.beside)


def habits_of(order: Order) -> DayHabits:
    """How everything but the control code behaves, by the rates of faults."""
    rates = order.rates
    return DayHabits(
        wire=WireHabits(
            lost=rates.telegram_lost,
            duplicated=rates.telegram_duplicated,
            reordered=rates.telegram_reordered,
            delayed=rates.telegram_delayed,
            held_ms=rates.delay_ms,
        ),
        readers=replace(ReaderHabits(), no_read=order.no_read, read_again=order.read_again, wrong=rates.misread),
        coding=CodingHabits(error_rate=rates.coding_errors, tells=order.coder_tells),
        chutes=ChuteHabits(order.capacity),
        coders=order.coders,
    )


def _told(virtual: VirtualDay, offence: Offence) -> str:
    """One offence and all that the hub stored about its parcel."""
    rows = [f"{offence.what}: parcel {offence.index} ({', '.join(offence.parcels)}): {offence.explanation}"]
    for name in offence.parcels:
        history = virtual.store.read_stream(parcel_stream(name))
        rows += [f"    {each.at:%H:%M:%S.%f} {each.event}" for each in history]
    rows += [
        f"    lost at a restart of the PLC: {each}"
        for each in virtual.link.lost_at_restart
        if getattr(each, "parcel", None) in offence.parcels
    ]
    return "\n".join(rows)
