"""`karez replay`: a hub's journal once more through the control loop; every order must come out as it left then."""

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import json_line
from karez.domain.errors import BadInput
from karez.domain.sorting import HallState
from karez.domain.telegrams import Dest
from karez.eventstore.store import EventStore
from karez.hub.assignment import House
from karez.hub.replay import Replay, Report
from karez.settings import Settings
from karez.sortplan.plan import SortPlan


def replay(
    journal: Annotated[
        str, typer.Argument(metavar="JOURNAL", help="A hub's store: karez.db, its data folder, or a database address.")
    ],
    plan: Annotated[
        list[Path] | None, typer.Option("--plan", help="A sort plan that was in force; the hub's own is known.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    config: Config = None,
) -> None:
    """Decide everything once more from the journal alone; exit code 1 where an order comes out otherwise."""
    logging.getLogger("karez").setLevel(logging.CRITICAL)  # alarms of then are no news
    loaded = compose.load_settings(config)
    store = EventStore.open_reading(_address(journal))
    try:
        resolver = compose.resolver(loaded.settings)

        def house(settings: Settings, in_force: SortPlan, hall: HallState) -> House:
            return House(
                resolver,
                in_force,
                hall,
                max_laps=settings.hub.max_laps,
                min_confidence=settings.hub.min_confidence,
                valid_for_ms=settings.sorter.valid_for_ms or None,
                coding_laps=settings.coding.laps if settings.coding.ask else None,
            )

        report = _run(Replay(store, loaded.settings, house, _plans(loaded.settings, plan or [])), store)
    finally:
        store.close()
    typer.echo(json_line(_record(report))) if as_json else _print(report)
    raise typer.Exit(0 if report.agrees else 1)


def _address(journal: str) -> str:
    if "://" in journal:
        if not journal.startswith(("sqlite:", "postgresql")):
            raise BadInput("is no address of a store", journal, "sqlite:///… or postgresql+psycopg://…")
        return journal
    path = Path(journal)
    file = path / "karez.db" if path.is_dir() else path
    if path.is_dir() and not file.exists() and (path / "hub" / "karez.db").is_file():  # as the demo lays it out
        file = path / "hub" / "karez.db"
    if not file.is_file():
        raise BadInput("there is no store", str(file), "name karez.db, its data folder, or a database address")
    return f"sqlite:///{file}"


def _plans(settings: Settings, files: list[Path]) -> dict[str, SortPlan]:
    named = [*([settings.plan.file] if settings.plan.file else []), *files]
    return {plan.sha256: plan for plan in map(SortPlan.load, named)}


def _run(replay: Replay, store: EventStore) -> Report:
    with Progress(console=compose.stderr, transient=True, disable=not compose.stderr.is_terminal) as bar:
        task = bar.add_task("replaying", total=store.last_position())
        return replay.run(lambda position: bar.update(task, completed=position))


def _record(report: Report) -> dict[str, Any]:
    return {
        "inputs": sum(report.inputs.values()),
        "starts": report.starts,
        "decisions": report.decisions,
        "same": report.same,
        "different": [asdict(each) for each in report.differences],
        "by_type": dict(sorted(report.inputs.items())),
    }


def _print(report: Report) -> None:
    out = Console(highlight=False, soft_wrap=True)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.inputs.items()))
    out.print(f"{sum(report.inputs.values())} inputs ({kinds}), {report.starts} starts of the hub")
    out.print(f"{report.same} of {report.decisions} orders came out the same")
    for each in report.differences:
        out.print(
            f"  journal {each.journal_id}, parcel {each.parcel}: then {_words(each.then)}, now {_words(each.now)}"
        )


def _words(order: Dest | None) -> str:
    if order is None:
        return "no order"
    where = " or ".join([order.chute, *order.alternatives]) if order.chute else "go round"
    return f"{where} ({order.reason})"


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(replay)
