"""Errors put into addresses are not those that repair knows, and the same seed makes the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer
from karez.bench.address.noise import FRONT, halved, with_lookalikes, with_one_dropped
from karez.bench.address.reader_noise import COUNTED, ReaderNoise

TEXTS = st.text("新疆维吾尔自治区喀什地县疏附勒市人民路12号", max_size=40)


@pytest.fixture(scope="module")
def lookalikes():
    return Gazetteer.load().lookalikes


def pairs(table):
    return {frozenset((one, other)) for one, others in table.items() for other in others}


def test_no_pair_is_in_both_halves_and_none_is_lost(lookalikes):
    halves = halved(lookalikes, 5)
    assert not pairs(halves.for_repair) & pairs(halves.held_out)
    assert pairs(halves.for_repair) | pairs(halves.held_out) == pairs(lookalikes)
    assert abs(len(pairs(halves.for_repair)) - len(pairs(halves.held_out))) <= 1


def test_another_seed_splits_otherwise(lookalikes):
    assert halved(lookalikes, 5) == halved(lookalikes, 5)
    assert halved(lookalikes, 5) != halved(lookalikes, 6)


@given(TEXTS, st.integers(0, 99))
def test_look_alike_noise_changes_nothing_but_by_the_table(text, seed):
    table = {"喀": "咯", "县": "具", "市": "币"}
    noisy = with_lookalikes(text, table, 0.5, random.Random(seed))
    assert len(noisy) == len(text)
    assert all(a == b or b in table[a] for a, b in zip(text, noisy, strict=True))


@given(TEXTS, st.integers(0, 99))
def test_one_of_the_first_characters_is_dropped(text, seed):
    spoilt = with_one_dropped(text, random.Random(seed))
    assert len(spoilt) == max(0, len(text) - 1)
    assert spoilt[FRONT:] == text[FRONT + 1 :] or len(text) <= FRONT


def test_the_reader_was_measured_on_thousands_of_lines():
    head = COUNTED.read_text("utf-8").splitlines()[1]
    assert int(head.partition(" lines")[0].split()[-1]) > 5_000


def test_the_readers_errors_are_shares_of_what_was_printed():
    noise = ReaderNoise.measured()
    assert all(0 < share <= 1 for share, _ in noise.replaced.values())
    assert "具" in noise.replaced["县"][1]  # the commonest of all
    assert 0 < noise.error_share < 0.1


@pytest.mark.parametrize("share", [0.0, 0.05])
def test_so_many_characters_go_wrong_as_were_asked_for(share):
    text = "新疆维吾尔自治区喀什地区疏附县托克扎克镇人民路12号" * 200
    noisy = ReaderNoise.measured().spoil(text, share, random.Random(4))
    assert Levenshtein.distance(text, noisy) / len(text) == pytest.approx(share, abs=0.035)
    assert (noisy == text) == (share == 0.0)
