"""The overlay shows what was found and why there is no number, on dark and on light pictures."""

import cv2
import numpy as np
import pytest

from karez.domain.frames import Frame
from karez.domain.reading import Box, Code, Found, Label, Line, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.reading import overlay
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import encode, label_jpeg

LEFT: Box = ((200, 300), (600, 300), (600, 400), (200, 400))
RIGHT: Box = ((900, 300), (1300, 360), (1285, 460), (885, 400))
GREY = Frame(encode(np.full((1200, 1600), 120, np.uint8)))
A, B = "YT2512345678901", "SF1234567890123"
CODES = (Code(A, "Code128", LEFT, 0, 0), Code(B, "QRCode", RIGHT, 1, 1))
LABELS = (Label(0, LEFT, (A,)), Label(1, RIGHT, (B,)))


def drawn(frame: Frame, outcome: Reading | NoRead, index: int = 0) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(overlay.draw(frame, outcome, index), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def near(picture: np.ndarray, colour: overlay.Colour, box: Box | None = None) -> int:
    """Count pixels of about a colour, in a box or in all of the picture but its banner."""
    (left, top), (right, bottom) = (0, 0), (1600, 1000)
    if box is not None:
        (left, top), (right, bottom) = np.min(box, axis=0) - 40, np.max(box, axis=0) + 10
    part = picture[top:bottom, left:right].astype(int)
    return int((np.abs(part - colour).max(axis=2) < 45).sum())


@pytest.mark.parametrize("light", [0.9, 0.1])
def test_what_was_read_is_marked_on_light_and_dark_pictures(reader: Reader, rules: WaybillRules, light: float) -> None:
    frame = Frame(label_jpeg(angle_deg=30, light=light))
    picture = drawn(frame, reader.read([frame], rules))
    assert picture.shape == (1200, 1600, 3)
    for colour in (overlay.LABEL, overlay.CODE, overlay.WAYBILL, overlay.SORT_CODE, overlay.ADDRESS):
        assert near(picture, colour) > 300
    assert np.percentile(picture[:1000], 99) > 120  # a dark one is lightened


def test_numbers_that_contradict_each_other_are_red_each_on_its_own_frame() -> None:
    outcome = NoRead(NoReadReason.CONTRADICTION, "Different waybill numbers.", (A, B), codes=CODES, labels=LABELS)
    first, second = drawn(GREY, outcome, 0), drawn(GREY, outcome, 1)
    assert near(first, overlay.AGAINST, LEFT) > 500
    assert near(first, overlay.AGAINST, RIGHT) == 0
    assert near(second, overlay.AGAINST, LEFT) == 0
    assert near(second, overlay.AGAINST, RIGHT) > 500


def test_only_what_stands_on_the_frame_is_drawn() -> None:
    number = Found(B, Source(SourceKind.CODE, 1, (1,)), 0.99)
    lines = (Line("喀什", "Hans", 0.9, LEFT, 1),)
    reading = Reading(number, "sf", None, None, CODES, lines, 1.0, labels=LABELS)
    assert near(drawn(GREY, reading, 0), overlay.WAYBILL) == 0
    assert near(drawn(GREY, reading, 1), overlay.WAYBILL, RIGHT) > 300


def test_the_reason_is_written_along_the_lower_edge() -> None:
    silent = NoRead(NoReadReason.NO_LABEL, "Neither a code nor text was found in the picture.")
    picture = drawn(GREY, silent)
    assert near(picture[1000:], overlay.AGAINST) > 500
    assert np.array_equal(picture[:900], np.broadcast_to(picture[0, 0], (900, 1600, 3)))


@pytest.mark.parametrize("size", [(8, 8), (30, 2400), (2400, 30), (4000, 3000)])
def test_small_and_large_pictures_fit_a_screen(size: tuple[int, int]) -> None:
    frame = Frame(encode(np.full(size, 90, np.uint8), ".png"))
    picture = drawn(frame, NoRead(NoReadReason.NO_WAYBILL, "x" * 300, ("1" * 40,) * 20))
    assert 800 <= max(picture.shape) <= 2000


@pytest.mark.parametrize("data", [b"", b"a letter", label_jpeg()[:3000]])
def test_the_overlay_of_a_broken_picture_is_a_card(reader: Reader, rules: WaybillRules, data: bytes) -> None:
    picture = drawn(Frame(data), reader.read([Frame(data)], rules))
    assert picture.shape == (240, 800, 3)
    assert (picture < 120).any()
