"""One run: the floor alone, then the hub under the same generator with readers and a page busy."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from karez.bench.sorter import floor_peer, generator, live_page
from karez.bench.sorter.camera import Posted, photograph
from karez.bench.sorter.commit_time import probed
from karez.bench.sorter.floor_model import APPROACH_S, FloorModel
from karez.bench.sorter.generator import Measured
from karez.bench.sorter.live_page import Watched
from karez.bench.sorter.parcels import Parcels
from karez.bench.sorter.processes import Load, Spent, by_part, load_of, spent_between
from karez.bench.sorter.timetable import FixedRate, FlatOut, Timetable
from karez.bench.sorter.wanted import FLAT_OUT_IN_FLIGHT, Wanted
from karez.domain.errors import KarezError
from karez.domain.ids import ChuteId
from karez.hub.process import interrupts_held
from karez.settings import Settings
from karez.sorter.plc.drivers import open_twin
from karez.sorter.plc.protocol import Role, Twin
from karez.sortplan.plan import SortPlan

_FLOOR_S = 20.0
_FLAT_OUT_TRAVEL = 0.1  # flat out ten times as many parcels come: they leave ten times as soon
_PATIENCE_S = 180.0
_TELL_EVERY_S = 30.0
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a run takes place in.

    Attributes
    ----------
    supervisor, database
        Process numbers of `karez hub`, and of the database server where there is one.
    page
        Address of the hub's pages.
    pictures
        Files of the drawn pictures.
    """

    settings: Settings
    supervisor: int
    database: int | None
    page: str
    plan: SortPlan
    parcels: Parcels
    pictures: Sequence[Path]


@dataclass(frozen=True, slots=True)
class HubRun:
    """What was measured while the hub answered; ``commit_ms`` is the machine's commit time meanwhile."""

    measured: Measured
    commit_ms: Mapping[str, float | None]
    spent: Mapping[str, Spent]
    load: Load
    posted: Posted | None
    watched: Watched | None


def run_floor(wanted: Wanted, parcels: Parcels, plan: SortPlan, folder: Path) -> Measured:
    """Drive the bare echo at the same rate, for a while; flat out, as hard as the hub."""
    seconds = min(wanted.seconds, _FLOOR_S)
    with _process(floor_peer.echo, folder / "floor.log") as echo:
        chute = next(chute for chute in plan.chutes if chute != plan.exception_chute)
        link = partial(floor_peer.EchoTwin, _heard(echo), chute)
        with _process(generator.generate, None, link, _model(wanted, parcels, plan, seconds)) as driven:
            return _driven(driven, lambda: None, lambda: None)


def hand_in_advice(page: str, files: Iterator[bytes]) -> None:
    """Hand in the courier companies' pre-advice over HTTP."""
    with httpx.Client(base_url=page, timeout=120, trust_env=False) as web:
        for number, content in enumerate(files, 1):
            web.post("api/advice", params={"name": f"bench-{number}.csv"}, content=content).raise_for_status()


def run_hub(wanted: Wanted, scene: Scene, on_wait: Callable[[float], None]) -> HubRun:
    """Drive the hub, with cameras posting and a page open where they are wanted.

    Parameters
    ----------
    on_wait
        Called every half minute with how many seconds it has been asked for.
    """
    link = _link(scene.settings, wanted.seed)
    model = _model(wanted, scene.parcels, scene.plan, wanted.seconds)
    moments: list[tuple[Mapping[str, Spent], Load]] = []

    def note() -> None:
        moments.append((by_part(scene.supervisor, scene.database), load_of(os.getpid())))

    with _page(wanted, scene) as page, _cameras(wanted, scene) as (camera, names):
        with _process(generator.generate, names, link, model) as driven:
            if names is not None:
                names.close()  # the generator's end alone keeps the cameras waiting
            with probed(scene.settings.hub.data_dir) as commits:
                measured = _driven(driven, note, note, on_wait)
        posted = None if camera is None else _heard(camera)
        watched = None if page is None else _closed(page)
    (before, load_before), (after, load_after) = moments
    load = load_after.since(load_before)
    return HubRun(measured, commits.milliseconds(), spent_between(before, after), load, posted, watched)


def _link(settings: Settings, seed: int) -> Callable[[], Twin]:
    sorter = settings.sorter
    role: Role = "client" if sorter.role == "server" else "server"
    return partial(open_twin, sorter, role, sorter.host, sorter.port, f"bench-{seed}")


def _model(wanted: Wanted, parcels: Parcels, plan: SortPlan, seconds: float) -> Callable[[], FloorModel]:
    timetable: Timetable = FixedRate(wanted.rate, seconds, APPROACH_S)
    first, travel = round(wanted.rate * APPROACH_S), 1.0
    if wanted.flat_out:
        timetable = FlatOut(FLAT_OUT_IN_FLIGHT, seconds, APPROACH_S)
        first, travel = 8 * FLAT_OUT_IN_FLIGHT, _FLAT_OUT_TRAVEL
    chutes: list[ChuteId] = list(plan.chutes)
    return partial(
        FloorModel, parcels, chutes, plan.exception_chute, timetable, wanted.seed, first, wanted.pictures, travel
    )


def _driven(
    driven: Connection,
    on_go: Callable[[], None],
    on_asked: Callable[[], None],
    on_wait: Callable[[float], None] = lambda seconds: None,
) -> Measured:
    """Let the generator run; tells when it begins, and when all is asked."""
    _heard(driven)
    on_go()
    driven.send(generator.GO)
    began_s = time.monotonic()
    while not driven.poll(_TELL_EVERY_S):
        on_wait(time.monotonic() - began_s)
    _heard(driven, None)
    on_asked()
    measured: Measured = _heard(driven)
    return measured


# ---- processes ------------------------------------------------------------------------------------------------------


@contextmanager
def _process(body: Callable[..., None], *words: object) -> Iterator[Connection]:
    """Run a body in a process of its own, with one end of a pipe; the other end is given."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=body, args=(theirs, *words), daemon=True)
    with interrupts_held():
        process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join(5)
        process.kill()
        process.join()


@contextmanager
def _cameras(wanted: Wanted, scene: Scene) -> Iterator[tuple[Connection | None, Connection | None]]:
    """Cameras, where pictures are wanted: the pipe to them, and the one through which parcels are named to them."""
    if not wanted.pictures:
        yield None, None
        return
    named, names = _CONTEXT.Pipe(duplex=False)
    with _process(photograph, named, scene.page, scene.pictures) as camera:
        named.close()
        yield camera, names
        names.close()


@contextmanager
def _page(wanted: Wanted, scene: Scene) -> Iterator[Connection | None]:
    """One open page, where it is wanted."""
    if not wanted.page:
        yield None
        return
    with _process(live_page.watch, scene.page) as page:
        _heard(page)
        yield page


def _closed(page: Connection) -> Watched:
    page.send(None)
    watched: Watched = _heard(page)
    return watched


def _heard(connection: Connection, patience_s: float | None = _PATIENCE_S) -> Any:
    """What a process says next.

    Raises
    ------
    KarezError
        That it says, or because it says nothing.
    """
    if not connection.poll(patience_s):
        raise KarezError(f"a process of the bench said nothing for {patience_s:.0f} s")
    try:
        said = connection.recv()
    except EOFError:
        raise KarezError("a process of the bench ended before its time; its error stands above") from None
    if isinstance(said, KarezError):
        raise said
    return said
