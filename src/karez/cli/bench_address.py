"""`karez bench address`: the resolver beside cpca and JioNLP on labelled rows, and on the Kashi region."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from karez.address.gazetteer import Gazetteer
from karez.bench.address import labelled_bench, records, table
from karez.bench.address.subjects import PEERS
from karez.bench.checkout import code_of
from karez.bench.notes import machine_line
from karez.cli import compose
from karez.cli.bench_results import PACKAGE, SEEDS, Done, keep, progress_bar, tell
from karez.domain.errors import BadInput

_PEERS = {"all": PEERS, "cpca": PEERS[:1], "none": ()}


def address(
    data: Annotated[Path, typer.Option("--data", help="Folder with swei412/ and ncap/.")],
    split: Annotated[str, typer.Option("--split", help="Which file of the labelled sets: dev or train.")] = "dev",
    noise: Annotated[
        float, typer.Option("--noise", min=0, max=1, help="Probability that a character is misread.")
    ] = 0.05,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of noise and drawn sets; else a fresh one, and told.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only so many labelled rows.")] = None,
    peers: Annotated[str, typer.Option("--peers", help="all, cpca or none.")] = "all",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Compare Karez with cpca and JioNLP in one run: province and county right, how sure, and what an address costs.

    In a checkout the figures are also written to benchmarks/results/; rows are named by their numbers alone.
    """
    if peers not in _PEERS:
        raise BadInput(f"no peers are called {peers!r}", "--peers", f"one of: {', '.join(_PEERS)}")
    labelled_bench.labelled_file(data, split)  # what is not there is said before anything is loaded
    fresh = secrets.randbelow(SEEDS) if seed is None else seed
    compose.stderr.print(f"seed: {fresh}", highlight=False)
    done = _over(labelled_bench.Wanted(data, split, noise, fresh, limit, _PEERS[peers]))
    if not no_figures:
        keep(done)
    tell(done, as_json)


def _over(wanted: labelled_bench.Wanted) -> Done:
    at, code, gazetteer = datetime.now(UTC), code_of(PACKAGE), Gazetteer.load()
    with progress_bar(show=compose.stderr.is_terminal) as step:
        labelled = labelled_bench.run(wanted, gazetteer, step)
    record = records.record(wanted, labelled, gazetteer.vintage, at, code)
    told = [*record["notes"], machine_line(record)]
    more = (
        ("Rows that cannot be decided", table.undecidable_table(record)),
        ("Karez: right, by the confidence it gave", table.reliability_table(record)),
    )
    name = f"address-{at:%Y-%m-%d-%H%M}-seed{wanted.seed}"
    return Done(name, record, table.labelled_table(record), told, more=more)


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("address")(address)
