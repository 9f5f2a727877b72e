"""The hand-made addresses of the Kashi region: their truth must stand in today's gazetteer."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place

FIELDS = ("address", "county_name", "township_name", "village_name", "source", "note")
KINDS = {"found", "form", "script", "noise", "trap", "two-addresses"}
NO_COUNTY = "-"
KASHI = {
    *("喀什市", "疏附县", "疏勒县", "英吉沙县", "泽普县", "莎车县", "叶城县", "麦盖提县", "岳普湖县", "伽师县"),
    *("巴楚县", "塔什库尔干塔吉克自治县", "岑岭县", "图木舒克市", "草湖市"),
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    text = (files("karez.bench") / "data" / "kashi_addresses.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _below(gazetteer: Gazetteer, places: list[Place], name: str) -> list[Place]:
    """Places in force directly below any of ``places`` that bear the name."""
    children = (gazetteer.places[number] for place in places for number in gazetteer.children(place.id))
    return [child for child in children if child.name == name and not child.until]


def test_every_row_has_an_address_a_source_and_a_note_of_a_known_kind(rows):
    assert len(rows) >= 200
    for row in rows:
        assert tuple(row) == FIELDS
        assert row["address"].strip() == row["address"] != ""
        assert row["source"]
        kind, _, tested = row["note"].partition(": ")
        assert kind in KINDS and tested


def test_most_are_found_addresses_and_none_stands_twice(rows):
    assert sum(row["source"] not in {"written by hand", "from memory, public place"} for row in rows) >= 120
    assert not [address for address, n in Counter(row["address"] for row in rows).items() if n > 1]


def test_every_truth_is_a_place_in_force_below_the_place_before_it(rows, gazetteer):
    missing = []
    for row in rows:
        if row["county_name"] == NO_COUNTY:
            found = not (row["township_name"] or row["village_name"])
        else:
            places = gazetteer.find(Level.COUNTY, row["county_name"])
            for name in filter(None, (row["township_name"], row["village_name"])):
                places = _below(gazetteer, places, name)
            found = bool(places) and not (row["village_name"] and not row["township_name"])
        if not found:
            missing.append(row)
    assert missing == []


def test_every_county_of_the_region_is_asked_for_more_than_once(rows):
    asked = Counter(row["county_name"] for row in rows)
    assert min(asked[name] for name in KASHI) >= 3


def test_no_phone_number_of_a_person_is_in_it(rows):
    assert not [row["address"] for row in rows if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", row["address"])]
