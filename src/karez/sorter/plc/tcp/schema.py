"""Publishes the telegrams: JSON Schema and a reference page, both made from the types that the wire uses.

``python -m karez.sorter.plc.tcp.schema docs/reference`` writes them; a test holds them to the types.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import (
    Dest,
    Divert,
    DivertOutcome,
    Heartbeat,
    Induct,
    Scan,
    State,
    Subject,
    Telegram,
)
from karez.sorter.plc.tcp import wire
from karez.sorter.plc.tcp.lines import MAX_LINE_BYTES

SCHEMA_FILE = "telegrams.schema.json"
PAGE_FILE = "telegrams.md"

_BODIES: dict[str, type[Any]] = {"HELLO": wire.Hello, "RESEND": wire.Resend, **wire.TELEGRAM_TYPES}
_UNNUMBERED = ("HELLO", "ACK", "RESEND", "HEARTBEAT")
_DIRECTIONS = {
    "HELLO": "both",
    "ACK": "both",
    "RESEND": "both",
    "HEARTBEAT": "both",
    "INDUCT": "PLC → WCS",
    "SCAN": "PLC → WCS",
    "DIVERT": "PLC → WCS",
    "DEST": "WCS → PLC",
    "STATE": "both",
}


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one line."""
    roots, parts = msgspec.json.schema_components([wire.Envelope, *_BODIES.values()], ref_template="#/$defs/{name}")
    del roots
    for part in parts.values():
        _bound(part)
    names = {name: kind.__name__ for name, kind in _BODIES.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of the link between hub (WCS) and sorter control (PLC)",
        "description": f"Protocol version {wire.PROTOCOL_VERSION}. Fields that are not known are ignored.",
        "oneOf": [_line(name, names.get(name)) for name in _DIRECTIONS],
        "$defs": dict(sorted(parts.items())),
    }


def _line(name: str, part: str | None) -> dict[str, Any]:
    envelope: dict[str, Any] = {"type": {"const": name}}
    if name not in _UNNUMBERED:
        envelope["seq"] = {"type": "integer"}
    must = {"properties": envelope, "required": [*envelope]}
    parts: list[dict[str, Any]] = [{"$ref": "#/$defs/Envelope"}, must]
    if part:
        parts.append({"$ref": f"#/$defs/{part}"})
    if name == "STATE":
        parts += [_state_rule(subject, states) for subject, states in wire.STATES.items()]
    return {"title": name, "allOf": parts}


def _state_rule(subject: str, states: frozenset[str]) -> dict[str, Any]:
    return {
        "if": {"properties": {"subject": {"const": str(subject)}}},
        "then": {"properties": {"state": {"enum": sorted(str(state) for state in states)}}},
    }


def _bound(part: Any) -> None:
    """Write the bounds that the wire holds every value to into the schema."""
    if isinstance(part, list):
        for each in part:
            _bound(each)
    elif isinstance(part, dict):
        if part.get("type") == "integer":
            part.setdefault("minimum", -wire.MAX_INT)
            part.setdefault("maximum", wire.MAX_INT)
        elif part.get("type") == "string":
            part.setdefault("minLength", 1)
            part.setdefault("maxLength", wire.MAX_TEXT)
            part.setdefault("pattern", wire.NO_ZERO)
        elif part.get("type") == "array":
            part["maxItems"] = wire.MAX_ITEMS
            part["items"] = {"type": "string", "maxLength": wire.MAX_TEXT}
            return
        for key, each in part.items():
            if key not in ("default", "enum"):
                _bound(each)


def page() -> str:
    """Reference page (Markdown)."""
    parts = schema()["$defs"]
    rows = [
        "# Telegrams",
        "",
        "*Made from the types by `python -m karez.sorter.plc.tcp.schema docs/reference`; a test keeps it current. The "
        f"same as JSON Schema: [`{SCHEMA_FILE}`]({SCHEMA_FILE}).*",
        "",
        inspect.cleandoc(_INTRODUCTION).format(
            version=wire.PROTOCOL_VERSION,
            text=wire.MAX_TEXT,
            items=wire.MAX_ITEMS,
            int=wire.MAX_INT,
            line=MAX_LINE_BYTES,
        ),
        "",
        "## Envelope",
        "",
        *_table(parts["Envelope"], parts),
    ]
    for name, direction in _DIRECTIONS.items():
        kind = _BODIES.get(name)
        rows += ["", f"## {name}", "", f"{direction}{'' if name in _UNNUMBERED else ', numbered'}", ""]
        rows += [_prose(kind or wire.Ack), ""]
        rows += [*_table(parts[kind.__name__], parts), ""] if kind else []
        rows += ["```json", _example(name), "```"]
    return "\n".join(rows).rstrip() + "\n"


