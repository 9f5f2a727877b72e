"""The figures of an availability report: what it is made of, and how parts become one figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One part of the sorter over a window.

    Attributes
    ----------
    down_s, outages
        How long it was down in operating time, and how often it went down.
    weight
        Its share of the throughput of its group; 1 for a part that everything passes.
    """

    group: str
    name: str
    availability: float
    down_s: float
    outages: int
    weight: float


@dataclass(frozen=True, slots=True)
class HourFigures:
    """Parcels inducted in one hour; ``met`` says whether enough of them were sorted in time."""

    begins: datetime
    parcels: int
    in_time: int
    share: float
    met: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Availability over a window.

    Attributes
    ----------
    operating_s
        Time in which the hub was to work.
    technical
        Product over the groups of parts, each weighted by throughput; ``None`` without operating time.
    technical_unweighted
        The same with the same weight for each part of a group: a chute that was closed all the time has no throughput.
    performance
        Share of the parcels that were sorted within the goal; ``None`` without parcels.
    parts, hours
        What the two are made of.
    """

    since: datetime
    until: datetime
    operating_s: float
    technical: float | None
    technical_unweighted: float | None
    performance: float | None
    parcels: int
    in_time: int
    hours_met: int
    parts: Sequence[PartFigures]
    hours: Sequence[HourFigures]


def product(parts: Sequence[PartFigures], weight: Callable[[PartFigures], float]) -> float:
    """Availability of groups in series, each the weighted mean of its parts."""
    product = 1.0
    for group in dict.fromkeys(part.group for part in parts):
        of_group = [part for part in parts if part.group == group]
        total = sum(weight(part) for part in of_group)
        product *= sum(weight(part) * part.availability for part in of_group) / total
    return product
