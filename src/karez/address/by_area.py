"""The destination that an area alone stands for, where something other than the address led to it."""

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level
from karez.domain.destination import Destination, DestinationReason
from karez.domain.ids import AreaId


def destination_in(
    area: AreaId,
    areas: Areas | None,
    gazetteer: Gazetteer,
    reason: DestinationReason,
    explanation: str,
    confidence: float,
) -> Destination:
    """Return an area as a destination; with its county where it lies in one alone."""
    county = areas.county_of(area) if areas else None
    return Destination(
        province_name=gazetteer.name_above(county.id, Level.PROVINCE) if county else None,
        prefecture_name=gazetteer.name_above(county.id, Level.PREFECTURE) if county else None,
        county=county.code if county else None,
        county_name=county.name if county else None,
        township=None,
        township_name=None,
        area=area,
        confidence=confidence,
        reason=reason,
        explanation=explanation,
    )
