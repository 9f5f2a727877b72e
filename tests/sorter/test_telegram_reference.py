"""The published schema and page are those of the types, and the schema judges lines as the wire does."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Heartbeat, Telegram
from karez.sorter.plc.tcp import schema, wire
from sorter.telegrams import telegrams

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
VALIDATOR = jsonschema.Draft202012Validator(schema.schema())


@pytest.mark.parametrize("name", [schema.SCHEMA_FILE, schema.PAGE_FILE])
def test_the_published_file_is_current(name: str) -> None:
    how = "python -m karez.sorter.plc.tcp.schema docs/reference"
    assert (REFERENCE / name).read_text("utf-8") == schema.files()[name], f"run: {how}"


@given(telegrams)
def test_every_line_that_the_wire_writes_fits_the_schema(telegram: Telegram) -> None:
    seq = None if isinstance(telegram, Heartbeat) else 1
    VALIDATOR.validate(json.loads(wire.encode("s", 0, seq, telegram)))


wrong_values = st.sampled_from([None, "", "x" * 201, 2**53, -(2**53), 1.5, True, [], ["a"] * 33, {}, "banana", [1]])


@given(telegrams, wrong_values, st.data())
def test_schema_and_wire_agree_on_what_is_wrong(telegram: Telegram, value: object, data: st.DataObject) -> None:
    seq = None if isinstance(telegram, Heartbeat) else 1
    line = json.loads(wire.encode("s", 0, seq, telegram))
    field = data.draw(st.sampled_from(sorted(set(line) - {"type", "seq"})))
    line[field] = value
    try:
        understood = not isinstance(wire.decode(json.dumps(line).encode()).body, wire.Unreadable)
    except BadTelegram:
        understood = False
    assert VALIDATOR.is_valid(line) == understood
