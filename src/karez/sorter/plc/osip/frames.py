"""Bytes to OSIP telegrams: finds where one begins and ends, and finds the next begin after bytes that are none."""

from dataclasses import dataclass

from karez.sorter.plc.osip.wire import HEAD, SYNC, announced

_BETWEEN = b"\r\n"  # terminals and some PLCs end a telegram with it; it means nothing
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes between telegrams: their beginning, and how many they were."""

    head: bytes
    length: int

    def followed_by(self, more: "Garbage") -> "Garbage":
        """Both as one: however the bytes are cut, there is one piece between two telegrams of a chunk."""
        return Garbage(
            (self.head + more.head)[:_KEPT] if len(self.head) < _KEPT else self.head, self.length + more.length
        )


class FrameSplitter:
    """Takes bytes as they come and gives whole telegrams as their header announces them, not yet parsed."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def pending(self) -> bytes:
        """The telegram that is not whole yet."""
        return bytes(self._bytes)

    def feed(self, chunk: bytes) -> list[bytes | Garbage]:
        """Telegrams that these bytes complete, and what was passed over, in order."""
        self._bytes += chunk
        found: list[bytes | Garbage] = []
        at = 0
        while (end := self._next(at, found)) > at:
            at = end
        del self._bytes[:at]
        return found

    def _next(self, at: int, found: list[bytes | Garbage]) -> int:
        """Take one piece from ``at``; where it ends, or ``at`` where more bytes are needed."""
        held = self._bytes
        if at < len(held) and held[at] in _BETWEEN:
            return at + 1
        if len(held) - at < HEAD and SYNC.startswith(held[at : at + len(SYNC)]):
            return at
        length = announced(bytes(held[at : at + HEAD]))
        if length is None:
            return self._skip(at, held.find(SYNC, at + 1), found)
        # No field holds a SYNC: one inside says that this telegram broke off and another began.
        broken_by = held.find(SYNC, at + len(SYNC), at + length)
        if broken_by >= 0:
            return self._skip(at, broken_by, found)
        if len(held) - at < length:
            return at
        found.append(bytes(held[at : at + length]))
        return at + length

    def _skip(self, at: int, to: int, found: list[bytes | Garbage]) -> int:
        if to < 0:  # keep what may be the beginning of a SYNC
            to = len(self._bytes)
            while to > at + 1 and to > len(self._bytes) - 2 and self._bytes[to - 1] == SYNC[0]:
                to -= 1
        passed = Garbage(bytes(self._bytes[at : min(to, at + _KEPT)]), to - at)
        before = found[-1] if found else None
        if isinstance(before, Garbage):
            found[-1] = before.followed_by(passed)
        else:
            found.append(passed)
        return to
