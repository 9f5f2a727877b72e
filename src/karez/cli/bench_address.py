"""`karez bench address`: the resolver beside cpca and JioNLP on labelled rows, and on the Kashi region."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from karez.address.gazetteer import Gazetteer
from karez.bench.address import (
    failures,
    handwritten,
    kashi_bench,
    kashi_records,
    labelled_bench,
    part_records,
    records,
    table,
)
from karez.bench.address.labelled_bench import Wanted
from karez.bench.address.records import Record, Results
from karez.bench.address.subjects import PEERS
from karez.bench.checkout import code_of
from karez.bench.notes import machine_line
from karez.bench.table import Table
from karez.cli import compose
from karez.cli.bench_results import PACKAGE, SEEDS, Done, keep, progress_bar, tell, told_once
from karez.domain.errors import BadInput

_PEERS = {"all": PEERS, "cpca": PEERS[:1], "none": ()}
_SETS = ("labelled", "kashi", "parts")


def address(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder with swei412/ and ncap/; without it, the Kashi sets alone.")
    ] = None,
    split: Annotated[str, typer.Option("--split", help="Which file of the labelled sets: dev or train.")] = "dev",
    noise: Annotated[
        float, typer.Option("--noise", min=0, max=1, help="Probability that a character is misread.")
    ] = 0.05,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of noise and drawn sets; else a fresh one, and told.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only so many labelled rows.")] = None,
    kashi: Annotated[int, typer.Option("--kashi", min=1, help="Addresses drawn for the Kashi region.")] = 5000,
    only: Annotated[str | None, typer.Option("--only", help=f"One set alone: {', '.join(_SETS)}.")] = None,
    peers: Annotated[str, typer.Option("--peers", help="all, cpca or none.")] = "all",
    failures_file: Annotated[
        Path | None,
        typer.Option("--failures", help="File for what went wrong, addresses included: not to be published."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Write nothing to benchmarks/results.")] = False,
) -> None:
    """Compare Karez with cpca and JioNLP in one run: province and county right, how sure, and what an address costs.

    In a checkout the figures are also written to benchmarks/results/; labelled rows are named by their numbers alone.
    """
    _one_of("--peers", peers, tuple(_PEERS))
    sets = _wanted_sets(only, data, split)
    fresh = secrets.randbelow(SEEDS) if seed is None else seed
    compose.stderr.print(f"seed: {fresh}", highlight=False)
    wanted = Wanted(data or Path(), split, noise, fresh, limit, _PEERS[peers])
    at, code, gazetteer = datetime.now(UTC), code_of(PACKAGE), Gazetteer.load()
    results = _run(wanted, sets, kashi, gazetteer)
    if failures_file is not None:
        failures.write(failures_file, _failed(results))
    done = _done(records.record(wanted, results, gazetteer.vintage, at, code), at)
    if not no_figures:
        keep(done)
    tell(done, as_json)


def _wanted_sets(only: str | None, data: Path | None, split: str) -> tuple[str, ...]:
    """Tell which sets to run; that one is not there is said before anything is loaded."""
    sets = _SETS if only is None else (_one_of("--only", only, _SETS),)
    if data is None:
        if only in ("labelled", "parts"):
            raise BadInput("the labelled sets are not named", "--data", "name the folder that holds swei412/ and ncap/")
        return ("kashi",)
    if "labelled" in sets:
        labelled_bench.labelled_file(data, split)
    if only is None and not part_records.holds_parts(data, split):
        _say(f"{data} holds no {part_records.SET}/{split}.txt: labels of parts are not judged")
        return tuple(each for each in sets if each != "parts")
    return sets


def _one_of(option: str, word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise BadInput(f"{word!r} is not known", option, f"one of: {', '.join(known)}")
    return word


def _run(wanted: Wanted, sets: tuple[str, ...], kashi: int, gazetteer: Gazetteer) -> Results:
    with progress_bar(show=compose.stderr.is_terminal) as bar:
        step = bar if compose.stderr.is_terminal else told_once(_say)
        labelled = labelled_bench.run(wanted, gazetteer, step) if "labelled" in sets else None
        drawn = kashi_bench.run(kashi, wanted.seed, gazetteer, step) if "kashi" in sets else None
        by_hand = handwritten.run(gazetteer) if "kashi" in sets else None
        if "parts" not in sets:
            return Results(labelled, drawn, by_hand)
        step("parts", 0, 1)
        return Results(labelled, drawn, by_hand, part_records.run(wanted.data, gazetteer, wanted.split))


def _say(what: str) -> None:
    compose.stderr.print(what, markup=False, highlight=False)


def _failed(results: Results) -> Iterator[failures.Line]:
    if results.labelled is not None:
        yield from failures.of_labelled(results.labelled)
    yield from failures.of_drawn(results.drawn or ())
    yield from failures.of_hand_written(results.by_hand or ())


def _done(record: Record, at: datetime) -> Done:
    first, *more = _tables(record)
    told = [*record["notes"], machine_line(record)]
    return Done(f"address-{at:%Y-%m-%d-%H%M}-seed{record['seed']}", record, first[1], told, more=tuple(more))


def _tables(record: Record) -> Iterator[tuple[str, Table]]:
    if record["labelled"]:
        yield "Labelled rows", table.labelled_table(record)
        yield "Rows that cannot be decided", table.undecidable_table(record)
        yield "Karez: right, by the confidence it gave", table.reliability_table(record)
    if record["kashi_drawn"]:
        yield "The Kashi region, drawn from the gazetteer", kashi_records.drawn_table(record["kashi_drawn"])
    if record["kashi_by_hand"]:
        yield "The Kashi region, written by hand", kashi_records.hand_table(record["kashi_by_hand"])

    if record["parts"]:
        yield "Labels of parts", part_records.parts_table(record["parts"])


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("address")(address)
