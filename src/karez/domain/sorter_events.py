"""Events of the sorter as a whole: its link, its chutes and parts, and bytes that were no telegram."""

from dataclasses import dataclass
from typing import ClassVar

from karez.domain.ids import ChuteId


@dataclass(frozen=True, slots=True)
class ChuteChanged:
    """A chute's state as the PLC reported it; ``state`` is one of `ChuteState`."""

    kind: ClassVar[str] = "chute.changed"
    schema: ClassVar[int] = 1
    chute: ChuteId
    state: str
    fill_percent: int | None
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class SorterChanged:
    """An induction or the sorter itself changed; ``subject`` is ``induction`` or ``sorter``."""

    kind: ClassVar[str] = "sorter.changed"
    schema: ClassVar[int] = 1
    subject: str
    name: str
    state: str
    value: int | None
    plc_ts_ms: int


@dataclass(frozen=True, slots=True)
class SorterConnected:
    """The link to the PLC stands; ``session`` is the PLC's, ``resent`` how many of our telegrams were repeated."""

    kind: ClassVar[str] = "sorter.connected"
    schema: ClassVar[int] = 1
    peer: str
    session: str
    resent: int


@dataclass(frozen=True, slots=True)
class SorterDisconnected:
    """The link to the PLC is gone; ``reason`` says how it was noticed."""

    kind: ClassVar[str] = "sorter.disconnected"
    schema: ClassVar[int] = 1
    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class TelegramRejected:
    """Bytes that are no telegram: the first 256 in hexadecimal and a hash, or (after 20 a minute) only a count."""

    kind: ClassVar[str] = "telegram.rejected"
    schema: ClassVar[int] = 1
    peer: str
    reason: str
    head_hex: str
    sha256: str
    count: int = 1
