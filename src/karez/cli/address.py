"""`karez resolve`: from address text to a place of today's map and the area that serves it."""

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.status import Status

from karez.address.parts.parse import parse
from karez.address.record import as_record
from karez.address.resolver import Resolver
from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import json_line
from karez.domain.destination import Destination, Unresolved, UnresolvedReason

_SHOWN_EVERY = 500  # lines between two words on progress


class _Given(NamedTuple):
    """One address as it was given; ``fault`` says why its bytes are no text."""

    text: str
    fault: str | None = None


def resolve(
    text: Annotated[list[str] | None, typer.Argument(help="Addresses; - reads lines from standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an address.")] = False,
    parts: Annotated[bool, typer.Option(help="With --json: tell roads, estates, house numbers … apart.")] = True,
    config: Config = None,
) -> None:
    """Resolve addresses to county, township, village and delivery area, with confidence, reason and candidates."""
    settings = compose.load_settings(config).settings
    resolver = compose.resolver(settings, compose.taught_if_readable(settings))
    console = Console(highlight=False, soft_wrap=True)
    for given in _with_progress(_all_given(text or ["-"])):
        found = _resolved(given, resolver)
        if as_json:
            told = parse(given.text, resolver.gazetteer) if parts and given.fault is None else None
            sys.stdout.write(json_line(as_record(given.text, found, resolver.gazetteer, told)) + "\n")
            sys.stdout.flush()  # a program at the other end may wait for its answer before it asks again
        else:
            _print(given.text, found, console)


def _resolved(given: _Given, resolver: Resolver) -> Destination | Unresolved:
    if given.fault is not None:
        return Unresolved(UnresolvedReason.NOT_AN_ADDRESS, given.fault)
    return resolver.from_text(given.text)


def _print(text: str, found: Destination | Unresolved, console: Console) -> None:
    shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + " …"
    if isinstance(found, Unresolved):
        console.print(f"{shown}: unresolved ({found.reason}): {found.explanation}", style="yellow", markup=False)
        return
    levels = (found.province_name, found.prefecture_name, found.county_name, found.township_name, found.village_name)
    place = " ".join(filter(None, levels))
    console.print(f"{shown}: {place} → {found.area or '–'} ({found.reason}, {found.confidence:.2f})", markup=False)


_LONGEST_SHOWN = 200


def _all_given(given: Iterable[str]) -> Iterator[_Given]:
    for each in given:
        if each == "-":
            yield from (_decoded(line.rstrip(b"\r\n")) for line in sys.stdin.buffer)
        else:
            yield _decoded(each.encode("utf-8", "surrogateescape"))


def _decoded(line: bytes) -> _Given:
    """Return the text of a line; bytes that are not UTF-8 are shown as U+FFFD and never guessed at."""
    try:
        return _Given(line.decode("utf-8"))
    except UnicodeDecodeError as fault:
        why = f"Byte {fault.start + 1} is not UTF-8 text: convert it first, for example from GB18030."
        return _Given(line.decode("utf-8", "replace"), why)


def _with_progress(given: Iterator[_Given]) -> Iterator[_Given]:
    """Pass the addresses on; where results go to a file and a person watches, say how far it is."""
    console = Console(stderr=True)
    if sys.stdout.isatty() or not console.is_terminal:
        yield from given
        return
    with Status("resolving", console=console) as status:
        for number, each in enumerate(given, 1):
            if number % _SHOWN_EVERY == 0:
                status.update(f"{number:,} addresses resolved")
            yield each


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(resolve)
