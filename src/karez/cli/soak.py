"""`karez soak`: a whole hub is killed, cut off, flooded and filled up for minutes, and must lose nothing."""

import asyncio
import secrets
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Annotated

import typer

from karez.bench.checkout import code_of
from karez.bench.notes import machine_line
from karez.bench.soak import records
from karez.bench.soak.blows import Part, parts
from karez.bench.soak.hall import PARCELS_A_SECOND
from karez.bench.soak.run import PartDone, Scene, run_part, small_disk
from karez.bench.soak.striking import Struck
from karez.bench.sorter import parcels as drawing
from karez.bench.sorter.folder import prepare
from karez.bench.sorter.postgres import own_cluster
from karez.bench.sorter.run import hand_in_advice
from karez.cli import compose
from karez.cli.bench_results import PACKAGE, SEEDS, Done, keep, tell
from karez.cli.demo import running_hub
from karez.domain.errors import BadInput, KarezError

_SPARE = 1.6  # parcels for blows that take longer than they should
_FRAMES = "\n[frames]\nwindow_ms = 200\n"  # there are no cameras: nothing is waited for
_LINES = 15  # of the hub's log, where the soak cannot go on

STORES = ("both", "sqlite", "postgresql")


def soak(
    minutes: Annotated[float, typer.Option("--minutes", min=0.2, max=600, help="How long, in all.")] = 10,
    store: Annotated[str, typer.Option("--store", help=f"One of: {', '.join(STORES)}.")] = "both",
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Of parcels and blows; else a fresh one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Kill, cut off, flood and fill up a running hub while parcels come; exit code 1 where something was lost.

    In ten minutes the control process is killed 50 times, the database's process group 20 times, the link is cut 20
    times and the disk filled once; more or fewer minutes, more or fewer blows. Filling a disk needs root.
    """
    if store not in STORES:
        raise BadInput(f"{store!r} is not known", "--store", f"one of: {', '.join(STORES)}")
    fresh = secrets.randbelow(SEEDS) if seed is None else seed
    _say(f"seed: {fresh}")
    at, code, began_s = datetime.now(UTC), code_of(PACKAGE), monotonic()
    dealt = [each for each in parts(minutes, Random(f"soak {fresh}")) if store in ("both", each.store)]
    done = [_part(each, fresh) for each in dealt]
    record = records.record(done, fresh, monotonic() - began_s, at, code)
    told = [*records.notes(record), machine_line(record)]
    result = Done(f"soak-{at:%Y-%m-%d-%H%M}-seed{fresh}", record, records.table(record), told)
    if not no_figures:
        keep(result)
    tell(result, as_json)
    raise typer.Exit(0 if record["holds"] else 1)


def _part(part: Part, seed: int) -> PartDone:
    example = compose.example()
    count = round(part.seconds * PARCELS_A_SECOND * _SPARE) + 500
    _say(f"{part.store}: {len(part.blows)} blows in {part.seconds:.0f} s; {count} parcels drawn, more than will come")
    planned = list(drawing.plan_parcels(seed, count, example / "areas.toml", example / "sort_codes.toml"))
    seen = drawing.as_scanned(planned, seed, 0)
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="karez-soak-")))
        server = stack.enter_context(own_cluster(root)) if part.store == "postgresql" else None
        stack.enter_context(small_disk(root / "hub", server is None))
        folder = prepare(root, example, "tcp", server.url if server else None)
        folder.config.write_text(folder.config.read_text("utf-8") + _FRAMES, "utf-8")
        settings = stack.enter_context(running_hub(folder.config))
        hand_in_advice(compose.page_address(settings), drawing.advice_files(planned, seen))
        scene = Scene(settings, folder.config, folder.plan, example / "areas.toml", planned, seen, server)
        try:
            return asyncio.run(run_part(part, scene, seed, _tell_blow))
        except KarezError as error:
            wrote = folder.config.with_name("hub.log").read_text("utf-8", "replace").splitlines()
            raise KarezError("\n".join([f"{error}; the hub wrote:", *wrote[-_LINES:]])) from error


def _tell_blow(struck: Struck) -> None:
    took = "no order for a minute" if struck.resumed_s is None else f"decides again after {struck.resumed_s:.2f} s"
    _say(f"{struck.at_s:6.1f} s  {struck.blow}: {took}{f'; {struck.amiss}' if struck.amiss else ''}")


def _say(what: str) -> None:
    compose.stderr.print(what, markup=False, highlight=False)


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(soak)
