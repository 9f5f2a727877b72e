"""The bench's scenes: constants as in the facts, the same from the same seed, and a truth that is truly printed."""

import hashlib
import os
import subprocess
import sys
from dataclasses import asdict

import cv2
import numpy as np
import pytest
import zxingcpp

from karez.domain.errors import BadInput
from karez.simulation.conditions import DIFFICULTIES
from karez.simulation.scenes import CONDITIONS, scene
from karez.simulation.scenes.conditions import Trouble
from karez.simulation.scenes.pairs import PAIR_SHARES, SMALL_MM

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
    "glare": {"glares": (2, 3), "glare_peak": (120.0, 255.0)},
    "creases": {"creases": (2, 4)},
    "printed-carton": {},
    "poly-bag": {},
    "curved": {},
    "faded": {},
    "tape": {},
    "two-labels": {},
}


@pytest.mark.parametrize("name", ONE_TROUBLE)
def test_a_condition_is_one_trouble_on_a_sharp_picture_with_the_figures_of_the_facts(name: str) -> None:
    assert asdict(CONDITIONS[name].figures) == SHARP | ONE_TROUBLE[name]
    assert CONDITIONS[name].angle_deg == ((-2.0, 2.0) if name == "clean" else (0.0, 360.0))


def test_what_befalls_a_parcel_is_what_its_condition_is_named_for() -> None:
    befallen = {name: each.trouble.value for name, each in CONDITIONS.items() if each.trouble is not Trouble.NONE}

    assert {name.replace("-", " ") for name in befallen} == set(befallen.values())
    assert set(CONDITIONS) == {*ONE_TROUBLE, "typical", "hard"}


def test_two_labels_are_of_two_parcels_in_half_the_pictures_and_small_enough_for_the_view() -> None:
    shares = {pair.value: share for pair, share in PAIR_SHARES.items()}

    assert shares == {"two parcels": 0.5, "old label": 0.25, "copy": 0.25}
    assert SMALL_MM == (76.0, 130.0)


def test_typical_and_hard_are_the_classes_that_reading_was_measured_in() -> None:
    assert CONDITIONS["typical"].figures == DIFFICULTIES["typical"]
    assert CONDITIONS["hard"].figures == DIFFICULTIES["hard"]


def test_the_same_name_index_and_seed_give_the_same_scene_and_others_do_not() -> None:
    first = scene("typical", 3, 11)

    assert scene("typical", 3, 11) == first
    assert scene("typical", 4, 11).waybills != first.waybills
    assert scene("typical", 3, 12).waybills != first.waybills
    assert scene("hard", 3, 11).waybills == first.waybills, "the parcel is the same under every condition"


def test_another_process_draws_the_same_scenes() -> None:
    program = (
        "import sys, hashlib; from karez.simulation.scenes import scene;"
        "print(*(hashlib.sha256(repr(scene(name, 2, 11)).encode()).hexdigest() for name in sys.argv[1:]))"
    )
    names = ["poly-bag", "two-labels", "hard"]
    done = subprocess.run(
        [sys.executable, "-c", program, *names],
        env={**os.environ, "PYTHONHASHSEED": "5"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [hashlib.sha256(repr(scene(name, 2, 11)).encode()).hexdigest() for name in names]


@pytest.mark.parametrize("name", ["clean", "two-labels"])
def test_every_label_stands_where_the_truth_says(name: str) -> None:
    for truth in (scene(name, index, 21) for index in range(4)):
        picture = cv2.imdecode(np.frombuffer(truth.picture, np.uint8), cv2.IMREAD_GRAYSCALE)
        for label in truth.labels:
            x, y = (round(at) for at in label.centre_px)
            paper = np.median(picture[y - 60 : y + 60, x - 60 : x + 60])
            assert paper > 170, "white paper about the centre"
        assert truth.waybills == tuple(dict.fromkeys(label.waybill for label in truth.labels))
        assert truth.lines == tuple(line for label in truth.labels for line in label.lines)


def test_an_unknown_condition_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput, match="rotated"):
        scene("foggy", 0, 1)


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
