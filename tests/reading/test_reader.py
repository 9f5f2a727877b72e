"""From frames to a reading or a no-read: whole labels, drawn and photographed here."""

from dataclasses import replace

import numpy as np
import pytest

from karez.domain.frames import Frame
from karez.domain.reading import UNDECODED, Found, NoRead, NoReadReason, Reading, SourceKind
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection
from reading.drawn_labels import LabelText, Shot, draw_label, encode, label_jpeg, photograph

UYGHUR = ("شىنجاڭ ئۇيغۇر ئاپتونوم رايونى", "قەشقەر ۋىلايىتى يەكەن ناھىيىسى")
WAYBILL = LabelText().waybill


def read(reader: Reader, data: bytes, rules: WaybillRules, **how: object) -> Reading:
    result = reader.read([Frame(data)], rules, **how)  # type: ignore[arg-type]
    assert isinstance(result, Reading), result
    return result


def no_read(reader: Reader, data: bytes, rules: WaybillRules, **how: object) -> NoRead:
    result = reader.read([Frame(data)], rules, **how)  # type: ignore[arg-type]
    assert isinstance(result, NoRead), result
    return result


def centre(reading: Reading, found: Found) -> np.ndarray:
    places = reading.codes if found.source.kind is SourceKind.CODE else reading.lines
    return np.mean([places[index].box for index in found.source.indices], axis=(0, 1))


@pytest.mark.parametrize("angle", [0, 37, 90, 143, 180, 251, 318])
def test_a_label_is_read_whole_at_any_angle(reader: Reader, rules: WaybillRules, angle: int) -> None:
    reading = read(reader, label_jpeg(angle_deg=angle), rules)
    assert (reading.waybill.value, reading.company) == (WAYBILL, "yto")
    assert reading.sort_code is not None
    assert reading.sort_code.value == "902A M088-00 29"
    assert reading.address is not None
    assert reading.address.value == "新疆维吾尔自治区喀什地区莎车县米夏镇友谊南路18号"


@pytest.mark.parametrize(
    "shot",
    [
        Shot(angle_deg=20, blur_px=1.5),
        Shot(angle_deg=70, light=0.08, noise=2),
        Shot(angle_deg=200, px_per_mm=3.2, blur_px=0.4),
        Shot(angle_deg=331, light=0.2, noise=4, blur_px=0.8),
    ],
    ids=["out of focus", "almost dark", "from far", "dim and noisy"],
)
def test_codes_alone_are_read_in_bad_pictures(reader: Reader, rules: WaybillRules, shot: Shot) -> None:
    data = encode(photograph(draw_label(LabelText(matrix=False)), shot))
    assert read(reader, data, rules, text="never").waybill.value == WAYBILL


@pytest.mark.parametrize("angle", [0, 115, 270])
def test_boxes_stand_where_the_print_stands_in_stored_pixels(reader: Reader, rules: WaybillRules, angle: int) -> None:
    label, shot = draw_label(LabelText(matrix=False)), Shot(angle_deg=angle, seed=3)
    reading = read(reader, encode(photograph(label, shot)), rules)
    middle = np.array([shot.width / 2, shot.height / 2])
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    expected = middle + matrix @ (np.array([50, 20]) - np.array([50, 75])) * shot.px_per_mm
    assert np.abs(centre(reading, reading.waybill) - expected).max() < 45  # the label is laid within ± 30 px


def test_a_code_box_begins_at_the_codes_own_top_left(reader: Reader, rules: WaybillRules) -> None:
    reading = read(reader, label_jpeg(LabelText(matrix=False), angle_deg=180), rules, text="never")
    box = reading.codes[0].box
    assert box[0][0] > box[1][0]  # upside down: it runs from right to left
    assert box[0][1] >= box[3][1]


def test_a_uyghur_address_is_read_in_its_own_script(reader: Reader, rules: WaybillRules) -> None:
    reading = read(reader, label_jpeg(LabelText(recipient=UYGHUR), angle_deg=64, blur_px=0.4), rules)
    assert reading.address is not None
    lines = [reading.lines[index] for index in reading.address.source.indices]
    assert {line.script for line in lines} == {"Arab"}
    assert "قەشقەر" in reading.address.value
    assert "ۋىلايىتى" in reading.address.value
    assert not any(ord("一") <= ord(character) <= ord("龥") for character in reading.address.value)


def test_text_alone_is_unconfirmed_but_what_it_says_is_kept(reader: Reader, rules: WaybillRules) -> None:
    result = no_read(reader, label_jpeg(LabelText(code=False, matrix=False), angle_deg=12), rules)
    assert result.reason is NoReadReason.UNCONFIRMED
    assert WAYBILL in result.candidates
    assert result.sort_code is not None
    assert result.address is not None


def test_text_alone_is_taken_when_pre_advised(reader: Reader) -> None:
    advised = WaybillRules((), lambda number: number == WAYBILL)
    reading = read(reader, label_jpeg(LabelText(code=False, matrix=False), angle_deg=190), advised)
    assert reading.waybill.source.kind is SourceKind.LINE
    assert reading.lines[reading.waybill.source.indices[0]].text.replace(" ", "") == WAYBILL


def test_two_waybills_on_one_parcel_are_a_contradiction(reader: Reader, rules: WaybillRules) -> None:
    other = "SF1234567890123"
    result = no_read(reader, label_jpeg(LabelText(payload=other)), rules)
    assert result.reason is NoReadReason.CONTRADICTION
    assert set(result.candidates) == {WAYBILL, other}


