"""`karez bench …`: speed and accuracy beside the peers, in one run; here `bench reading`."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from karez.bench import notes, records, report, samples, table
from karez.bench import reading as bench
from karez.bench.checkout import code_of
from karez.cli import bench_address, bench_loop, bench_sorter, compose
from karez.cli.bench_results import PACKAGE, SEEDS, Done, keep, progress_bar, tell
from karez.domain.errors import BadInput
from karez.simulation.scenes import CONDITIONS

app = typer.Typer(help="Speed and accuracy, side by side with the peers.", no_args_is_help=True)

_PEERS = {"all": bench.PEERS, "zxing": bench.PEERS[:1], "none": ()}


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
        fresh = secrets.randbelow(SEEDS) if seed is None else seed
        done = _over_conditions(bench.Wanted(chosen, n, fresh, beside, peer_n, drawn))
    if not no_figures:
        keep(done)  # before anything is printed: `| head` closes the pipe
    if report_folder is not None:
        _write_page(done, report_folder)
    tell(done, as_json)
    if done.interrupted:
        raise KeyboardInterrupt


def _over_samples(folder: Path, drawn: bool) -> Done:
    at, code = datetime.now(UTC), code_of(PACKAGE)
    with progress_bar(show=compose.stderr.is_terminal) as step:
        folders = list(samples.run(folder, step, drawn))
    record = records.samples_record(folders, folder.name, at, code)
    shown, told = table.samples_table(record), [*record["notes"], notes.machine_line(record)]
    page = report.samples_page(shown, told, folders) if drawn else ""
    return Done(f"samples-{folder.name}-{at:%Y-%m-%d-%H%M}", record, shown, told, page)


def _over_conditions(wanted: bench.Wanted) -> Done:
    at, code = datetime.now(UTC), code_of(PACKAGE)
    compose.stderr.print(f"seed: {wanted.seed}", highlight=False)
    found: list[bench.ConditionResult] = []
    interrupted = False
    with progress_bar(show=compose.stderr.is_terminal) as step:
        try:
            for result in bench.run(wanted, step):
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
    return Done(f"reading-{at:%Y-%m-%d-%H%M}-seed{wanted.seed}", record, shown, told, page, interrupted)


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


def _make_folder(report_folder: Path) -> None:
    try:
        report_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"no folder can be made at {report_folder} ({error.strerror})", "--report", "name another"
        ) from error


def _write_page(done: Done, report_folder: Path) -> None:
    path = report_folder / "reading.html"
    path.write_text(done.page, "utf-8")
    compose.stderr.print(f"report: {path}", markup=False, highlight=False)


def add_to(root: typer.Typer) -> None:
    """Add this module's commands."""
    bench_address.add_to(app)
    bench_sorter.add_to(app)
    bench_loop.add_to(app)
    root.add_typer(app, name="bench")
