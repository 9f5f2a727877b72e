"""What befalls labels in the bench's scenes: blur, darkness, glints, fading, bends, print of the carton."""

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from karez.simulation.projection import DISTANCE_MM
from karez.simulation.scenes import scene
from karez.simulation.scenes.bent import RADIUS_MM
from karez.simulation.scenes.carton_marks import carton_marks
from karez.simulation.scenes.parcels import labelled
from karez.simulation.scenes.shapes import Bend
from karez.simulation.scenes.thermal import CONTRAST, faded
from karez.simulation.sheet import BLACK


def grey(name: str, index: int, seed: int) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(scene(name, index, seed).picture, np.uint8), cv2.IMREAD_GRAYSCALE)


def sharpness(picture: np.ndarray) -> float:
    return float(cv2.Laplacian(picture, cv2.CV_32F).var())


def saturated_share(picture: np.ndarray) -> float:
    return float((picture >= 254).mean())


@pytest.mark.parametrize("name", ["motion", "defocus"])
def test_a_blurred_picture_is_less_sharp_than_the_same_parcel_at_rest_in_focus(name: str) -> None:
    assert all(sharpness(grey(name, at, 31)) < 0.7 * sharpness(grey("rotated", at, 31)) for at in range(3))


def test_at_eight_percent_of_light_a_white_label_is_nearly_black() -> None:
    assert 15 < np.quantile(grey("light", 1, 31), 0.999) < 40


@pytest.mark.parametrize("name", ["poly-bag", "glare"])
def test_the_lamp_mirrored_in_film_saturates_the_sensor(name: str) -> None:
    mirrored = [saturated_share(grey(name, at, 31)) for at in range(3)]
    plain = [saturated_share(grey("rotated", at, 31)) for at in range(3)]

    assert np.mean(mirrored) > np.mean(plain) + 0.003


def test_a_faded_print_keeps_the_contrast_that_the_constants_say() -> None:
    label = labelled(2, 31).label
    print_px = label.pixels[:, :, ::-1]
    contrasts = []
    for seed in range(8):
        worn = faded(print_px, label, np.random.default_rng(seed)).astype(int)
        white, black = (np.median(worn[print_px == value]) for value in (print_px.max(), BLACK[0]))
        contrasts.append((white - black) / (int(print_px.max()) - BLACK[0]))

    assert CONTRAST == (0.25, 0.60)
    assert CONTRAST[0] * 0.7 < min(contrasts) < max(contrasts) < CONTRAST[1] * 1.1


@settings(max_examples=100, deadline=None)
@example(radius_mm=40.0, axis_deg=109.0, x_mm=30.0, y_mm=30.0)
@given(
    radius_mm=st.floats(*RADIUS_MM),
    axis_deg=st.floats(0, 180),
    x_mm=st.floats(-30, 30),
    y_mm=st.floats(-30, 30),
)
def test_a_label_round_a_cylinder_is_seen_as_geometry_has_it(
    radius_mm: float, axis_deg: float, x_mm: float, y_mm: float
) -> None:
    bend = Bend.cylinder(axis_deg, radius_mm, 0.0)
    at = np.array([[x_mm]], np.float32), np.array([[y_mm]], np.float32)
    *place, brightness = (float(each[0, 0]) for each in bend.on_label(*at))
    assume(brightness > 0)  # past the edge of sight there is no label, so no place on it
    axis = np.array([np.cos(np.radians(axis_deg)), np.sin(np.radians(axis_deg))])
    across = np.array([-axis[1], axis[0]])
    on_label = np.array(place)
    round_rad = on_label @ across / radius_mm
    nearness = (DISTANCE_MM + radius_mm * (1 - np.cos(round_rad))) / DISTANCE_MM

    assert radius_mm * np.sin(round_rad) / nearness == pytest.approx(np.array([x_mm, y_mm]) @ across, abs=0.1)
    assert on_label @ axis == pytest.approx(np.array([x_mm, y_mm]) @ axis * nearness, abs=0.1)


def test_past_the_edge_of_a_narrow_cylinder_no_label_is_seen() -> None:
    bend = Bend.cylinder(0, 40.0, 0.0)
    down_mm = np.array([[0, 37.5, 38.5, 60]], np.float32)

    brightness = bend.on_label(np.zeros_like(down_mm), down_mm)[2]

    assert list(brightness[0] > 0) == [True, True, False, False]


@pytest.mark.parametrize("index", range(6))
def test_a_printed_carton_shows_goods_codes_that_are_never_the_waybill(index: int) -> None:
    marks = [mark for mark in carton_marks(np.random.default_rng(index)) if mark.is_code]
    texts = [code.text for mark in marks for code in zxingcpp.read_barcodes(mark.pixels)]

    assert len(texts) == len(marks)
    assert all(len(text) in (13, 14) and text[-13:-10].startswith("69") for text in texts)
