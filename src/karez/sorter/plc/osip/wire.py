"""OSIP telegrams to bytes and back: fixed widths, ASCII, filled up with ``*``; nothing here knows what they mean.

::

    SYNC(3)='###' LEN(5) SENDER(5) RECEIVER(5) SEQ(5)  TYPE(4)  fields of the type  ***…

The widths are those of openWMS's OSIP driver (interface21-io.gitbook.io/osip). A field is kept as it stands on the
wire, filled to its width; `karez.sorter.plc.osip.places` and `…mapping` read them. No field may hold ``#``, so that
the begin of a telegram can always be told, nor a blank.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime

from karez.domain.errors import BadTelegram

SYNC = b"###"
HEAD = 8
"""SYNC and LEN: what must be there before one knows how long the telegram is."""
HEADER = 23
LENGTH = 160
"""Characters of every telegram that Karez sends, and of every one that openWMS does."""
SHORTEST, LONGEST = 41, 1_024
"""Bounds of LEN in what is received: the shortest telegram (SYNQ) without filling, and room for other installations.

The header says how long a telegram is, so other lengths than 160 are taken; all that follows the type's own fields
must be filling.
"""
SEQUENCES = 100_000
FILLING = "*"

_TEXT = re.compile(rb"[!\"$-~]*")
_DATE = "%Y%m%d%H%M%S"
_WIDTHS = {"barcode": 20, "actual": 20, "target": 20, "group": 20, "location": 20, "error": 8, "created": 14}


@dataclass(frozen=True, slots=True)
class Request:
    """REQ_: an item stands at a place and asks where to go."""

    barcode: str
    actual: str
    target: str
    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """RES_: where it shall go."""

    barcode: str
    actual: str
    target: str
    group: str
    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Update:
    """UPD_: an item is at a place; nothing is asked."""

    barcode: str
    actual: str
    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class LocationUpdate:
    """LOCU: a place has changed, or shall change."""

    group: str
    location: str
    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class SystemUpdate:
    """SYSU: a group of places has changed."""

    group: str
    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """ERR_: the other side could not use what was sent."""

    error: str
    created: datetime


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """SYNQ: what time is it; tells the sender's own."""

    created: datetime


@dataclass(frozen=True, slots=True)
class TimeAnswer:
    """SYNC: the time."""

    created: datetime


Body = Request | Response | Update | LocationUpdate | SystemUpdate | Failure | TimeRequest | TimeAnswer

TYPES: dict[str, type[Body]] = {
    "REQ_": Request,
    "RES_": Response,
    "UPD_": Update,
    "LOCU": LocationUpdate,
    "SYSU": SystemUpdate,
    "ERR_": Failure,
    "SYNQ": TimeRequest,
    "SYNC": TimeAnswer,
}
_NAMES = {kind: name for name, kind in TYPES.items()}
_LAYOUT = {kind: tuple((each.name, _WIDTHS[each.name]) for each in fields(kind)) for kind in _NAMES}


@dataclass(frozen=True, slots=True)
class Telegram:
    """One telegram: who speaks to whom, its running number (0 to 99999), and what it says."""

    sender: str
    receiver: str
    seq: int
    body: Body


def answer_seq(seq: int) -> int:
    """Give the number of the answer to a telegram: the next one; after 99999 comes 0."""
    return (seq + 1) % SEQUENCES


def build(telegram: Telegram, length: int = LENGTH) -> bytes:
    """Bytes of a telegram, filled to ``length``.

    Raises
    ------
    ValueError
        Where a field is not as wide as its place, or holds what the wire cannot carry.
    """
    body = telegram.body
    parts = [_NAMES[type(body)]]
    for name, width in _LAYOUT[type(body)]:
        value = getattr(body, name)
        parts.append(_sized(name, date_text(value) if isinstance(value, datetime) else value, width))
    header = f"{length:05d}{_sized('sender', telegram.sender, 5)}{_sized('receiver', telegram.receiver, 5)}"
    raw = SYNC + f"{header}{telegram.seq:05d}{''.join(parts)}".encode("ascii")
    if len(raw) > length:
        raise ValueError(f"{_NAMES[type(body)]} does not fit into {length} characters")
    return raw.ljust(length, FILLING.encode())


def parse(raw: bytes) -> Telegram:
    """One whole telegram, understood.

    Raises
    ------
    BadTelegram
        Says which field is wrong. Everything is checked: SYNC, LEN against the bytes, characters, type, dates, filling.
    """
    length = announced(raw)
    if length is None or length != len(raw):
        raise BadTelegram(f"LEN says {raw[3:8]!r}, but there are {len(raw)} characters")
    if not _TEXT.fullmatch(raw, len(SYNC)):
        raise BadTelegram("a character that no field may hold")
    text = raw.decode("ascii")
    seq = text[18:23]
    if not seq.isdigit():
        raise BadTelegram(f"SEQ {seq!r} is no number")
    return Telegram(text[8:13], text[13:18], int(seq), _body(text))


def announced(raw: bytes) -> int | None:
    """Give the length that the begin of a telegram (at least `HEAD` bytes) announces; ``None`` where it is no begin."""
    digits = raw[3:8]
    if raw[:3] != SYNC or len(digits) != 5 or not digits.isdigit():
        return None
    return length if SHORTEST <= (length := int(digits)) <= LONGEST else None


def date_text(moment: datetime) -> str:
    """Fourteen digits: yyyyMMddHHmmss."""
    return f"{moment.year:04d}{moment:%m%d%H%M%S}"


def _body(text: str) -> Body:
    kind = TYPES.get(text[23:27])
    if kind is None:
        raise BadTelegram(f"unknown type {text[23:27]!r}")
    values: list[str | datetime] = []
    at = HEADER + 4
    for name, width in _LAYOUT[kind]:
        field = text[at : at + width]
        if len(field) != width:
            raise BadTelegram(f"{text[23:27]} ends inside {name}")
        values.append(_date(field) if name == "created" else field)
        at += width
    if text[at:].strip(FILLING):
        raise BadTelegram(f"{text[23:27]} is followed by {text[at : at + 20]!r}, not by filling")
    make: Callable[..., Body] = kind
    return make(*values)


def _date(field: str) -> datetime:
    if not field.isdigit():
        raise BadTelegram(f"created {field!r} is no date")
    parts = (field[:4], field[4:6], field[6:8], field[8:10], field[10:12], field[12:])
    year, month, day, hour, minute, second = map(int, parts)
    try:
        return datetime(year, month, day, hour, minute, second)  # without a zone: the options name it
    except ValueError:
        raise BadTelegram(f"created {field!r} is no date") from None


def _sized(name: str, value: str, width: int) -> str:
    if len(value) != width or not value.isascii() or not _TEXT.fullmatch(value.encode("ascii")):
        raise ValueError(f"{name} {value!r} does not fill {width} characters of the wire")
    return value
