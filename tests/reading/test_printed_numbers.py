"""Which lines are the print of a code's number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.reading import Box, Code, Line
from karez.reading.labels import region_box
from karez.reading.printed_numbers import prints_of
from karez.reading.views import Region


def code(box: Box) -> Code:
    return Code("YT2512345678901", "Code128", box)


def line(box: Box, text: str = "YT2512345678901") -> Line:
    return Line(text, "Latn", 0.9, box)


def at(x: float, y: float, width: float, height: float, turn_deg: float = 0.0) -> Box:
    turn = math.radians(turn_deg)
    centre = x * math.cos(turn) - y * math.sin(turn) + 800, x * math.sin(turn) + y * math.cos(turn) + 600
    return region_box(Region(*centre, width, height, turn_deg))


@given(st.floats(0, 360))
def test_a_number_under_its_code_is_found_at_any_angle(turn_deg: float) -> None:
    bars, print_ = at(0, 0, 400, 80, turn_deg), at(0, 60, 240, 24, turn_deg)
    assert prints_of([line(print_)], [code(bars)]) == {0: 0}


def test_a_line_of_another_frame_is_no_print_of_it() -> None:
    other = Line("YT2512345678901", "Latn", 0.9, at(0, 60, 240, 24), frame=1)
    assert prints_of([other], [code(at(0, 0, 400, 80))]) == {}


@pytest.mark.parametrize("place", [at(0, 140, 240, 24), at(400, 0, 240, 24), at(0, 60, 240, 24, 90)])
def test_a_number_further_away_or_across_is_some_other(place: Box) -> None:
    assert prints_of([line(place)], [code(at(0, 0, 400, 80))]) == {}


def test_words_under_a_code_are_no_number() -> None:
    assert prints_of([line(at(0, 60, 240, 24), "圆通速递 特快")], [code(at(0, 0, 400, 80))]) == {}
