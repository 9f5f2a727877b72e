"""QR codes with torn finders, on bottles, under glare or of dots are read by their grid; other print gives none."""

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from karez.domain.frames import Frame
from karez.domain.reading import Code
from karez.reading import qr_patterns
from karez.reading.qr_grid import decode
from karez.reading.reader import Reader
from karez.reading.views import Region
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import encode

TEXT = "SF4088779923186|663-358|1"
MODULE_PX, QUIET, MARGIN_PX = 8, 4, 140


def modules_of(text: str = TEXT, error: str = "H", version: int | None = None) -> np.ndarray:
    code = segno.make(text, error=error, version=version, micro=False, boost_error=False)
    return np.array([list(row) for row in code.matrix], np.uint8)


def printed(modules: np.ndarray) -> np.ndarray:
    return np.kron(np.where(np.pad(modules, QUIET), 30, 215), np.ones((MODULE_PX, MODULE_PX))).astype(np.uint8)


def on_carton(print_of_code: np.ndarray, seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed)
    rows, columns = print_of_code.shape
    picture = cv2.GaussianBlur(noise.normal(120, 8, (rows + 2 * MARGIN_PX, columns + 2 * MARGIN_PX)), (0, 0), 2)
    picture[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = print_of_code
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0) + noise.normal(0, 3, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def without_finder(print_of_code: np.ndarray, row: int, column: int) -> np.ndarray:
    """Tear the middle and two sides out of one finder."""
    torn = print_of_code.copy()
    top, left = ((QUIET + start) * MODULE_PX for start in (row, column))
    torn[top + 10 : top + 46, left + 20 : left + 60] = 200
    return torn


def on_a_bottle(picture: np.ndarray, radius: float = 0.42, sag: float = 0.7) -> np.ndarray:
    """Bend a picture around an upright cylinder (radius in its widths), seen from above so that lines sag."""
    rows, columns = picture.shape
    turn = np.arcsin(np.clip((np.arange(columns) - columns / 2) / columns / radius, -1, 1))
    x = np.tile(radius * turn * columns + columns / 2, (rows, 1)).astype(np.float32)
    y = (np.arange(rows)[:, np.newaxis] + sag * (1 - np.cos(turn)) * radius * columns).astype(np.float32)
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def glared(picture: np.ndarray, x: float, y: float, spread: float) -> np.ndarray:
    rows, columns = np.indices(picture.shape)
    light = 260 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * spread**2))
    return np.clip(picture + light, 0, 255).astype(np.uint8)


def of_dots(modules: np.ndarray) -> np.ndarray:
    picture = printed(np.zeros_like(modules))
    finder = np.zeros_like(modules, bool)
    finder[:7, :7] = finder[:7, -7:] = finder[-7:, :7] = True
    for row, column in np.argwhere(modules):
        middle = int((QUIET + column + 0.5) * MODULE_PX), int((QUIET + row + 0.5) * MODULE_PX)
        if finder[row, column]:
            corner = middle[0] - MODULE_PX // 2, middle[1] - MODULE_PX // 2
            cv2.rectangle(picture, corner, (corner[0] + MODULE_PX - 1, corner[1] + MODULE_PX - 1), 30, -1)
        else:
            cv2.circle(picture, middle, 2, 30, -1)
    return picture


def glared_twice(modules: np.ndarray) -> np.ndarray:
    picture = on_carton(printed(modules))
    return glared(glared(picture, 190, 190, 26), 330, 320, 24)


HARD = {
    "a torn finder": lambda: on_carton(without_finder(printed(modules_of()), 0, 0)),
    "a torn finder, light on dark": lambda: 255 - on_carton(without_finder(printed(modules_of()), 0, 26)),
    "on a bottle": lambda: on_a_bottle(on_carton(printed(modules_of(error="M")))),
    "glare on a finder and on its middle": lambda: glared_twice(modules_of()),
    "dots, one finder torn": lambda: on_carton(without_finder(of_dots(modules_of()), 26, 0)),
}


