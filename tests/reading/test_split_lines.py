"""Pieces of one line find each other, and nothing else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.reading.split_lines import pairs, spanning
from karez.reading.views import Region


def piece(x, y=100.0, width=100.0, height=20.0, angle_deg=0.0):
    return Region(x, y, width, height, angle_deg)


def test_two_pieces_with_a_word_s_gap_are_one_line():
    assert list(pairs({7: piece(100), 3: piece(214)})) == [(7, 3)]


@pytest.mark.parametrize(
    "other",
    [piece(260), piece(214, y=112), piece(214, height=40), piece(214, angle_deg=20), piece(120)],
    ids=["too far", "another row", "other print", "another direction", "over it"],
)
def test_what_is_no_piece_of_the_line_is_left_alone(other):
    assert list(pairs({0: piece(100), 1: other})) == []


@given(st.floats(-80, 80), st.floats(30, 200), st.floats(30, 200), st.floats(2, 20))
def test_the_span_of_two_pieces_holds_both_at_any_angle(angle_deg, one, other, gap):
    turn = math.radians(angle_deg)
    apart = one / 2 + gap + other / 2
    left = piece(100, 100, one, 20, angle_deg)
    right = piece(100 + apart * math.cos(turn), 100 + apart * math.sin(turn), other, 20, angle_deg)
    whole = spanning((left, right))
    assert whole.width == pytest.approx(one + gap + other)
    assert whole.holds(left.x, left.y)
    assert whole.holds(right.x, right.y)
    assert whole.height == 20
