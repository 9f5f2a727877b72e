"""Labels of the bench: codes as their style says, lines as printed, names and faces that no model has seen."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from karez.address.gazetteer import Gazetteer
from karez.simulation import fonts
from karez.simulation.labels import draw_label
from karez.simulation.scenes.parcels import Labelled, bench_parcel, bench_style, labelled
from karez.simulation.scenes.uyghur_addresses import MORPHEMES, PEOPLE
from karez.simulation.sheet import Sheet


@cache
def hundred() -> list[Labelled]:
    """The same hundred labels for every test that counts over them."""
    return [labelled(index, 41) for index in range(100)]


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


def test_of_a_hundred_lines_some_sixty_are_chinese_thirty_uyghur_and_ten_english() -> None:
    shares = Counter(line.script for laid in hundred() for line in laid.label.lines)
    total = shares.total()

    assert 0.50 < shares["Hans"] / total < 0.70
    assert 0.22 < shares["Arab"] / total < 0.38
    assert 0.05 < shares["Latn"] / total < 0.15


def test_the_lines_are_the_address_wrapped_at_spaces_or_between_chinese_characters() -> None:
    for laid in hundred():
        spaceless = "".join(line.text for line in laid.label.lines).replace(" ", "")
        assert spaceless == laid.parcel.address.replace("\n", "").replace(" ", "")
        assert all(line.text == line.text.strip() != "" for line in laid.label.lines)


def test_at_least_three_in_ten_uyghur_lines_hold_a_name_outside_the_shipped_lexicon() -> None:
    gazetteer = Gazetteer.load()
    names = [place.ug for place in gazetteer.places]
    names += [alias.name for aliases in gazetteer.aliases_of.values() for alias in aliases]
    known = {word for name in names for word in name.split()}
    made_up = {first + second for first in MORPHEMES[0] for second in MORPHEMES[1]} | set(PEOPLE)
    lines = [line.text for laid in hundred() for line in laid.label.lines if line.script == "Arab"]
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


def test_at_three_pixels_a_millimetre_every_label_has_a_second_proof_of_its_number() -> None:
    parcels = [bench_parcel(index, 41) for index in range(200)]
    free = [bench_style(parcel, 41) for parcel in parcels]
    confirmed = [bench_style(parcel, 41, confirmed=True) for parcel in parcels]

    assert any(style.matrix == "none" and not style.side_code for style in free), "bare labels occur elsewhere"
    assert all(style.matrix in ("qr", "datamatrix") or style.side_code for style in confirmed)
