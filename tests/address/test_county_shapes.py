"""County polygons: joined to the gazetteer by code and name; a bad file is told, never half read."""

import json
from pathlib import Path
from typing import Any

import pytest

from karez.address.county_shapes import load_county_shapes
from karez.address.gazetteer import Gazetteer
from karez.address.places import Level
from karez.domain.errors import BadInput

SQUARE = {"type": "Polygon", "coordinates": [[[75.0, 39.0], [76.0, 39.0], [76.0, 40.0], [75.0, 39.0]]]}


def feature(name: str, gb: str, geometry: dict[str, Any] = SQUARE) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, "gb": gb}, "geometry": geometry}


def names(features: list[dict[str, Any]], gazetteer: Gazetteer, tmp_path: Path) -> list[str]:
    path = tmp_path / "counties.geojson"
    path.write_text(json.dumps({"features": features}), "utf-8")
    return [gazetteer.places[number].name for number in load_county_shapes(path, gazetteer)]


def test_a_county_is_found_by_code_and_name(gazetteer: Gazetteer, tmp_path: Path) -> None:
    assert names([feature("喀什市", "156653101")], gazetteer, tmp_path) == ["喀什市"]


def test_a_renumbered_county_is_found_by_its_name_alone(gazetteer: Gazetteer, tmp_path: Path) -> None:
    assert names([feature("疏附县", "156999999")], gazetteer, tmp_path) == ["疏附县"]


def test_a_name_of_several_counties_is_nobodys_without_its_code(gazetteer: Gazetteer, tmp_path: Path) -> None:
    (code, *_) = [county.code for county in gazetteer.find(Level.COUNTY, "鼓楼区")]
    assert names([feature("鼓楼区", "156999999")], gazetteer, tmp_path) == []
    assert names([feature("鼓楼区", f"156{code}")], gazetteer, tmp_path) == ["鼓楼区"]


def test_border_lines_are_no_counties(gazetteer: Gazetteer, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[75.0, 39.0], [76.0, 39.0]]}
    assert names([feature("喀什市", "156653101", line), feature("境界线", "")], gazetteer, tmp_path) == []


@pytest.mark.parametrize("text", ["", "{}", '{"features": [{}]}', '{"features": 5}', "[]"])
def test_another_file_is_refused(text: str, gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "counties.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match="no GeoJSON of counties"):
        load_county_shapes(path, gazetteer)
