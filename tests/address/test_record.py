"""What `karez resolve --json` prints of one address."""

import json

import pytest

from karez.address.parts.parse import parse
from karez.address.record import as_record, level_reached
from karez.address.resolver import Resolver


def test_the_record_has_the_contract_s_fields_in_order(resolver: Resolver) -> None:
    text = "新疆喀什地区叶城县新华镇"
    record = as_record(text, resolver.from_text(text), resolver.gazetteer)
    assert list(record)[:8] == [
        *("text", "province_name", "prefecture_name", "county"),
        *("county_name", "former_name", "township", "township_name"),
    ]
    assert {"area", "confidence", "reason", "candidates", "village", "village_name", "gazetteer", "explanation"} <= set(
        record
    )
    assert (record["county"], record["former_name"], record["reason"]) == ("653132", "叶城县", "former_name")
    assert len(str(record["township"])) == 9
    json.dumps(record)


def test_an_unresolved_record_has_its_candidates(resolver: Resolver) -> None:
    record = as_record("鼓楼区", resolver.from_text("鼓楼区"), resolver.gazetteer)
    assert (record["county"], record["confidence"], record["reason"]) == (None, 0.0, "ambiguous")
    candidates = record["candidates"]
    assert isinstance(candidates, list)
    assert len(candidates) == 4
    json.dumps(record)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("喀什市乃则尔巴格镇", "township"),
        ("新疆喀什地区巴楚县三岔口镇", "township"),
        ("喀什市人民东路22号", "county"),
        ("鼓楼区", None),
        ("没有地名", None),
    ],
)
def test_the_level_is_the_deepest_that_is_known(text: str, level: str | None, resolver: Resolver) -> None:
    assert level_reached(resolver.from_text(text)) == level


def test_the_parts_stand_in_the_record_with_their_places_in_the_text(resolver: Resolver) -> None:
    text = "喀什市色满路112号"
    record = as_record(text, resolver.from_text(text), resolver.gazetteer, parse(text, resolver.gazetteer))
    parts = record["parts"]
    assert isinstance(parts, list)
    assert all(text[part["start"] : part["end"]] == part["text"] for part in parts)
    assert ("road", "色满路") in [(part["label"], part["text"]) for part in parts]


def test_parts_that_were_not_asked_for_are_null(resolver: Resolver) -> None:
    assert as_record("喀什市", resolver.from_text("喀什市"), resolver.gazetteer)["parts"] is None
