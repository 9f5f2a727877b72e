"""County polygons for maps, from a GeoJSON file that is installed beside Karez and never part of it."""

import json
from collections.abc import Mapping
from pathlib import Path

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level
from karez.domain.errors import BadInput

_POLYGONS = frozenset({"Polygon", "MultiPolygon"})
_CODE_LENGTH = 6


def load_county_shapes(path: Path, gazetteer: Gazetteer) -> Mapping[int, BaseGeometry]:
    """Return the polygons of counties by the gazetteer's ids; degrees WGS-84.

    A polygon is its county's by the last six digits of the property ``gb``, where the name agrees; else by the name,
    where one county alone bears it. Counties younger than the file have none.

    Parameters
    ----------
    path
        A GeoJSON file of counties with the properties ``name`` and ``gb``.

    Raises
    ------
    BadInput
        Where the file is not of that form.
    """
    by_code = {place.code: place for place in gazetteer.places if place.level == Level.COUNTY and not place.until}
    found: dict[int, BaseGeometry] = {}
    try:
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            name, code = str(feature["properties"]["name"]), str(feature["properties"]["gb"])[-_CODE_LENGTH:]
            county = by_code.get(code) if len(code) == _CODE_LENGTH else None
            if county is None or county.name != name:
                bearers = gazetteer.find(Level.COUNTY, name)
                county = bearers[0] if len(bearers) == 1 else None
            if county is not None and feature["geometry"]["type"] in _POLYGONS:
                found[county.id] = shape(feature["geometry"])
    except (OSError, ValueError, KeyError, TypeError, ShapelyError) as fault:
        raise BadInput(
            f"no GeoJSON of counties: {fault}", str(path), "install requirements/models.txt again"
        ) from fault
    return found
