"""What every `karez bench …` does with its results: shows them, keeps them, and tells how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

import karez
from karez.bench import results
from karez.bench.table import Table
from karez.cli import compose
from karez.cli.records import json_line

PACKAGE = Path(karez.__file__).parent
"""The code that is measured."""

SEEDS = 2**31
"""So many that no figure is likely to be of drawings that somebody tuned on."""

_RESULTS = Path("benchmarks/results")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Done:
    """A run's results: their name, the record, the tables, what is told under them, and the page where one is wanted.

    Attributes
    ----------
    more
        Further tables, each under its own line of words.
    """

    name: str
    record: dict[str, Any]
    table: Table
    told: list[str]
    page: str = ""
    interrupted: bool = False
    more: tuple[tuple[str, Table], ...] = ()


def tell(done: Done, as_json: bool) -> None:
    """Print the results: tables and notes, or one JSON document."""
    if as_json:
        typer.echo(json_line(done.record))
        return
    console = Console(highlight=False, width=None if compose.stderr.is_terminal else 200)
    console.print(_drawn(done.table))
    for words, each in done.more:
        console.print(words, markup=False)
        console.print(_drawn(each))
    for line in done.told:
        console.print(line, markup=False)


def _drawn(shown: Table) -> Drawn:
    drawn = Drawn(*shown.heads)
    for row in shown.rows:
        drawn.add_row(*row)
    return drawn


def told_once(say: Callable[[str], None]) -> Tell:
    """Tell what is being done line by line, where there is no terminal to draw a bar in; each thing once."""
    told: list[str] = []

    def tell(what: str, done: int, total: int) -> None:
        if told[-1:] != [what]:
            told.append(what)
            say(what)

    return tell


def keep(done: Done) -> None:
    """Write the results where a checkout keeps them, and say where."""
    if _RESULTS.parent.is_dir():
        under = [line for words, each in done.more for line in ("", words, *results.plain_lines(each))]
        told = [*under, "", *done.told] if under else done.told
        kept = results.keep(_RESULTS, done.name, done.record, done.table, told)
        compose.stderr.print(f"figures: {kept}", markup=False, highlight=False)


@contextmanager
def progress_bar(show: bool) -> Iterator[Tell]:
    """Show what is being done, one bar at a time, in a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=compose.stderr, transient=True, disable=not show) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield tell