def test_auto_reads_text_only_where_codes_do_not_suffice(reader: Reader, rules: WaybillRules) -> None:
    data = label_jpeg()
    assert not read(reader, data, rules, text="auto", suffices=lambda reading: True).lines
    assert read(reader, data, rules, text="auto", suffices=lambda reading: False).lines
    assert read(reader, data, rules, text="auto").lines  # no sort code in the codes
    whole = LabelText(payload=f"{WAYBILL}|902A M088-00 29|1/1", code=False)
    reading = read(reader, label_jpeg(whole), rules, text="auto")
    assert not reading.lines
    assert reading.sort_code is not None
    assert reading.sort_code.source.kind is SourceKind.CODE


def test_recipient_sender_and_weight_are_told_apart_and_persons_masked(reader: Reader, rules: WaybillRules) -> None:
    label = LabelText(
        recipient=("杨建国 13812345227", *LabelText().recipient[1:]), foot=("重量: 1.25kg", "数量 1 童装")
    )
    reading = read(reader, label_jpeg(label, angle_deg=9), rules)
    assert reading.recipient is not None and reading.sender is not None
    assert reading.recipient.address == reading.address
    assert (reading.recipient.name, reading.recipient.phone) == ("杨**", "1******5227")
    assert reading.sender.address is not None
    assert reading.sender.address.value == LabelText().sender[1]
    assert reading.sender.phone == "1******0098"
    assert reading.weight_g == 1250


def test_a_second_frame_helps_where_the_first_shows_nothing(reader: Reader, rules: WaybillRules) -> None:
    empty = encode(np.full((600, 800), 120, np.uint8))
    result = reader.read([Frame(empty), Frame(b""), Frame(label_jpeg())], rules)
    assert isinstance(result, Reading)
    assert result.waybill.source.frame == 2
    assert result.codes[result.waybill.source.indices[0]].text == WAYBILL


def test_a_blank_picture_holds_no_label(reader: Reader, rules: WaybillRules) -> None:
    blank = encode(np.full((600, 800), 128, np.uint8))
    assert no_read(reader, blank, rules).reason is NoReadReason.NO_LABEL


def test_noise_is_no_waybill(reader: Reader, rules: WaybillRules) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (600, 800), np.uint8)
    assert no_read(reader, encode(noise), rules).reason in (NoReadReason.NO_LABEL, NoReadReason.NO_WAYBILL)


@pytest.mark.parametrize("size", [(16, 16), (1, 20000), (16, 4000), (33, 47), (2500, 17)])
def test_odd_sizes_are_values_too(reader: Reader, rules: WaybillRules, size: tuple[int, int]) -> None:
    striped = np.tile(np.array([0, 255], np.uint8), (size[0], size[1] // 2 + 1))[:, : size[1]]
    assert isinstance(reader.read([Frame(encode(striped, ".png"))], rules), NoRead)


def test_no_frame_at_all_is_a_value(reader: Reader, rules: WaybillRules) -> None:
    result = reader.read([], rules)
    assert isinstance(result, NoRead)
    assert result.reason is NoReadReason.NO_PICTURE


@pytest.mark.parametrize("data", [b"", b"a letter", label_jpeg()[:5000]], ids=["empty", "text", "cut off"])
def test_a_bad_file_is_undecoded_and_explained(reader: Reader, rules: WaybillRules, data: bytes) -> None:
    result = no_read(reader, data, rules)
    assert result.reason in UNDECODED
    assert result.explanation.endswith(".")


def test_a_passed_deadline_ends_it_with_what_is_known(reader: Reader, rules: WaybillRules) -> None:
    result = no_read(reader, label_jpeg(LabelText(code=False, matrix=False)), rules, deadline=lambda: True)
    assert result.reason is NoReadReason.TIMEOUT
    assert not result.lines


def test_a_deadline_in_the_middle_of_the_text_keeps_the_codes(reader: Reader, rules: WaybillRules) -> None:
    asked = iter([False] * 8)
    reading = read(reader, label_jpeg(), rules, deadline=lambda: next(asked, True))
    assert reading.waybill.value == WAYBILL
    assert len(reading.lines) < 12


def test_a_library_that_stumbles_is_a_no_read(
    reader: Reader, rules: WaybillRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError("poison")

    monkeypatch.setattr("karez.reading.barcodes.cascade", stumble)
    assert no_read(reader, label_jpeg(), rules).reason is NoReadReason.READER_FAILED


def test_the_same_picture_is_read_the_same(reader: Reader, rules: WaybillRules) -> None:
    data = label_jpeg(angle_deg=77, noise=5)
    first, second = read(reader, data, rules), read(reader, data, rules)
    assert replace(first, ms=0.0) == replace(second, ms=0.0)


def test_the_spare_engine_reads_the_same_text(reader: Reader, rules: WaybillRules) -> None:
    spare = Reader(ReadingSection(engine="onnxruntime"))
    data = label_jpeg(angle_deg=5)
    one, other = read(spare, data, rules), read(reader, data, rules)
    assert (one.waybill.value, one.company) == (other.waybill.value, other.company)
    assert one.address is not None
    assert other.address is not None
    assert one.address.value == other.address.value
    same = sum(a.text == b.text for a, b in zip(one.lines, other.lines, strict=True))
    assert same >= 0.8 * len(one.lines)  # the engines round differently: a masked phone may lose a star


def test_what_cannot_even_be_put_together_is_a_no_read(
    reader: Reader, rules: WaybillRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("karez.reading.findings.fields_of", no_memory)
    assert no_read(reader, label_jpeg(), rules).reason is NoReadReason.READER_FAILED
