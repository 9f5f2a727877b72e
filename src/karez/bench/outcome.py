"""What a subject made of one picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read, and what it cost.

    Attributes
    ----------
    waybill
        The number taken for the parcel's waybill; ``None`` where none was.
    seen
        All waybill numbers told apart in the picture, also where none was taken.
    texts
        Contents of all codes.
    lines
        Lines of print.
    cpu_ms
        Processor time, decoding of the file included.
    why
        In words, why no waybill was taken.
    failed
        Whether the subject crashed or hung on it.
    drawn
        The picture with what was found drawn on it (JPEG); only of the subject that draws.
    """

    waybill: str | None = None
    seen: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    cpu_ms: float = 0.0
    why: str = ""
    failed: bool = False
    drawn: bytes = b""
