"""Bytes gone wrong, for fuzzing: flipped, cut, doubled, moved, mixed with others, or invented."""

from random import Random

_SPECIAL = [b"\x00", b"\n", b"\r\n", b"\xff", b"###", b"{", b'"', b"*", b"\\u0000", b"9" * 20, b"-1", b"\xe5\x96\x80"]


def mutated(chance: Random, raw: bytes, other: bytes) -> bytes:
    """Give a telegram with one to four things wrong with it, or (seldom) nothing."""
    data = bytearray(raw)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        chance.choice(_WAYS)(chance, data, other)
    return bytes(data)


def _flip(chance: Random, data: bytearray, other: bytes) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _put(chance: Random, data: bytearray, other: bytes) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(chance: Random, data: bytearray, other: bytes) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice(_SPECIAL)


def _overwrite(chance: Random, data: bytearray, other: bytes) -> None:
    what, at = chance.choice(_SPECIAL), chance.randrange(len(data) + 1)
    data[at : at + len(what)] = what


def _delete(chance: Random, data: bytearray, other: bytes) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.randrange(1, 30)]


def _cut(chance: Random, data: bytearray, other: bytes) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _double(chance: Random, data: bytearray, other: bytes) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[at : at + chance.randrange(1, 40)]


def _splice(chance: Random, data: bytearray, other: bytes) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:] = other[at:]


def _invent(chance: Random, data: bytearray, other: bytes) -> None:
    data[:] = chance.randbytes(chance.randrange(1, 300))


_WAYS = (_flip, _put, _insert, _overwrite, _delete, _cut, _double, _splice, _invent)
