"""`karez learn …`: what coding operators teach about addresses, by hand until the coding page comes."""

import csv
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from karez.address.door import door_of_text
from karez.address.learned import AnswersInMemory, LearnedAddresses
from karez.address.resolver import Resolver
from karez.cli import compose
from karez.cli.hub import Config
from karez.cli.records import answer_record, json_line, learned_record
from karez.domain.coding import operator_name
from karez.domain.errors import BadInput, StoreError
from karez.domain.ids import AnswerId, AreaId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.store import utc_now
from karez.hub.doorway import Doorway
from karez.hub.learning import LearningDesk, same_again
from karez.settings import Settings

app = typer.Typer(help="Addresses learned from coding operators: add, list, undo, export.", no_args_is_help=True)

_COLUMNS = ("id", "address", "area", "operator", "at", "decides")

Operator = Annotated[str, typer.Option("--operator", help="Who says so; recorded with it.")]
Only = Annotated[
    str | None, typer.Option("--operator", help="Only addresses that this operator answered.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line each.")]


@app.command("add")
def add(
    address: Annotated[str, typer.Argument(help="As it stands on the label; - reads it from standard input.")],
    area: Annotated[str, typer.Option("--area", help="The delivery area or onward flow it belongs to.")],
    operator: Operator,
    decide: Annotated[
        bool, typer.Option("--decide", help="The lead's word: what others said before does not count against it.")
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Remember that parcels of an address belong to an area; the hub goes by it from the next parcel on."""
    settings = compose.load_settings(config).settings
    resolver = compose.resolver(settings)
    door = _door(_line() if address == "-" else address, resolver)
    known = _known_area(area, resolver)
    new = LearnedAnswer(AnswerId(secrets.token_hex(6)), door, known, _name(operator), utc_now(), decide)
    answer = same_again(new, _given_before(door, settings))
    _desk(settings).learn(answer)
    learned, answers = _taught(settings)
    record = learned_record(door, answers.of(door), learned.standing(answers.of(door)))
    if as_json:
        typer.echo(json_line(answer_record(answer) | {"stands": record}))
    else:
        typer.echo(f"{answer.id}: {door} → {answer.area}; {_in_words(record)}")


@app.command("list")
def list_(
    disputed: Annotated[bool, typer.Option("--disputed", help="Only what operators disagree about.")] = False,
    operator: Only = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List what was learned, disputes first: for each address where it leads, how sure, and who answered when."""
    settings = compose.load_settings(config).settings
    records = [
        each
        for each in _records(settings)
        if (each["disputed"] or not disputed) and operator in (None, *(one["operator"] for one in each["given"]))
    ]
    if as_json:
        for each in records:
            typer.echo(json_line(each))
    else:
        _print(records, ZoneInfo(settings.hub.time_zone))


@app.command("undo")
def undo(
    id: Annotated[str, typer.Argument(metavar="ID", help="The answer's id, as `karez learn list` shows it.")],
    operator: Operator,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Take an answer out again, as if it had never been given."""
    settings = compose.load_settings(config).settings
    if not _desk(settings).unlearn(AnswerId(id), _name(operator)):
        raise BadInput(f"no answer has the id {id!r}", "ID", "`karez learn list` shows them")
    typer.echo(json_line({"id": id, "undone": True}) if as_json else f"{id}: undone")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="File to write (CSV, UTF-8), one row an answer; - prints it.")],
    operator: Only = None,
    config: Config = None,
) -> None:
    """Export every answer with its address; the file holds addresses: treat it as personal data."""
    _, answers = _taught(compose.load_settings(config).settings)
    rows = [
        answer_record(each)
        for address in answers.addresses()
        for each in answers.of(address)
        if operator in (None, each.operator)
    ]
    if str(file) == "-":
        _write(sys.stdout, rows)
        return
    with open(file, "w", encoding="utf-8-sig", newline="", opener=_private) as sheet:  # spreadsheets need the mark
        _write(sheet, rows)
    typer.echo(f"{file}: {len(rows)} answers")


def _private(path: str, flags: int) -> int:
    """Open a file that holds addresses for this user only, also where it was there before."""
    if Path(path).is_file():
        Path(path).chmod(0o600)
    return os.open(path, flags, 0o600)


def _write(sheet: Any, rows: list[dict[str, Any]]) -> None:
    writer = csv.DictWriter(sheet, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _desk(settings: Settings) -> LearningDesk:
    return LearningDesk(Doorway(settings.socket), settings.store_url)


def _taught(settings: Settings) -> tuple[LearnedAddresses, AnswersInMemory]:
    answers = compose.taught_so_far(settings)
    learned = compose.resolver(settings, answers).learned
    assert learned is not None, "answers were handed in"
    return learned, answers


def _given_before(door: str, settings: Settings) -> Sequence[LearnedAnswer]:
    try:
        return compose.taught_so_far(settings).of(door)
    except StoreError:  # of an older version: the one writer brings it up to date
        return ()


def _records(settings: Settings) -> list[dict[str, Any]]:
    learned, answers = _taught(settings)
    records = (
        learned_record(each, answers.of(each), learned.standing(answers.of(each))) for each in answers.addresses()
    )
    return sorted(records, key=lambda each: (not each["disputed"], each["address"]))


def _line() -> str:
    """One line of standard input, whatever its bytes: an address on the command line is seen by every process list.

    More than one is refused: nothing that was given is passed over in silence.
    """
    first = sys.stdin.buffer.readline()
    if not sys.stdin.isatty() and any(map(bytes.strip, sys.stdin.buffer)):
        raise BadInput("more than one line on standard input", "ADDRESS", "give one address a call; nothing was stored")
    return first.decode("utf-8", "replace")


def _door(text: str, resolver: Resolver) -> str:
    door = door_of_text(text, resolver.gazetteer)
    if door is None:
        raise BadInput("names no road, estate, village or house: too many doors", "address", "give more of it")
    return door


def _known_area(area: str, resolver: Resolver) -> AreaId:
    if resolver.areas is not None and resolver.areas.get(area) is None:
        known = ", ".join(each.id for each in resolver.areas.all)
        raise BadInput(f"no area of this hub is called {area!r}", "--area", f"one of: {known}")
    return AreaId(area)


def _name(operator: str) -> str:
    name = operator_name(operator)
    if name is None:
        raise BadInput(f"{operator!r} is no name", "--operator", "letters and figures, at most 40")
    return name


def _print(records: list[dict[str, Any]], zone: ZoneInfo) -> None:
    table = Table(title=f"{len(records)} learned addresses", title_justify="left")
    for column in ("address", "leads to", "answer", "area", "operator", "given"):
        table.add_column(column, overflow="fold")
    for each in records:
        for row, one in enumerate(each["given"]):
            first = (each["address"], _in_words(each)) if row == 0 else ("", "")
            area = one["area"] if one["counts"] else f"({one['area']})"
            table.add_row(*first, one["id"], area, one["operator"], _day(one["at"], zone))
    Console(highlight=False).print(table)


def _in_words(record: dict[str, Any]) -> str:
    if record["disputed"]:
        return f"disputed: {', '.join(record['areas'])}"
    return f"{record['area']} ({record['confidence']:.2f})" if record["area"] else "nowhere: no such area any more"


def _day(at: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d}"


def add_to(root: typer.Typer) -> None:
    """Add this module's commands."""
    root.add_typer(app, name="learn")
