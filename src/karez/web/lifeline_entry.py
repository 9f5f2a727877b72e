"""One event of a parcel as a page tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Facts = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the page tells it.

    Attributes
    ----------
    text, values
        A whole sentence (a message) and what stands in its placeholders.
    reason
        ``(enumeration, code)`` for the reason in words, or ``None``.
    explanation
        The sentence that the event itself carries, in English.
    facts
        Pairs of message and value; a value that is a code is ``(enumeration, code)``, shown in words.
    weight
        ``final`` for the end of a parcel's way, ``attention`` for what did not go as planned, else ``plain``.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: tuple[str, str] | None = None
    explanation: str = ""
    facts: Facts = ()
    weight: str = "plain"
    at: datetime | None = None
    position: int = 0
    kind: str = ""
