"""Code 128 by soft decisions: read where edges are gone, silent where nothing stands."""

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.reading import code128
from karez.reading.bands import bands
from karez.reading.projection import projected
from karez.reading.soft_code128 import spelled, weighed_prints
from karez.reading.soft_codes import soft_codes
from karez.reading.views import Region
from karez.simulation.symbols import code128 as printed

NUMBER = "YT4342518558713"
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)


def values_of(text):
    modules = printed(text).astype(np.float32)
    rows = modules[: -code128.STOP_MODULES].reshape(-1, code128.SYMBOL_MODULES)
    return [int(np.abs(code128.PATTERNS - row).sum(axis=1).argmin()) for row in rows]


def picture(text, module_px, angle_deg=0.0, blur_px=0.4, noise=1.5, light=1.0, seed=1):
    """A code in the middle of a grey card, taken by a camera that sees `module_px` pixels a module."""
    dots = 12
    row = np.where(np.pad(printed(text), 12), 30, 220).astype(np.uint8)
    code = np.repeat(np.repeat(row, dots)[None, :], round(45 * dots / 1.5), axis=0)
    scale = module_px / dots
    side = int(max(code.shape) * scale * 1.3) + 60
    turn = cv2.getRotationMatrix2D((code.shape[1] / 2, code.shape[0] / 2), angle_deg, scale)
    turn[:, 2] += side / 2 - np.array([code.shape[1], code.shape[0]]) / 2
    # Pixels gather light over their area: drawn four times as fine, then averaged.
    fine = cv2.warpAffine(code, turn * 4, (side * 4, side * 4), flags=cv2.INTER_AREA, borderValue=220)
    sharp = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    grain = np.random.default_rng(seed).normal(0, noise, sharp.shape)
    return np.clip(cv2.GaussianBlur(sharp, (0, 0), blur_px) * light + grain, 0, 255).astype(np.uint8)


def whole(pixels):
    return Region(pixels.shape[1] / 2, pixels.shape[0] / 2, pixels.shape[1] - 8, pixels.shape[0] - 8, 0.0)


def texts(pixels, angle_deg=0.0):
    label = whole(pixels)
    turned = Region(label.x, label.y, label.width, label.height, angle_deg)
    return [code.text for codes in soft_codes(pixels, turned) for code in codes]


def plain(pixels):
    return [code.text for code in zxingcpp.read_barcodes(pixels)]


@given(PRINTABLE)
@settings(max_examples=60, deadline=None)
def test_the_table_spells_what_an_encoder_wrote_and_its_check_is_right(text):
    values = values_of(text)
    assert code128.check_is_right(values)
    assert code128.text_of(values[:-1]) == text


@given(PRINTABLE, st.integers(0, 18), st.integers(1, 102))
@settings(max_examples=60, deadline=None)
def test_one_changed_value_is_always_caught_by_the_check(text, place, by):
    values = values_of(text)
    place = 1 + place % (len(values) - 2)
    values[place] = (values[place] + by) % 103
    assert not code128.check_is_right(values)


def test_a_code_with_bars_of_one_pixel_is_read_where_the_edge_detector_sees_nothing():
    pixels = picture(NUMBER, module_px=1.0, angle_deg=7)
    assert NUMBER not in plain(pixels)
    assert texts(pixels, angle_deg=-7) == [NUMBER]


def test_a_code_blurred_over_its_bars_is_read():
    pixels = picture(NUMBER, module_px=1.9, blur_px=1.6)
    assert NUMBER not in plain(pixels)
    assert texts(pixels) == [NUMBER]


def test_a_code_at_eight_hundredths_of_the_light_is_read():
    assert texts(picture(NUMBER, module_px=1.9, light=0.08, noise=2.0)) == [NUMBER]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_code_is_read_in_all_four_directions_and_its_box_begins_where_it_begins(quarters):
    pixels = np.ascontiguousarray(np.rot90(picture(NUMBER, module_px=2.0), -quarters))
    (code,) = [code for codes in soft_codes(pixels, whole(pixels)) for code in codes]
    run = np.subtract(code.box[1], code.box[0])
    assert code.text == NUMBER
    assert np.dot(run / np.hypot(*run), [(1, 0), (0, 1), (-1, 0), (0, -1)][quarters]) > 0.99


def test_frames_that_each_fall_short_are_read_together():
    frames = [picture(NUMBER, 1.9, blur_px=1.6, noise=60, seed=seed) for seed in range(8)]
    prints = [each for frame in frames for each in weighed_prints(projected(frame, whole_code(frame)))[:1]]
    assert [spelled([each]) for each in prints] == [None] * 8
    together = spelled(prints)
    assert together is not None
    assert together.text == NUMBER


def test_frames_of_two_different_codes_give_nothing_together():
    numbers = (NUMBER, "YT9918203377460")
    prints = []
    for seed, number in enumerate(numbers * 4):
        frame = picture(number, 1.9, blur_px=1.6, noise=60, seed=seed)
        prints += weighed_prints(projected(frame, whole_code(frame)))[:1]
    assert spelled(prints) is None


def whole_code(frame):
    width = (len(printed(NUMBER)) + 20) * 1.9
    return Region(frame.shape[1] / 2, frame.shape[0] / 2, width, 20, 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_read_from_noise_text_and_stripes(seed):
    rng = np.random.default_rng(seed)
    stripes = np.repeat(np.where(rng.random(260) < 0.5, 30, 220), 2)[None, :].repeat(80, axis=0)
    noise = rng.integers(0, 256, (240, 520))
    words = np.full((240, 520), 230, np.uint8)
    for row in range(5):
        line = "".join(rng.choice(list("HIllmMWW1|/"), 26))
        cv2.putText(words, line, (4, 40 + 40 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)
    for pixels in (stripes, noise, words):
        assert texts(np.pad(pixels.astype(np.uint8), 20, constant_values=220)) == []


def test_bands_find_the_bars_among_print():
    pixels = np.full((420, 620), 225, np.uint8)
    code = picture(NUMBER, module_px=1.6)
    middle = code.shape[0] // 2
    pixels[40:80, 60:460] = code[middle - 20 : middle + 20, code.shape[1] // 2 - 200 : code.shape[1] // 2 + 200]
    for row in range(6):
        cv2.putText(pixels, "Zhejiang Yiwu Futian 6-2", (30, 150 + 45 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 30, 2)
    strongest = bands(pixels, whole(pixels))[0]
    assert abs(strongest.y - 60) < 8
    assert abs(strongest.x - 260) < 25


def test_a_box_outside_the_picture_gives_no_profile():
    assert projected(np.zeros((50, 50), np.uint8), Region(400, 400, 60, 20, 0)) is None
