"""The JSON of the commands is one record a line, whatever stands in a text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from karez.cli.records import json_line


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=()))))
def test_any_text_gives_one_line_that_reads_back_and_can_be_written(record: dict[str, str]) -> None:
    line = json_line(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == record
    line.encode("utf-8")


def test_chinese_and_uyghur_stay_readable() -> None:
    assert json_line({"a": "喀什 قەشقەر"}) == '{"a": "喀什 قەشقەر"}'
