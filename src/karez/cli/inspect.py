"""`karez parcel`: the lifeline of one parcel; `karez advice import`: pre-advice from a file."""

import asyncio
from dataclasses import fields
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import json_line
from karez.domain.coding import operator_name
from karez.domain.errors import BadInput
from karez.domain.events import Event, Recorded
from karez.domain.ids import StreamId
from karez.eventstore.parcel_row import ParcelRow
from karez.eventstore.store import EventStore
from karez.hub.advice import AdviceDesk
from karez.hub.doorway import Doorway
from karez.settings import Settings

_QUIET = frozenset({"parcel", "explanation", "reason", "seen", "picture", "plc_ts_ms"})


def parcel(
    name: Annotated[str, typer.Argument(metavar="WAYBILL|ID", help="Waybill number, or the parcel's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an event.")] = False,
    config: Config = None,
) -> None:
    """Show the lifeline of a parcel: every event, with its reason."""
    settings = compose.load_settings(config).settings
    store = EventStore.open_reading(settings.store_url)
    row = store.parcels.get(name)
    if row is None:
        raise _no_parcel(name, settings)
    history = store.read_stream(StreamId(f"parcel-{row.parcel}"))
    store.close()
    if as_json:
        for each in history:
            line = {"at": each.at.isoformat(), "kind": each.event.kind, **msgspec.to_builtins(each.event)}
            typer.echo(json_line(line))
    else:
        _print(row, history, ZoneInfo(settings.hub.time_zone))


def _no_parcel(name: str, settings: Settings) -> BadInput:
    page = f"{compose.page_address(settings)}parcels"
    return BadInput(f"no parcel has the waybill number or id {name!r}", "the event store", f"look at {page}")


def _print(row: ParcelRow, history: list[Recorded], zone: ZoneInfo) -> None:
    table = Table(title=f"{row.waybill or 'not read'} · parcel {row.parcel} · {row.state}", title_justify="left")
    for column in (f"time ({zone.key})", "event", "reason", "details"):
        table.add_column(column, overflow="fold")
    for each in history:
        event = each.event
        reason = " ".join(filter(None, (getattr(event, "reason", None), getattr(event, "explanation", None))))
        table.add_row(f"{each.at.astimezone(zone):%m-%d %H:%M:%S.%f}"[:-3], event.kind, reason, _details(event))
    Console(highlight=False).print(table)


def _details(event: Event) -> str:
    pairs = ((field.name, getattr(event, field.name)) for field in fields(event) if field.name not in _QUIET)
    return " ".join(f"{name}={value}" for name, value in pairs if value not in (None, (), [], ""))


def take_off(
    name: Annotated[str, typer.Argument(metavar="WAYBILL|ID", help="Waybill number, or the parcel's id.")],
    by: Annotated[str, typer.Option("--by", help="Who took it off: a name or a number.")],
    config: Config = None,
) -> None:
    """Say that a person took a parcel from the sorter: its way ends there, and nobody waits for it any longer."""
    settings = compose.load_settings(config).settings
    store = EventStore.open_reading(settings.store_url)
    row = store.parcels.get(name)
    store.close()
    if row is None:
        raise _no_parcel(name, settings)
    if operator_name(by) is None:
        raise BadInput(f"{by!r} is no name", "--by", "letters and figures, at most 40")
    done = asyncio.run(Doorway(settings.socket).taken_off(row.parcel, by))
    if done is None:
        raise BadInput("no hub answers", str(settings.socket), "start it with `karez hub`; nothing was written down")
    if not done:
        raise BadInput(f"parcel {row.parcel} is not on the sorter", str(row.state), "nothing was written down")
    typer.echo(f"parcel {row.parcel}: taken off by {by}")


advice_app = typer.Typer(help="Order data that courier companies deliver before the parcels.", no_args_is_help=True)


@advice_app.command("import")
def advice_import(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The courier company's file (CSV).")],
    config: Config = None,
) -> None:
    """Import a CSV of pre-advice (waybill, company, service, address[, area]); exit code 1 when no row was taken."""
    settings = compose.load_settings(config).settings
    desk = AdviceDesk(Doorway(settings.socket), compose.resolver(settings, compose.taught_if_readable(settings)))
    report = asyncio.run(desk.advice(file.name, file.read_bytes()))
    if report is None:
        raise BadInput("no hub answers", str(settings.socket), "start it with `karez hub`; nothing was imported")
    typer.echo(f"{file}: {report.rows} rows taken, {report.rejected} rejected")
    for line, field, what in report.faults:
        typer.echo(f"  line {line}: {field}: {what}", err=True)
    if not report.rows:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(parcel)
    app.command("take-off")(take_off)
    app.add_typer(advice_app, name="advice")
