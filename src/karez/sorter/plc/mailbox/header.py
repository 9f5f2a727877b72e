"""A side's header as a value: to bytes, and back unless it was caught half written."""

from dataclasses import dataclass
from zlib import adler32

from karez.domain.errors import BadTelegram
from karez.sorter.plc.mailbox.layout import CHECK, HEADER, HEADER_BYTES, MAGIC, SESSION_BYTES, SLOT_BYTES, VERSION
from karez.sorter.plc.mailbox.records import WordOrder, packed_text, unpacked_text


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes that are not whole (half old, half new, or never written): to be read again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Header:
    """What one side tells of itself; the fields are explained in `layout.HEADER`."""

    run: int
    session: str
    peer_run: int
    acked: int
    first: int
    sent: int
    heartbeat: int
    slots: int


def encode_header(header: Header, order: WordOrder) -> bytes:
    """The header's 64 bytes. Raises `ValueError` where the session's name does not fit."""
    values = (
        MAGIC,
        VERSION,
        header.run,
        packed_text(header.session, SESSION_BYTES),
        header.peer_run,
        header.acked,
        header.first,
        header.sent,
        header.heartbeat,
        header.slots,
        SLOT_BYTES,
        b"",
    )
    raw = HEADER.pack(values, order)
    return raw + CHECK.pack((adler32(raw),), order)


def decode_header(raw: bytes, order: WordOrder) -> Header | Torn:
    """The header in these 64 bytes.

    Raises
    ------
    BadTelegram
        Where it is whole, but not one that can be spoken with here.
    """
    if not any(raw):
        return Torn("nothing is written there yet")
    told = raw[HEADER.size_bytes : HEADER_BYTES]
    if CHECK.pack((adler32(raw[: HEADER.size_bytes]),), order) != told:
        return Torn("the header's check does not fit")
    magic, version, run, session, peer_run, acked, first, sent, heartbeat, slots, slot_bytes, _ = HEADER.unpack(
        raw[: HEADER.size_bytes], order
    )
    if (magic, version, slot_bytes) != (MAGIC, VERSION, SLOT_BYTES):
        raise BadTelegram(f"a header of kind {magic:#06x}, version {version}, slots of {slot_bytes} bytes")
    if not run:
        raise BadTelegram("a header whose run is 0")
    return Header(run, _session(session, run), peer_run, acked, first, sent, heartbeat, slots)


def _session(raw: bytes, run: int) -> str:
    try:
        return unpacked_text(raw) or f"run-{run}"
    except ValueError as error:
        raise BadTelegram(f"a header whose session is {error}") from None
