"""`karez bench …`: speed and accuracy beside the peers, in one run."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

from karez.bench import reading as bench
from karez.bench import records, report, results, samples, table
from karez.cli import compose
from karez.cli.records import json_line
from karez.domain.errors import BadInput
from karez.simulation.scenes import CONDITIONS

app = typer.Typer(help="Speed and accuracy, side by side with the peers.", no_args_is_help=True)

_RESULTS = Path("benchmarks/results")
_PEERS = {"all": bench.PEERS, "zxing": bench.PEERS[:1], "none": ()}
_Result = TypeVar("_Result")
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
    seed: Annotated[int, typer.Option("--seed", help="Of the drawn pictures.")] = 1,
    report_folder: Annotated[Path | None, typer.Option("--report", help="Folder for one HTML page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Read drawn conditions, or a folder of photos, with Karez, zxing-cpp and RapidOCR in turn.

    In a checkout the figures are also written to benchmarks/results/.
    """
    at = datetime.now(UTC)
    with _progress(show=compose.stderr.is_terminal) as tell:
        if samples_folder is not None:
            folders = list(samples.run(samples_folder, tell, drawn=report_folder is not None))
            record = records.samples_record(folders, samples_folder.name, at)
            drawn, told = table.samples_table(record), [*table.SAMPLES_NOTES, table.machine_line(record)]
            page = report.samples_page(drawn, told, folders) if report_folder else ""
            name = f"samples-{samples_folder.name}-{at:%Y-%m-%d-%H%M}"
        else:
            wanted = bench.Wanted(
                _conditions(condition), n, seed, _peers(peers), peer_n, drawn=report_folder is not None
            )
            found = list(bench.run(wanted, tell))
            record = records.conditions_record(found, wanted, at)
            drawn, told = table.conditions_table(record), [*table.notes(record), table.machine_line(record)]
            page = report.conditions_page(drawn, told, found) if report_folder else ""
            name = f"reading-{at:%Y-%m-%d-%H%M}-seed{seed}"
    _tell(record, drawn, told, as_json)
    _keep(name, record, drawn, told, report_folder, page)


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


def _tell(record: dict[str, Any], drawn: table.Table, told: list[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json_line(record))
        return
    shown = Drawn(*drawn.heads)
    for row in drawn.rows:
        shown.add_row(*row)
    console = Console(highlight=False, width=None if compose.stderr.is_terminal else 200)
    console.print(shown)
    for line in told:
        console.print(line, markup=False)


def _keep(
    name: str, record: dict[str, Any], drawn: table.Table, told: list[str], report_folder: Path | None, page: str
) -> None:
    """Write the results where they belong, and say where."""
    if _RESULTS.parent.is_dir():
        kept = results.keep(_RESULTS, name, record, drawn, told)
        compose.stderr.print(f"figures: {kept}", markup=False, highlight=False)
    if report_folder is not None:
        report_folder.mkdir(parents=True, exist_ok=True)
        path = report_folder / "reading.html"
        path.write_text(page, "utf-8")
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
