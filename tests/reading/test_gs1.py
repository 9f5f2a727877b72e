"""GS1 element strings are taken apart; what breaks their rules gives none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.frames import Frame
from karez.reading import code128, gs1
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import encode

CONTENT = "010061414100003631030027251001234\x1d2112345"
ELEMENTS = (("01", "00614141000036"), ("3103", "002725"), ("10", "01234"), ("21", "12345"))


def test_trade_item_weight_batch_and_serial_are_told_apart() -> None:
    assert gs1.elements(CONTENT) == ELEMENTS
    assert gs1.elements("\x1d" + CONTENT) == ELEMENTS


@pytest.mark.parametrize("misprint", ["0100614141000037", "99", "17259999", "", "\x1d", "01006141"])
def test_a_wrong_check_digit_date_or_length_gives_no_elements(misprint: str) -> None:
    assert gs1.elements(misprint) == ()


@given(st.text(max_size=40))
def test_any_text_is_taken_without_an_error(text: str) -> None:
    assert isinstance(gs1.elements(text), tuple)


def gs1_128(pairs: str, fnc1: bool) -> np.ndarray:
    """Draw figures in pairs (code set C), with FNC1 in the first place or without."""
    values = [code128.START_C, *([102] if fnc1 else []), *(int(pairs[i : i + 2]) for i in range(0, len(pairs), 2))]
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    modules = np.concatenate([*(code128.PATTERNS[value] for value in (*values, check)), code128.STOP])
    row = np.pad(1 - np.repeat(modules, 3), 40, constant_values=1)
    return np.pad(np.tile((row * 255).astype(np.uint8), (120, 1)), ((40, 40), (0, 0)), constant_values=255)


@pytest.mark.parametrize("fnc1", [True, False])
def test_a_code_carries_elements_only_if_it_says_that_it_is_gs1(
    reader: Reader, rules: WaybillRules, fnc1: bool
) -> None:
    picture = gs1_128("01006141410000363103002725", fnc1)
    outcome = reader.read([Frame(encode(picture, ".png"))], rules, "never")
    assert [code.elements for code in outcome.codes] == [ELEMENTS[:2] if fnc1 else ()]
