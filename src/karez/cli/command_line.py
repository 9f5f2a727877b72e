"""The command line, and the only place where rooms are put together."""

import sys

import typer
from rich.console import Console

from karez import __version__
from karez.cli import (
    address,
    areas,
    availability,
    bench,
    demo,
    doctor,
    hub,
    inspect,
    learn,
    reading,
    replay,
    simulate,
    soak,
    store,
)
from karez.domain.errors import KarezError

app = typer.Typer(
    name="karez",
    help="Karez runs a smart parcel hub: recognise, sort, hand over, measure.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
_TO_RUN = (demo, hub, reading, address, areas, learn)
_TO_LOOK_AT_AND_PROVE = (inspect, availability, replay, store, simulate, soak, bench, doctor)
for room in (*_TO_RUN, *_TO_LOOK_AT_AND_PROVE):
    room.add_to(app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        typer.echo(f"karez {__version__}")
        raise typer.Exit


def main() -> None:
    """Run a command; an error that Karez raises on purpose is a sentence and exit code 2, never a traceback."""
    try:
        app()
    except KarezError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"karez: {error}", style="bold red", markup=False)
        sys.exit(2)
    except OSError as error:  # a folder that cannot be written, a disk that is full: the sentence is enough
        if error.filename is None:
            raise
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"karez: {error.filename}: {error.strerror}", style="bold red", markup=False
        )
        sys.exit(2)
