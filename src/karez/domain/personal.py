"""Personal data of one parcel: kept apart from events, erasable, shown masked."""

from dataclasses import dataclass

from karez.domain.ids import ParcelId


@dataclass(frozen=True, slots=True)
class PersonalText:
    """What was read on a label that may name a person.

    Attributes
    ----------
    address
        Recipient's address as read. Nothing else of a label's text is kept: nothing else is needed.
    """

    parcel: ParcelId
    address: str
