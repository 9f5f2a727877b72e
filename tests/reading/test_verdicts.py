"""Which number is the waybill, or why none is taken."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.reading import Code, Line, NoReadReason, SourceKind
from karez.reading.mentions import code_mentions, goods_numbers, line_mentions
from karez.reading.verdicts import Accepted, Refused, judge
from karez.reading.waybills import WaybillRules

BOX = ((0, 0), (9, 0), (9, 9), (0, 9))
SERVED = ("sf", "yto", "zto", "sto", "yunda", "jt", "jd", "ems", "deppon")


def rules(*advised: str, companies: tuple[str, ...] = SERVED) -> WaybillRules:
    return WaybillRules(companies, frozenset(advised).__contains__)


def decide(
    codes: Sequence[str | tuple[str, str]] = (),
    lines: Sequence[str] = (),
    known: WaybillRules | None = None,
    frames: Sequence[int] | None = None,
) -> Accepted | Refused:
    known = known or rules()
    decoded = [Code(*(code if isinstance(code, tuple) else (code, "Code128")), BOX) for code in codes]
    printed = [
        Line(text, "Latn", 0.98, BOX, frame) for frame, text in zip(frames or [0] * len(lines), lines, strict=True)
    ]
    goods = goods_numbers(decoded)
    mentions = [*code_mentions(decoded, known), *line_mentions(printed, known, goods)]
    return judge(mentions, known, [*lines, *(code.text for code in decoded)])


def accepted(verdict: Accepted | Refused) -> Accepted:
    assert isinstance(verdict, Accepted), verdict
    return verdict


def refused(verdict: Accepted | Refused, reason: NoReadReason) -> Refused:
    assert isinstance(verdict, Refused), verdict
    assert verdict.reason is reason
    return verdict


def test_one_code_of_a_safe_form_is_enough() -> None:
    verdict = accepted(decide(["YT2512345678901"]))
    assert (verdict.number, verdict.company, verdict.source.kind) == ("YT2512345678901", "yto", SourceKind.CODE)


def test_a_number_inside_a_web_address_counts() -> None:
    assert accepted(decide([("https://x.example/?no=73123456789012", "QRCode")])).number == "73123456789012"


def test_text_alone_with_one_print_is_unconfirmed_and_named() -> None:
    verdict = refused(decide(lines=["YT2512345678901"]), NoReadReason.UNCONFIRMED)
    assert verdict.candidates == ("YT2512345678901",)
    assert "YT2512345678901" in verdict.explanation


def test_two_agreeing_prints_confirm_each_other() -> None:
    assert accepted(decide(lines=["YT2512345678901", "YT 2512 3456 78901"])).source.kind is SourceKind.LINE


def test_two_frames_confirm_each_other() -> None:
    assert isinstance(decide(lines=["YT2512345678901"] * 2, frames=[0, 1]), Accepted)


def test_a_check_digit_confirms_text() -> None:
    assert accepted(decide(lines=["EA 123 456 785 CN"])).company == "ems"


def test_a_serial_number_whose_check_digit_is_right_by_chance_is_of_no_country() -> None:
    refused(decide(lines=["SN123456785PC"]), NoReadReason.NO_WAYBILL)


def test_a_blurred_print_with_a_check_digit_needs_a_second() -> None:
    blurred = line("EA123456785CN", confidence=0.6)
    refused(weigh(blurred), NoReadReason.UNCONFIRMED)
    assert isinstance(weigh(blurred, line("EA123456785CN", confidence=0.6, frame=1)), Accepted)


@pytest.mark.parametrize("form", ["DataMatrix", "Code128"])
def test_lots_dates_and_serial_numbers_of_goods_are_no_waybills(form: str) -> None:
    text = "0106901234567892" + "10AB12\x1d70032611260800"
    refused(decide([(text, form)]), NoReadReason.NO_WAYBILL)
    refused(
        decide([("0106901234567892\x1d21123456789012", form), ("123456789012", "Code128")]), NoReadReason.UNCONFIRMED
    )


def test_a_wrong_check_digit_does_not() -> None:
    refused(decide(lines=["EA123456784CN", "EA123456784CN"]), NoReadReason.NO_WAYBILL)


def test_the_pre_advice_confirms_text_of_any_form() -> None:
    assert accepted(decide(lines=["No 998877665544"], known=rules("998877665544"))).number == "998877665544"


def test_bare_figures_need_confirmation_even_from_a_code() -> None:
    refused(decide(["123456789012"]), NoReadReason.UNCONFIRMED)
    assert isinstance(decide(["123456789012"], ["1234 5678 9012", "顺丰速运"]), Accepted)
    assert isinstance(decide(["123456789012"], known=rules("123456789012")), Accepted)


def test_the_serial_number_of_a_phone_is_no_waybill_though_its_code_and_its_print_agree() -> None:
    imei = "356938035643809"
    refused(decide([imei, (imei, "QRCode")], [f"IMEI {imei}"]), NoReadReason.UNCONFIRMED)


def test_bare_figures_of_companies_not_served_are_nothing() -> None:
    refused(decide(["73123456789012"] * 2, known=rules(companies=("sf",))), NoReadReason.NO_WAYBILL)


def test_two_different_waybills_are_a_contradiction_with_both() -> None:
    verdict = refused(decide(["YT2512345678901", "YT9912345678999"]), NoReadReason.CONTRADICTION)
    assert set(verdict.candidates) == {"YT2512345678901", "YT9912345678999"}


def test_of_two_waybills_the_pre_advised_one_is_taken() -> None:
    verdict = accepted(decide(["YT2512345678901", "YT9912345678999"], known=rules("YT9912345678999")))
    assert verdict.number == "YT9912345678999"


def test_an_order_number_with_a_code_of_its_own_is_no_second_waybill() -> None:
    verdict = accepted(decide(["YT2512345678901", "202512345678"], ["订单 202512345678"]))
    assert verdict.number == "YT2512345678901"


def test_a_misprinted_line_does_not_contradict_the_code() -> None:
    assert accepted(decide(["YT2512345678901"], ["YT2512345678907", "YT2512345678907"])).number == "YT2512345678901"


def test_item_codes_are_passed_over() -> None:
    refused(decide([("6901234567892", "EAN13"), ("123456789012", "UPCA")]), NoReadReason.NO_WAYBILL)


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        (("30712345000010", "ITF"), "3 07 12345 00001 0"),  # a carton's GTIN-14
        (("00012345678905", "ITF14"), "00012345678905"),
        (("012345678905", "UPCA"), "0 12345 67890 5"),
        (("0012345678905", "EAN13"), "012345678905"),  # the decoder writes a UPC with one more nought
        (("0130712345000010", "Code128"), "(01)30712345000010"),
    ],
)
def test_the_number_of_a_goods_code_is_no_waybill_nor_are_the_figures_printed_under_it(
    code: tuple[str, str], printed: str
) -> None:
    refused(decide([code], [printed] * 2), NoReadReason.NO_WAYBILL)
    plain = "".join(figure for figure in printed.removeprefix("(01)") if figure.isdecimal())
    assert accepted(decide([code], [printed], known=rules(plain))).number == plain


def test_an_interleaved_code_without_the_check_digit_of_goods_stays_a_waybill() -> None:
    assert accepted(decide([("73123456789012", "ITF")], ["73123456789012"])).company == "zto"


def test_zto_and_sto_are_told_apart_by_the_printed_name() -> None:
    assert accepted(decide(["77123456789012"], ["申通快递"])).company == "sto"
    assert accepted(decide(["77123456789012"], ["中通快递 ZTO"])).company == "zto"
    assert accepted(decide(["77123456789012"], ["中通 申通"])).company is None
    assert accepted(decide(["77123456789012"])).company is None


def test_piece_numbers_stay_part_of_the_waybill() -> None:
    verdict = accepted(decide(["JD0123456789012-1-2-", ("JD0123456789012", "QRCode")]))
    assert verdict.number == "JD0123456789012-1-2-"


def test_agreement_raises_confidence() -> None:
    assert accepted(decide(["YT2512345678901"] * 2)).confidence > accepted(decide(["YT2512345678901"])).confidence


A, B = "YT2512345678901", "YT9912345678999"  # two waybills
NEAR_A = "YT2512345678907"


def at(text: str, frame: int = 0, label: int | None = None, form: str = "Code128") -> Code:
    return Code(text, form, BOX, frame, label)


def line(text: str, frame: int = 0, label: int | None = None, confidence: float = 0.98) -> Line:
    return Line(text, "Latn", confidence, BOX, frame, label)


def weigh(*found: Code | Line, known: WaybillRules | None = None) -> Accepted | Refused:
    """Judge codes and lines in the order they come."""
    known = known or rules()
    codes = [each for each in found if isinstance(each, Code)]
    lines = [each for each in found if isinstance(each, Line)]
    mentions = code_mentions(codes, known) + line_mentions(lines, known, goods_numbers(codes))
    return judge(mentions, known, [each.text for each in found])


def test_three_agreeing_frames_outvote_a_misread_one() -> None:
    assert accepted(weigh(*(at(A, frame) for frame in range(3)), at(NEAR_A, 3))).number == A


def test_two_agreeing_frames_do_not_outvote_a_near_number_in_a_strong_code() -> None:
    refused(weigh(at(A, 0), at(A, 1), at(NEAR_A, 2)), NoReadReason.CONTRADICTION)


def test_a_second_waybill_in_one_frame_of_four_is_a_contradiction() -> None:
    verdict = refused(weigh(*(at(A, frame) for frame in range(3)), at(B, 3)), NoReadReason.CONTRADICTION)
    assert verdict.candidates == (A, B)


def test_consignments_numbered_on_that_lie_side_by_side_are_not_one_misread() -> None:
    codes = [*(at(A, frame, 0) for frame in range(4)), at(NEAR_A, 0, 1)]
    refused(weigh(*codes), NoReadReason.CONTRADICTION)


def test_figures_that_only_a_code_without_a_check_character_tells_are_not_taken() -> None:
    verdict = refused(weigh(at("75971478692770", form="ITF")), NoReadReason.UNCONFIRMED)  # a carton's, misread
    assert verdict.candidates == ("75971478692770",)
    assert accepted(weigh(at("75971478692770", form="ITF"), line("75971478692770"))).number == "75971478692770"
    assert accepted(weigh(at(A, form="Code39"))).number == A


def test_bars_of_which_few_rows_were_seen_need_a_second_place() -> None:
    thin = replace(at(A), box=((0, 0), (200, 0), (200, 8), (0, 8)), restored=True)
    assert refused(weigh(thin), NoReadReason.UNCONFIRMED).candidates == (A,)
    assert accepted(weigh(thin, line(A))).number == A
    assert accepted(weigh(replace(thin, format="QRCode"))).number == A


def test_a_code_without_a_check_character_is_held_against_the_print() -> None:
    weak, misread = at("73123456789012", form="ITF"), line("73123456789013")
    refused(weigh(weak, misread), NoReadReason.UNCONFIRMED)
    assert accepted(weigh(weak, misread, line("73123456789012"))).number == "73123456789012"
    assert accepted(weigh(at("73123456789012"), misread)).number == "73123456789012"


def test_a_restored_code_is_not_taken_against_its_own_print() -> None:
    restored = replace(at(A), restored=True)
    printed = [line(B), line("喀什地区莎车县"), line("202512345678")]

    def judged(code: Code, prints_of: dict[int, int]) -> Accepted | Refused:
        mentions = code_mentions([code], rules()) + line_mentions(printed, rules(), printed_beside=prints_of)
        return judge(mentions, rules(), [])

    assert set(refused(judged(restored, {0: 0}), NoReadReason.CONTRADICTION).candidates) == {A, B}
    assert accepted(judged(restored, {1: 0})).number == A  # B stands somewhere else on the label
    assert accepted(judged(at(A), {0: 0})).number == A


def test_an_unclear_print_says_nothing_against_a_code() -> None:
    weak = at(A, form="Code39")
    refused(weigh(weak, line(NEAR_A)), NoReadReason.CONTRADICTION)
    assert isinstance(weigh(weak, line(NEAR_A, confidence=0.6)), Accepted)


def test_the_same_number_on_two_labels_is_one_waybill() -> None:
    assert accepted(weigh(at(A, label=0), at(A, label=1))).number == A


def test_a_code_on_one_label_is_contradicted_by_a_print_on_the_other() -> None:
    verdict = refused(weigh(at(A, label=1), line(B, label=0)), NoReadReason.CONTRADICTION)
    assert set(verdict.candidates) == {A, B}
    assert accepted(weigh(at(A, label=1), line(B, label=1))).number == A


def test_pre_advice_does_not_decide_between_two_labels() -> None:
    refused(weigh(at(A, label=0), at(B, label=1), known=rules(B)), NoReadReason.CONTRADICTION)
    assert accepted(weigh(at(A, label=0), at(B, label=0), known=rules(B))).number == B


def test_the_print_of_a_carton_does_not_speak_against_its_label() -> None:
    carton = at("6901234567892", label=1, form="EAN13"), line("6 901234 567892", label=1), line("202512345678", label=1)
    assert accepted(weigh(at(A, label=0), *carton)).number == A


def test_a_letter_read_for_a_figure_is_repaired_and_said() -> None:
    assert accepted(weigh(line("YT25I2345678901"), line("YT25123456789O1"))).read_as is not None
    plain = accepted(weigh(line("YT25I2345678901"), line(A)))
    assert (plain.number, plain.read_as) == (A, None)
    assert accepted(weigh(line("EAI23456785CN"))).read_as == "EAI23456785CN"
    refused(weigh(line("YT25I2345678901")), NoReadReason.UNCONFIRMED)


def test_nothing_is_repaired_that_no_pattern_or_check_digit_proves() -> None:
    refused(weigh(*[line("I2345678901Z")] * 2), NoReadReason.NO_WAYBILL)
    refused(weigh(line("EAI23456784CN")), NoReadReason.NO_WAYBILL)


NUMBERS = st.sampled_from([A, NEAR_A, B, "73123456789012", "73123456789017", "SF1234567890123"])
LABELS = st.sampled_from([None, 0, 1])
FOUND = st.one_of(
    st.builds(at, NUMBERS, st.integers(0, 3), LABELS, st.sampled_from(["Code128", "QRCode", "ITF"])),
    st.builds(line, NUMBERS, st.integers(0, 3), LABELS, st.sampled_from([0.5, 0.9, 0.99])),
)


@given(st.lists(FOUND, min_size=1, max_size=7).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_frames_and_finds_does_not_matter(both: tuple[list[Code | Line], list[Code | Line]]) -> None:
    one, other = weigh(*both[0]), weigh(*both[1])
    if isinstance(one, Accepted):
        assert accepted(other).number == one.number
    else:
        assert (refused(other, one.reason).candidates) == one.candidates


@given(st.lists(FOUND, min_size=1, max_size=7), st.sampled_from(["Code128", "ITF", "print"]))
def test_a_further_frame_that_agrees_never_makes_a_taken_number_refused(found: list[Code | Line], kind: str) -> None:
    before = weigh(*found)
    if isinstance(before, Accepted):
        more = line(before.number, 9, 0) if kind == "print" else at(before.number, 9, 0, kind)
        after = accepted(weigh(*found, more))
        assert after.number == before.number
        assert after.confidence >= before.confidence


@given(st.lists(st.tuples(st.integers(0, 3), LABELS, st.sampled_from(["Code128", "ITF", "print"])), min_size=1))
def test_of_two_numbers_with_the_same_evidence_none_is_taken(places: list[tuple[int, int | None, str]]) -> None:
    found: list[Code | Line] = []
    for number in (A, B):
        for frame, label, kind in places:
            found.append(line(number, frame, label) if kind == "print" else at(number, frame, label, kind))
    assert isinstance(weigh(*found), Refused)


@given(st.lists(st.text("0123456789SFYTJDCN-| ", max_size=24), max_size=6))
def test_no_line_of_text_alone_is_taken_once(lines: list[str]) -> None:
    verdict = decide(lines=lines)
    if isinstance(verdict, Accepted):
        assert sum(verdict.number in "".join(line.split()) for line in lines) >= 2 or verdict.number.endswith("CN")


@given(st.permutations(["YT2512345678901", "YT9912345678999", "SF1234567890123"]))
def test_the_order_of_codes_does_not_decide(codes: list[str]) -> None:
    assert set(refused(decide(codes), NoReadReason.CONTRADICTION).candidates) == set(codes)


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("JT7436291144789", "436291144789"),
        ("JDVB35252680441", "JDV835252680441"),
        ("772285571092404", "772285571092"),
    ],
)
def test_a_print_without_head_or_tail_or_with_look_alikes_does_not_contradict_a_restored_code(
    code: str, printed: str
) -> None:
    restored = Code(code, "Code128", BOX, restored=True)
    mentions = [*code_mentions([restored], rules()), *line_mentions([Line(printed, "Latn", 0.98, BOX)], rules())]
    beside = [
        replace(mention, print_of=0) if mention.source.kind is SourceKind.LINE else mention for mention in mentions
    ]
    assert accepted(judge(beside, rules(), [])).number == code


def test_another_number_printed_beside_a_restored_code_still_contradicts_it() -> None:
    restored = Code("JT7436291144789", "Code128", BOX, restored=True)
    mentions = [
        *code_mentions([restored], rules()),
        *line_mentions([Line("JT7436291144733", "Latn", 0.98, BOX)], rules()),
    ]
    refused(judge(mentions, rules(), []), NoReadReason.CONTRADICTION)


def test_a_multi_piece_number_printed_without_its_last_hyphen_is_the_same() -> None:
    verdict = accepted(decide(["JD48952686086-1-1-"], lines=["JD48952686086-1-1"]))
    assert verdict.number == "JD48952686086-1-1-"


def test_a_print_that_differs_in_one_place_does_not_contradict_its_restored_code() -> None:
    """Two symbols at least must be wrong to deceive a check character; a recogniser takes 8 for 3 every day."""
    restored, print_ = replace(at("78887977452235", label=0), restored=True), line("78387977452235", label=0)
    assert accepted(weigh(restored, print_)).number == "78887977452235"
    refused(weigh(restored, line("78387977452285", label=0)), NoReadReason.CONTRADICTION)


def test_the_figures_of_a_carton_on_another_face_do_not_speak_against_a_label() -> None:
    assert accepted(weigh(at(A, label=0), line("76976670268961", label=1))).number == A  # its check digit is right
    refused(weigh(at(A, label=0), line("76976670268962", label=1)), NoReadReason.CONTRADICTION)


@pytest.mark.parametrize("mark", ["订单:", "订单号：", "Order No. "])
def test_an_order_number_says_what_it_is(mark: str) -> None:
    refused(decide(lines=[f"{mark}73123456789012"] * 2), NoReadReason.NO_WAYBILL)
    assert accepted(decide(lines=["运单号 73123456789012", f"{mark}77123456789012"] * 2)).number == "73123456789012"
