"""One slot of a ring: a telegram to 122 bytes, and back unless it was caught half written."""

import struct
from dataclasses import dataclass
from zlib import adler32

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Telegram
from karez.sorter.plc.mailbox.bodies import TYPE_OF, body_of, telegram_of
from karez.sorter.plc.mailbox.header import Torn
from karez.sorter.plc.mailbox.layout import BODIES, CHECK, MAX_NUMBER, SLOT_BYTES, SLOT_HEAD, SLOT_TAIL
from karez.sorter.plc.mailbox.records import WordOrder

_BODY_AT = SLOT_HEAD.size_bytes
_TAIL_AT = SLOT_BYTES - CHECK.size_bytes - SLOT_TAIL.size_bytes
_CHECK_AT = SLOT_BYTES - CHECK.size_bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The slot is whole, but its telegram cannot be understood: its number is spent, the rest goes on."""

    reason: str


def encode_slot(number: int, run: int, telegram: Telegram, order: WordOrder) -> bytes:
    """A slot's bytes.

    Raises
    ------
    BadTelegram
        Naming the field that does not fit.
    """
    if not 1 <= number <= MAX_NUMBER:
        raise BadTelegram(f"number {number} is beyond {MAX_NUMBER}: a new run must begin")
    kind = TYPE_OF.get(type(telegram))
    if kind is None:
        raise BadTelegram(f"{type(telegram).__name__} has no slot")
    try:
        body = BODIES[kind].pack(body_of(telegram), order)
    except (ValueError, struct.error) as error:
        raise BadTelegram(f"{BODIES[kind].name} does not fit: {error}") from None
    head = SLOT_HEAD.pack((number, run & 0xFFFF, kind), order)
    raw = head + body + SLOT_TAIL.pack((number & 0xFFFF,), order)
    return raw + CHECK.pack((adler32(raw),), order)


def decode_slot(raw: bytes, number: int, run: int, order: WordOrder) -> Telegram | Unreadable | Torn:
    """What stands in these 122 bytes, where ``number`` of ``run`` should stand."""
    if CHECK.pack((adler32(raw[:_CHECK_AT]),), order) != raw[_CHECK_AT:]:
        return Torn("the slot's check does not fit")
    found, found_run, kind = SLOT_HEAD.unpack(raw[:_BODY_AT], order)
    (again,) = SLOT_TAIL.unpack(raw[_TAIL_AT:_CHECK_AT], order)
    if found != number or again != number & 0xFFFF:
        return Torn(f"the slot holds number {found}")
    if found_run != run & 0xFFFF:
        return Torn("the slot is of another run")
    body = BODIES.get(kind)
    if body is None:
        return Unreadable(f"type {kind} is unknown")
    try:
        return telegram_of(kind, body.unpack(raw[_BODY_AT:_TAIL_AT], order))
    except ValueError as error:
        return Unreadable(f"{body.name}: {error}")
