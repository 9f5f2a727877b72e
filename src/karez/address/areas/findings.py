"""What a look at an areas file can find, and how much it weighs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from karez.domain.ids import AreaId


class Weight(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # the hub does not start with it
    WARNING = "warning"  # parcels go where nobody meant them to go
    NOTE = "note"  # may well be meant


class FindingKind(StrEnum):
    """What was found."""

    UNKNOWN_NAME = "unknown_name"  # no such place in the gazetteer
    AMBIGUOUS_NAME = "ambiguous_name"  # several places bear the name
    EMPTY_AREA = "empty_area"  # an area without members
    OVERLAP = "overlap"  # two areas claim the same place, house or house number
    POLYGON_OVERLAP = "polygon_overlap"  # the polygons of two areas share ground
    NAME_AGAINST_POLYGON = "name_against_polygon"  # named in one area, and its point lies in another's polygon
    TOWNSHIP_HOLE = "township_hole"  # of a county that is divided, townships that no area names
    NUMBER_HOLE = "number_hole"  # house numbers left out between ranges
    ROAD_SIDE = "road_side"  # only one side of a road is served
    UNSERVED = "unserved"  # counties that no area takes
    SHADOWED_NAME = "shadowed_name"  # one name for two places
    UNUSED = "unused"  # what no address can ever meet


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in an areas file.

    Attributes
    ----------
    line
        Of the file, counted from 1; 0 where it concerns the file as a whole.
    areas
        Those concerned, the one that wins today first.
    what, now
        What was found, and what to do now; sentences.
    share
        Of a polygon overlap: the shared part of the smaller polygon, 0 to 1.
    places
        Ids of the gazetteer's places concerned, for the map.
    shape
        Of a polygon overlap: the ground that is shared, degrees WGS-84.
    """

    kind: FindingKind
    weight: Weight
    line: int
    areas: Sequence[AreaId]
    what: str
    now: str
    share: float | None = None
    places: Sequence[int] = ()
    shape: BaseGeometry | None = None


def listed(names: Sequence[str], most: int = 8) -> str:
    """Write names in a row, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
