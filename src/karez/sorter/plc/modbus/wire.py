"""Bytes of the block to holding registers and back, and the limits of one Modbus request."""

import logging
import struct
from collections.abc import Sequence

# The library writes every bad byte of a peer, and whole frames, to the log; the driver tells of them within its limits.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)

MAX_READ_BYTES = 2 * 125
"""Most that one request reads (function 3); MODBUS Application Protocol Specification V1.1b3, 6.3."""

MAX_WRITE_BYTES = 2 * 123
"""Most that one request writes (function 16); the same, 6.12."""

READ_HOLDING, WRITE_ONE, WRITE_MANY, READ_WRITE = 3, 6, 16, 23
FUNCTIONS = frozenset({READ_HOLDING, WRITE_ONE, WRITE_MANY, READ_WRITE})
"""Function codes that a PLC needs to reach the block."""

MBAP_BYTES = 7
MAX_FRAME_BYTES = 260


def registers_of(raw: bytes) -> list[int]:
    """Registers of these bytes, an even number of them; the high byte comes first."""
    return list(struct.unpack(f">{len(raw) // 2}H", raw))


def bytes_of(registers: Sequence[int]) -> bytes:
    """Bytes of these registers."""
    return struct.pack(f">{len(registers)}H", *registers)


def frame_fault(data: bytes, unit_id: int) -> str | None:
    """Why these received bytes cannot begin a request to the block; ``None`` where they can."""
    if len(data) >= 4 and data[2:4] != b"\0\0":
        return "no Modbus TCP: the protocol identifier is not 0"
    if len(data) >= 6 and not 2 <= int.from_bytes(data[4:6], "big") <= MAX_FRAME_BYTES - 6:
        return f"no Modbus TCP: a length of {int.from_bytes(data[4:6], 'big')}"
    if len(data) >= MBAP_BYTES and data[6] != unit_id:
        return f"asks for unit {data[6]}; this is unit {unit_id}"
    if len(data) > MBAP_BYTES and data[MBAP_BYTES] not in FUNCTIONS:
        return f"function {data[MBAP_BYTES]} is not served: only holding registers are"
    return None
