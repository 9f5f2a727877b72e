"""`karez backup` and `karez restore`."""

from pathlib import Path
from typing import Annotated

import typer

from karez.cli import compose
from karez.cli.hub import Config
from karez.eventstore import backup as archive
from karez.eventstore.store import utc_now


def backup(target: Annotated[Path, typer.Argument(help="File to write (tar).")], config: Config = None) -> None:
    """Back up the event store and the pictures; the hub may be running."""
    made = archive.backup(compose.load_settings(config).settings.hub.data_dir, target, utc_now())
    typer.echo(f"{target}: {made.events} events, {made.pictures} pictures")


def restore(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `karez backup` wrote.")],
    config: Config = None,
) -> None:
    """Restore a backup into the configured, empty data folder."""
    folder = compose.load_settings(config).settings.hub.data_dir
    made = archive.restore(source, folder)
    typer.echo(f"{folder}: {made.events} events, {made.pictures} pictures, as of {made.made_at}")


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(backup)
    app.command()(restore)
