"""Only a province or prefecture is named: enough to sort a parcel where one area of the hub serves the whole of it."""

import re

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind, Place
from karez.domain.destination import Destination, DestinationReason

CONFIDENCE = 0.9
"""Not measured: the labelled addresses all name a county. As sure as an alias of a county."""

_SPECIAL = ("香港", "澳门", "台湾")
_ALONE = 3  # characters from which a short name at the beginning is hardly the beginning of a shop's or estate's
_HOUSE = re.compile(r"新?城|.{0,4}(?:酒店|大厦|商场|商贸|花园|小区|广场|巴扎|市场|宾馆|饭店|公寓|家园|餐厅)")
"""What makes a short name before it a house's: 广州新城 and 深圳城 stand in Kashi."""

_HAN = re.compile(r"[一-鿿]")


def covered(text: str, mentions: list[Mention], gazetteer: Gazetteer, areas: Areas) -> Destination | None:
    """Return the destination of a text that names no county, ``None`` where the area is not certain.

    Everything that is named (mended names do not count) must be served by one and the same area; a province counts only
    where no prefecture of it is named.
    """
    named = [m for m in mentions if m.level <= Level.PREFECTURE and not m.cost]
    places = {m.place: gazetteer.places[m.place] for m in named}
    deepest = [place for place in places.values() if not _is_above_another(place, places, gazetteer)]
    found = {areas.sole_area_of(place) for place in deepest}
    if len(found) != 1 or None in found or not _is_firm(text, named, deepest, gazetteer):
        return None
    place = max(deepest, key=lambda each: each.level)
    area = found.pop()
    provinces = {gazetteer.name_above(each.id, Level.PROVINCE) for each in deepest}
    names = " and ".join(each.name for each in deepest)
    return Destination(
        province_name=provinces.pop() if len(provinces) == 1 else None,
        prefecture_name=gazetteer.name_above(place.id, Level.PREFECTURE) if len(deepest) == 1 else None,
        county=None,
        county_name=None,
        township=None,
        township_name=None,
        area=area,
        confidence=CONFIDENCE,
        reason=DestinationReason.AREA_COVERS,
        explanation=f"Only {names} is named, no county in it; {area} serves the whole of it.",
    )


def _is_above_another(place: Place, places: dict[int, Place], gazetteer: Gazetteer) -> bool:
    others = (other for other in places.values() if other.id != place.id)
    return any(gazetteer.ancestor(other.id, Level(place.level)) == place for other in others)


def _is_firm(text: str, named: list[Mention], deepest: list[Place], gazetteer: Gazetteer) -> bool:
    """Whether the names are meant as places, and are not the beginning of a house's name."""
    if any(m.kind == NameKind.FULL for m in named) or not _HAN.search(text):
        return True
    if any(m.kind == NameKind.SHORT and _HOUSE.match(text, m.end) for m in named):
        return False
    in_chain = len({m.place for m in named}) > len(deepest)
    return in_chain or any(_stands_alone(m, text) for m in named)


def _stands_alone(mention: Mention, text: str) -> bool:
    """Whether a short name is all there is, or begins the text and is hardly a part of another word."""
    if mention.start > 0:
        return False
    name = text[: mention.end]
    whole = not _HAN.match(text, mention.end)
    return whole or len(name) >= _ALONE or name in _SPECIAL
