"""Several pictures of one parcel, read in one go: faces and successive frames vote."""

import numpy as np

from karez.domain.frames import Frame
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import LabelText, Shot, draw_label, encode, label_jpeg, photograph

WAYBILL = LabelText().waybill
BLANK = encode(np.full((600, 800), 120, np.uint8))


def dirty(seed: int) -> bytes:
    """Photograph a label whose code lies under a speckled strip."""
    label, px_per_mm = draw_label(LabelText(matrix=False)), 2.2
    picture = photograph(label, Shot(px_per_mm, 3 * seed - 6, 0.9, seed=seed, noise=3)).astype(float)
    middle, half = 600 - 55 * px_per_mm, 7 * px_per_mm + 35
    rows = slice(int(middle - half), int(middle + half))
    picture[rows] += np.random.default_rng(seed).normal(0, 40, picture[rows].shape)
    return encode(np.clip(picture, 0, 255).astype(np.uint8))


def test_codes_that_no_frame_shows_well_enough_are_read_from_all_together(reader: Reader, rules: WaybillRules) -> None:
    frames = [Frame(dirty(seed)) for seed in (0, 1)]
    assert [type(reader.read([frame], rules, text="never")) for frame in frames] == [NoRead] * 2
    reading = reader.read(frames, rules, text="never")
    assert isinstance(reading, Reading)
    assert reading.waybill.value == WAYBILL
    assert reading.codes[reading.waybill.source.indices[0]].restored


def test_two_frames_of_a_label_without_codes_confirm_each_other(reader: Reader, rules: WaybillRules) -> None:
    plain = LabelText(code=False, matrix=False)
    frames = [Frame(label_jpeg(plain, angle_deg=angle, seed=angle)) for angle in (20, 200)]
    assert isinstance(reader.read(frames[:1], rules), NoRead)
    reading = reader.read(frames, rules)
    assert isinstance(reading, Reading)
    assert reading.waybill.value == WAYBILL
    assert {line.frame for line in reading.lines} == {0, 1}


def test_a_face_with_another_waybill_is_a_contradiction_wherever_it_comes(reader: Reader, rules: WaybillRules) -> None:
    own, other = Frame(label_jpeg()), Frame(label_jpeg(LabelText(waybill="SF1234567890123")))
    for frames in ([own, own, other], [other, own, own]):
        result = reader.read(frames, rules, text="never")
        assert isinstance(result, NoRead)
        assert result.reason is NoReadReason.CONTRADICTION
        assert set(result.candidates) == {WAYBILL, "SF1234567890123"}


def test_six_faces_cost_little_more_than_the_one_with_the_label(reader: Reader, rules: WaybillRules) -> None:
    asked: list[bool] = []

    def late() -> bool:
        asked.append(True)
        return False

    frames = [Frame(BLANK)] * 5 + [Frame(label_jpeg())]
    reading = reader.read(frames, rules, text="never", deadline=late)
    assert isinstance(reading, Reading)
    assert reading.waybill.source.frame == 5
    assert len(asked) < 30  # no patient stage was begun on an empty face


def test_the_sort_code_and_address_come_from_the_faces_that_show_them(reader: Reader, rules: WaybillRules) -> None:
    bare = LabelText(recipient=(), sender=(), sort_code="", matrix=False)
    reading = reader.read([Frame(label_jpeg(bare)), Frame(label_jpeg(angle_deg=30))], rules)
    assert isinstance(reading, Reading)
    assert reading.sort_code is not None and reading.address is not None
    assert (reading.sort_code.value, reading.sort_code.source.frame) == ("902A M088-00 29", 1)
    assert (reading.address.value, reading.address.source.frame) == (
        "新疆维吾尔自治区喀什地区莎车县米夏镇友谊南路18号",
        1,
    )


def test_text_left_for_later_goes_on_from_the_codes(reader: Reader, rules: WaybillRules) -> None:
    frame = Frame(label_jpeg())
    first = reader.read([frame], rules, text="auto", suffices=lambda _: False, leave_text=lambda: True)
    assert isinstance(first, Reading)
    assert not first.lines
    second = reader.read([frame], rules, codes=first.codes)
    assert isinstance(second, Reading)
    assert second.codes == first.codes
    assert second.address is not None


def test_of_two_parcels_pictures_none_is_taken_whichever_came_first(reader: Reader, rules: WaybillRules) -> None:
    soft = Shot(blur_px=2.0)  # bars that tell nothing at the first look
    own = Frame(label_jpeg(LabelText(matrix=False), soft))
    other = Frame(label_jpeg(LabelText(waybill="SF1234567890123", matrix=False), soft))
    for frames in ([own, other], [other, own]):
        result = reader.read(frames, rules, text="never")
        assert isinstance(result, NoRead)
        assert result.reason is NoReadReason.CONTRADICTION
