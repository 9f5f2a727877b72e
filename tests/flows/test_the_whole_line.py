"""The whole line over real sockets: pictures in over HTTP, telegrams over TCP, judged by the hall's truth."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from flows.hand_hall import free_ports
from flows.simulated_day import developed, planned_day
from karez.cli import compose
from karez.cli.demo import running_hub
from karez.domain import events as ev
from karez.eventstore.store import EventStore
from karez.settings import HallSection, Settings
from karez.simulation.darkroom import Darkroom
from karez.simulation.day_run import lay_out_hall, run_day
from karez.simulation.demand import advice_csv
from karez.simulation.demo_hub import DemoFolder, prepare
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallResult
from karez.simulation.judge import judge
from karez.simulation.planned import PlannedParcel
from karez.sortplan.plan import SortPlan

SEED, PARCELS = 11, 40
FINAL = (ev.ParcelDiverted, ev.ParcelExcepted, ev.ParcelMissorted, ev.ParcelRemoved, ev.ParcelTakenOff)


@pytest.fixture(scope="module")
def planned() -> list[PlannedParcel]:
    return planned_day(SEED, PARCELS)


@pytest.fixture(scope="module")
def darkroom(planned: list[PlannedParcel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Darkroom]:
    with developed(planned, SEED, tmp_path_factory.mktemp("camera")) as darkroom:
        yield darkroom


@dataclass
class Ran:
    """A day that has been run."""

    folder: DemoFolder
    settings: Settings
    result: HallResult
    events: list[ev.Recorded]


def run(
    folder: Path,
    planned: list[PlannedParcel],
    darkroom: Darkroom,
    disturb: Callable[[Path, Hall], None] | None = None,
    driver: str = "tcp",
) -> Ran:
    demo = prepare(folder, compose.example(), planned, *free_ports(), "flow")
    config = demo.config.read_text("utf-8")
    demo.config.write_text(config.replace("[sorter]\n", f'[sorter]\ndriver = "{driver}"\n'), "utf-8")
    with running_hub(demo.config) as settings:
        page = compose.page_address(settings)
        httpx.post(page + "api/advice", content=advice_csv(planned), trust_env=False, timeout=60).raise_for_status()
        hall = lay_out_hall(planned, SEED, HallSection(), SortPlan.load(demo.plan))
        shown = (lambda hall: disturb(demo.config, hall)) if disturb else (lambda hall: None)
        result = asyncio.run(run_day(hall, darkroom, settings, page, None, shown))
    store = EventStore.open_reading(settings.store_url)
    events = store.read(limit=1_000_000)
    store.close()
    return Ran(demo, settings, result, events)


@pytest.fixture(scope="module")
def ran(planned: list[PlannedParcel], darkroom: Darkroom, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("day"), planned, darkroom)


def final_events(events: list[ev.Recorded]) -> Counter[str]:
    return Counter(each.event.parcel for each in events if isinstance(each.event, FINAL))


def assert_every_parcel_ends_once(ran: Ran) -> None:
    inducted = [each.event.parcel for each in ran.events if isinstance(each.event, ev.ParcelInducted)]
    assert len(inducted) == PARCELS
    assert final_events(ran.events) == Counter(inducted)
    assert max(outcome.times_diverted for outcome in ran.result.outcomes.values()) == 1
    assert ran.result.orders_after_leaving == 0, "decided again after it had left"


def assert_sorted_well(ran: Ran, planned: list[PlannedParcel]) -> None:
    assert ran.settings.address.areas is not None
    verdict = judge(planned, ran.result.outcomes, ran.folder.plan, ran.settings.address.areas)
    assert verdict.missorted == 0, verdict.explanations
    assert verdict.without_final_state == 0, verdict.explanations
    assert verdict.sorted >= 0.95 * PARCELS, verdict.explanations


def test_a_day_is_recognised_and_sorted_by_the_truth_of_the_hall(ran: Ran, planned: list[PlannedParcel]) -> None:
    assert_every_parcel_ends_once(ran)
    assert_sorted_well(ran, planned)
    assert ran.result.cuts == 1, "the link was cut"
    kinds = Counter(each.event.kind for each in ran.events)
    assert kinds["sorter.disconnected"] >= 1 and kinds["sorter.connected"] >= 2
    assert any(isinstance(each.event, ev.ChuteChanged) and each.event.state == "full" for each in ran.events)


def test_the_hub_says_what_the_hall_saw(ran: Ran) -> None:
    """Each final event of the hub names the chute in which the parcel physically lies."""
    said = {each.event.parcel: each.event.chute for each in ran.events if isinstance(each.event, FINAL[:3])}
    lies = {outcome.parcel: outcome.chute for outcome in ran.result.outcomes.values()}
    assert said == lies


def test_no_event_holds_an_address_or_a_phone_number(ran: Ran, planned: list[PlannedParcel]) -> None:
    from karez.eventstore.codec import encode

    written = "\n".join(encode(each.event) for each in ran.events)
    streets = {parcel.order_address[-8:] for parcel in planned} | {parcel.address[-8:] for parcel in planned}
    assert not [street for street in streets if street in written]
    assert "****" not in written


def test_the_same_seed_gives_the_same_day_parcel_by_parcel(
    ran: Ran, planned: list[PlannedParcel], darkroom: Darkroom, tmp_path: Path
) -> None:
    again = run(tmp_path / "again", planned, darkroom)
    assert again.result.outcomes == ran.result.outcomes
    assert again.result.recirculated == ran.result.recirculated


@pytest.mark.soak
def test_the_same_day_over_osip_loses_nothing_and_diverts_nothing_twice(
    planned: list[PlannedParcel], darkroom: Darkroom, tmp_path: Path
) -> None:
    over_osip = run(tmp_path / "osip", planned, darkroom, driver="osip")
    assert over_osip.settings.sorter.driver == "osip" and over_osip.result.cuts == 1
    assert_every_parcel_ends_once(over_osip)
    assert_sorted_well(over_osip, [each for each in planned if not _too_large(each)])


def _too_large(parcel: PlannedParcel) -> bool:
    """OSIP carries no measures: what the plan sends elsewhere for its size or mass, the hub cannot know."""
    plan = SortPlan.load(compose.example() / "plan.toml")
    sides = (parcel.length_mm, parcel.width_mm, parcel.height_mm)
    assert plan.oversize and plan.overweight
    return (
        max(sides) > (plan.oversize.longest_mm or 0)
        or sum(sides) > (plan.oversize.sides_sum_mm or 0)
        or parcel.mass_g > plan.overweight.mass_g
    )


def children(process: int) -> dict[str, int]:
    """Processes of a hub by role, from /proc."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == process and "hub-process" in words:
                found[words[words.index("hub-process") + 1]] = int(entry.name)
    return found


