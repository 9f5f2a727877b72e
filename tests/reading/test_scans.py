"""What one call of the decoder gives, and how far bars are believed of which it saw few rows."""

import cv2
import numpy as np
import pytest
import zxingcpp

from karez.domain.frames import Frame
from karez.domain.reading import Reading
from karez.reading.reader import Reader
from karez.reading.scans import ALL_FORMATS, scan
from karez.reading.views import whole
from karez.reading.waybills import WaybillRules
from karez.simulation.scenes import scene
from reading.drawn_labels import code128

OWN = "YT0291354625538"


def bars(text: str, height_px: int, width_px: int = 460) -> np.ndarray:
    drawn = np.asarray(code128(text, 60, 10))
    return cv2.resize(drawn, (width_px, height_px), interpolation=cv2.INTER_AREA)


def on_paper(drawn: np.ndarray) -> np.ndarray:
    return cv2.copyMakeBorder(drawn, 200, 200, 220, 220, cv2.BORDER_CONSTANT, value=235)


@pytest.mark.parametrize(("height_px", "restored"), [(120, False), (20, True)])
def test_bars_of_which_a_thin_strip_was_seen_count_as_restored(height_px: int, restored: bool) -> None:
    (code,) = scan(whole(on_paper(bars(OWN, height_px))), ALL_FORMATS)
    assert (code.text, code.restored) == (OWN, restored)


def test_error_correction_needs_no_height() -> None:
    made = zxingcpp.create_barcode("SF1234567890123", zxingcpp.BarcodeFormat.PDF417)
    drawn = np.asarray(zxingcpp.write_barcode_to_image(made, scale=3, add_quiet_zones=True))
    (code,) = scan(whole(cv2.resize(drawn, None, fx=1, fy=0.3, interpolation=cv2.INTER_AREA)), ALL_FORMATS)
    assert not code.restored


def test_two_rows_at_the_edge_of_bars_do_not_outweigh_the_rest_of_them(reader: Reader, rules: WaybillRules) -> None:
    """Picture 744 of a closing run: two worn rows gave another number, whose check character is right by chance."""
    drawn = scene("typical", 744, 645479529)
    outcome = reader.read([Frame(drawn.picture)], rules, text="never")
    assert isinstance(outcome, Reading)
    assert (outcome.waybill.value,) == drawn.waybills
