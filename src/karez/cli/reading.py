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
from karez.domain.destination import Destination, Unresolved
from karez.domain.frames import Frame
from karez.domain.ids import ChuteId
from karez.domain.reading import UNDECODED, NoRead, NoReadReason, Reading
from karez.domain.sorting import Assignment, AssignmentReason, Consignment, HallState
from karez.reading.overlay import draw
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection
from karez.sortplan.plan import SortPlan
from karez.sortplan.rules import assign

_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
_NOBODY_ADVISED = WaybillRules(ReadingSection().companies, lambda _: False)

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
            found += sorted(each for each in path.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file())
        else:
            found.append(path)
    return found


def read_file(reader: Reader, path: Path, text: Text) -> tuple[Frame, Reading | NoRead]:
    """Read one file; a file that cannot be opened is a no-read too."""
    try:
        frame = Frame(path.read_bytes(), camera=path.name)
    except OSError as error:
        nothing = f"the file cannot be opened: {error.strerror or error}"
        return Frame(b"", camera=path.name), NoRead(NoReadReason.CANNOT_OPEN, nothing)
    return frame, reader.read([frame], _NOBODY_ADVISED, text=text.value)


def _each(paths: Sequence[Path], text: Text, show: bool) -> Iterator[tuple[Path, Frame, Reading | NoRead]]:
    """Read file after file, with progress in a terminal."""
    reader = Reader(ReadingSection())
    with Progress(console=compose.stderr, transient=True, disable=not show) as progress:
        for path in progress.track(pictures(paths), description="reading"):
            yield path, *read_file(reader, path, text)


def read(
    paths: Paths,
    as_json: AsJson = False,
    text: Annotated[Text, typer.Option(help="auto: only where codes do not suffice.")] = Text.ALWAYS,
    overlay: Annotated[Path | None, typer.Option(help="Folder for pictures with what was found drawn in.")] = None,
) -> None:
    """Read waybills in pictures: number, company, sort code, address, and every code and line."""
    console = Console(highlight=False, soft_wrap=True)
    drawn: set[Path] = set()
    if overlay is not None:
        overlay.mkdir(parents=True, exist_ok=True)
    for path, frame, outcome in _each(paths, text, show=not as_json and compose.stderr.is_terminal):
        if as_json:
            typer.echo(json_line(reading_record(str(path), outcome)))
        else:
            _print_reading(console, path, outcome)
        if overlay is not None and not (isinstance(outcome, NoRead) and outcome.reason in UNDECODED):
            _overlay_file(overlay, path, drawn).write_bytes(draw(frame, outcome))


def _overlay_file(folder: Path, path: Path, drawn: set[Path]) -> Path:
    """Name for a drawn picture that no other of this run has: pictures of several folders share theirs."""
    names = (f"{path.stem}", f"{path.parent.name}-{path.stem}", f"{path.parent.name}-{path.name}")
    numbered = (f"{path.parent.name}-{path.name}-{number}" for number in count(2))
    file = next(file for name in chain(names, numbered) if (file := folder / f"{name}.overlay.jpg") not in drawn)
    drawn.add(file)
    return file


def _print_reading(console: Console, path: Path, outcome: Reading | NoRead) -> None:
    if isinstance(outcome, NoRead):
        console.print(f"{path}: no-read ({outcome.reason}): {outcome.explanation}", style="yellow", markup=False)
    else:
        company = f" {outcome.company}" if outcome.company else ""
        console.print(f"{path}: {outcome.waybill.value}{company}", style="bold", markup=False)
    for name, found in (("sort code", outcome.sort_code), ("address", outcome.address)):
        if found is not None:
            console.print(f"    {name}: {found.value}", markup=False)
    for code in outcome.codes:
        console.print(f"    {code.format}: {code.text}", style="dim", markup=False)


def sort(
    paths: Paths,
    plan: Annotated[Path, typer.Option("--plan", help="Sort plan (TOML).")],
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Read pictures, resolve their destinations and say which chute each parcel belongs to, and why."""
    sort_plan = SortPlan.load(plan)
    resolver = compose.resolver(compose.load_settings(config).settings.address)
    console = Console(highlight=False, soft_wrap=True)
    for path, _, outcome in _each(paths, Text.ALWAYS, show=not as_json and compose.stderr.is_terminal):
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
