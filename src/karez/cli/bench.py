"""`karez bench …`: speed and accuracy beside the peers, in one run."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

import karez
from karez.bench import notes, records, report, results, samples, table
from karez.bench import reading as bench
from karez.bench.checkout import code_of
from karez.cli import compose
from karez.cli.records import json_line
from karez.domain.errors import BadInput
from karez.simulation.scenes import CONDITIONS

app = typer.Typer(help="Speed and accuracy, side by side with the peers.", no_args_is_help=True)

_RESULTS = Path("benchmarks/results")
_PACKAGE = Path(karez.__file__).parent
_SEEDS = 2**31  # so many that no figure is likely to be of pictures that somebody tuned on
_PEERS = {"all": bench.PEERS, "zxing": bench.PEERS[:1], "none": ()}
Tell = Callable[[str, int, int], None]


@app.command("reading")
def reading(
    samples_folder: Annotated[
        Path | None, typer.Option("--samples", help="Photos with .txt truth beside them, instead of drawn conditions.")
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option("--condition", help=f"Only these: {', '.join(CONDITIONS)}.", show_default=False)
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Pictures a condition.")] = 200,
    peer_n: Annotated[
        int | None, typer.Option("--peer-n", min=0, help="RapidOCR (a second a picture) reads only so many.")
    ] = None,
    peers: Annotated[str, typer.Option("--peers", help="all, zxing or none.")] = "all",
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of the drawn pictures; else a fresh one, and told.")
    ] = None,
    report_folder: Annotated[Path | None, typer.Option("--report", help="Folder for one HTML page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Read drawn conditions, or a folder of photos, with Karez, zxing-cpp and RapidOCR in turn.

    In a checkout the figures are also written to benchmarks/results/. Ctrl-C ends it with the conditions read so far.
    """
    chosen, beside, drawn = _conditions(condition), _peers(peers), report_folder is not None
    if report_folder is not None:
        _make_folder(report_folder)
    if samples_folder is not None:
        done = _over_samples(samples_folder, drawn)
    else:
        fresh = secrets.randbelow(_SEEDS) if seed is None else seed
        done = _over_conditions(bench.Wanted(chosen, n, fresh, beside, peer_n, drawn))
    _keep(done, report_folder, figures=not no_figures)  # before anything is printed: `| head` closes the pipe
    _tell(done, as_json)
    if done.interrupted:
        raise KeyboardInterrupt


@dataclass(frozen=True, slots=True)
class _Done:
    """A run's results: their name, the record, the table, what is told under it, and the page where one is wanted."""

    name: str
    record: dict[str, Any]
    table: table.Table
    told: list[str]
    page: str
    interrupted: bool = False


def _over_samples(folder: Path, drawn: bool) -> _Done:
    at, code = datetime.now(UTC), code_of(_PACKAGE)
    with _progress(show=compose.stderr.is_terminal) as tell:
        folders = list(samples.run(folder, tell, drawn))
    record = records.samples_record(folders, folder.name, at, code)
    shown, told = table.samples_table(record), [*record["notes"], notes.machine_line(record)]
    page = report.samples_page(shown, told, folders) if drawn else ""
    return _Done(f"samples-{folder.name}-{at:%Y-%m-%d-%H%M}", record, shown, told, page)


def _over_conditions(wanted: bench.Wanted) -> _Done:
    at, code = datetime.now(UTC), code_of(_PACKAGE)
    compose.stderr.print(f"seed: {wanted.seed}", highlight=False)
    found: list[bench.ConditionResult] = []
    interrupted = False
    with _progress(show=compose.stderr.is_terminal) as tell:
        try:
            for result in bench.run(wanted, tell):
                found.append(result)
                if not compose.stderr.is_terminal:
                    compose.stderr.print(f"{result.condition}: read ({len(found)} of {len(wanted.conditions)})")
        except KeyboardInterrupt:
            interrupted = True
            if not found:
                raise
    record = records.conditions_record(found, wanted, at, code)
    shown, told = table.conditions_table(record), [*record["notes"], notes.machine_line(record)]
    if interrupted:
        told.append(f"interrupted: {len(found)} of {len(wanted.conditions)} conditions were read.")
    page = report.conditions_page(shown, told, found) if wanted.drawn else ""
    return _Done(f"reading-{at:%Y-%m-%d-%H%M}-seed{wanted.seed}", record, shown, told, page, interrupted)


def _conditions(names: Iterable[str] | None) -> tuple[str, ...]:
    chosen = tuple(names or CONDITIONS)
    for name in chosen:
        if name not in CONDITIONS:
            raise BadInput(f"no condition is called {name!r}", "--condition", f"one of: {', '.join(CONDITIONS)}")
    return chosen


def _peers(name: str) -> tuple[str, ...]:
    if name not in _PEERS:
        raise BadInput(f"no peers are called {name!r}", "--peers", f"one of: {', '.join(_PEERS)}")
    return _PEERS[name]


def _tell(done: _Done, as_json: bool) -> None:
    if as_json:
        typer.echo(json_line(done.record))
        return
    shown = Drawn(*done.table.heads)
    for row in done.table.rows:
        shown.add_row(*row)
    console = Console(highlight=False, width=None if compose.stderr.is_terminal else 200)
    console.print(shown)
    for line in done.told:
        console.print(line, markup=False)


def _make_folder(report_folder: Path) -> None:
    try:
        report_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"no folder can be made at {report_folder} ({error.strerror})", "--report", "name another"
        ) from error


def _keep(done: _Done, report_folder: Path | None, figures: bool) -> None:
    """Write the results where they belong, and say where."""
    if figures and _RESULTS.parent.is_dir():
        kept = results.keep(_RESULTS, done.name, done.record, done.table, done.told)
        compose.stderr.print(f"figures: {kept}", markup=False, highlight=False)
    if report_folder is not None:
        path = report_folder / "reading.html"
        path.write_text(done.page, "utf-8")
        compose.stderr.print(f"report: {path}", markup=False, highlight=False)


@contextmanager
def _progress(show: bool) -> Iterator[Tell]:
    """Show what is being done, one bar at a time, in a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=compose.stderr, transient=True, disable=not show) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield tell


def add_to(root: typer.Typer) -> None:
    """Add this module's commands."""
    root.add_typer(app, name="bench")
