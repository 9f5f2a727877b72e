"""The bench's scenes: constants as in the facts, the same from the same seed, and a truth that is truly printed."""

import ast
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.address.gazetteer import Gazetteer
from karez.domain.errors import BadInput
from karez.simulation import fonts
from karez.simulation.conditions import DIFFICULTIES
from karez.simulation.labels import draw_label
from karez.simulation.projection import DISTANCE_MM
from karez.simulation.scenes import CONDITIONS, scene
from karez.simulation.scenes.bent import RADIUS_MM
from karez.simulation.scenes.carton_marks import carton_marks
from karez.simulation.scenes.parcels import bench_parcel, bench_style, labelled
from karez.simulation.scenes.shapes import Bend
from karez.simulation.scenes.thermal import CONTRAST, faded
from karez.simulation.scenes.uyghur_addresses import MORPHEMES, PEOPLE
from karez.simulation.sheet import BLACK, Sheet

SHARP = {
    "px_per_mm": (5.0, 5.0),
    "tilt_deg": (0.0, 0.0),
    "motion_mm": (0.0, 0.0),
    "defocus_px": (0.4, 0.4),
    "light": (1.0, 1.0),
    "noise": (1.5, 1.5),
    "creases": (0, 0),
    "glares": (0, 0),
    "glare_peak": (0.0, 0.0),
}
ONE_TROUBLE = {
    "clean": {},
    "rotated": {},
    "3px-mm": {"px_per_mm": (3.0, 3.0)},
    "motion": {"motion_mm": (0.75, 0.75)},
    "defocus": {"defocus_px": (1.5, 1.5)},
    "light": {"light": (0.08, 0.08)},
    "tilt": {"tilt_deg": (30.0, 30.0)},
    "tilt-45": {"tilt_deg": (45.0, 45.0)},
}


@pytest.mark.parametrize("name", ONE_TROUBLE)
def test_a_condition_is_one_trouble_on_a_sharp_picture_with_the_figures_of_the_facts(name: str) -> None:
    assert asdict(CONDITIONS[name].figures) == SHARP | ONE_TROUBLE[name]
    assert CONDITIONS[name].angle_deg == ((-2.0, 2.0) if name == "clean" else (0.0, 360.0))


def test_typical_and_hard_are_the_classes_that_reading_was_measured_in() -> None:
    assert CONDITIONS["typical"].figures == DIFFICULTIES["typical"]
    assert CONDITIONS["hard"].figures == DIFFICULTIES["hard"]


def test_the_same_name_index_and_seed_give_the_same_scene_and_others_do_not() -> None:
    first = scene("typical", 3, 11)

    assert scene("typical", 3, 11) == first
    assert scene("typical", 4, 11).waybills != first.waybills
    assert scene("typical", 3, 12).waybills != first.waybills
    assert scene("hard", 3, 11).waybills == first.waybills, "the parcel is the same under every condition"


def test_an_unknown_condition_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput, match="rotated"):
        scene("foggy", 0, 1)


@pytest.mark.parametrize("index", range(24))
def test_a_label_of_the_bench_carries_its_waybill_in_the_codes_its_style_says(index: int) -> None:
    parcel = bench_parcel(index, 5)
    style = bench_style(parcel, 5)
    label = draw_label(parcel, np.random.default_rng(index), style)
    framed = cv2.copyMakeBorder(label.pixels, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255,) * 3)
    found = {code.format.name: code.text for code in zxingcpp.read_barcodes(framed)}

    assert found["Code128"] == parcel.waybill
    if style.matrix == "datamatrix":
        assert found["DataMatrix"] == parcel.waybill
    elif style.matrix == "none":
        assert set(found) == {"Code128"}
    else:
        assert (parcel.waybill in found["QRCode"]) is (style.matrix == "qr")


