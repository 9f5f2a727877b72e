"""Publishes the mailbox: a reference page made from the layout's tables.

``python -m karez.sorter.plc.mailbox.page docs/reference`` writes it; a test holds it to the tables.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

from karez.sorter.plc.mailbox.layout import (
    BODIES,
    BODY_BYTES,
    CHECK,
    HEADER,
    HEADER_BYTES,
    MAX_ALTERNATIVES,
    MAX_CODES,
    SLOT_BYTES,
    SLOT_HEAD,
    SLOT_TAIL,
)
from karez.sorter.plc.mailbox.records import Field, Record

PAGE_FILE = "mailbox.md"

_TYPES = {"u16": "UINT (1 word)", "u32": "UDINT (2 words)", "i64": "LINT (4 words)"}
_DIRECTIONS = {1: "PLC → hub", 2: "PLC → hub", 3: "PLC → hub", 4: "both", 5: "hub → PLC"}
_WORDS = HEADER_BYTES + 32 * SLOT_BYTES  # of a block with 32 slots a ring
_ROW = "| word | byte | field | type | |"


def page() -> str:
    """The reference page."""
    rows = ["# Mailbox: telegrams in a PLC's memory", "", *dedent(_INTRODUCTION).strip().splitlines(), ""]
    rows += ["## Header of a side", "", *_table([(HEADER, 0), (CHECK, HEADER.size_bytes)]), ""]
    tail = SLOT_HEAD.size_bytes + BODY_BYTES
    frame = [(SLOT_HEAD, 0), (SLOT_TAIL, tail), (CHECK, tail + SLOT_TAIL.size_bytes)]
    rows += ["## Slot of a ring", "", *_table(frame), ""]
    rows += [f"Words 4 to {tail // 2 - 1} hold the telegram; what it does not use is zero."]
    for kind, record in BODIES.items():
        rows += ["", f"### {kind} {record.name}", "", _DIRECTIONS[kind], ""]
        rows += _table([(record, SLOT_HEAD.size_bytes)])
    return "\n".join(rows).rstrip() + "\n"


def _table(records: Sequence[tuple[Record, int]]) -> list[str]:
    rows = [_ROW, "|---|---|---|---|---|"]
    for record, begin in records:
        for at, field in zip(record.offsets, record.fields, strict=True):
            place = begin + at
            rows.append(f"| {place // 2} | {place} | `{field.name}` | {_type(field)} | {field.meaning} |")
    return rows


def _type(field: Field) -> str:
    return _TYPES.get(field.kind, f"{field.size_bytes} characters ({field.size_bytes // 2} words)")


_INTRODUCTION = f"""
    *Made from the layout's tables by `python -m karez.sorter.plc.mailbox.page docs/reference`; a test keeps it
    current.*

    The drivers [`modbus`](../how-to/modbus.md) and [`s7`](../how-to/s7.md) speak through one block of memory: in
    holding registers (a word is a register) or in a data block (places in bytes). Places below count from the block's
    begin, a slot's from the slot's begin.

    | byte | what | written by |
    |---|---|---|
    | 0 | header of the PLC, {HEADER_BYTES} bytes | PLC |
    | {HEADER_BYTES} | header of the hub, {HEADER_BYTES} bytes | hub |
    | {2 * HEADER_BYTES} | ring PLC → hub: N slots of {SLOT_BYTES} bytes | PLC |
    | {2 * HEADER_BYTES} + {SLOT_BYTES}·N | ring hub → PLC: N slots of {SLOT_BYTES} bytes | hub |

    N is the option `slots` (32: {_WORDS} words, {2 * _WORDS} bytes). Numbers are unsigned, LINT apart; in a word the
    high byte is first. Which word of a longer number is first is the Modbus option `word_order`; in S7 the high one.
    Texts are UTF-8, filled up with zero bytes, without a length.

    1. **Numbers.** Each side numbers its telegrams 1, 2, 3 … in each run. Telegram n stands in slot (n − 1) mod N of
       the side's ring. At 4,294,967,294 a new run begins.
    2. **Order of writing.** First the slot, then the header whose `sent` tells of it. A slot is written again only
       after the other side's `acked` has passed the telegram in it: no more than N are open. `first` is that
       `acked` + 1.
    3. **Check.** Adler-32 over all bytes before it: a := 1, b := 0; for each byte a := a + byte, b := b + a; at the end
       (b mod 65521) · 65536 + (a mod 65521). A header or slot whose check, number or run does not fit was caught half
       written: it is read again. A slot that stays so for three heartbeats is given up and reported.
    4. **Acknowledgement.** The hub's `acked` moves when the telegrams are on its disk. The PLC keeps them until then.
       `acked` counts only where `peer_run` is one's own run.
    5. **Runs.** After every restart a side takes a new `run`, counts from 1 again, and writes `peer_run` 0 until it has
       read the other's header. Who sees a new run of the other side begins at its `first`, and writes again all that is
       not acknowledged.
    6. **Heartbeat.** Every writing of the header raises it; each side writes its header at least once in each
       `heartbeat_ms`. Three intervals without a new one end the link, whatever the network card still answers. A link
       begins with a heartbeat that moves, not with the first one seen.
    7. **Repeats.** A hub that was restarted sends open orders again, under new numbers and their old `order`: remember
       the order ids of the parcels that ride, and do nothing twice.
    8. **What does not fit** is not cut: an order with a longer name is not sent, and is reported as
       `telegram.rejected`. An order carries the first {MAX_ALTERNATIVES} alternatives, SCAN up to {MAX_CODES} codes;
       the PLC leaves out a longer code (and says no-read where it was the only one).
    9. **Of two PLCs** that write into one block the newest run is heard; the other is reported until it stops.
"""


if __name__ == "__main__":
    (Path(sys.argv[1]) / PAGE_FILE).write_text(page(), "utf-8")
