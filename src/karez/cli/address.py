"""`karez resolve`: from address text to a place of today's map and the area that serves it."""

import sys
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console

from karez.address.advice import as_record
from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import json_line
from karez.domain.destination import Unresolved


def resolve(
    text: Annotated[list[str] | None, typer.Argument(help="Addresses; - reads lines from standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an address.")] = False,
    config: Config = None,
) -> None:
    """Resolve addresses to county, township and delivery area, with confidence, reason and candidates."""
    resolver = compose.resolver(compose.load_settings(config).settings.address)
    console = Console(highlight=False, soft_wrap=True)
    for each in _texts(text or ["-"]):
        found = resolver.from_text(each)
        if as_json:
            typer.echo(json_line(as_record(each, found, compose.gazetteer())))
        elif isinstance(found, Unresolved):
            why = f"{each}: unresolved ({found.reason}): {found.explanation}"
            console.print(why, style="yellow", markup=False)
        else:
            levels = (found.province_name, found.prefecture_name, found.county_name, found.township_name)
            place = " ".join(filter(None, levels))
            console.print(
                f"{each}: {place} → {found.area or '–'} ({found.reason}, {found.confidence:.2f})", markup=False
            )


def _texts(given: Iterable[str]) -> Iterable[str]:
    for each in given:
        if each == "-":
            yield from (line.rstrip("\r\n") for line in sys.stdin)
        else:
            yield each


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(resolve)
