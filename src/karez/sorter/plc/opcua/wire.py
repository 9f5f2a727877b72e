"""Values of tags and arguments of methods to telegrams and back.

Whatever the form, the fields go through the decoder of the TCP driver's lines, so that there is one set of bounds.
"""

from collections.abc import Mapping, Sequence

import msgspec
from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Telegram
from karez.sorter.plc.opcua.space import FIELDS_OF, METHOD_HEAD, TEXT, WHOLE, Field
from karez.sorter.plc.tcp import wire as lines
from karez.sorter.plc.tcp.wire import Line

_MAX_WHOLE = 2**53 - 1
_MAX_SLOT_TEXT = 65_536
_NO_TEXT, _NO_WHOLE = "", -1

encode_json = msgspec.json.Encoder().encode


def plain(data: ua.DataValue | None) -> object:
    """Python value of what a server gave.

    Raises
    ------
    BadTelegram
        Where the server says that the value is bad.
    """
    if not isinstance(data, ua.DataValue) or data.Value is None:
        raise BadTelegram("no value")
    if data.StatusCode is not None and not data.StatusCode.is_good():
        raise BadTelegram(f"no good value: {data.StatusCode.name}")
    return data.Value.Value


def whole(value: object) -> int:
    """A whole number from 0; whatever integer type the PLC gives it. Raises `BadTelegram`."""
    if type(value) is not int or not 0 <= value <= _MAX_WHOLE:
        raise BadTelegram(f"no whole number: {str(value)[:40]!r}")
    return value


def text(value: object) -> str:
    """A text; a null string is empty. Raises `BadTelegram`."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > lines.MAX_TEXT:
        raise BadTelegram(f"no text of at most {lines.MAX_TEXT} characters")
    return value


def name(value: object) -> str:
    """A text that names something and is stored as it is. Raises `BadTelegram`."""
    if "\0" in (told := text(value)):
        raise BadTelegram("a name with a zero character")
    return told


# ---- mode method: a slot is one text, orders are arguments --------------------------------------------------------


def slot_text(session: str, number: int, telegram: Telegram) -> str:
    """Text of a slot: the line that the TCP driver would send, without its newline."""
    return lines.encode(session, 0, number, telegram)[:-1].decode()


def line_of_text(value: object) -> Line | None:
    """Understand a slot's text; ``None`` where the slot is empty. Raises `BadTelegram`."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _bytes_of(value)
    if not isinstance(value, bytes) or len(value) > _MAX_SLOT_TEXT:
        raise BadTelegram("a slot holds neither text nor bytes, or too much of it")
    return _numbered(lines.decode(value))


def arguments_of(session: str, number: int, telegram: Telegram) -> list[ua.Variant]:
    """Arguments of the method that takes this telegram."""
    head = [ua.Variant(value, kind) for value, (_, kind) in zip((session, number), METHOD_HEAD, strict=True)]
    fields = FIELDS_OF[lines.TYPE_NAMES[type(telegram)]]
    return head + [variant(field, getattr(telegram, field.name)) for field in fields]


def line_of_arguments(kind: str, arguments: Sequence[object]) -> Line:
    """Understand a method's arguments. Raises `BadTelegram`."""
    fields = FIELDS_OF[kind]
    if len(arguments) != len(METHOD_HEAD) + len(fields):
        raise BadTelegram(f"{len(arguments)} arguments instead of {len(METHOD_HEAD) + len(fields)}")
    session, number, *values = arguments
    return line_of_fields(text(session), whole(number), kind, fields, values)


# ---- mode tags: every field is a tag ------------------------------------------------------------------------------


def slot_values(number: int, telegram: Telegram) -> dict[str, ua.Variant]:
    """Values of the tags of a slot that this telegram needs, by tag; other tags of the slot keep what they hold."""
    kind = lines.TYPE_NAMES[type(telegram)]
    head = {"Number": ua.Variant(number, WHOLE), "Type": ua.Variant(kind, TEXT)}
    return head | {field.tag: variant(field, getattr(telegram, field.name)) for field in FIELDS_OF[kind]}


def line_of_slot(session: str, fields: Sequence[Field], values: Sequence[object]) -> Line | None:
    """Understand a slot's tags; ``None`` where it is empty. Raises `BadTelegram`.

    Parameters
    ----------
    session
        The sender's: a slot does not repeat it.
    fields
        What the slot has behind number and type.
    values
        Number, type and fields.
    """
    number, kind = whole(values[0]), text(values[1])
    if number == 0:
        return None
    of_kind = FIELDS_OF.get(kind, ())
    by_name = dict(zip((field.name for field in fields), values[2:], strict=True))
    if not of_kind or any(field.name not in by_name for field in of_kind):
        return Line(session, 0, number, lines.Unreadable(f"unknown type {kind!r}"))
    return line_of_fields(session, number, kind, of_kind, [by_name[field.name] for field in of_kind])


# ---- both ---------------------------------------------------------------------------------------------------------


def line_of_fields(session: str, number: int, kind: str, fields: Sequence[Field], values: Sequence[object]) -> Line:
    """Understand a telegram given field by field. Raises `BadTelegram` where its number cannot be told."""
    if number < 1:
        raise BadTelegram("running numbers begin with 1")
    try:
        told: Mapping[str, object] = {
            field.name: _told(field, value) for field, value in zip(fields, values, strict=True)
        }
        raw = encode_json({"type": kind, "session": session, "seq": number, **told})
    except BadTelegram as bad:
        return Line(session, 0, number, lines.Unreadable(f"{kind}: {bad.what}"))
    except ValueError as error:  # a text that is no Unicode
        raise BadTelegram(f"no telegram: {error}") from None
    return _numbered(lines.decode(raw))


def variant(field: Field, value: object) -> ua.Variant:
    """Value of a field as the address space holds it."""
    if field.many:
        return ua.Variant(list(value) if isinstance(value, Sequence) else [], field.kind, is_array=True)
    if value is None:
        value = _NO_TEXT if field.kind is TEXT else _NO_WHOLE
    return ua.Variant(str(value) if field.kind is TEXT else value, field.kind)


def _told(field: Field, value: object) -> object:
    if field.many:
        return [text(item) for item in _list_of(value)]
    told = text(value) if field.kind is TEXT else _signed(value)
    none = _NO_TEXT if field.kind is TEXT else _NO_WHOLE
    return None if field.optional and told == none else told


def _list_of(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > lines.MAX_ITEMS:
        raise BadTelegram(f"no list of at most {lines.MAX_ITEMS} texts")
    return value


def _signed(value: object) -> int:
    if type(value) is not int or abs(value) > _MAX_WHOLE:
        raise BadTelegram(f"no whole number: {str(value)[:40]!r}")
    return value


def _bytes_of(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise BadTelegram(f"no telegram: {error}") from None


def _numbered(line: Line) -> Line:
    if line.seq is None:
        raise BadTelegram("a slot without a running number")
    return line
