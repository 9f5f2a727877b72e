"""One part of a soak: parcels come, blows fall, and at the end everything is looked at."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from karez.bench.soak.blows import Part
from karez.bench.soak.hall import SPEED, no_camera, soak_hall
from karez.bench.soak.invariants import Finding, Truth, look
from karez.bench.soak.striking import Striker, Struck
from karez.bench.soak.told import Told, every_event, every_line, told_by
from karez.bench.soak.watched_twin import WatchedTwin
from karez.bench.sorter.parcels import Parcels
from karez.bench.sorter.postgres import Server
from karez.domain.errors import KarezError
from karez.eventstore.store import EventStore
from karez.settings import Settings
from karez.simulation.hall import Hall
from karez.simulation.hall_run import HallRun
from karez.simulation.happenings import HallResult
from karez.simulation.planned import PlannedParcel
from karez.sorter.plc.drivers import open_twin
from karez.sortplan.plan import SortPlan

DISK_MB = 192
"""Of the disk that is filled: the pictures' reserve, and room for the events of a part."""

_ENDS_S = 120.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a part takes place: a running hub, its files, and the parcels."""

    settings: Settings
    config: Path
    plan_file: Path
    areas_file: Path
    planned: Sequence[PlannedParcel]
    seen: Parcels
    server: Server | None


@dataclass(frozen=True, slots=True)
class PartDone:
    """What one part gave.

    Attributes
    ----------
    sorted, excepted
        Parcels in a chute of their destination, and in the exception chute.
    repeated, crossed
        Orders that came again under their name, and new ones that came behind their parcel's leaving: both are normal.
    """

    part: Part
    struck: Sequence[Struck]
    findings: Sequence[Finding]
    parcels: int
    sorted: int
    excepted: int
    events: int
    rejected: int
    repeated: int
    crossed: int


async def run_part(part: Part, scene: Scene, seed: int, on_struck: Callable[[Struck], None]) -> PartDone:
    """Let parcels come as long as blows fall, then let all of them leave.

    Raises
    ------
    KarezError
        When parcels are still on the loop minutes after the last blow.
    """
    sorter = scene.settings.sorter
    twin = WatchedTwin(open_twin(sorter, "client", sorter.host, sorter.port, _session(part)))
    plan = SortPlan.load(scene.plan_file)
    hall = soak_hall(scene.planned, scene.seen, seed, plan, f"S{part.store[0].upper()}")
    striker = Striker(scene.settings, scene.config, twin, scene.server, Random(f"soak {seed} {part.store}"))
    await twin.start()
    try:
        riding = asyncio.create_task(HallRun(hall, twin, no_camera, SPEED, lock_step=False).run())
        striking = asyncio.create_task(striker.strike(part.blows, part.seconds, on_struck))
        await asyncio.wait((riding, striking), return_when=asyncio.FIRST_COMPLETED)
        if not striking.done():
            riding.result()
            raise KarezError("the parcels of the soak were used up before its blows")
        struck = striking.result()
        hall.close()
        result = await _ended(riding, hall, twin)
    finally:
        await twin.stop()
    told = await asyncio.to_thread(_told, part, scene)
    return _done(part, scene, struck, Truth(result, twin.orders, twin.said), told)


async def _ended(riding: "asyncio.Task[HallResult]", hall: Hall, twin: WatchedTwin) -> HallResult:
    try:
        async with asyncio.timeout(_ENDS_S):
            return await riding
    except TimeoutError:
        link = "stands" if twin.linked else "is down"
        said = "all that it said is acknowledged" if twin.all_acknowledged else "the hub has not acknowledged all"
        what = f"{_ENDS_S:.0f} s after the last blow {hall.occupied} parcels are on the loop, the link {link}, {said}"
        raise KarezError(what) from None


def _session(part: Part) -> str:
    return f"soak-{part.store}"


def _told(part: Part, scene: Scene) -> Told:
    store = EventStore.open_reading(scene.settings.store_url)
    try:
        return told_by(every_event(store), every_line(store), _session(part))
    finally:
        store.close()


def _done(part: Part, scene: Scene, struck: Sequence[Struck], truth: Truth, told: Told) -> PartDone:
    came = [each for each in scene.planned if each.index in truth.result.outcomes]
    looked = look(came, truth, told, scene.plan_file, scene.areas_file)
    return PartDone(
        part=part,
        struck=struck,
        findings=looked.findings,
        parcels=len(came),
        sorted=looked.verdict.sorted,
        excepted=looked.verdict.exception,
        events=told.events,
        rejected=told.rejected,
        repeated=truth.result.repeats,
        crossed=truth.result.orders_after_leaving,
    )


@contextmanager
def small_disk(folder: Path, wanted: bool) -> Iterator[None]:
    """Put a small file system under the hub's data folder, where it is to be filled.

    Raises
    ------
    KarezError
        Where it cannot be mounted (that needs root).
    """
    if not wanted:
        yield
        return
    folder.mkdir(parents=True)
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder], check=False, capture_output=True
    )
    if not done or done.returncode:
        raise KarezError("a small disk cannot be mounted to be filled: that needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False, capture_output=True)
