"""Slots and headers of the mailbox: everything that fits comes back as it was, and half a writing is never believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.errors import BadTelegram
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Heartbeat, Induct, Scan, State, Telegram
from karez.sorter.plc.mailbox.bodies import STATES
from karez.sorter.plc.mailbox.header import Header, Torn, decode_header, encode_header
from karez.sorter.plc.mailbox.layout import (
    BODIES,
    BODY_BYTES,
    CHECK,
    HEADER,
    HEADER_BYTES,
    SLOT_BYTES,
    SLOT_HEAD,
    SLOT_TAIL,
    Block,
)
from karez.sorter.plc.mailbox.slots import Unreadable, decode_slot, encode_slot


def text(most_bytes: int, least: int = 1) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_characters="\0")
    return st.text(letters, min_size=least, max_size=most_bytes).filter(
        lambda each: least <= len(each.encode()) <= most_bytes
    )


def maybe(most: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, most)


u32, i64 = st.integers(0, 2**32 - 1), st.integers(-(2**63), 2**63 - 1)
parcels, orders, chutes = text(24).map(ParcelId), text(24).map(OrderId), text(8).map(ChuteId)
telegrams: st.SearchStrategy[Telegram] = st.one_of(
    st.builds(Induct, parcels, u32, text(16), i64),
    st.builds(
        Scan,
        parcels,
        u32,
        st.integers(0, 2**16 - 1),
        i64,
        st.lists(text(28, least=0), max_size=2).map(tuple),
        maybe(2**32 - 2),
        maybe(2**16 - 2),
        maybe(2**16 - 2),
        maybe(2**16 - 2),
    ),
    st.builds(Divert, parcels, u32, st.sampled_from(DivertOutcome), i64, st.none() | chutes, st.none() | orders),
    st.sampled_from(sorted(STATES.values())).flatmap(
        lambda told: st.builds(State, st.just(told[0]), text(16), st.just(str(told[1])), i64, maybe(2**32 - 2))
    ),
    st.builds(
        Dest,
        orders,
        parcels,
        st.none() | chutes,
        st.lists(chutes, max_size=4).map(tuple),
        text(16, least=0),
        maybe(2**32 - 2),
    ),
)
numbers = st.integers(1, 2**32 - 2)
runs = st.integers(1, 2**32 - 1)
word_orders = st.sampled_from(["high_first", "low_first"])


@given(telegrams, numbers, runs, word_orders)
def test_every_telegram_comes_out_of_its_slot_as_it_went_in(telegram, number, run, order) -> None:
    raw = encode_slot(number, run, telegram, order)
    assert len(raw) == SLOT_BYTES
    assert decode_slot(raw, number, run, order) == telegram


@given(telegrams, telegrams, st.integers(1, 2**31), st.integers(1, 1000), runs, word_orders)
@settings(max_examples=40)
def test_a_slot_that_is_half_the_new_telegram_and_half_the_old_is_always_noticed(
    old, new, number, rounds, run, order
) -> None:
    ahead = number + 32 * rounds  # the ring has gone round
    before, after = encode_slot(number, run, old, order), encode_slot(ahead, run, new, order)
    for cut in range(SLOT_BYTES + 1):
        told = decode_slot(after[:cut] + before[cut:], ahead, run, order)
        assert told == new if after[:cut] + before[cut:] == after else isinstance(told, Torn)


@given(telegrams, numbers, runs, word_orders)
def test_a_slot_of_an_earlier_run_is_not_taken_for_this_ones(telegram, number, run, order) -> None:
    raw = encode_slot(number, run, telegram, order)
    assert isinstance(decode_slot(raw, number, run ^ 1, order), Torn)


@given(st.binary(min_size=SLOT_BYTES, max_size=SLOT_BYTES), numbers, runs, word_orders)
def test_any_bytes_are_a_telegram_or_told_apart(raw, number, run, order) -> None:
    assert isinstance(decode_slot(raw, number, run, order), Torn | Unreadable | Telegram)


headers = st.builds(Header, runs, text(24), u32, u32, u32, u32, st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))


@given(headers, headers, word_orders)
def test_a_header_comes_back_and_a_torn_one_is_noticed(old, new, order) -> None:
    before, after = encode_header(old, order), encode_header(new, order)
    assert len(after) == HEADER_BYTES and decode_header(after, order) == new
    for cut in range(HEADER_BYTES + 1):
        torn = after[:cut] + before[cut:]
        if torn not in (before, after):
            assert isinstance(decode_header(torn, order), Torn)


def test_a_header_without_a_name_is_called_after_its_run() -> None:
    told = decode_header(encode_header(Header(7, "", 0, 0, 1, 0, 1, 32), "high_first"), "high_first")
    assert isinstance(told, Header) and told.session == "run-7"


@pytest.mark.parametrize(
    ("telegram", "why"),
    [
        (Induct(ParcelId("p" * 25), 1, "I1", 1), "takes 25 bytes of 24"),
        (Induct(ParcelId(""), 1, "I1", 1), "empty"),
        (Induct(ParcelId("p"), 2**32, "I1", 1), "INDUCT does not fit"),
        (Scan(ParcelId("p"), 1, 1, 1, ("a", "b", "c")), "3 codes; 2 have room"),
        (Scan(ParcelId("p"), 1, 1, 1, (), length_mm=65_535), "65535 is not within"),
        (Dest(OrderId("o"), ParcelId("p"), ChuteId("滑槽之一号"), (), "plan"), "takes 15 bytes of 8"),
        (Heartbeat(1), "no slot"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_at_fault(telegram, why) -> None:
    with pytest.raises(BadTelegram, match=why):
        encode_slot(1, 1, telegram, "high_first")


def test_the_layout_has_whole_words_and_no_gaps_and_one_request_carries_two_slots() -> None:
    assert HEADER.size_bytes + CHECK.size_bytes == HEADER_BYTES
    assert SLOT_HEAD.size_bytes + BODY_BYTES + SLOT_TAIL.size_bytes + CHECK.size_bytes == SLOT_BYTES
    assert 2 * SLOT_BYTES // 2 <= 123
    for record in (HEADER, *BODIES.values()):
        assert all(field.size_bytes % 2 == 0 for field in record.fields)


@given(st.integers(1, 300), numbers)
def test_slots_follow_one_another_and_the_rings_do_not_overlap(slots, number) -> None:
    block = Block(slots)
    for side, low in (("plc", 128), ("wcs", 128 + slots * SLOT_BYTES)):
        at = block.slot_at(side, number)
        assert low <= at <= low + (slots - 1) * SLOT_BYTES and (at - low) % SLOT_BYTES == 0
        assert block.slot_at(side, number + slots) == at
    assert block.slot_at("wcs", slots) + SLOT_BYTES == block.size_bytes
