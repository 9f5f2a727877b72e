"""Personal data of one parcel: kept apart from events, erasable, shown masked."""

from collections.abc import Sequence
from dataclasses import dataclass

from karez.domain.ids import ParcelId
from karez.domain.reading import Line


@dataclass(frozen=True, slots=True)
class PersonalText:
    """What was read on a label that may name a person.

    Attributes
    ----------
    address
        Recipient's address as read, or ``None``.
    lines
        All text lines of the picture.
    """

    parcel: ParcelId
    address: str | None
    lines: Sequence[Line] = ()