def read_at_any_angle(data: bytes, wanted: int) -> set[str]:
    """Read the Code 128s of a picture, turning it step by step until as many as wanted are found."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    found: set[str] = set()
    for angle_deg in range(0, 180, 10):
        turn = cv2.getRotationMatrix2D((800, 600), angle_deg, 1.2)
        turn[:, 2] += (400, 600)
        turned = cv2.warpAffine(picture, turn, (2400, 2400), flags=cv2.INTER_CUBIC)
        found |= {code.text for code in zxingcpp.read_barcodes(turned, formats=zxingcpp.BarcodeFormat.Code128)}
        if len(found) >= wanted:
            break
    return found


def test_two_labels_carry_what_the_truth_says() -> None:
    scenes = [scene("two-labels", index, 21) for index in range(6)]

    assert [read_at_any_angle(each.picture, len(each.waybills)) for each in scenes] == [
        set(each.waybills) for each in scenes
    ]
    assert {len(each.waybills) for each in scenes} == {1, 2}, "copies of one waybill, and two waybills"


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
    mirrored = [saturated_share(grey(name, at, 31)) for at in range(4)]
    plain = [saturated_share(grey("rotated", at, 31)) for at in range(4)]

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
    on_label = np.array([float(each[0, 0]) for each in bend.on_label(*at)[:2]])
    axis = np.array([np.cos(np.radians(axis_deg)), np.sin(np.radians(axis_deg))])
    across = np.array([-axis[1], axis[0]])
    round_rad = on_label @ across / radius_mm
    nearness = (DISTANCE_MM + radius_mm * (1 - np.cos(round_rad))) / DISTANCE_MM

    assert radius_mm * np.sin(round_rad) / nearness == pytest.approx(np.array([x_mm, y_mm]) @ across, abs=0.1)
    assert on_label @ axis == pytest.approx(np.array([x_mm, y_mm]) @ axis * nearness, abs=0.1)


@pytest.mark.parametrize("index", range(6))
def test_a_printed_carton_shows_goods_codes_that_are_never_the_waybill(index: int) -> None:
    marks = [mark for mark in carton_marks(np.random.default_rng(index)) if mark.is_code]
    texts = [code.text for mark in marks for code in zxingcpp.read_barcodes(mark.pixels)]

    assert len(texts) == len(marks)
    assert all(len(text) in (13, 14) and text[-13:-10].startswith("69") for text in texts)


def test_of_a_hundred_lines_some_sixty_are_chinese_thirty_uyghur_and_ten_english() -> None:
    shares = Counter(line.script for index in range(100) for line in labelled(index, 41).label.lines)
    total = shares.total()

    assert 0.50 < shares["Hans"] / total < 0.70
    assert 0.22 < shares["Arab"] / total < 0.38
    assert 0.05 < shares["Latn"] / total < 0.15


def test_the_lines_are_the_address_wrapped_at_spaces_or_between_chinese_characters() -> None:
    for index in range(40):
        laid = labelled(index, 41)
        spaceless = "".join(line.text for line in laid.label.lines).replace(" ", "")
        assert spaceless == laid.parcel.address.replace("\n", "").replace(" ", "")
        assert all(line.text == line.text.strip() != "" for line in laid.label.lines)


def test_at_least_three_in_ten_uyghur_lines_hold_a_name_outside_the_shipped_lexicon() -> None:
    gazetteer = Gazetteer.load()
    names = [place.ug for place in gazetteer.places]
    names += [alias.name for aliases in gazetteer.aliases_of.values() for alias in aliases]
    known = {word for name in names for word in name.split()}
    made_up = {first + second for first in MORPHEMES[0] for second in MORPHEMES[1]} | set(PEOPLE)
    lines = [line.text for index in range(200) for line in labelled(index, 41).label.lines if line.script == "Arab"]
    outside = [line for line in lines if any(word in made_up - known for word in line.split())]

    assert len(outside) / len(lines) >= 0.30
    assert len(outside) / len(lines) <= 0.80, "known names are read too"


def test_the_faces_that_no_model_has_seen_are_those_held_out_of_training() -> None:
    source = (Path(__file__).parents[2] / "training" / "uyghur" / "faces.py").read_text("utf-8")
    found = re.search(r"^HELD_OUT = (\(.*?\))", source, re.MULTILINE | re.DOTALL)
    assert found is not None

    assert {fonts._FACES[name].path.name for name in fonts.UNSEEN_UYGHUR_FACES} == set(ast.literal_eval(found[1]))


def test_a_sign_that_a_typeface_lacks_is_printed_in_another() -> None:
    assert not fonts.has_glyph("ug-naskh", "-")
    assert all(fonts.has_glyph(face, letter) for face in fonts.BENCH_UYGHUR_FACES for letter in "ئەڭۇۆۈۋېى0123456789")
    sheets = [Sheet(60, 10, 8.0), Sheet(60, 10, 8.0)]
    sheets[0].uyghur((58, 1), "209-نومۇر", 5, "ug-naskh")
    sheets[1].uyghur((58, 1), "209نومۇر", 5, "ug-naskh")

    dark = [int((sheet.pixels() < 128).sum()) for sheet in sheets]
    assert 20 < dark[0] - dark[1] < 150, "a hyphen, not a box"
