"""Close-ups of goods and cards: enhanced where nothing else reads, and believed only by agreement."""

import cv2
import numpy as np
import zxingcpp

from karez.domain.frames import Frame
from karez.reading import enhanced
from karez.reading.views import Region


def card(text, symbology, module_px=2.0, contrast=1.0, blur_px=0.0, noise=0.0, add_on=""):
    """A code on a card, dim and soft."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    drawn = np.asarray(zxingcpp.write_barcode_to_image(made, scale=4, add_quiet_zones=True))
    grey = cv2.copyMakeBorder(drawn, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255).astype(np.float32)
    small = cv2.resize(grey, None, fx=module_px / 4, fy=module_px / 4, interpolation=cv2.INTER_AREA)
    dim = 120 + (small - 255) * contrast * 100 / 255
    soft = cv2.GaussianBlur(dim, (0, 0), blur_px) if blur_px else dim
    grain = np.random.default_rng(1).normal(0, noise, soft.shape)
    return np.clip(soft + grain, 0, 255).astype(np.uint8)


def plain(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)]


def codes(reader, rules, picture):
    frame = Frame(cv2.imencode(".png", picture)[1].tobytes())
    return [code.text for code in reader.read([frame], rules, text="never").codes]


def test_a_soft_item_code_is_read_by_agreement(reader, rules):
    picture = card("6901234567892", "EAN13", module_px=1.6, contrast=0.8, blur_px=1.0)
    assert plain(picture) == []
    assert codes(reader, rules, picture) == ["6901234567892"]


def test_a_view_of_a_small_label_maps_back_onto_it():
    picture = np.full((900, 1200), 200, np.uint8)
    view, _ = next(enhanced.looks(picture, Region(700, 400, 200, 100, 0)))
    height, width = view.pixels.shape
    assert np.allclose(view.stored_points([(width / 2, height / 2)]), [(700, 400)], atol=1)


def test_a_view_of_the_whole_picture_maps_back_onto_it():
    picture = np.full((300, 400), 200, np.uint8)
    view, _ = next(enhanced.looks(picture, None))
    height, width = view.pixels.shape
    assert (height, width) == (900, 1200)
    assert np.allclose(view.stored_points([(width, height)]), [(400, 300)], atol=1)


def test_a_large_picture_is_not_made_larger():
    for view, _ in enhanced.looks(np.full((1500, 2000), 200, np.uint8), None):
        assert view.pixels.size <= 2_600_000
