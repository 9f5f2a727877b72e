"""`karez bench sorter`: a whole hub over its real protocol at a fixed rate of decisions, durable, and timed."""

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from karez.bench.checkout import code_of
from karez.bench.notes import machine_line
from karez.bench.sorter import parcels as drawing
from karez.bench.sorter import records
from karez.bench.sorter.commit_time import commit_ms
from karez.bench.sorter.events_told import told_by
from karez.bench.sorter.folder import prepare
from karez.bench.sorter.parcels import Parcels
from karez.bench.sorter.postgres import own_cluster
from karez.bench.sorter.processes import find
from karez.bench.sorter.run import Scene, hand_in_advice, run_floor, run_hub
from karez.bench.sorter.wanted import DRIVERS, STORES, USUAL_RATES, USUAL_SECONDS, Wanted
from karez.cli import compose
from karez.cli.bench_results import PACKAGE, SEEDS, Done, keep, tell
from karez.cli.demo import running_hub
from karez.domain.errors import BadInput, KarezError
from karez.hub.doorway import Doorway
from karez.simulation.planned import PlannedParcel
from karez.sorter.plc.drivers import DRIVERS as READY
from karez.sortplan.plan import SortPlan

_AHEAD_S = 5.0  # parcels are inducted before they are scanned
_FLAT_OUT_MOST = 4_000  # decisions a second that parcels are drawn for


def sorter(
    store: Annotated[str, typer.Option("--store", help=f"One of: {', '.join(STORES)}.")] = "sqlite",
    rate: Annotated[
        int | None,
        typer.Option("--rate", min=1, max=2_000, help="Decisions a second. (350; 60 for opcua, modbus, s7)"),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=1, help="How long. (600; 20 flat out)", show_default=False)
    ] = None,
    driver: Annotated[str, typer.Option("--driver", help=f"One of: {', '.join(DRIVERS)}.")] = "tcp",
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of the parcels; else a fresh one, and told.")
    ] = None,
    pictures: Annotated[int, typer.Option("--pictures", min=0, help="Pictures a second for the readers.")] = 20,
    no_page: Annotated[bool, typer.Option("--no-page", help="Open no Hall page.")] = False,
    flat_out: Annotated[
        bool, typer.Option("--flat-out", help="Ask as soon as one is answered: how many a second, and what limits it.")
    ] = False,
    keep_folder: Annotated[
        Path | None, typer.Option("--folder", help="An empty folder for the run that stays; else one that goes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Ask a whole hub for decisions at a fixed rate over its real protocol, while it reads pictures and shows a page.

    An answer counts from when its question was due. In a checkout the figures are also written to benchmarks/results/.
    """
    _one_of("--store", store, STORES)
    _one_of("--driver", driver, tuple(READY))
    fresh = secrets.randbelow(SEEDS) if seed is None else seed
    asked, long = rate or USUAL_RATES[driver], seconds or USUAL_SECONDS[flat_out]
    wanted = Wanted(store, driver, asked, long, fresh, pictures, not no_page, flat_out)
    _say(f"seed: {fresh}")
    at, code = datetime.now(UTC), code_of(PACKAGE)
    with _root(keep_folder) as root:
        results = _run(wanted, root)
    record = records.record(wanted, results, at, code)
    name = f"sorter-{driver}-{store}{'-flat-out' if flat_out else ''}-{at:%Y-%m-%d-%H%M}-seed{fresh}"
    done = Done(name, record, records.table(record), [*records.notes(record), machine_line(record)])
    if not no_figures:
        keep(done)
    tell(done, as_json)


def _one_of(option: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise BadInput(f"{word!r} is not known", option, f"one of: {', '.join(known)}")


@contextmanager
def _root(wanted: Path | None) -> Iterator[Path]:
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="karez-bench-") as folder:
            yield Path(folder)
        return
    if wanted.exists() and any(wanted.iterdir()):
        raise BadInput("is not empty", str(wanted), "name another with --folder")
    wanted.mkdir(parents=True, exist_ok=True)
    yield wanted.resolve()


def _run(wanted: Wanted, root: Path) -> records.Results:
    """Draw, measure the machine and its floor, start the hub, drive it, and read what it stored."""
    planned, seen, pictures = _draw(wanted, root)
    took_ms = commit_ms(root)
    with ExitStack() as stack:
        cluster = stack.enter_context(own_cluster(root)) if wanted.store == "postgresql" else None
        folder = prepare(root, compose.example(), wanted.driver, cluster.url if cluster else None)
        plan = SortPlan.load(folder.plan)
        _say("the floor: an echo that syncs, without a hub")
        floor = run_floor(wanted, seen, plan, root)
        with running_hub(folder.config) as settings:
            _say("pre-advice is handed in")
            page = compose.page_address(settings)
            hand_in_advice(page, drawing.advice_files(planned, seen))
            supervisor = find(f"hub --config {folder.config}")
            if supervisor is None:
                raise KarezError("the hub's supervisor is not among the processes of this machine")
            _say(f"the hub is asked for {wanted.seconds:g} s; then what is still open is waited for, up to 45 s")
            database = cluster.pid if cluster else None
            hub = run_hub(wanted, Scene(settings, supervisor, database, page, plan, seen, pictures), _tell_wait)
            status = asyncio.run(Doorway(settings.socket).status()) or {}
        _say("the events are read")
        return records.Results(took_ms, floor, hub, status, told_by(settings.store_url))


def _draw(wanted: Wanted, root: Path) -> tuple[list[PlannedParcel], Parcels, list[Path]]:
    """Draw all parcels of the run, and the labels that cameras see."""
    pictured = min(drawing.MOST_PICTURES, round(wanted.pictures * (wanted.seconds + _AHEAD_S)))
    most = _FLAT_OUT_MOST if wanted.flat_out else wanted.rate
    count = pictured + round(most * (wanted.seconds + _AHEAD_S)) + 100
    _say(f"{count} parcels are drawn, and {pictured} pictures")
    example = compose.example()
    planned = list(drawing.plan_parcels(wanted.seed, count, example / "areas.toml", example / "sort_codes.toml"))
    files = drawing.draw_pictures(planned[:pictured], wanted.seed, root / "camera")
    return planned, drawing.as_scanned(planned, wanted.seed, pictured), files


def _tell_wait(seconds: float) -> None:
    _say(f"asked for {seconds:.0f} s")


def _say(what: str) -> None:
    compose.stderr.print(what, markup=False, highlight=False)


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(sorter)
