"""The JSON of the commands is one record a line, whatever stands in a text, and keeps its contract."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.cli.records import json_line, masked, reading_record
from karez.domain.reading import Box, Code, Found, Label, Line, NoRead, NoReadReason, Party, Reading, Source, SourceKind

BOX: Box = ((0, 0), (9, 0), (9, 9), (0, 9))
IN_CODE, IN_LINE = Source(SourceKind.CODE, 0, (0,)), Source(SourceKind.LINE, 1, (0,))
READING = Reading(
    Found("YT2512345678901", IN_LINE, 0.91234, read_as="YT25I2345678901"),
    "yto",
    Found("902A M088-00 29", IN_LINE, 0.9),
    None,
    (Code("(01)09501101530003(10)A", "Code128", BOX, 0, 0, (("01", "09501101530003"), ("10", "A"), ("10", "B"))),),
    (Line("杨** 13812345227", "Hans", 0.95678, BOX, 1, None),),
    12.34,
    recipient=Party("杨**", "1******5227", Found("喀什市", IN_LINE, 0.9)),
    weight_g=1250,
    labels=(Label(0, BOX, ("YT2512345678901", "SF1234567890123")),),
)


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=()))))
def test_any_text_gives_one_line_that_reads_back_and_can_be_written(record: dict[str, str]) -> None:
    line = json_line(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == record
    line.encode("utf-8")


def test_chinese_and_uyghur_stay_readable() -> None:
    assert json_line({"a": "喀什 قەشقەر"}) == '{"a": "喀什 قەشقەر"}'


def test_a_reading_is_told_with_labels_frames_elements_and_what_was_repaired() -> None:
    record = json.loads(json_line(reading_record("a.jpg", READING)))
    box = [list(corner) for corner in BOX]
    assert record["codes"] == [
        {
            "text": "(01)09501101530003(10)A",
            "format": "Code128",
            "box": box,
            "frame": 0,
            "label": 0,
            "gs1": [["01", "09501101530003"], ["10", "A"], ["10", "B"]],
        }
    ]
    assert (record["lines"][0]["frame"], record["lines"][0]["label"]) == (1, None)
    assert record["labels"] == [{"frame": 0, "box": box, "waybills": ["YT2512345678901", "SF1234567890123"]}]
    assert record["recipient"] == {"name": "杨**", "phone": "1******5227", "address": "喀什市"}
    assert (record["sender"], record["weight_g"]) == (None, 1250)
    assert record["sources"]["waybill"] == {
        "kind": "line",
        "indices": [0],
        "confidence": 0.912,
        "frame": 1,
        "read_as": "YT25I2345678901",
    }
    assert record["sources"]["sort_code"]["read_as"] is None


def test_fields_of_the_first_version_are_where_they_were() -> None:
    first = ["file", "ok", "waybill", "company", "sort_code", "address", "codes", "lines", "reason", "explanation"]
    first += ["candidates", "sources", "ms"]
    none = NoRead(NoReadReason.CONTRADICTION, "why", ("A", "B"), labels=READING.labels)
    for outcome in (READING, none):
        assert list(reading_record("a.jpg", outcome))[: len(first)] == first
    assert reading_record("a.jpg", none)["candidates"] == ["A", "B"]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("杨** 13812345227", "杨** 1******5227"),
        ("电话:18612345678", "电话:1******5678"),
        ("1******5227", "1******5227"),
        ("YT2512345678901", "YT2512345678901"),
        ("73138123452271", "73138123452271"),  # part of a longer number
        ("138123452279", "138123452279"),
    ],
)
def test_a_mobile_number_printed_in_full_is_masked_and_no_other_number_is(printed: str, shown: str) -> None:
    assert masked(printed) == shown
    open_party = replace(READING, sender=Party("李**", printed))
    assert reading_record("a.jpg", open_party)["sender"]["phone"] == shown
