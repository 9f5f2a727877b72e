"""Several labels in one picture: which number stands where, and never the neighbour's for the parcel's own."""

import numpy as np
import pytest

from karez.domain.frames import Frame
from karez.domain.reading import Box, Code, NoRead, NoReadReason, Reading
from karez.reading.neighbours import suspected
from karez.reading.reader import Reader
from karez.reading.views import Region
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import LabelText, Laid, carton, draw_label, scene

OWN, OTHER = LabelText().waybill, "SF1234567890123"
ADDRESS = "新疆维吾尔自治区喀什地区莎车县米夏镇友谊南路18号"
NEIGHBOUR = LabelText(
    waybill=OTHER,
    company="顺丰速运",
    sort_code="746 V50 010",
    matrix=False,
    recipient=("王** 1******8888", "湖北省武汉市江汉区", "北湖街道新华路218号"),
)


def read(reader: Reader, data: bytes, rules: WaybillRules, **how: object) -> Reading | NoRead:
    return reader.read([Frame(data)], rules, **how)  # type: ignore[arg-type]


def contradiction(outcome: Reading | NoRead) -> NoRead:
    assert isinstance(outcome, NoRead), outcome.waybill
    assert outcome.reason is NoReadReason.CONTRADICTION
    assert set(outcome.candidates) == {OWN, OTHER}
    return outcome


def taken(outcome: Reading | NoRead) -> Reading:
    assert isinstance(outcome, Reading), outcome
    assert outcome.waybill.value == OWN
    return outcome


def middle_x(box: Box) -> float:
    return float(np.mean(box, axis=0)[0])


@pytest.mark.parametrize("angles", [(0, 0), (10, -25), (131, 33)])
def test_two_waybills_in_one_picture_are_both_named_with_their_places(
    reader: Reader, rules: WaybillRules, angles: tuple[int, int]
) -> None:
    one, other = draw_label(LabelText(matrix=False)), draw_label(NEIGHBOUR)
    data = scene(Laid(one, 540, 700, angles[0]), Laid(other, 1460, 700, angles[1]))
    outcome = contradiction(read(reader, data, rules, text="never"))
    where = {number: middle_x(label.box) for label in outcome.labels for number in label.waybills}
    assert where[OWN] == pytest.approx(540, abs=100)  # print stands off the middle of its paper
    assert where[OTHER] == pytest.approx(1460, abs=100)
    assert {code.text: code.label for code in outcome.codes} == {
        number: index for index, label in enumerate(outcome.labels) for number in label.waybills
    }


@pytest.mark.parametrize(("gap", "angles"), [(40, (0, 0)), (100, (10, -25)), (80, (33, 33))])
def test_labels_that_lie_close_together_are_not_taken_for_one(
    reader: Reader, rules: WaybillRules, gap: int, angles: tuple[int, int]
) -> None:
    one, other = draw_label(LabelText(matrix=False)), draw_label(NEIGHBOUR)
    left, right = 1000 - 250 - gap / 2, 1000 + 250 + gap / 2
    data = scene(Laid(one, left, 700, angles[0]), Laid(other, right, 700, angles[1]))
    contradiction(read(reader, data, rules, text="never"))


def test_one_number_on_two_labels_is_one_waybill(reader: Reader, rules: WaybillRules) -> None:
    label = draw_label(LabelText())
    reading = taken(read(reader, scene(Laid(label, 500, 700, 20), Laid(label, 1500, 700, 250)), rules, text="never"))
    assert [label.waybills for label in reading.labels] == [(OWN,), (OWN,)]


def test_the_print_of_a_carton_is_no_second_waybill(reader: Reader, rules: WaybillRules) -> None:
    data = scene(Laid(draw_label(LabelText()), 600, 700, 12), Laid(carton(), 1500, 600, 12, 6))
    for text in ("auto", "always"):
        reading = taken(read(reader, data, rules, text=text))
        assert reading.address is not None
        assert reading.address.value == ADDRESS