def supervisor(config: Path) -> int:
    found = subprocess.run(["pgrep", "-f", f"karez hub --config {config}"], capture_output=True, text=True)
    return int(found.stdout.split()[0])


def start_again(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "karez", "hub", "--config", str(config)]
    with (config.parent / "hub.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def test_kill_9_in_the_middle_loses_nothing_and_diverts_nothing_twice(
    planned: list[PlannedParcel], darkroom: Darkroom, tmp_path: Path
) -> None:
    killed: list[str] = []
    restarted: list[subprocess.Popen[bytes]] = []

    def disturb(config: Path, hall: Hall) -> None:
        if hall.left >= 8 and not killed:
            killed.append("control")  # its supervisor starts it again
            os.kill(children(supervisor(config))["control"], signal.SIGKILL)
        elif hall.left >= 20 and len(killed) == 1 and hall.occupied:
            killed.append("everything")
            os.kill(supervisor(config), signal.SIGKILL)
            restarted.append(start_again(config))

    try:
        ran = run(tmp_path / "killed", planned, darkroom, disturb)
    finally:
        for process in restarted:
            process.terminate()
            process.wait(30)
    assert killed == ["control", "everything"]
    assert sum(isinstance(each.event, ev.HubStarted) for each in ran.events) == 3
    assert_every_parcel_ends_once(ran)
    assert_sorted_well(ran, planned)
