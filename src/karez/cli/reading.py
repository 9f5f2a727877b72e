"""`karez read` and `karez sort`: pictures from files, without a sorter."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import assignment_record, destination_record, json_line, reading_record
from karez.cli.watched_reading import How, Parcel, read_parcels
from karez.domain.destination import Destination, Unresolved
from karez.domain.frames import PICTURE_ENDINGS
from karez.domain.ids import ChuteId
from karez.domain.reading import NoRead, Reading
from karez.domain.sorting import Assignment, AssignmentReason, Consignment, HallState
from karez.settings import ReadingSection
from karez.sortplan.plan import SortPlan
from karez.sortplan.rules import assign

_SORTED = How("always", 30.0)
_SIGNS = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
"""Unicode's pictures of control characters (U+2400 and on), the replacement sign for the rest."""

Paths = Annotated[list[Path], typer.Argument(help="Pictures, or folders of pictures.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a picture.")]


class Text(StrEnum):
    """When text is read."""

    ALWAYS = "always"
    AUTO = "auto"
    NEVER = "never"


def pictures(paths: Sequence[Path]) -> list[Path]:
    """Files to read: folders are walked, sorted, image endings only; a file named by hand is always tried."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each for each in path.rglob("*") if each.suffix.lower() in PICTURE_ENDINGS and each.is_file()
            )
        else:
            found.append(path)
    return found


def _each(parcels: Sequence[tuple[Path, ...]], how: How, workers: int, show: bool) -> Iterator[Parcel]:
    """Read parcel after parcel, with progress in a terminal."""
    with Progress(console=compose.stderr, transient=True, disable=not show) as progress:
        read = read_parcels(parcels, how, ReadingSection(), workers)
        yield from progress.track(read, description="reading", total=len(parcels))


def read(
    paths: Paths,
    as_json: AsJson = False,
    text: Annotated[Text, typer.Option(help="auto: only where codes do not suffice.")] = Text.ALWAYS,
    overlay: Annotated[Path | None, typer.Option(help="Folder for pictures with what was found drawn in.")] = None,
    together: Annotated[bool, typer.Option("--together", help="All pictures show one parcel: they vote.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read; the order stays.")] = 1,
    deadline_ms: Annotated[int, typer.Option(min=50, help="A parcel not read by then is a no-read.")] = 30_000,
) -> None:
    """Read waybills in pictures: number, company, sort code, address, and every code and line."""
    console = Console(highlight=False, soft_wrap=True)
    drawn: set[Path] = set()
    if overlay is not None:
        _make_folder(overlay)
    found = pictures(paths)
    wrong = _say_what_is_wrong(paths)
    parcels = [tuple(found)] if together and found else [(path,) for path in found]
    how = How(text.value, deadline_ms / 1000, overlay is not None)
    for parcel in _each(parcels, how, workers, show=not as_json and compose.stderr.is_terminal):
        name = str(parcel.paths[0])
        overlays = [] if overlay is None else _write_overlays(overlay, parcel, drawn)
        if as_json:
            record = reading_record(name, parcel.outcome)
            more: dict[str, Any] = {"files": [str(path) for path in parcel.paths]} if together else {}
            more |= {"overlays": [str(path) for path in overlays]} if overlay is not None else {}
            typer.echo(json_line(record | more))
        else:
            _print_reading(console, name, parcel.outcome)
    if wrong:
        raise typer.Exit(2)


def _write_overlays(folder: Path, parcel: Parcel, drawn: set[Path]) -> list[Path]:
    """Write what was drawn, and say where."""
    written: list[Path] = []
    for path, picture in zip(parcel.paths, parcel.overlays, strict=False):
        file = _overlay_file(folder, path, drawn)
        file.write_bytes(picture)
        written.append(file)
    return written


def _make_folder(overlay: Path) -> None:
    try:
        overlay.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(
            f"no folder can be made at {overlay} ({error.strerror}); name another", param_hint="--overlay"
        ) from error


def _say_what_is_wrong(paths: Sequence[Path]) -> bool:
    """Name the paths that hold no picture at all; what the others hold is read all the same.

    Returns
    -------
    Whether that is true of all of them.
    """
    wrong = 0
    for path in paths:
        if not path.exists():
            what = "there is no such file or folder"
        elif path.is_dir() and not pictures([path]):
            what = f"there is no picture in it (files ending in {', '.join(sorted(PICTURE_ENDINGS))})"
        else:
            continue
        wrong += 1
        compose.stderr.print(f"karez: {path}: {what}", style="bold red", markup=False, soft_wrap=True)
    return wrong == len(paths)


def _overlay_file(folder: Path, path: Path, drawn: set[Path]) -> Path:
    """Name for a drawn picture that no other of this run has: pictures of several folders share theirs."""
    names = (f"{path.stem}", f"{path.parent.name}-{path.stem}", f"{path.parent.name}-{path.name}")
    numbered = (f"{path.parent.name}-{path.name}-{number}" for number in count(2))
    file = next(file for name in chain(names, numbered) if (file := folder / f"{name}.overlay.jpg") not in drawn)
    drawn.add(file)
    return file


def _visible(text: str) -> str:
    """Show control characters as signs: a code may hold any, and a terminal obeys them."""
    return text.translate(_SIGNS)


def _print_reading(console: Console, name: str, outcome: Reading | NoRead) -> None:
    if isinstance(outcome, NoRead):
        console.print(f"{name}: no-read ({outcome.reason}): {outcome.explanation}", style="yellow", markup=False)
    else:
        company = f" {outcome.company}" if outcome.company else ""
        console.print(f"{name}: {outcome.waybill.value}{company}", style="bold", markup=False)
        if outcome.waybill.read_as:
            console.print(f"    read as {outcome.waybill.read_as}, repaired", markup=False)
    for what, found in (("sort code", outcome.sort_code), ("address", outcome.address)):
        if found is not None:
            console.print(f"    {what}: {_visible(found.value)}", markup=False)
    if outcome.weight_g is not None:
        console.print(f"    weight: {outcome.weight_g} g", markup=False)
    if len(outcome.labels) > 1:
        for number, label in enumerate(outcome.labels, 1):
            console.print(f"    label {number}: {', '.join(label.waybills) or 'no number'}", markup=False)
    for code in outcome.codes:
        console.print(f"    {code.format}: {_visible(code.text)}", style="dim", markup=False)


def sort(
    paths: Paths,
    plan: Annotated[Path, typer.Option("--plan", help="Sort plan (TOML).")],
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Read pictures, resolve their destinations and say which chute each parcel belongs to, and why."""
    sort_plan = SortPlan.load(plan)
    settings = compose.load_settings(config).settings
    resolver = compose.resolver(settings, compose.taught_if_readable(settings))
    console = Console(highlight=False, soft_wrap=True)
    parcels = [(path,) for path in pictures(paths)]
    for parcel in _each(parcels, _SORTED, 1, show=not as_json and compose.stderr.is_terminal):
        (path,), outcome = parcel.paths, parcel.outcome
        where = resolver.resolve(outcome, None)
        chosen = _assign(outcome, where, sort_plan)
        if as_json:
            line: dict[str, Any] = {
                "file": str(path),
                "reading": reading_record(str(path), outcome),
                "destination": destination_record(where),
                "assignment": assignment_record(chosen),
            }
            typer.echo(json_line(line))
        else:
            console.print(f"{path}: {chosen.chute or '–'} ({chosen.reason}): {chosen.explanation}", markup=False)


def _assign(outcome: Reading | NoRead, where: Destination | Unresolved, plan: SortPlan) -> Assignment:
    """What the hub would decide with every chute open and no lap to wait for."""
    if isinstance(outcome, NoRead):
        return _exception(plan, AssignmentReason.NOT_READ, outcome.explanation)
    found = where if isinstance(where, Destination) else None
    planned = assign(Consignment(outcome.waybill.value, found, outcome.company), plan, HallState({}))
    if isinstance(where, Unresolved) and planned.reason not in (AssignmentReason.INTERCEPT, AssignmentReason.RETURN):
        return _exception(plan, AssignmentReason.NOT_RESOLVED, where.explanation)
    return planned


def _exception(plan: SortPlan, reason: AssignmentReason, why: str) -> Assignment:
    chute: ChuteId = plan.exception_chute
    return Assignment(chute, (), reason, f"{why.rstrip('.')}; exception chute")


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(read)
    app.command()(sort)