def test_a_neighbour_s_code_is_not_taken_where_the_parcel_s_own_is_spoilt(reader: Reader, rules: WaybillRules) -> None:
    spoilt = draw_label(LabelText(code=False, matrix=False))
    for neighbour_y in (700, 1060):  # whole, and partly in view
        data = scene(Laid(spoilt, 540, 700), Laid(draw_label(NEIGHBOUR), 1480, neighbour_y, 0))
        contradiction(read(reader, data, rules, text="auto", suffices=lambda reading: True))


def test_a_piece_of_a_neighbour_s_label_that_tells_nothing_disturbs_nothing(
    reader: Reader, rules: WaybillRules
) -> None:
    data = scene(Laid(draw_label(LabelText()), 700, 700, 7), Laid(draw_label(NEIGHBOUR), 1900, 1500, 30))
    reading = taken(read(reader, data, rules))
    assert reading.address is not None
    assert reading.address.value == ADDRESS


def test_pre_advice_does_not_choose_between_two_labels(reader: Reader, rules: WaybillRules) -> None:
    data = scene(Laid(draw_label(LabelText()), 500, 700), Laid(draw_label(NEIGHBOUR), 1500, 700))
    advised = WaybillRules(rules.companies, lambda number: number == OTHER)
    contradiction(read(reader, data, advised, text="never"))


def test_the_address_is_read_on_the_label_of_the_number(reader: Reader, rules: WaybillRules) -> None:
    """The larger label is another one without any number: an old label of the box, or a neighbour's torn one.

    Nobody can tell which, so a person is asked; where the number is expected, that tells.
    """
    old = draw_label(LabelText(code=False, matrix=False, number="", recipient=NEIGHBOUR.recipient))
    data = scene(Laid(old, 500, 700, 0, 5.6), Laid(draw_label(LabelText()), 1480, 700, 0, 4.6))
    asked = read(reader, data, rules)
    assert isinstance(asked, NoRead)
    assert asked.candidates == (OWN,)

    reading = taken(read(reader, data, WaybillRules(rules.companies, OWN.__eq__)))

    assert reading.address is not None
    assert reading.address.value == ADDRESS


def test_with_a_known_scale_a_label_larger_than_labels_are_is_looked_at_twice() -> None:
    """The codes of a small label beside a large one: only the scale tells that there is room for another."""
    code = Code(OWN, "QRCode", ((100, 100), (260, 100), (260, 260), (100, 260)), 0, 0)
    merged = [Region(500, 400, 1000, 700, 0.0)]
    assert not suspected(merged, [code])
    assert suspected(merged, [code], px_per_mm=4.0)
    assert not suspected(merged, [code], px_per_mm=6.0)


def test_a_number_beside_a_label_that_time_was_too_short_to_read_is_withheld(
    reader: Reader, rules: WaybillRules
) -> None:
    spoilt = draw_label(LabelText(code=False, matrix=False))
    data = scene(Laid(spoilt, 540, 700), Laid(draw_label(NEIGHBOUR), 1460, 700))

    left = read(reader, data, rules, text="auto", suffices=lambda _: True, leave_text=lambda: True)

    assert isinstance(left, NoRead)
    assert left.reason is NoReadReason.TIMEOUT
    assert left.candidates == (OTHER,)


@pytest.mark.parametrize("text", ["auto", "always"])
def test_a_number_beside_a_label_whose_own_cannot_be_read_is_withheld(
    reader: Reader, rules: WaybillRules, text: str
) -> None:
    torn = draw_label(LabelText(code=False, matrix=False, number=""))
    data = scene(Laid(torn, 540, 700), Laid(draw_label(NEIGHBOUR), 1460, 700))

    outcome = read(reader, data, rules, text=text)

    assert isinstance(outcome, NoRead)
    assert outcome.reason is NoReadReason.UNCONFIRMED
    assert outcome.candidates == (OTHER,)
    assert "Another courier label" in outcome.explanation


def test_fields_of_two_parcels_are_not_mixed(reader: Reader, rules: WaybillRules) -> None:
    data = scene(Laid(draw_label(LabelText()), 540, 700), Laid(draw_label(NEIGHBOUR), 1460, 700))

    outcome = contradiction(read(reader, data, rules))

    assert (outcome.sort_code, outcome.address, outcome.recipient) == (None, None, None)
