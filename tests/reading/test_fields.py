"""The sort code and the recipient's address, from lines as a recogniser gives them."""

import pytest

from karez.domain.reading import Line
from karez.reading.label_text import PrintedLine
from karez.reading.reading_order import levelled, order
from karez.reading.recipients import recipient_address, without_person
from karez.reading.sort_codes import sort_code, sort_code_in
from karez.reading.views import Region

BOX = ((0, 0), (9, 0), (9, 9), (0, 9))


def lines(*texts: str | tuple[str, float], script: str = "Hans", confidence: float = 0.95) -> list[PrintedLine]:
    """Lay lines one under another; a figure beside a text is its height."""
    placed, y = [], 0.0
    for text, height in ((t, 26.0) if isinstance(t, str) else t for t in texts):
        y += height * 1.2
        place = Region(300.0, y, 400.0, height, 0.0)
        placed.append(PrintedLine(Line(text, script, confidence, BOX), place))
    return placed


def address(*texts: str | tuple[str, float], **how: object) -> str | None:
    found = recipient_address(lines(*texts, **how))  # type: ignore[arg-type]
    return found.value if found else None


@pytest.mark.parametrize(
    "text",
    ["902A M088-00 29", "746 V50 010", "渝-重庆 703-00 45", "鲁-临沂 R01-02 15", "鄂S武昌 301-00 41", "905 L02 30"],
)
def test_sort_codes_of_real_labels_are_known(text: str) -> None:
    assert sort_code_in(text) == text
    assert sort_code_in(f"YT2512345678901|{text}|1/1") == text


@pytest.mark.parametrize(
    "text", ["432 4133 7781", "754192 1157 0982", "2026-03-28 10:22:31", "18号楼 3单元 402", "432 41 33", "1840089xxxx"]
)
def test_other_numbers_are_no_sort_codes(text: str) -> None:
    assert sort_code_in(text) is None


@pytest.mark.parametrize(
    ("read", "printed"),
    [("905L0230", "905 L02 30"), ("902AM088-0029", "902A M088-00 29"), ("746 V5001", "746 V50 01")],
)
def test_segments_run_together_in_large_print_are_parted(read: str, printed: str) -> None:
    found = sort_code(lines(("申通快递", 24), (read, 70), "收 杨**", "喀什地区莎车县"))
    assert found is not None
    assert found.value == printed
    assert found.lines == (1,)


@pytest.mark.parametrize(
    ("read", "printed", "read_as"),
    [
        ("915-K315-591", "915-K315-591", None),
        ("310 021 001", "310 021 001", None),
        ("F71-43 749", "F71-43 749", None),
        ("9O2A M088-00 29", "902A M088-00 29", "9O2A M088-00 29"),
        ("苏临沂752-14 05", "苏-临沂 752-14 05", "苏临沂752-14 05"),
    ],
)
def test_other_forms_and_look_alikes_are_taken_in_large_print_only(read: str, printed: str, read_as: str) -> None:
    found = sort_code(lines("申通快递", (read, 70), "收 杨**", "喀什地区莎车县"))
    assert found is not None
    assert (found.value, found.read_as) == (printed, read_as)
    assert sort_code(lines("申通快递", read, "收 杨**", "喀什地区莎车县")) is None


def test_what_could_be_parted_in_two_ways_is_left_alone() -> None:
    assert sort_code(lines(("申通快递", 24), ("746 V50010", 70), "收 杨**", "喀什地区莎车县")) is None


def test_segments_run_together_in_small_print_are_not_guessed_at() -> None:
    assert sort_code(lines("申通快递", "905L0230", "收 杨**")) is None


def test_the_largest_print_wins() -> None:
    found = sort_code(lines("905 L02 30", ("906 J01 02", 70), "收 杨**"))
    assert found is not None
    assert found.value == "906 J01 02"


def test_the_recipients_lines_are_joined_without_name_and_phone() -> None:
    assert (
        address(
            "收 杨** 1******5227", "新疆喀什地区莎车县", "米夏镇友谊南路18号", "寄 李** 1******0098", "浙江省杭州市"
        )
        == "新疆喀什地区莎车县米夏镇友谊南路18号"
    )


def test_a_senders_block_without_its_mark_is_kept_out_by_its_name() -> None:
    assert (
        address("收", "杨** 1******5227", "新疆喀什地区莎车县", "李** 1***0098", "浙江省杭州市") == "新疆喀什地区莎车县"
    )


def test_a_senders_block_without_mark_or_name_is_kept_out_by_its_smaller_print() -> None:
    assert address("收 杨**", "新疆喀什地区莎车县", ("浙江省杭州市余杭区", 17.0)) == "新疆喀什地区莎车县"


def test_a_block_without_any_mark_is_found_by_its_places() -> None:
    assert address("圆通速递", "新疆喀什地区疏勒县", "牙甫泉镇1组128号", "寄 李**", "浙江省杭州市") == (
        "新疆喀什地区疏勒县牙甫泉镇1组128号"
    )


@pytest.mark.parametrize(
    "line", ["安全号码 1840089xxxx-3026", "喀什中转包", "订单号 230101-889911223344", "签收人/时间"]
)
def test_other_fields_are_no_address(line: str) -> None:
    assert address(line) is None


def test_the_rest_of_an_address_needs_no_word_of_a_place() -> None:
    assert address("收 杨**", "喀什地区喀什市幸福花园25", "栋3单元302") == "喀什地区喀什市幸福花园25栋3单元302"


def test_a_badly_read_phone_number_is_not_the_rest_of_an_address() -> None:
    assert address("收", "喀什地区喀什市", "2 122719605") == "喀什地区喀什市"


def test_english_and_uyghur_addresses_are_found() -> None:
    english = "No. 40 Xinhua Street, Konasheher County,"
    assert address("To: A****", english, "Kashgar Prefecture, Xinjiang", script="Latn") == (
        "No. 40 Xinhua Street, Konasheher County, Kashgar Prefecture, Xinjiang"
    )
    uyghur = "قەشقەر ۋىلايىتى يەكەن ناھىيىسى"
    assert address("قوبۇل قىلغۇچى: ئا***", uyghur, script="Arab") == uyghur


@pytest.mark.parametrize("text", ["杨** 1******5227", "收 艾** 18400891234转3026", "B****1***0929", "杨**"])
def test_names_and_phones_are_taken_out(text: str) -> None:
    assert without_person(text) == ""


def test_rows_that_slope_are_read_row_by_row() -> None:
    row = [Region(100 + 150 * i, 100 + 10 * i, 140, 20, 3.8) for i in range(4)]
    below = [Region(100 + 150 * i, 130 + 10 * i, 140, 20, 3.8) for i in range(4)]
    mixed = [row[2], below[0], row[0], below[3], row[3], row[1], below[1], below[2]]
    assert [mixed[i] for i in order(levelled(mixed))] == [*row, *below]