def _example(name: str) -> str:
    seq = None if name in _UNNUMBERED else 7
    return wire.encode("run-20260101-1", 5, seq, _EXAMPLES[name]).decode().rstrip()


_PARCEL, _CHUTE, _ORDER = ParcelId("P1-000042"), ChuteId("K07"), OrderId("P1-000042/1")
_EXAMPLES: dict[str, wire.Hello | wire.Resend | wire.Ack | Telegram] = {
    "HELLO": wire.Hello("plc", wire.PROTOCOL_VERSION, first=7, peer="hub-20260101-3", last=5, sent=8),
    "ACK": wire.Ack(),
    "RESEND": wire.Resend(after=5),
    "HEARTBEAT": Heartbeat(61_000),
    "INDUCT": Induct(_PARCEL, 17, "I1", 61_200),
    "SCAN": Scan(_PARCEL, 17, 1, 64_350, (), 1_240, 310, 220, 90),
    "DIVERT": Divert(_PARCEL, 17, DivertOutcome.OK, 71_020, _CHUTE, _ORDER),
    "DEST": Dest(_ORDER, _PARCEL, _CHUTE, (ChuteId("K08"),), "plan", 20_000),
    "STATE": State(Subject.CHUTE, _CHUTE, "full", 71_021, 100),
}

_INTRODUCTION = """
    Either side may listen or call. Every line is one JSON object and ends with a newline; at most {line} bytes.
    Texts have 1 to {text} characters (in names none is U+0000), lists at most {items} items, whole numbers lie within
    ±{int}.

    1. Both sides begin with HELLO (version {version}): which session this run is, which session of the other side was
       seen last and how far it is committed. Until then nothing else is said. A later HELLO, on any connection,
       replaces the link.
    2. Telegrams are numbered from 1 in each direction and session; a restarted side takes a new session name. `ack`
       on any line says: all numbers up to it are committed here. The hub acknowledges only after its commit.
    3. After a reconnect each side sends again, under their old numbers, what the other has not acknowledged. A number
       seen before is dropped and acknowledged again. A missing number is asked for with RESEND; after three vain
       requests the receiver goes on without it and says so.
    4. HEARTBEAT goes out in every interval, is not numbered and waits for nothing. Three missed end the link.
    5. A numbered line whose telegram cannot be understood is reported, acknowledged and skipped. A line whose
       envelope cannot be read is reported and skipped; 200 of them in a row end the link. A connection that does not
       begin with HELLO is closed.
    6. An order is known by its `order`: a repeat must do nothing twice. Without an answer a parcel goes round.
"""


def _prose(kind: type[Any]) -> str:
    text = inspect.getdoc(kind) or ""
    return text.partition("\n\nAttributes\n")[0]


def _table(part: dict[str, Any], parts: dict[str, Any]) -> list[str]:
    needed = part.get("required", [])
    rows = ["| field | type | |", "|---|---|---|"]
    for name, field in part.get("properties", {}).items():
        rows.append(f"| `{name}` | {_type(field, parts)} | {'' if name in needed else 'optional'} |")
    return rows


def _type(field: dict[str, Any], parts: dict[str, Any]) -> str:
    return " or ".join(_types(field, parts))


def _types(field: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    if "anyOf" in field:
        for each in field["anyOf"]:
            yield from _types(each, parts)
    elif "$ref" in field:
        yield from _types(parts[field["$ref"].rpartition("/")[2]], parts)
    elif "enum" in field:
        yield ", ".join(f"`{value}`" for value in field["enum"])
    elif field.get("type") == "array":
        yield "list of texts"
    else:
        yield {"string": "text", "integer": "whole number", "null": "null"}[field["type"]]


def files() -> dict[str, str]:
    """Published files by name."""
    return {SCHEMA_FILE: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", PAGE_FILE: page()}


def write(folder: Path) -> None:
    """Write them into a folder."""
    for name, text in files().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
