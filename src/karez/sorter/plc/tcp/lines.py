"""Bytes to lines: newline ends a line, a line has a bound, and what is longer is skipped up to the next newline."""

from dataclasses import dataclass

MAX_LINE_BYTES = 65_536
"""Longest line; the longest telegram that the wire allows fits (a test shows it)."""


@dataclass(frozen=True, slots=True)
class Oversize:
    """A line longer than the bound: its beginning, and how long it was."""

    head: bytes
    length: int


class LineSplitter:
    """Takes bytes as they come and gives whole lines, without their newline."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._part = bytearray()
        self._skipped = 0  # bytes dropped of the line that is being skipped

    @property
    def pending(self) -> bytes:
        """The half line that has no newline yet."""
        return bytes(self._part)

    def feed(self, chunk: bytes) -> list[bytes | Oversize]:
        """Lines that these bytes complete."""
        *ended, rest = chunk.split(b"\n")
        lines = []
        for piece in ended:
            self._add(piece)
            lines.append(self._finish())
        self._add(rest)
        return lines

    def _add(self, piece: bytes) -> None:
        room = max(0, self._limit - len(self._part))
        self._part += piece[:room]
        self._skipped += len(piece) - len(piece[:room])

    def _finish(self) -> bytes | Oversize:
        head, skipped = bytes(self._part), self._skipped
        self._part.clear()
        self._skipped = 0
        return Oversize(head, len(head) + skipped) if skipped else head.removesuffix(b"\r")
