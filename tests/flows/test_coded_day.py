"""A simulated day whose labels are read by their bars alone: people code the rest, and a seed decides all of it."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from flows.hand_hall import free_ports
from flows.simulated_day import developed, planned_day
from flows.test_the_whole_line import children, supervisor
from karez.cli import compose
from karez.cli.demo import running_hub
from karez.domain import events as ev
from karez.domain.coding import CodingOutcome
from karez.eventstore.store import EventStore, utc_now
from karez.hub.doorway import Doorway
from karez.settings import HallSection
from karez.simulation.coder import CoderHabits, Coders
from karez.simulation.darkroom import Darkroom
from karez.simulation.day_run import lay_out_hall, run_day
from karez.simulation.demand import advice_csv
from karez.simulation.demo_hub import prepare
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallResult
from karez.simulation.judge import Verdict, judge
from karez.simulation.planned import PlannedParcel
from karez.sortplan.plan import SortPlan

SEED, PARCELS = 23, 16


@pytest.fixture(scope="module")
def planned() -> list[PlannedParcel]:
    return planned_day(SEED, PARCELS)


@pytest.fixture(scope="module")
def darkroom(planned: list[PlannedParcel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Darkroom]:
    with developed(planned, SEED, tmp_path_factory.mktemp("camera")) as darkroom:
        yield darkroom


@dataclass
class Coded:
    """A day that has been run, with what was told to whom."""

    result: HallResult
    verdict: Verdict
    events: Sequence[ev.Recorded]
    outcomes: dict[str, CodingOutcome]


def run(
    folder: Path,
    planned: list[PlannedParcel],
    darkroom: Darkroom,
    disturb: Callable[[Path, Hall], None] = lambda config, hall: None,
) -> Coded:
    demo = prepare(folder, compose.example(), planned, *free_ports(), "coded", coding=True)
    demo.config.write_text(demo.config.read_text("utf-8").replace("[reading]", '[reading]\ntext = "never"'), "utf-8")
    with running_hub(demo.config) as settings:
        page = compose.page_address(settings)
        httpx.post(page + "api/advice", content=advice_csv(planned), trust_env=False, timeout=60).raise_for_status()
        hall = lay_out_hall(planned, SEED, HallSection(), SortPlan.load(demo.plan))
        crew = Coders(planned, SEED, Doorway(settings.socket), utc_now, 2, CoderHabits(error_rate=0.05))
        shown = partial(disturb, demo.config)
        result = asyncio.run(run_day(hall, darkroom, settings, page, None, shown, operators=crew))
    store = EventStore.open_reading(settings.store_url)
    events = store.read(limit=1_000_000)
    store.close()
    assert settings.address.areas is not None
    verdict = judge(planned, result.outcomes, demo.plan, settings.address.areas)
    return Coded(result, verdict, events, {name: report.outcome for name, report in crew.reports.items()})


@pytest.fixture(scope="module")
def coded(planned: list[PlannedParcel], darkroom: Darkroom, tmp_path_factory: pytest.TempPathFactory) -> Coded:
    return run(tmp_path_factory.mktemp("coded"), planned, darkroom)


def test_people_place_what_the_machine_could_not_and_it_leaves_on_this_lap_or_a_later_one(
    coded: Coded, planned: list[PlannedParcel]
) -> None:
    by_hand = [each.event for each in coded.events if isinstance(each.event, ev.ParcelResolved)]
    assert len([each for each in by_hand if each.reason == "coded"]) > PARCELS // 5
    assert CodingOutcome.THIS_LAP in coded.outcomes.values()
    assert coded.verdict.without_final_state == 0
    assert coded.verdict.sorted >= PARCELS - 3, coded.verdict.explanations
    lies = {outcome.parcel: outcome for outcome in coded.result.outcomes.values()}
    laps = [lies[each.parcel].laps for each in by_hand if each.reason == "coded"]
    assert min(laps) == 1 < max(laps), "an answer serves the chutes that lie ahead yet, and else the next lap"


def test_the_same_seed_gives_the_same_day_also_over_a_kill_and_no_answer_is_taken_twice(
    coded: Coded, planned: list[PlannedParcel], darkroom: Darkroom, tmp_path: Path
) -> None:
    killed: list[int] = []

    def disturb(config: Path, hall: Hall) -> None:
        if hall.left >= 8 and not killed:
            killed.append(children(supervisor(config))["control"])
            os.kill(killed[0], signal.SIGKILL)

    again = run(tmp_path / "again", planned, darkroom, disturb)
    assert killed
    assert again.result.outcomes == coded.result.outcomes
    answered = [each.event.parcel for each in again.events if isinstance(each.event, ev.CodingAnswered)]
    assert len(answered) == len(set(answered)) == len(coded.outcomes)
