"""Fixed records: named fields at fixed places in a run of 16-bit words, packed and unpacked."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

WordOrder = Literal["high_first", "low_first"]
"""Which word of a number of 32 or 64 bits comes first; within a word the high byte is always first."""

Value = int | bytes

_NUMBERS = {"u16": ("H", 2), "u32": ("I", 4), "i64": ("q", 8)}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes
    ----------
    kind
        ``u16``, ``u32``, ``i64``, or ``text`` with its bytes, for example ``text24``.
    meaning
        What the PLC programmer must know of it.
    """

    name: str
    kind: str
    meaning: str

    @property
    def size_bytes(self) -> int:
        """Bytes it takes; always whole words."""
        return _NUMBERS[self.kind][1] if self.kind in _NUMBERS else int(self.kind.removeprefix("text"))

    @property
    def code(self) -> str:
        """Its code in a `struct` format."""
        return _NUMBERS[self.kind][0] if self.kind in _NUMBERS else f"{self.size_bytes}s"


class Record:
    """Fields one after the other, without gaps; what is left up to ``size_bytes`` is zero.

    Parameters
    ----------
    name
        As the reference calls it.
    fields
        In their order.
    size_bytes
        Of the whole record, whole words; ``None``: as much as the fields take.
    """

    def __init__(self, name: str, fields: Sequence[Field], size_bytes: int | None = None) -> None:
        self.name, self.fields = name, tuple(fields)
        used = sum(field.size_bytes for field in fields)
        self.size_bytes = used if size_bytes is None else size_bytes
        self._struct = struct.Struct(f">{''.join(field.code for field in fields)}{self.size_bytes - used}x")
        self._longs = tuple(
            (at, field.size_bytes)
            for at, field in zip(self.offsets, self.fields, strict=True)
            if field.kind in ("u32", "i64")
        )

    @property
    def offsets(self) -> tuple[int, ...]:
        """Byte at which each field begins."""
        sizes = [field.size_bytes for field in self.fields]
        return tuple(sum(sizes[:number]) for number in range(len(sizes)))

    def pack(self, values: Sequence[Value], order: WordOrder) -> bytes:
        """Bytes of the record. Raises `struct.error` where a number does not fit its field."""
        raw = self._struct.pack(*values)
        return raw if order == "high_first" else self._turned(raw)

    def unpack(self, raw: bytes, order: WordOrder) -> tuple[Any, ...]:
        """Values of the fields, `int` or `bytes`; ``raw`` has the record's size."""
        return self._struct.unpack(raw if order == "high_first" else self._turned(raw))

    def _turned(self, raw: bytes) -> bytes:
        """The words of every long number in the opposite order; done twice it is undone."""
        turned = bytearray(raw)
        for at, size in self._longs:
            turned[at : at + size] = b"".join(raw[word : word + 2] for word in range(at + size - 2, at - 2, -2))
        return bytes(turned)


def packed_text(text: str, size_bytes: int) -> bytes:
    """UTF-8, filled up with zero bytes.

    Raises
    ------
    ValueError
        Saying why it does not fit.
    """
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{text!r} is no text") from None
    if b"\0" in raw:
        raise ValueError(f"{text!r} holds a zero byte")
    if len(raw) > size_bytes:
        raise ValueError(f"{text!r} takes {len(raw)} bytes of {size_bytes}")
    return raw


def unpacked_text(raw: bytes) -> str:
    """Text up to its fill of zero bytes.

    Raises
    ------
    ValueError
        Where it is not UTF-8, or something stands behind a zero byte.
    """
    text = raw.rstrip(b"\0")
    if b"\0" in text:
        raise ValueError("a text with a zero byte inside")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise ValueError("a text that is not UTF-8") from None
