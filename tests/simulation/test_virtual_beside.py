"""The planning model beside a virtual day: without faults it and the hub's own control code agree parcel by parcel."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from karez.cli import compose
from karez.domain.events import DivertOffWindow, ParcelDiverted, parcel_stream
from karez.domain.ids import ChuteId
from karez.hub.plan_desk import PlanDesk
from karez.settings import HallSection, load
from karez.simulation.chutes import ChuteHabits
from karez.simulation.demand import day
from karez.simulation.demo_hub import prepare
from karez.simulation.planning.instance import LoopInstance
from karez.simulation.planning.policy import KAREZ
from karez.simulation.planning.run import run
from karez.simulation.virtual.beside import instance_of_day
from karez.simulation.virtual.day import DayHabits, VirtualDay
from karez.simulation.virtual.readers import ReaderHabits
from karez.simulation.virtual.script import Script
from karez.simulation.virtual.shard import settings_of
from karez.simulation.virtual.wider_plan import widen_plan, widened
from karez.simulation.virtual.wire import STILL
from karez.sortplan.plan import SortPlan

CHUTES = ChuteHabits(capacity=6, emptied_after_ms=15_000)  # some are full while others come


@dataclass
class Both:
    """A day that has not begun, and the same for the planning model."""

    virtual: VirtualDay
    instance: LoopInstance
    chutes: list[ChuteId]


def both(folder: Path, section: HallSection, parcels: int, seed: int, coders: int = 0) -> Both:
    example = compose.example()
    planned = day(seed, parcels, 20_000, example / "areas.toml", example / "sort_codes.toml", section.inductions_in_all)
    laid_out = prepare(folder / "hub", example, planned, 0, 0, "beside", coding=coders > 0)
    widen_plan(laid_out.plan, 2)
    settings = settings_of(load(laid_out.config).settings, section, list(SortPlan.load(laid_out.plan).chutes))
    plans = PlanDesk(settings, compose.resolver(settings))
    habits = DayHabits(
        wire=STILL, readers=ReaderHabits(no_read=0.05, read_again=0.5), chutes=CHUTES, commit_ms=0.0, coders=coders
    )
    virtual = VirtualDay(settings, plans, section, planned, seed, Script(), habits)
    instance = instance_of_day(virtual.hall.loop, plans, virtual.truth, seed, habits)
    return Both(virtual, instance, list(plans.plan.chutes))


@pytest.mark.parametrize(("stations", "seed"), [(1, 4), (3, 5)])
def test_hub_and_planning_model_agree_parcel_by_parcel(tmp_path: Path, stations: int, seed: int) -> None:
    it = both(tmp_path, HallSection(stations=stations), 400, seed)
    truth, planned = it.virtual.run(), run(it.instance, KAREZ)
    mine = [(it.chutes[chute], lap) for chute, lap in zip(planned.chute.tolist(), planned.lap.tolist(), strict=True)]
    assert mine == [(each.chute, each.laps) for each in truth.outcomes.values()]
    assert planned.recirculating_share == truth.recirculating_share
    assert truth.recirculated and truth.filled, "a day on which nothing goes round proves little"


def test_with_a_coder_both_come_to_nearly_the_same(tmp_path: Path) -> None:
    it = both(tmp_path, HallSection(stations=2), 600, 6, coders=1)
    truth, planned = it.virtual.run(), run(it.instance, KAREZ)
    assert it.virtual.coders.answered > 10
    assert abs(planned.recirculating_share - truth.recirculating_share) < 0.02


def test_a_hub_that_knows_its_stations_confirms_no_parcel_off_its_window(tmp_path: Path) -> None:
    virtual = both(tmp_path, HallSection(stations=3), 150, 7).virtual
    virtual.run()
    streams = [parcel_stream(name) for names in virtual.names.values() for name in names]
    kinds = {type(each.event) for stream in streams for each in virtual.store.read_stream(stream)}
    assert ParcelDiverted in kinds
    assert DivertOffWindow not in kinds


def test_a_wider_plan_has_the_same_rows_with_more_chutes_to_choose_from() -> None:
    file = compose.example() / "plan.toml"
    plan = tomllib.loads(file.read_text("utf-8"))
    wide = tomllib.loads(widened(plan, 3))
    assert len(wide["chutes"]) == len(set(wide["chutes"])) == 3 * (len(plan["chutes"]) - 1) + 1
    assert [{**row, "chute": 0, "alternatives": 0} for row in wide["rule"]] == [
        {**row, "chute": 0, "alternatives": 0} for row in plan["rule"]
    ]
    chutes = [[row["chute"], *row["alternatives"]] for row in wide["rule"][:2]]
    assert chutes == [
        ["K01", "K01-2", "K01-3", "K16", "K16-2", "K16-3"],
        ["K02-2", "K02-3", "K02", "K16", "K16-2", "K16-3"],
    ]
    assert wide["exception"] == "K40"
