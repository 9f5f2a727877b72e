"""`karez demo`: a Kashi hub and a simulated hall, run as a real hub is run, with a summary judged against the truth."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console, Group
from rich.live import Live
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from karez import settings as configuration
from karez.cli import compose
from karez.cli.records import json_line
from karez.domain.errors import KarezError
from karez.eventstore.store import EventStore, utc_now
from karez.hub.doorway import Doorway
from karez.hub.process import end_with_parent
from karez.settings import HallSection
from karez.simulation.coder import Coders
from karez.simulation.darkroom import Darkroom
from karez.simulation.day_run import lay_out_hall, run_day
from karez.simulation.demand import advice_csv, day
from karez.simulation.demo_hub import DemoFolder, alone_in, prepare
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallResult
from karez.simulation.judge import judge
from karez.simulation.planned import PlannedParcel
from karez.simulation.summary import hub_says, summary
from karez.sortplan.plan import SortPlan

_START_S = 180.0
err = compose.stderr


def demo(
    parcels: Annotated[int, typer.Option(min=1, max=100_000, help="How many parcels.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed is the same day.")] = 1,
    rate: Annotated[int, typer.Option(min=60, max=60_000, help="Parcels an hour that arrive.")] = 20_000,
    once: Annotated[bool, typer.Option("--once", help="End after the day, also in a terminal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    speed: Annotated[
        float | None, typer.Option(help="Hall time to wall time at most; 0: as fast as answers come. (1 in a terminal)")
    ] = None,
    coders: Annotated[
        int, typer.Option(min=0, max=20, help="Simulated operators who are asked what no machine could place.")
    ] = 0,
    data: Annotated[Path, typer.Option(help="Folder of the demo; emptied at the start.")] = Path("var/demo"),
) -> None:
    """Run a simulated day in Kashi: pictures are drawn, read, resolved, sorted over a real socket, and judged."""
    stays = sys.stdout.isatty() and not once
    pace = speed if speed is not None else (1.0 if sys.stdout.isatty() else 0.0)
    hall = HallSection()
    example = compose.example()
    planned = day(seed, parcels, rate, example / "areas.toml", example / "sort_codes.toml", hall.inductions)
    with alone_in(data):
        folder = prepare(data, example, planned, _port(8410), _port(7410), "喀什智慧物流港", coding=coders > 0)
        with Darkroom(planned, seed, folder.camera) as darkroom:
            _develop(darkroom, len(planned))
            with running_hub(folder.config) as settings:
                err.print(f"the hall is live at [bold]{compose.page_address(settings)}[/]")
                demo_day = DemoDay(planned, seed, darkroom, settings, folder, pace or None, coders)
                _run(demo_day, as_json, stays)


def _run(demo_day: "DemoDay", as_json: bool, stays: bool) -> None:
    """Run the day and print its summary; then, for a person, keep page and sorter up until Ctrl-C."""

    async def afterwards(summary: dict[str, Any]) -> None:
        typer.echo(json_line(summary)) if as_json else _print(summary)
        if stays:
            err.print(f"the page stays at [bold]{compose.page_address(demo_day.settings)}[/] until Ctrl-C")
            await asyncio.Event().wait()

    try:
        asyncio.run(demo_day.run(afterwards))
    except KeyboardInterrupt:
        err.print("stopping")


def _port(wanted: int) -> int:
    """The usual port where it is free, else any free one."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _develop(darkroom: Darkroom, parcels: int) -> None:
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task("drawing the parcels' pictures", total=parcels)
        darkroom.develop(lambda done: progress.update(task, completed=done))


@contextmanager
def running_hub(config: Path) -> Iterator[configuration.Settings]:
    """A hub in processes of its own, started as anyone starts it, and stopped at the end."""
    settings = configuration.load(config).settings
    log = (config.parent / "hub.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "karez", "hub", "--config", str(config)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=end_with_parent,
        start_new_session=True,
    )
    try:
        _wait_until_up(settings, process, config.parent / "hub.log")
        yield settings
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait_until_up(settings: configuration.Settings, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + _START_S
    address = compose.page_address(settings) + "healthz"
    with err.status("starting the hub: models are loaded, the store is opened"):
        while time.monotonic() < ends:
            if process.poll() is not None:
                raise KarezError(f"the hub ended at its start ({process.returncode}); it wrote:\n{_tail(log)}")
            try:
                answer = httpx.get(address, timeout=2, trust_env=False)
            except httpx.HTTPError:
                answer = None
            # Only the link to the sorter is missing now: the hall connects next.
            if answer is not None and asyncio.run(Doorway(settings.socket).status()) is not None:
                return
            time.sleep(0.2)
    raise KarezError(f"the hub was not up after {_START_S:.0f} s; it wrote:\n{_tail(log)}")


def _tail(log: Path, rows: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-rows:])


