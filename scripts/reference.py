"""Write the reference pages that the code itself can tell: settings, events, reasons, states, commands.

Run ``.venv/bin/python scripts/reference.py``; a test fails when a page is not what this writes.
"""

import enum
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from karez.cli import app
from karez.domain import coding, destination, parcels, reading, sorting
from karez.domain.events import EVENT_TYPES
from karez.hub.alarms import PRIORITY
from karez.settings import Section, Settings
from karez.web.alarm_wording import ALARMS

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
_NOTE = "*Written by `scripts/reference.py` from the code; change it there.*\n"


def _first_paragraph(text: str | None) -> str:
    return _markdown(" ".join((text or "").split("\n\n")[0].split()))


def _markdown(text: str) -> str:
    """Docstrings mark code by two backticks, Markdown by one."""
    return text.replace("``", "`")


def settings_page() -> str:
    """Every setting: field, default, meaning."""
    rows = [
        "# Settings\n",
        _NOTE,
        "In the file named by `--config`, else by `KAREZ_CONFIG`, else `./hub.toml`, else the built-in Kashi hub. The "
        "environment wins: `KAREZ_WEB__PORT=8080`. Paths in a file count from the file's folder. `karez config check "
        "FILE` names line and field of every fault.\n",
    ]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        assert isinstance(section, type) and issubclass(section, Section)
        rows += [f"## [{name}]\n", f"{_first_paragraph(section.__doc__)}\n"]
        rows += ["| field | default | meaning |", "|---|---|---|"]
        for key, each in section.model_fields.items():
            meaning = f"{each.title}. {each.description or ''}{_choices(each.annotation)}"
            rows.append(f"| `{key}` | `{_shown(each.default)}` | {meaning} |")
        rows.append("")
    return "\n".join(rows)


def _choices(annotation: Any) -> str:
    """The values a setting may have, where they are listed."""
    values = get_args(annotation) if get_origin(annotation) is Literal else ()
    return f" One of {', '.join(f'`{value}`' for value in values)}." if len(values) > 1 else ""


def _shown(default: object) -> str:
    if default is None:
        return "–"
    return ", ".join(default) if isinstance(default, tuple) else str(default)


def events_page() -> str:
    """Every stored event, its schema number and its fields."""
    rows = [
        "# Events\n",
        _NOTE,
        "Kinds and schema numbers are stored and never renamed. `GET /api/events` gives them as JSON, "
        "`karez parcel WAYBILL` as a lifeline. No event holds a name, a phone number or an address.\n",
        "| kind | schema | meaning | fields |",
        "|---|---|---|---|",
    ]
    for (kind, schema), each in EVENT_TYPES.items():
        names = ", ".join(f"`{field.name}`" for field in fields(each))
        rows.append(f"| `{kind}` | {schema} | {_first_paragraph(each.__doc__)} | {names} |")
    return "\n".join([*rows, ""])


def _meanings(kind: type[enum.StrEnum]) -> dict[str, str]:
    """The remark behind each member in the code; nothing where the name says it all."""
    remarks = dict.fromkeys(kind.__members__, "")
    for name, remark in re.findall(r"^    ([A-Z_]+) = .*?  # (.+)$", inspect.getsource(kind), re.MULTILINE):
        remarks[name] = remark
    return remarks


def reasons_page() -> str:
    """Every reason code and state, with the sentence beside it in the code."""
    rows = ["# Reasons and states\n", _NOTE]
    listed: list[type[enum.StrEnum]] = [
        reading.NoReadReason,
        destination.DestinationReason,
        destination.UnresolvedReason,
        coding.CodingOutcome,
        sorting.AssignmentReason,
        sorting.ChuteState,
        parcels.ParcelState,
        parcels.MissortCause,
    ]
    for each in listed:
        rows += [f"## {each.__name__}\n", f"{_first_paragraph(each.__doc__)}\n"]
        meanings = _meanings(each)
        rows += ["| code | meaning |", "|---|---|"]
        rows += [f"| `{member.value}` | {meanings[member.name]} |" for member in each] + [""]
    rows += [
        "## Alarms\n",
        "Priority 1 now, 2 soon, 3 this shift. What to do: "
        "[when something is wrong](../how-to/when-something-is-wrong.md).\n",
        "| key | priority | title |",
        "|---|---|---|",
    ]
    rows += [f"| `{key.value}` | {priority} | {ALARMS[key].title} |" for key, priority in PRIORITY.items()]
    rows += ["", "## From state to state\n", "```mermaid", "stateDiagram-v2", "    [*] --> inducted"]
    rows += [
        f"    {state.value} --> {following.value}"
        for state, after in parcels.PARCEL_TRANSITIONS.items()
        for following in parcels.ParcelState
        if following in after
    ]
    rows += [f"    {state.value} --> [*]" for state in parcels.ParcelState if state in parcels.FINAL]
    return "\n".join([*rows, "```", ""])


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give every visible command with its whole name; typer's command objects are read by shape."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name in sorted(command.commands):
        if not command.commands[name].hidden:
            yield from _commands(command.commands[name], f"{path} {name}")


def commands() -> dict[str, Any]:
    """Every visible command by its whole name."""
    return dict(_commands(typer.main.get_command(app), "karez"))


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _argument(parameter: Any) -> str:
    """How usage writes it: required or not, one or several."""
    name = parameter.metavar or parameter.name.upper()
    name = f"{name}…" if parameter.nargs == -1 else name
    return name if parameter.required else f"[{name}]"


def _row(parameter: Any) -> str:
    """Table row of one argument or option."""
    shown = _argument(parameter) if _is_argument(parameter) else ", ".join(parameter.opts)
    plain = parameter.default is None or isinstance(parameter.default, bool) or callable(parameter.default)
    shown = shown.replace("|", "\\|")
    must = " Needed." if parameter.required and not _is_argument(parameter) else ""
    return f"| `{shown}` | {'' if plain else f'`{parameter.default}`'} | {_first_paragraph(parameter.help)}{must} |"


def commands_page() -> str:
    """Every command with its arguments and options."""
    rows = [
        "# Commands\n",
        _NOTE,
        "Commands, flags and JSON fields are contracts: append-only. [`json.md`](json.md) describes the JSON. A fault "
        "that Karez knows is one sentence and exit code 2; `karez doctor` ends with 1 when something needed is "
        "missing, `karez areas check` when something is to be put right.\n",
    ]
    for path, command in commands().items():
        shown = [parameter for parameter in command.params if "--help" not in parameter.opts]
        usage = " ".join(map(_argument, filter(_is_argument, shown)))
        rows += [f"## `{path}`\n", f"{_first_paragraph(command.help)}\n"]
        rows += [f"`{path} {usage} [OPTIONS]`\n".replace("  ", " ")]
        if shown:
            rows += ["| argument or option | default | meaning |", "|---|---|---|", *map(_row, shown), ""]
    return "\n".join(rows)


PAGES = {
    "settings.md": settings_page,
    "events.md": events_page,
    "reasons.md": reasons_page,
    "commands.md": commands_page,
}


def main() -> None:
    """Write all pages."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
