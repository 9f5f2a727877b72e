"""What an areas file says: areas, the rules by which places fall into them, and places that the hub itself knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec

from karez.address.areas.numbers import NumberRange
from karez.domain.ids import AreaId

Kind = Literal["local", "linehaul"]
Point = tuple[float, float]
"""Longitude and latitude, degrees, WGS-84."""


class Area(msgspec.Struct, frozen=True):
    """One delivery area or onward flow.

    Attributes
    ----------
    id
        As the sort plan and the chutes' signs use it.
    kind
        ``"local"``: delivered from this hub; ``"linehaul"``: travels on.
    name
        Chinese; ``name_en`` and ``name_ug`` empty where not given.
    """

    id: AreaId
    kind: Kind
    name: str
    name_en: str = ""
    name_ug: str = ""


class RuleKind(StrEnum):
    """What a rule goes by, the most exact first: of the rules that fit an address, the first of this order decides."""

    ESTATE = "estate"
    POI = "poi"
    ROAD = "road"
    VILLAGE = "village"
    POLYGON = "polygon"
    TOWNSHIP = "township"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the areas file, as it were: what it goes by, and whom it serves.

    Attributes
    ----------
    place
        Id of the gazetteer's place that is meant; of roads, estates, POIs and polygons the county or township that
        they lie in; -1 for the rest.
    name
        As the file writes it; empty for polygons and the rest.
    line
        Of the file, counted from 1.
    ranges
        Of a road: the house numbers.
    ring
        Of a polygon: its corners, the first not repeated.
    """

    area: AreaId
    kind: RuleKind
    place: int
    name: str
    line: int
    ranges: Sequence[NumberRange] = ()
    ring: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What the hub itself knows of a place: its other names, and where it lies.

    Attributes
    ----------
    kind
        Estate, POI, road, village or township.
    place
        The county or township that it lies in; of villages and townships their own id.
    """

    name: str
    kind: RuleKind
    place: int
    aliases: tuple[str, ...]
    point: Point | None
    line: int
