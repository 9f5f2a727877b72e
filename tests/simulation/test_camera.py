"""Labels and pictures: the same from the same seed, readable where they should be, and nothing where not."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.errors import MissingPart
from karez.simulation import fonts, projection
from karez.simulation.camera import photograph
from karez.simulation.conditions import DIFFICULTIES, UNREADABLE_WAYS, conditions
from karez.simulation.damage import damaged
from karez.simulation.demand import PlannedParcel, day
from karez.simulation.label_layout import Label
from karez.simulation.labels import draw_label

KASHI = Path(__file__).parents[2] / "examples" / "kashi"


@cache
def parcels() -> list[PlannedParcel]:
    return day(7, 120, 20_000, KASHI / "areas.toml", KASHI / "sort_codes.toml")


def read(picture: "np.ndarray") -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture, try_downscale=True)]


def test_the_same_parcel_lap_and_seed_give_the_same_bytes() -> None:
    parcel = parcels()[0]

    assert photograph(parcel, 1, 7) == photograph(parcel, 1, 7)
    assert photograph(parcel, 1, 7) != photograph(parcel, 2, 7)
    assert photograph(parcel, 1, 7) != photograph(parcel, 1, 8)


def test_a_picture_does_not_depend_on_those_taken_before_it() -> None:
    first, second = parcels()[1], parcels()[2]
    alone = photograph(second, 1, 7)
    photograph(first, 3, 7)

    assert photograph(second, 1, 7) == alone


def test_another_process_draws_the_same_day_and_the_same_picture() -> None:
    program = (
        "import sys, hashlib; from pathlib import Path; from karez.simulation.demand import day;"
        "from karez.simulation.camera import photograph; folder = Path(sys.argv[1]);"
        "plan = day(7, 120, 20_000, folder / 'areas.toml', folder / 'sort_codes.toml');"
        "print(hashlib.sha256(repr(plan).encode() + photograph(plan[4], 1, 7)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(KASHI)],
        env={**os.environ, "PYTHONHASHSEED": "5"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(repr(parcels()).encode() + photograph(parcels()[4], 1, 7)).hexdigest()

    assert done.stdout.strip() == here


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 2**32), lap=st.integers(1, 9), at=st.integers(0, 119), kind=st.sampled_from(["typical", "hard"])
)
def test_the_whole_label_is_always_in_the_picture(seed: int, lap: int, at: int, kind: str) -> None:
    parcel = replace(parcels()[at], picture=kind)
    shot = conditions(parcel, lap, seed)
    for width_mm, height_mm in ((76.0, 130.0), (100.0, 150.0)):
        label = Label(np.zeros((1, 1, 3), np.uint8), 8.0, width_mm, height_mm)
        view = projection.view_of(shot, projection.label_centre_px(label, shot, np.random.default_rng(seed)))
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width_mm / 2, height_mm / 2)
        seen = projection.project(view, corners)
        assert (seen > 0).all() and (seen < (1600, 1200)).all()


def test_a_picture_is_a_two_megapixel_jpeg_in_colour() -> None:
    picture = cv2.imdecode(np.frombuffer(photograph(parcels()[0], 1, 7), np.uint8), cv2.IMREAD_UNCHANGED)

    assert picture.shape == (1200, 1600, 3)


@pytest.mark.parametrize("at", range(0, 120, 4))
def test_an_undistorted_label_carries_its_waybill_in_code_128_and_qr(at: int) -> None:
    parcel = parcels()[at]
    label = draw_label(parcel, np.random.default_rng([1, at]))
    codes = zxingcpp.read_barcodes(
        cv2.copyMakeBorder(label.pixels, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255,) * 3)
    )

    assert parcel.waybill in {code.text for code in codes if code.format == zxingcpp.BarcodeFormat.Code128}
    assert any(parcel.waybill in code.text for code in codes if code.format == zxingcpp.BarcodeFormat.QRCode)
    assert all(parcel.waybill in code.text for code in codes)


def turned_upright(parcel: PlannedParcel, lap: int) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(photograph(parcel, lap, 7), np.uint8), cv2.IMREAD_GRAYSCALE)
    turn = cv2.getRotationMatrix2D((800, 600), conditions(parcel, lap, 7).angle_deg, 1.0)
    turn[:, 2] += (200, 400)
    return cv2.warpAffine(picture, turn, (2000, 2000), flags=cv2.INTER_CUBIC)


@pytest.mark.parametrize("at", range(12))
def test_nothing_is_read_from_an_unreadable_parcel(at: int) -> None:
    parcel = replace(parcels()[at], picture="unreadable")

    assert [read(turned_upright(parcel, lap)) for lap in (1, 2)] == [[], []]


def test_typical_parcels_turned_upright_the_same_way_are_read() -> None:
    some = [replace(parcel, picture="typical") for parcel in parcels()[:12]]
    read_of = [any(parcel.waybill in text for text in read(turned_upright(parcel, 1))) for parcel in some]

    assert sum(read_of) >= 9


@pytest.mark.parametrize("way", ["torn", "wet"])
def test_an_upright_ruined_label_gives_nothing_either(way: str) -> None:
    for parcel in parcels()[:8]:
        rng = np.random.default_rng(parcel.index)
        label = draw_label(parcel, rng)
        assert read(damaged(label.pixels, label, way, 0, rng)) == []


def test_every_way_to_be_unreadable_occurs() -> None:
    ways = {conditions(replace(parcel, picture="unreadable"), 1, 7).damage for parcel in parcels()}

    assert ways == set(UNREADABLE_WAYS)


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 2**32), lap=st.integers(1, 9), at=st.integers(0, 119), kind=st.sampled_from(["typical", "hard"])
)
def test_conditions_stay_within_their_class(seed: int, lap: int, at: int, kind: str) -> None:
    shot, bounds = conditions(replace(parcels()[at], picture=kind), lap, seed), DIFFICULTIES[kind]

    for figure in ("px_per_mm", "tilt_deg", "motion_mm", "defocus_px", "light", "noise", "glare_peak"):
        low, high = getattr(bounds, figure)
        assert low <= getattr(shot, figure) <= high
    assert bounds.creases[0] <= shot.creases <= bounds.creases[1]
    assert bounds.glares[0] <= shot.glares <= bounds.glares[1]
    assert shot.damage == ""


def test_creases_and_surface_stay_with_the_parcel_while_the_angle_does_not() -> None:
    first, second = (conditions(parcels()[3], lap, 7) for lap in (1, 2))

    assert (first.creases, first.surface) == (second.creases, second.surface)
    assert first.angle_deg != second.angle_deg


def test_a_missing_typeface_says_which_package_brings_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = fonts._FACES["zh"]._replace(path=tmp_path / "gone.ttc")
    monkeypatch.setitem(fonts._FACES, "zh", gone)
    fonts.typeface.cache_clear()

    with pytest.raises(MissingPart, match="fonts-noto-cjk"):
        fonts.typeface("zh", 20)
    lacking = [part for part in fonts.inventory() if not part.present]
    assert [part.advice for part in lacking] == ["apt-get install fonts-noto-cjk"]