@pytest.mark.parametrize("how", HARD)
def test_a_qr_code_that_the_decoder_alone_cannot_read_is_read(reader: Reader, rules: WaybillRules, how: str) -> None:
    picture = HARD[how]()
    assert not zxingcpp.read_barcodes(picture)
    outcome = reader.read([Frame(encode(picture, ".png"))], rules, "never")
    assert [(code.text, code.format) for code in outcome.codes] == [(TEXT, "QRCode")]


def decoded(picture: np.ndarray) -> list[Code]:
    rows, columns = picture.shape
    return decode(picture, Region(columns / 2, rows / 2, columns - 120, rows - 120, 0.0), lambda: False)


@pytest.mark.parametrize("version", [1, 2, 6, 7, 10])
def test_codes_of_small_and_large_versions_are_read(version: int) -> None:
    modules = modules_of("6939197427823", "Q", version)
    assert [code.text for code in decoded(on_carton(without_finder(printed(modules), 0, 0)))] == ["6939197427823"]


def test_the_box_is_the_outline_of_the_code_in_the_stored_picture() -> None:
    modules = modules_of()
    start, end = MARGIN_PX + QUIET * MODULE_PX, MARGIN_PX + (QUIET + len(modules)) * MODULE_PX
    (code,) = decoded(on_carton(without_finder(printed(modules), 0, 0)))
    assert np.abs(np.array(code.box) - [(start, start), (end, start), (end, end), (start, end)]).max() <= 3
    assert not code.restored


def test_a_code_damaged_beyond_its_error_correction_gives_nothing() -> None:
    picture = on_carton(printed(modules_of(error="L")))
    picture[MARGIN_PX + 100 : MARGIN_PX + 200, MARGIN_PX + 60 : MARGIN_PX + 250] = 120
    assert decoded(picture) == []


@pytest.mark.parametrize("seed", range(3))
def test_noise_between_three_finders_gives_nothing(seed: int) -> None:
    modules = qr_patterns.fixed(3).copy()
    chance = np.random.default_rng(seed).choice([-1, 1], modules.shape)
    filled = np.where(modules != 0, modules, chance)
    assert decoded(on_carton(printed((filled > 0).astype(np.uint8)))) == []


def test_other_print_gives_nothing() -> None:
    drawn = zxingcpp.create_barcode("PKG 4802/7790", zxingcpp.BarcodeFormat.DataMatrix)
    assert decoded(on_carton(np.array(drawn.to_image(scale=8, add_quiet_zones=True)))) == []
    assert decoded(np.full((400, 400), 128, np.uint8)) == []


def test_it_stops_when_time_is_up() -> None:
    asked = []

    def late() -> bool:
        asked.append(True)
        return True

    picture = on_carton(printed(modules_of(error="L")))
    picture[MARGIN_PX + 100 : MARGIN_PX + 200, MARGIN_PX + 60 : MARGIN_PX + 250] = 120
    rows, columns = picture.shape
    assert decode(picture, Region(columns / 2, rows / 2, columns, rows, 0.0), late) == []
    assert len(asked) == 1


@pytest.mark.parametrize("version", [1, 2, 6, 7, 14, 25, 32, 36, 40])
@pytest.mark.parametrize("error", "LMQH")
def test_what_a_version_prescribes_stands_in_every_code_of_it(version: int, error: str) -> None:
    modules = modules_of("1", error, version).astype(np.int8) * 2 - 1
    fixed = qr_patterns.fixed(version)
    assert np.all((fixed == 0) | (fixed == modules))
    assert fixed.astype(bool).sum() > 200


@pytest.mark.parametrize("error", "LMQH")
def test_a_format_of_which_one_print_is_lost_is_known_from_the_other(error: str) -> None:
    modules = modules_of("8848", error, 3).astype(np.float32) * 2 - 1
    stained = modules.copy()
    stained[:9, 8] = stained[8, :9] = 0.1
    assert np.array_equal(qr_patterns.with_format(stained), modules)
