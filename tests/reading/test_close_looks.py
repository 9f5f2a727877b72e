"""Small or inverted codes are read by enlarging their places; stripes and noise give nothing."""

import cv2
import numpy as np
import pytest
import zxingcpp

from karez.domain.frames import Frame
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import encode


def print_of(symbology: str, text: str, module_px: float) -> np.ndarray:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    drawn = np.array(code.to_image(scale=8, add_quiet_zones=True))
    scale = module_px / 8
    return np.asarray(cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def on_carton(patch: np.ndarray, seed: int = 3) -> bytes:
    noise = np.random.default_rng(seed)
    picture = cv2.GaussianBlur(noise.normal(110, 6, (900, 1200)), (0, 0), 3)
    rows, columns = patch.shape
    picture[400 : 400 + rows, 500 : 500 + columns] = 40 + patch * 0.7
    blurred = cv2.GaussianBlur(picture, (0, 0), 0.9) + noise.normal(0, 2, picture.shape)
    return encode(np.clip(blurred, 0, 255).astype(np.uint8), ".png")


@pytest.mark.parametrize(
    ("symbology", "text", "module_px"),
    [("QRCode", "SF0417254870237|253-336", 2.0), ("DataMatrix", "PKG 4802/7790", 2.2)],
)
def test_a_small_2d_code_on_a_carton_is_read(
    reader: Reader, rules: WaybillRules, symbology: str, text: str, module_px: float
) -> None:
    outcome = reader.read([Frame(on_carton(print_of(symbology, text, module_px)))], rules, "never")
    assert text in [code.text for code in outcome.codes]


def test_bars_printed_light_on_dark_are_read(reader: Reader, rules: WaybillRules) -> None:
    outcome = reader.read([Frame(on_carton(255 - print_of("EAN13", "6939197427823", 3.0)))], rules, "never")
    assert [code.text for code in outcome.codes] == ["6939197427823"]


@pytest.mark.parametrize("seed", range(4))
def test_stripes_and_noise_give_no_code(reader: Reader, rules: WaybillRules, seed: int) -> None:
    noise = np.random.default_rng(seed)
    stripes = np.repeat(np.tile(noise.integers(0, 2, 120) * 255, (200, 1)), 3, axis=1).astype(np.uint8)
    assert reader.read([Frame(on_carton(stripes, seed))], rules, "never").codes == ()
