"""`karez availability`: what VDI 3581 and VDI 4486 ask, answered from the store."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import json_line
from karez.domain.errors import BadInput
from karez.domain.events import HUB_STREAM, Recorded
from karez.domain.ids import StreamId
from karez.eventstore.protocol import Store
from karez.eventstore.store import EventStore, utc_now
from karez.hub.availability import STATE_KINDS, Availability
from karez.hub.availability_report import Report
from karez.hub.shift import shift_of
from karez.settings import Settings
from karez.sortplan.plan import SortPlan

_A_PAGE = 5_000
_SHOWN = 10
_ZONE_ADVICE = "write ISO 8601, for example 2026-03-01T08:00 (in the hub's display zone) or 2026-03-01T00:00Z"


def availability(
    since: Annotated[
        str | None, typer.Option("--from", help="Beginning (ISO 8601). (the shift that runs)", show_default=False)
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="End (ISO 8601). (now)", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: Config = None,
) -> None:
    """Availability of the sorter: technical (after VDI 3581) and of performance (after VDI 4486)."""
    settings = compose.load_settings(config).settings
    zone = ZoneInfo(settings.hub.time_zone)
    end = _moment(until, zone, "--to") if until else utc_now()
    begin = _moment(since, zone, "--from") if since else shift_of(end, settings.availability.shifts, zone)[0]
    if begin >= end:
        raise BadInput(f"{begin.isoformat()} is not before {end.isoformat()}", "--from", "name an earlier time")
    store = EventStore.open_reading(settings.store_url)
    try:
        report = measured(store, settings, begin, end)
    finally:
        store.close()
    if as_json:
        typer.echo(json_line(report_record(report)))
    else:
        _show(report, zone)


def measured(store: Store, settings: Settings, begin: datetime, end: datetime) -> Report:
    """Report over a window; what was up or down before it is looked up, not assumed."""
    chutes = SortPlan.load(settings.plan.file).chutes if settings.plan.file else ()
    section = settings.availability
    found = Availability(section.goal_s, section.goal_share, chutes)
    for recorded in _states_before(store, begin, chutes):
        found.apply(recorded)
    found.begin(begin)
    for recorded in _events_within(store, begin, end):
        found.apply(recorded)
    return found.report(end)


def _states_before(store: Store, begin: datetime, chutes: Iterable[str]) -> list[Recorded]:
    streams = [HUB_STREAM, *(StreamId(f"chute-{chute}") for chute in chutes)]
    recorded = [each for stream in streams for each in store.read_kinds(STATE_KINDS, stream) if each.at < begin]
    return sorted(recorded, key=lambda each: each.position)


def _events_within(store: Store, begin: datetime, end: datetime) -> Iterator[Recorded]:
    after = position_before(store, begin)
    while page := store.read(after, _A_PAGE):
        for recorded in page:
            if recorded.at >= end:
                return
            yield recorded
        after = page[-1].position


def position_before(store: Store, at: datetime) -> int:
    """Position of the last event before a time; found by halving, for events are stored in the order of time."""
    low, high = 0, store.last_position()
    while low < high:
        middle = (low + high + 1) // 2
        found = store.read(middle - 1, 1)
        if found and found[0].at < at:
            low = middle
        else:
            high = middle - 1
    return low


def _moment(text: str, zone: ZoneInfo, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no time", option, _ZONE_ADVICE) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def report_record(report: Report) -> dict[str, Any]:
    """``karez availability --json``."""
    record = asdict(report)
    record |= {"since": report.since.isoformat(), "until": report.until.isoformat()}
    record["hours"] = [hour | {"begins": hour["begins"].isoformat()} for hour in record["hours"]]
    return record


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.2f} %"


def _show(report: Report, zone: ZoneInfo) -> None:
    out = Console(highlight=False)
    begin, end = (each.astimezone(zone).strftime("%Y-%m-%d %H:%M") for each in (report.since, report.until))
    out.print(f"{begin} to {end}: {timedelta(seconds=round(report.operating_s))} of operating time")
    out.print(
        f"technical availability (VDI 3581): {_percent(report.technical)}; "
        f"with the same weight for each part {_percent(report.technical_unweighted)}"
    )
    out.print(
        f"performance availability (VDI 4486): {_percent(report.performance)}: {report.in_time} of {report.parcels} "
        f"parcels in time; {report.hours_met} of {len(report.hours)} hours met their goal"
    )
    _show_parts(out, report)


def _show_parts(out: Console, report: Report) -> None:
    table = Table("part", "name", "availability", "down", "outages", "weight")
    worst = sorted(report.parts, key=lambda part: part.availability)[:_SHOWN]
    for part in worst:
        down, weight = f"{part.down_s:.0f} s", f"{part.weight:.3f}"
        table.add_row(part.group, part.name, _percent(part.availability), down, str(part.outages), weight)
    out.print(table)
    if len(report.parts) > len(worst):
        out.print(f"the {len(worst)} least available of {len(report.parts)} parts; --json tells all")


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(availability)
