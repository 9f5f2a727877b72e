"""`karez bench loop`: policies on the instances of the loop benchmark, and the scorer for anybody's results."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karez.bench.checkout import code_of
from karez.bench.notes import machine_line
from karez.cli import compose
from karez.cli.bench_results import PACKAGE, Done, keep, progress_bar, tell, told_once
from karez.domain.errors import BadInput

if TYPE_CHECKING:
    from karez.bench.loop.bench import PolicyRun

_FOLDER = Path("benchmarks/loop/instances")


def loop(
    instance: Annotated[str, typer.Option("--instance", help="Its name, or all.")] = "all",
    policy: Annotated[str, typer.Option("--policy", help="naive, greedy, karez, or all.")] = "all",
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Draw the drawn instances anew; else as they were published.")
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", help="Where the instances lie.")] = _FOLDER,
    score_file: Annotated[
        Path | None, typer.Option("--score", help="A result file: check it physically, and score it.")
    ] = None,
    result_file: Annotated[
        Path | None, typer.Option("--result", help="Write the result of one policy on one instance as a result file.")
    ] = None,
    chart_file: Annotated[Path | None, typer.Option("--chart", help="Write the chart of the run (SVG).")] = None,
    reference_file: Annotated[
        Path | None, typer.Option("--reference", help="Write the figures that must come out again anywhere (JSON).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Sort the parcels of a loop by the naive, the greedy and Karez's rules, or score what another way of sorting did.

    In a checkout the figures are also written to benchmarks/results/. A result that cannot have happened ends with 1.
    """
    if score_file is not None:
        _score(score_file, instance, folder, as_json)
        return
    at, code = datetime.now(UTC), code_of(PACKAGE)
    from karez.bench.loop import records

    runs = _run(instance, policy, seed, folder)
    record = records.record(runs, seed, at, code)
    if result_file is not None:
        _write_result(result_file, runs)
    if chart_file is not None:
        _write_chart(chart_file, record)
    if reference_file is not None:
        _write(reference_file, json.dumps(records.reference(record), indent=1) + "\n")
    done = _done(record, at)
    if not no_figures:
        keep(done)
    tell(done, as_json)


def _run(instance: str, policy: str, seed: int | None, folder: Path) -> "list[PolicyRun]":
    # numba takes a third of a second to come up, and only this command needs it: hence imports inside functions here.
    from karez.bench.loop import bench, instances
    from karez.simulation.planning.policy import POLICIES

    known = instances.names(folder)
    if not known:
        raise BadInput(f"no instances lie in {folder}", "--folder", "run in a checkout, or name the folder")
    if policy not in (*POLICIES, "all"):
        raise BadInput(f"no policy is called {policy!r}", "--policy", f"one of: {', '.join(POLICIES)}, all")
    names = known if instance == "all" else [instance]
    policies = list(POLICIES.values()) if policy == "all" else [POLICIES[policy]]
    with progress_bar(show=compose.stderr.is_terminal) as bar:
        step = bar if compose.stderr.is_terminal else told_once(_say)
        return list(bench.run_all(folder, names, policies, seed, step))


def _done(record: dict[str, Any], at: datetime) -> Done:
    from karez.bench.loop import table

    seed = "published" if record["seed"] is None else f"seed{record['seed']}"
    told = [_seeds(record), *record["notes"], machine_line(record)]
    return Done(f"loop-{at:%Y-%m-%d-%H%M}-{seed}", record, table.runs_table(record), told)


def _seeds(record: dict[str, Any]) -> str:
    drawn = [f"{each['instance']} {each['seed']}" for each in record["instances"] if each["seed"] is not None]
    return f"seeds: {', '.join(drawn) or 'none, nothing was drawn'}"


def _score(path: Path, instance: str, folder: Path, as_json: bool) -> None:
    from karez.bench.loop import entry, instances, records, score, table
    from karez.bench.loop.format import ResultFile, read

    result = read(ResultFile, path)
    opened = instances.opened(folder, result.instance if instance == "all" else instance)
    scored = score.score(opened.loop, entry.of_file(result, opened))
    record = {
        "bench": "loop score",
        "instance": opened.loop.name,
        "by": result.by,
        **records.score_record(scored),
    }
    told = [f"by {result.by}, on {opened.loop.name}", *(f"cannot have happened: {each}" for each in scored.violations)]
    tell(Done("", record, table.score_table(record), told), as_json)
    if scored.violations:
        raise typer.Exit(1)


def _write_result(path: Path, runs: "list[PolicyRun]") -> None:
    from karez.bench.loop import entry

    if len(runs) != 1:
        raise BadInput("a result file is of one policy on one instance", "--result", "name --instance and --policy")
    written = entry.as_file(entry.of_run(runs[0].result), runs[0].opened, f"karez {runs[0].result.policy}")
    _write(path, written.model_dump_json() + "\n")


def _write_chart(path: Path, record: dict[str, Any]) -> None:
    from karez.bench.loop import chart

    _write(path, chart.drawn(record))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror})", str(path), "name another") from error
    _say(f"written: {path}")


def _say(what: str) -> None:
    compose.stderr.print(what, markup=False, highlight=False)


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("loop")(loop)
