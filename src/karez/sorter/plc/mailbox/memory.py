"""How an end reaches the block: its own memory, or the other side's through a protocol."""

from collections.abc import Callable
from typing import Protocol


class LinkDown(Exception):
    """The block cannot be reached now; the text says how it was noticed."""


class Memory(Protocol):
    """The block, wherever it is kept. All calls belong to the event loop that started it.

    Attributes
    ----------
    own
        It is kept here: reading costs nothing, and `start` was told whom to wake when the other side writes.
    max_read_bytes, max_write_bytes
        Most bytes of one request, which the other side carries out as one.
    """

    own: bool
    max_read_bytes: int
    max_write_bytes: int

    @property
    def port(self) -> int:
        """The port listened on or called."""
        ...

    @property
    def peer(self) -> str:
        """Who is at the other side: host and port."""
        ...

    async def start(self) -> None:
        """Listen, where this end does. Raises `OSError` where the address cannot be bound."""
        ...

    async def open(self) -> None:
        """Call the other side, where this end does. Raises `LinkDown`."""
        ...

    async def read(self, at_byte: int, size_bytes: int) -> bytes:
        """Bytes of the block. Raises `LinkDown`."""
        ...

    async def write(self, at_byte: int, raw: bytes) -> None:
        """Put bytes into the block. Raises `LinkDown`."""
        ...

    async def close(self) -> None:
        """Hang up, and listen no longer."""
        ...


Reject = Callable[[str, bytes, str], None]
"""Tells of bytes that are no telegram: reason, bytes, peer."""

Reach = Callable[[Callable[[], None], Reject], Memory]
"""Makes the memory of an end; is given what to call when the other side has written, and how to tell of bad bytes."""
