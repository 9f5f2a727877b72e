"""Telegrams to JSON lines and back: the envelope of numbers, and the domain's telegrams inside it.

One line is one object: ``type``, ``session`` (the sender's), ``ack`` (highest number of the receiver's session that the
sender has committed), ``seq`` (the sender's running number; none on HELLO, ACK, RESEND and HEARTBEAT), and the fields
of the telegram as `karez.domain.telegrams` names them. Fields that are not known are ignored.
"""

from dataclasses import dataclass, fields, replace
from typing import Annotated, Literal

import msgspec

from karez.domain.errors import BadTelegram
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, Heartbeat, Induct, Scan, State, Subject, Telegram

PROTOCOL_VERSION = 1
TELEGRAM_TYPES: dict[str, type[Telegram]] = {
    "INDUCT": Induct,
    "SCAN": Scan,
    "DEST": Dest,
    "DIVERT": Divert,
    "STATE": State,
    "HEARTBEAT": Heartbeat,
}
TYPE_NAMES: dict[type[Telegram], str] = {kind: name for name, kind in TELEGRAM_TYPES.items()}

MAX_TEXT = 200  # characters of any one text
MAX_ITEMS = 32  # codes of a scan, alternatives of an order
MAX_INT = 2**53 - 1  # what every JSON reader keeps exactly

STATES: dict[Subject, frozenset[str]] = {
    Subject.CHUTE: frozenset(ChuteState),
    Subject.INDUCTION: frozenset({"on", "off"}),
    Subject.SORTER: frozenset({"running", "stopped"}),
}
"""What a STATE telegram may say of each subject."""

NO_ZERO = r"^[^\x00]*$"
"""What a name may hold: no zero character."""

Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT, pattern=NO_ZERO)]


class Envelope(msgspec.Struct, frozen=True):
    """What every line carries beside the telegram's own fields."""

    type: Name
    session: Name
    ack: Number = 0
    seq: Annotated[int, msgspec.Meta(ge=1, le=MAX_INT)] | None = None


class Hello(msgspec.Struct, frozen=True):
    """First line of each side.

    ``peer`` and ``last``: the other side's session as last seen, and the highest number of it that is committed here.
    ``first``: lowest number that may follow; a receiver that does not know the session starts there. ``sent``: highest
    number given so far; lower than what the receiver has committed, it tells that this side began anew under its old
    name.
    """

    side: Literal["wcs", "plc"]
    version: Number
    first: Annotated[int, msgspec.Meta(ge=1, le=MAX_INT)]
    peer: Name | None = None
    last: Number = 0
    sent: Number | None = None


class Resend(msgspec.Struct, frozen=True):
    """Asks for everything with a higher number than ``after``: something is missing."""

    after: Number


@dataclass(frozen=True, slots=True)
class Ack:
    """Nothing but the envelope's acknowledgement."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The envelope can be read, the telegram in it cannot: its number is spent, the rest goes on."""

    reason: str


Body = Hello | Resend | Ack | Unreadable | Telegram


@dataclass(frozen=True, slots=True)
class Line:
    """One line, understood."""

    session: str
    ack: int
    seq: int | None
    body: Body


_encode = msgspec.json.Encoder().encode
_envelope = msgspec.json.Decoder(Envelope)
_hello = msgspec.json.Decoder(Hello)
_resend = msgspec.json.Decoder(Resend)
_telegrams = {name: msgspec.json.Decoder(kind) for name, kind in TELEGRAM_TYPES.items()}


def encode(session: str, ack: int, seq: int | None, body: Hello | Resend | Ack | Telegram) -> bytes:
    """Line with its newline."""
    head = _encode(Envelope(_type_of(body), session, ack, seq))
    inner = b"{}" if isinstance(body, Ack) else _encode(body)
    return head + b"\n" if inner == b"{}" else head[:-1] + b"," + inner[1:] + b"\n"


def decode(raw: bytes) -> Line:
    """One line without its newline, understood.

    Raises
    ------
    BadTelegram
        Where the envelope cannot be read, so that nobody can say which number is spent.
    """
    try:
        envelope = _envelope.decode(raw)
        body = _body(envelope, raw)
    except msgspec.ValidationError as error:
        raise BadTelegram(f"no telegram: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadTelegram(f"no JSON: {error}") from None
    return Line(envelope.session, envelope.ack, envelope.seq, body)


def _body(envelope: Envelope, raw: bytes) -> Body:
    if envelope.type == "HELLO":
        return _hello.decode(raw)
    if envelope.type == "RESEND":
        return _resend.decode(raw)
    if envelope.type == "ACK":
        return Ack()
    decoder = _telegrams.get(envelope.type)
    if decoder is None:
        return Unreadable(f"unknown type {envelope.type!r}")
    if envelope.seq is None and envelope.type != "HEARTBEAT":
        raise BadTelegram(f"{envelope.type} without a sequence number")
    try:
        return _checked(_frozen(decoder.decode(raw)))
    except msgspec.DecodeError as error:
        return Unreadable(f"{envelope.type}: {error}")


def _frozen(telegram: Telegram) -> Telegram:
    """Give sequences as tuples: a telegram is a value, equal to the one that was sent."""
    if isinstance(telegram, Dest):
        return replace(telegram, alternatives=tuple(telegram.alternatives))
    if isinstance(telegram, Scan):
        return replace(telegram, codes=tuple(telegram.codes))
    return telegram


def _checked(telegram: Telegram) -> Telegram:
    """Hold every value to the bounds that the reference states."""
    for field in fields(telegram):
        fault = _fault(getattr(telegram, field.name))
        if fault:
            raise msgspec.ValidationError(f"{field.name} {fault}")
    if isinstance(telegram, State) and telegram.state not in STATES[telegram.subject]:
        raise msgspec.ValidationError(f"state {telegram.state!r} is none of {telegram.subject}")
    return telegram


def _fault(value: object) -> str | None:
    if isinstance(value, tuple):  # a scanner may read anything; a scan without its code would still need an answer
        inner = next((fault for item in value if (fault := _too_long(item))), None)
        return f"has more than {MAX_ITEMS} items" if len(value) > MAX_ITEMS else inner
    if isinstance(value, str):
        return _name_fault(value)
    if isinstance(value, int) and abs(value) > MAX_INT:
        return "is beyond 2^53"
    return None


def _name_fault(value: str) -> str | None:
    if not value:
        return "is empty"
    if "\0" in value:  # PostgreSQL keeps none: a refused commit would end the hub, and the PLC would send it again
        return "holds a zero character"
    return _too_long(value)


def _too_long(value: str) -> str | None:
    return f"is longer than {MAX_TEXT} characters" if len(value) > MAX_TEXT else None


def _type_of(body: Hello | Resend | Ack | Telegram) -> str:
    if isinstance(body, Hello | Resend | Ack):
        return type(body).__name__.upper()
    return TYPE_NAMES[type(body)]
