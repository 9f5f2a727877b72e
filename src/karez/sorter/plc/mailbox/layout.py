"""The block's layout, field by field: what a PLC programmer builds his side from. Both ends are made from these tables.

::

    byte 0      header of the PLC          written by the PLC, read by the hub
    byte 64     header of the hub          written by the hub, read by the PLC
    byte 128    ring PLC → hub             N slots of 122 bytes, written by the PLC
    …           ring hub → PLC             N slots of 122 bytes, written by the hub

The telegram with running number ``n`` stands in slot ``(n - 1) mod N`` of its ring. A slot is written first, then the
header that tells of it; it is written again only after the other side has acknowledged what stood there.
"""

from dataclasses import dataclass
from typing import Literal

from karez.sorter.plc.mailbox.records import Field, Record, WordOrder

MAGIC = 0x4B5A  # "KZ"
VERSION = 1
HEADER_BYTES = 64
SLOT_BYTES = 122  # 61 words: two fit one Modbus request (125 words read, 123 written), one an S7 PDU of 240
BODY_BYTES = 108
PARCEL_BYTES, ORDER_BYTES, CHUTE_BYTES, NAME_BYTES, CODE_BYTES, REASON_BYTES, SESSION_BYTES = 24, 24, 8, 16, 28, 16, 24
MAX_CODES = 2
MAX_ALTERNATIVES = 4
NO_U16, NO_U32 = 0xFFFF, 0xFFFF_FFFF  # "there is none" in a field that may be empty
MAX_NUMBER = NO_U32 - 1  # of the running numbers

Side = Literal["plc", "wcs"]

HEADER = Record(
    "header",
    [
        Field("magic", "u16", "0x4B5A"),
        Field("version", "u16", "1"),
        Field("run", "u32", "number of this run of the side: not 0, another one after every restart"),
        Field(
            "session", f"text{SESSION_BYTES}", "name of this run; may be left empty, then the run number is its name"
        ),
        Field("peer_run", "u32", "run of the other side that `acked` speaks of; 0: none seen yet"),
        Field("acked", "u32", "all telegrams of the other side up to this number are safe here"),
        Field("first", "u32", "lowest number that still stands in this side's ring; `sent` + 1: none"),
        Field("sent", "u32", "highest number written into this side's ring; 0: none yet"),
        Field(
            "heartbeat",
            "u16",
            "raised by 1 (65535 → 0) with every writing of this header, at least once in each interval",
        ),
        Field("slots", "u16", "N, slots of each ring"),
        Field("slot_bytes", "u16", "122"),
        Field("spare", "text6", "zero"),
    ],
)
"""One side's header, without its check."""

CHECK = Record("check", [Field("check", "u32", "Adler-32 of all bytes before it in the header or slot")])

SLOT_HEAD = Record(
    "slot head",
    [
        Field("number", "u32", "running number: 1, 2, 3 … in each run"),
        Field("run", "u16", "low word of the writing side's run"),
        Field("type", "u16", "1 INDUCT, 2 SCAN, 3 DIVERT, 4 STATE, 5 DEST"),
    ],
)
SLOT_TAIL = Record("slot tail", [Field("number_again", "u16", "low word of the running number")])

_PARCEL = Field("parcel", f"text{PARCEL_BYTES}", "the parcel's id: the PLC's own, never given twice")
_CARRIER = Field("carrier", "u32", "number of the carrier")
_TIME = Field("ts_ms", "i64", "the PLC's clock in ms; recorded, never compared")
_ORDER = "the order's id: a repeat carries the same one"

INDUCT = Record(
    "INDUCT",
    [_PARCEL, _CARRIER, Field("induction", f"text{NAME_BYTES}", "name of the induction"), _TIME],
    BODY_BYTES,
)
SCAN = Record(
    "SCAN",
    [
        _PARCEL,
        _CARRIER,
        Field("lap", "u16", "1 on the first pass"),
        _TIME,
        Field("mass_g", "u32", "grams; 0xFFFFFFFF: not weighed"),
        Field("length_mm", "u16", "0xFFFF: not measured"),
        Field("width_mm", "u16", "0xFFFF: not measured"),
        Field("height_mm", "u16", "0xFFFF: not measured"),
        Field("codes", "u16", f"how many codes were read: 0 (no-read) to {MAX_CODES}"),
        Field("code_1", f"text{CODE_BYTES}", "first code"),
        Field("code_2", f"text{CODE_BYTES}", "second code"),
    ],
    BODY_BYTES,
)
DIVERT = Record(
    "DIVERT",
    [
        _PARCEL,
        _CARRIER,
        Field("outcome", "u16", "1 ok, 2 full, 3 jam, 4 late, 5 aborted, 6 lost, 7 recirculated"),
        _TIME,
        Field("chute", f"text{CHUTE_BYTES}", "where it went, or could not go; empty: none"),
        Field("order", f"text{ORDER_BYTES}", "the order that was carried out; empty: none"),
    ],
    BODY_BYTES,
)
STATE = Record(
    "STATE",
    [
        Field(
            "state",
            "u16",
            "chute 1 open, 2 full, 3 closed, 4 bag_change; induction 11 on, 12 off; sorter 21 running, 22 stopped",
        ),
        Field("name", f"text{NAME_BYTES}", "name of the chute or induction; `*`: all"),
        _TIME,
        Field("value", "u32", "fill in percent, speed in mm/s; 0xFFFFFFFF: none"),
    ],
    BODY_BYTES,
)
DEST = Record(
    "DEST",
    [
        Field("order", f"text{ORDER_BYTES}", _ORDER),
        Field("parcel", f"text{PARCEL_BYTES}", "the parcel it is for"),
        Field("chute", f"text{CHUTE_BYTES}", "where to; empty: go round once more"),
        *(
            Field(f"alternative_{number}", f"text{CHUTE_BYTES}", "tried next; empty: no more")
            for number in range(1, MAX_ALTERNATIVES + 1)
        ),
        Field("valid_for_ms", "u32", "from receipt; 0xFFFFFFFF: while the parcel is on the sorter"),
        Field("reason", f"text{REASON_BYTES}", "code, for the display"),
    ],
    BODY_BYTES,
)

BODIES = {1: INDUCT, 2: SCAN, 3: DIVERT, 4: STATE, 5: DEST}
"""Records of a slot's body by the telegram's type."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where everything stands in a block of ``slots`` slots a ring.

    Attributes
    ----------
    word_order
        Of the numbers of 32 and 64 bits.
    """

    slots: int
    word_order: WordOrder = "high_first"

    @property
    def size_bytes(self) -> int:
        """Of the whole block."""
        return 2 * HEADER_BYTES + 2 * self.slots * SLOT_BYTES

    def header_at(self, side: Side) -> int:
        """Byte at which a side's header begins."""
        return 0 if side == "plc" else HEADER_BYTES

    def slot_at(self, side: Side, number: int) -> int:
        """Byte at which the slot of a running number begins, in the ring that ``side`` writes."""
        ring = 2 * HEADER_BYTES + (0 if side == "plc" else self.slots * SLOT_BYTES)
        return ring + (number - 1) % self.slots * SLOT_BYTES
