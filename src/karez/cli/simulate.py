"""`karez simulate`: the real control code on a virtual clock, under every fault there is, and judged."""

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from karez.address.resolver import Resolver
from karez.cli import compose
from karez.cli.records import json_line
from karez.domain.errors import BadInput
from karez.settings import HallSection, Settings
from karez.simulation.planning.policy import POLICIES
from karez.simulation.virtual.crew import run_shards
from karez.simulation.virtual.rates import fault_rates
from karez.simulation.virtual.report import INVARIANTS, holds, report
from karez.simulation.virtual.shard import Order, ShardResult

_A_SHARD = 10_000  # parcels: half an hour of a hall, and little memory
_PITCH_MM = 600
_TOLD = 10
err = compose.stderr


def simulate(
    parcels: Annotated[int, typer.Option(min=1, max=100_000_000, help="How many parcels in all.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed is the same run, fault by fault.")] = 1,
    faults: Annotated[
        str | None,
        typer.Option(help="all, or a TOML file with one table, called faults; left out, nothing goes wrong."),
    ] = None,
    shards: Annotated[
        int | None, typer.Option(min=1, help="Halls of their own, each with its seed. (one for each 10,000 parcels)")
    ] = None,
    shard: Annotated[
        int | None, typer.Option(min=0, help="Only this shard of the run: to see an offence again.")
    ] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="At one time. (as many as there are cores)")] = None,
    carriers: Annotated[int | None, typer.Option(min=4, help="On the loop. (the default hall's)")] = None,
    lap_s: Annotated[float | None, typer.Option(min=5, help="Time once round. (the default hall's)")] = None,
    rate: Annotated[int, typer.Option(min=60, max=60_000, help="Parcels an hour that arrive.")] = 20_000,
    no_read: Annotated[float, typer.Option(min=0, max=1, help="Share of parcels whose codes cannot be read.")] = 0.01,
    read_again: Annotated[
        float, typer.Option(min=0, max=1, help="Share of these that a picture of a later lap reads after all.")
    ] = 0.25,
    coders: Annotated[int, typer.Option(min=0, max=50, help="Coding operators, 3.5 ± 1.5 s an answer.")] = 0,
    coder_tells: Annotated[
        float, typer.Option(min=0, max=1, help="Share of what no machine could read that an operator can tell.")
    ] = 0.9,
    capacity: Annotated[int, typer.Option(min=1, help="Parcels until a chute is full; emptied 30 s later.")] = 40,
    stations: Annotated[
        int, typer.Option(min=1, max=8, help="Inductions, camera and scan point; one feeds a parcel a carrier a lap.")
    ] = 1,
    chutes_each: Annotated[
        int, typer.Option(min=1, max=8, help="Chutes in place of each of the example's, spread over the loop.")
    ] = 1,
    beside: Annotated[
        list[str] | None,
        typer.Option(help="naive, greedy, karez: what the planning model does with the same parcels under it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Run parcels through the hub's own control code on a virtual clock, and check that nothing is lost.

    Ends with exit code 1 where an invariant does not hold, and tells the parcels. Ctrl-C tells what was done so far.
    """
    order = Order(
        seed=seed,
        rates=fault_rates(faults),
        example=compose.example(),
        hall=_hall(carriers, lap_s).model_copy(update={"stations": stations}),
        rate_per_h=rate,
        no_read=no_read,
        read_again=read_again,
        coders=coders,
        coder_tells=coder_tells,
        capacity=capacity,
        chutes_each=chutes_each,
        beside=_policies(beside or []),
    )
    count = min(parcels, shards or math.ceil(parcels / _A_SHARD))
    if shard is not None and shard >= count:
        raise BadInput(f"there is no shard {shard}: this run's are 0 to {count - 1}", "--shard")
    tasks = [(number, size) for number, size in enumerate(_shares(parcels, count)) if size]
    if shard is not None:
        tasks = [task for task in tasks if task[0] == shard]
    started = time.monotonic()
    with _progress(sum(size for _, size in tasks)) as show:
        results = run_shards(order, tasks, processes or os.cpu_count() or 1, resolver_of, show)
    figures = report(results, seed, parcels, count, time.monotonic() - started)
    _tell_offences(results, f"--parcels {parcels} --seed {seed} --shards {count}")
    typer.echo(json_line(figures)) if as_json else _print(figures, holds(results))
    if figures["parcels"] < sum(size for _, size in tasks):
        err.print("ended early: these are the figures so far")
    if not holds(results):
        raise typer.Exit(1)


def resolver_of(settings: Settings) -> Resolver:
    """The hub's resolver, made in the process that runs a shard."""
    return compose.resolver(settings)


def _policies(names: Sequence[str]) -> Sequence[str]:
    unknown = [name for name in names if name not in POLICIES]
    if unknown:
        raise BadInput(f"no policy is called {unknown[0]!r}", "--beside", f"one of: {', '.join(POLICIES)}")
    return tuple(names)


def _hall(carriers: int | None, lap_s: float | None) -> HallSection:
    """The default hall, or a loop of so many carriers and such a lap."""
    usual = HallSection()
    if carriers is None and lap_s is None:
        return usual
    count = carriers or usual.carriers
    lap = lap_s or usual.carriers * usual.pitch_mm / usual.speed_mm_s
    return HallSection(
        carriers=count, pitch_mm=_PITCH_MM, speed_mm_s=round(count * _PITCH_MM / lap), inductions=usual.inductions
    )


def _shares(parcels: int, count: int) -> list[int]:
    """As even as whole parcels can be."""
    return [parcels * (number + 1) // count - parcels * number // count for number in range(count)]


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """A bar in a terminal; elsewhere a line each tenth."""
    if not err.is_terminal:
        yield _Tenths(total).show
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("parcels through the hall", total=total)
        yield lambda left, shards: progress.update(task, completed=left)


class _Tenths:
    def __init__(self, total: int) -> None:
        self._total, self._told = total, 0

    def show(self, left: int, shards: int) -> None:
        tenth = 10 * left // max(1, self._total)
        if tenth > self._told:
            self._told = tenth
            err.print(f"{left:,} of {self._total:,} parcels are through", highlight=False)


def _tell_offences(results: Sequence[ShardResult], options: str) -> None:
    """The first offences, and how to see each again."""
    told = [(each.shard, text) for each in results for text in ([each.broke] if each.broke else each.told)]
    for shard, text in told[:_TOLD]:
        again = f"karez simulate {options} --shard {shard}, with the same faults and hall"
        err.print(f"shard {shard}: {text}\n    again: {again}", markup=False, highlight=False, soft_wrap=True)


def _print(figures: dict[str, Any], good: bool) -> None:
    table = Table(show_header=False)
    for name, value in figures.items():
        table.add_row(name, _words(value))
    Console(highlight=False).print(table)
    broken = ", ".join(name for name in INVARIANTS if figures.get(name)) or "a shard broke"
    typer.echo("all invariants hold" if good else f"not all invariants hold: {broken}")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(simulate)
