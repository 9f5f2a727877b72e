"""How much of a data block one S7 request carries, and what the library's errors mean."""

import logging

from snap7.error import S7Error

# The library logs every bad byte of a peer; the driver tells of them itself, within its limits.
logging.getLogger("snap7").setLevel(logging.CRITICAL)

READ_OVERHEAD_BYTES = 18
"""Of an S7 answer that carries read bytes: 12 of its header, 2 of parameters, 4 before the data."""

WRITE_OVERHEAD_BYTES = 35
"""Of an S7 request that carries bytes to write: 10 of header, 14 of parameters, 4 before the data, and a reserve."""


def most_bytes(pdu_bytes: int) -> tuple[int, int]:
    """Most bytes that one request reads and writes, with the length of PDU that the PLC agreed to (240, 480, 960)."""
    return pdu_bytes - READ_OVERHEAD_BYTES, pdu_bytes - WRITE_OVERHEAD_BYTES


def reason_of(error: Exception) -> str:
    """Say in words what ended an exchange with the PLC."""
    if isinstance(error, TimeoutError):
        return "the PLC did not answer in time"
    if isinstance(error, S7Error):
        return f"the PLC refused or hung up ({error})"
    return f"the connection broke ({type(error).__name__})"