@dataclass(frozen=True, slots=True)
class DemoDay:
    """A prepared day, and the hub that is up for it."""

    planned: Sequence[PlannedParcel]
    seed: int
    darkroom: Darkroom
    settings: configuration.Settings
    folder: DemoFolder
    pace: float | None
    coders: int = 0

    async def run(self, afterwards: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Pre-advice in, then the whole day over the loop, then the judgement, handed to ``afterwards``."""
        page = compose.page_address(self.settings)
        async with httpx.AsyncClient(base_url=page, timeout=60, trust_env=False) as web:
            answer = await web.post("api/advice", params={"name": "demo.csv"}, content=advice_csv(self.planned))
            answer.raise_for_status()
        hall = lay_out_hall(self.planned, self.seed, HallSection(), SortPlan.load(self.folder.plan))
        started = time.monotonic()
        progress = _Progress(len(self.planned))

        async def judge_it(result: HallResult) -> None:
            seconds = time.monotonic() - started
            progress.close()
            status = await Doorway(self.settings.socket).status() or {}
            await afterwards(_judged(self.planned, result, self.settings, self.folder, status, seconds))

        try:
            session = f"hall-{self.seed}"
            door = Doorway(self.settings.socket)
            crew = Coders(self.planned, self.seed, door, utc_now, self.coders) if self.coders else None
            await run_day(hall, self.darkroom, self.settings, page, self.pace, progress.show, session, judge_it, crew)
        finally:
            progress.close()


def _judged(
    planned: Sequence[PlannedParcel],
    result: HallResult,
    settings: configuration.Settings,
    folder: DemoFolder,
    status: dict[str, Any],
    seconds: float,
) -> dict[str, Any]:
    store = EventStore.open_reading(settings.store_url)
    says = hub_says(store.read(limit=10_000_000))
    store.close()
    assert settings.address.areas is not None
    verdict = judge(planned, result.outcomes, folder.plan, settings.address.areas)
    ids = {index: each.parcel for index, each in result.outcomes.items() if each.parcel is not None}
    made = summary(planned, result.outcomes, ids, verdict, says, status, seconds)
    made["mix"] |= {"chutes_filled": len(set(result.filled)), "links_cut": result.cuts}
    return made | {"hall_seconds": round(result.hall_ms / 1000, 1)}


class _Progress:
    """The day in the terminal, while it runs."""

    def __init__(self, parcels: int) -> None:
        self._bar = Progress(console=err)
        self._task = self._bar.add_task("sorted into chutes", total=parcels)
        self._live = Live(console=err, transient=True, refresh_per_second=4)
        self._live.start()

    def close(self) -> None:
        """Take it off the terminal; again does nothing."""
        self._live.stop()

    def show(self, hall: Hall) -> None:
        """Show how far the day is."""
        self._bar.update(self._task, completed=hall.left)
        line = f"hall time {hall.now_ms / 1000:5.1f} s   on the loop {hall.occupied:3d}"
        self._live.update(Group(self._bar, Text(line + ("   link cut" if hall.link_cut else ""), style="dim")))


def _print(result: dict[str, Any]) -> None:
    console = Console(highlight=False)
    table = Table(title="the day", title_justify="left", show_header=False)
    for name, value in result.items():
        if name not in ("mix", "not_sorted"):
            table.add_row(name, str(value))
    console.print(table)
    mixed = Table(title="made of", title_justify="left", show_header=False)
    for name, value in result["mix"].items():
        mixed.add_row(name, ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value))
    console.print(mixed)
    if result["not_sorted"]:
        rest = Table(title="not in a chute of their destination, one by one", title_justify="left")
        for column in ("parcel", "waybill", "picture", "ended", "why"):
            rest.add_column(column, overflow="fold")
        for each in result["not_sorted"]:
            rest.add_row(str(each["parcel"]), each["waybill"], each["picture"], each["ended"], each["why"])
        console.print(rest)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(demo)
