"""What coding operators taught the hub about addresses, one answer each."""

from dataclasses import dataclass
from datetime import datetime

from karez.domain.ids import AnswerId, AreaId


@dataclass(frozen=True, slots=True)
class LearnedAnswer:
    """One answer of one operator: parcels of this address belong to this area.

    Attributes
    ----------
    address
        The address as it is compared: county and door, without phones, floor and room, and without the names that can
        be told from a place's. Personal data: it lives in an erasable table, never in an event.
    at
        When it was given, aware UTC.
    decides
        The lead's word in a dispute: what other operators said before it does not count against it.
    """

    id: AnswerId
    address: str
    area: AreaId
    operator: str
    at: datetime
    decides: bool = False
