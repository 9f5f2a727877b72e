"""OSIP byte for byte: the vectors that openWMS publishes, every field's bounds, and finding telegrams among garbage."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.errors import BadTelegram
from karez.sorter.plc.osip import wire
from karez.sorter.plc.osip.frames import FrameSplitter, Garbage
from karez.sorter.plc.osip.wire import LENGTH, Telegram, answer_seq, build, parse


def filled(text: str) -> bytes:
    return text.encode().ljust(LENGTH, b"*")


# The four telegrams stand in openWMS's documentation and the README of its OSIP driver.
REQUEST = filled(
    "###00160SPS03MFC__00001REQ_000000000S0000004711FGINIPNT000100000000????????????????????0000009020131123225959"
)
RESPONSE = filled(
    "###00160MFC__SPS0300002RES_000000000S0000004711FGINIPNT000100000000FGINCONV000100000000********************"
    "0000009020190527184424"
)
TIME_REQUEST = filled("###00160RAS10MFC__00001SYNQ20171123225959")
TIME_ANSWER = filled("###00160MFC__RAS1000002SYNC20180927152848")

texts = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#")


def wide(width: int) -> st.SearchStrategy[str]:
    return st.text(texts, min_size=width, max_size=width)


dates = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(microsecond=0))
bodies = st.one_of(
    st.builds(wire.Request, wide(20), wide(20), wide(20), wide(8), dates),
    st.builds(wire.Response, wide(20), wide(20), wide(20), wide(20), wide(8), dates),
    st.builds(wire.Update, wide(20), wide(20), wide(8), dates),
    st.builds(wire.LocationUpdate, wide(20), wide(20), wide(8), dates),
    st.builds(wire.SystemUpdate, wide(20), wide(8), dates),
    st.builds(wire.Failure, wide(8), dates),
    st.builds(wire.TimeRequest, dates),
    st.builds(wire.TimeAnswer, dates),
)
telegrams = st.builds(Telegram, wide(5), wide(5), st.integers(0, 99_999), bodies)


def test_the_published_request_is_read_field_by_field() -> None:
    body = wire.Request(
        "000000000S0000004711", "FGINIPNT000100000000", "?" * 20, "00000090", datetime(2013, 11, 23, 22, 59, 59)
    )
    assert parse(REQUEST) == Telegram("SPS03", "MFC__", 1, body)


def test_the_published_answer_is_made_exactly_from_the_request() -> None:
    asked = parse(REQUEST)
    assert isinstance(asked.body, wire.Request)
    body = wire.Response(
        asked.body.barcode,
        asked.body.actual,
        "FGINCONV000100000000",
        "*" * 20,
        asked.body.error,
        datetime(2019, 5, 27, 18, 44, 24),
    )
    assert build(Telegram(asked.receiver, asked.sender, answer_seq(asked.seq), body)) == RESPONSE


@pytest.mark.parametrize("raw", [REQUEST, RESPONSE, TIME_REQUEST, TIME_ANSWER])
def test_every_published_telegram_is_built_again_byte_for_byte(raw: bytes) -> None:
    assert build(parse(raw)) == raw


@given(telegrams)
def test_what_is_built_is_read_as_it_was(telegram: Telegram) -> None:
    raw = build(telegram)
    assert len(raw) == LENGTH and raw.isascii()
    assert parse(raw) == telegram


def test_the_answer_to_the_last_number_begins_anew() -> None:
    assert [answer_seq(each) for each in (1, 99_998, 99_999)] == [2, 99_999, 0]


@pytest.mark.parametrize(
    ("what", "raw"),
    [
        ("LEN", REQUEST[:-1]),
        ("LEN", REQUEST + b"*"),
        ("LEN", b"#*#" + REQUEST[3:]),
        ("LEN", REQUEST.replace(b"00160", b"0016O")),
        ("LEN", REQUEST.replace(b"00160", b"99999").ljust(99_999, b"*")),
        ("LEN", b"###00040" + b"*" * 32),
        ("character", REQUEST.replace(b"S0000004711", b"S000000 711")),
        ("character", REQUEST.replace(b"S0000004711", b"S000000\xe9711")),
        ("character", REQUEST.replace(b"S0000004711", b"S000000#711")),
        ("character", REQUEST.replace(b"S0000004711", b"S000000\x00711")),
        ("SEQ", REQUEST.replace(b"MFC__00001", b"MFC__-0001")),
        ("type", REQUEST.replace(b"REQ_", b"REQX")),
        ("created", REQUEST.replace(b"20131123225959", b"20131323225959")),
        ("created", REQUEST.replace(b"20131123225959", b"20130229225959")),
        ("created", REQUEST.replace(b"20131123225959", b"20131123245959")),
        ("created", REQUEST.replace(b"20131123225959", b"2013-11-232259")),
        ("created", REQUEST.replace(b"20131123225959", b"00001123225959")),
        ("filling", REQUEST[:-1] + b"0"),
        ("ends inside", REQUEST.replace(b"00160", b"00100")[:100]),
    ],
)
def test_a_telegram_that_is_wrong_anywhere_is_refused_with_the_field_at_fault(what: str, raw: bytes) -> None:
    with pytest.raises(BadTelegram, match=what):
        parse(raw)


@pytest.mark.parametrize("length", [109, 110, 200, 1_024])
def test_another_length_is_taken_where_the_header_says_so(length: int) -> None:
    telegram = parse(REQUEST)
    raw = build(telegram, length)
    assert len(raw) == length and raw[3:8] == f"{length:05d}".encode()
    assert parse(raw) == telegram


@pytest.mark.parametrize(
    "telegram",
    [
        Telegram("SPS3", "MFC__", 1, wire.TimeRequest(datetime(2026, 1, 1))),
        Telegram("SPS03", "MFC__", 1, wire.Failure("9", datetime(2026, 1, 1))),
        Telegram("SPS03", "MFC__", 1, wire.Failure("0000009 ", datetime(2026, 1, 1))),
        Telegram("SPS03", "MFC__", 1, wire.Failure("错误00000000"[:8], datetime(2026, 1, 1))),
    ],
)
def test_what_does_not_fill_its_field_is_not_built(telegram: Telegram) -> None:
    with pytest.raises(ValueError, match="does not fill"):
        build(telegram)


def test_a_telegram_longer_than_its_length_is_not_built() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build(parse(REQUEST), 108)


# ---- among other bytes ---------------------------------------------------------------------------------------------


def in_pieces(data: bytes, size: int) -> list[bytes | Garbage]:
    splitter = FrameSplitter()
    return [each for at in range(0, len(data), size) for each in splitter.feed(data[at : at + size])]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 159, 160, 161, 5_000])
def test_telegrams_are_found_whole_however_the_bytes_are_cut(size: int) -> None:
    stream = REQUEST + RESPONSE + b"\r\n" + TIME_REQUEST + build(parse(REQUEST), 109) + TIME_ANSWER
    assert in_pieces(stream, size) == [REQUEST, RESPONSE, TIME_REQUEST, build(parse(REQUEST), 109), TIME_ANSWER]


@pytest.mark.parametrize("size", [1, 3, 160, 5_000])
@pytest.mark.parametrize(
    "garbage", [b"hello", b"##", b"####", b"###12", b"###00160", REQUEST[:77], b"###99999", b"\x00" * 900, b"###" * 9]
)
def test_a_telegram_behind_garbage_is_found(garbage: bytes, size: int) -> None:
    found = in_pieces(REQUEST + garbage + RESPONSE + TIME_REQUEST, size)
    assert [each for each in found if isinstance(each, bytes)] == [REQUEST, RESPONSE, TIME_REQUEST]
    assert sum(each.length for each in found if isinstance(each, Garbage)) == len(garbage)


@given(st.binary(max_size=2_000), st.integers(1, 300))
def test_what_is_held_back_is_never_more_than_one_telegram(data: bytes, size: int) -> None:
    splitter = FrameSplitter()
    for at in range(0, len(data), size):
        splitter.feed(data[at : at + size])
        assert len(splitter.pending) < wire.LONGEST


@given(st.binary(max_size=500).map(lambda data: b"###00160" + data))
def test_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for each in in_pieces(data + REQUEST, 64):
        if isinstance(each, bytes):
            try:
                parse(each)
            except BadTelegram:
                continue
