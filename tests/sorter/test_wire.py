"""Telegrams to JSON lines and back."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Heartbeat, Scan, Telegram
from karez.sorter.plc.tcp import wire
from karez.sorter.plc.tcp.lines import MAX_LINE_BYTES
from sorter.telegrams import telegrams


@given(telegrams, st.integers(0, 2**53 - 1), st.integers(1, 2**53 - 1))
def test_what_is_encoded_is_decoded_to_the_same(telegram: Telegram, ack: int, seq: int) -> None:
    number = None if isinstance(telegram, Heartbeat) else seq
    line = wire.encode("run 1", ack, number, telegram)
    assert line.count(b"\n") == 1
    assert wire.decode(line[:-1]) == wire.Line("run 1", ack, number, telegram)


@given(st.binary(max_size=300))
@example(b"")
@example(b"\xff\xfe")
@example(b"[" * 16_000)
@example(b'{"type":"SCAN","session":"a","seq":1e400}')
@example(b'{"type":"SCAN","session":"\\ud800","seq":1}')
def test_random_bytes_are_no_telegram_and_nothing_else_is_raised(raw: bytes) -> None:
    with pytest.raises(BadTelegram):
        wire.decode(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*wire.TELEGRAM_TYPES, "HELLO", "ACK", "RESEND", "NEWS"]), st.data())
def test_right_names_with_wrong_values_give_a_value_or_bad_telegram(name: str, data: st.DataObject) -> None:
    kind = wire.TELEGRAM_TYPES.get(name)
    known = sorted(kind.__dataclass_fields__) if kind else ["side", "after", "version", "first"]
    fields = data.draw(st.dictionaries(st.sampled_from(known), JSON))
    raw = json.dumps({"type": name, "session": "s", "seq": 1, **fields}).encode()
    try:
        line = wire.decode(raw)
    except BadTelegram:
        return
    assert line.session == "s"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"parcel": ""}, "empty"),
        ({"parcel": "x" * 201}, "longer"),
        ({"parcel": "p\0"}, "zero"),
        ({"carrier": 2**53}, "beyond"),
        ({"carrier": "7"}, "int"),
        ({"codes": ["a"] * 33}, "more than"),
        ({"codes": ["a" * 201]}, "longer"),
    ],
)
def test_a_value_out_of_bounds_spends_its_number_and_says_which(fields: dict[str, object], word: str) -> None:
    good = {"type": "SCAN", "session": "s", "seq": 3, "parcel": "p", "carrier": 1, "lap": 1, "ts_ms": 1}
    line = wire.decode(json.dumps(good | fields).encode())
    assert isinstance(line.body, wire.Unreadable) and word in line.body.reason
    assert line.seq == 3


def test_a_code_may_hold_whatever_a_scanner_reads() -> None:
    raw = json.dumps({"type": "SCAN", "session": "s", "seq": 3, "parcel": "p", "carrier": 1, "lap": 1, "ts_ms": 1})
    line = wire.decode((raw[:-1] + ', "codes": ["", "SF\\u0000\\u001d1"]}').encode())
    assert isinstance(line.body, Scan) and line.body.codes == ("", "SF\0\x1d1")


def test_a_session_whose_name_no_store_can_keep_is_no_telegram() -> None:
    with pytest.raises(BadTelegram):
        wire.decode(b'{"type":"HELLO","session":"s\\u0000","side":"plc","version":1,"first":1}')


def test_a_state_that_its_subject_cannot_have_is_unreadable() -> None:
    raw = b'{"type":"STATE","session":"s","seq":1,"subject":"chute","name":"K01","state":"on","ts_ms":1}'
    assert isinstance(wire.decode(raw).body, wire.Unreadable)


def test_fields_that_are_not_known_are_ignored() -> None:
    raw = b'{"type":"HEARTBEAT","session":"s","ts_ms":5,"later":{"x":[1]}}'
    assert wire.decode(raw).body == Heartbeat(5)


def test_the_longest_telegram_that_the_bounds_allow_fits_the_line_bound() -> None:
    widest = "\x01" * wire.MAX_TEXT  # six bytes a character in JSON
    order = wire.Dest(widest, widest, widest, (widest,) * wire.MAX_ITEMS, widest, wire.MAX_INT)
    line = wire.encode(widest, wire.MAX_INT, wire.MAX_INT, order)
    assert wire.decode(line[:-1]).body == order
    assert len(line) < MAX_LINE_BYTES


def test_no_field_of_a_telegram_has_a_name_of_the_envelope() -> None:
    names = {name for kind in wire.TELEGRAM_TYPES.values() for name in kind.__dataclass_fields__}
    assert not names & {"type", "session", "ack", "seq"}
