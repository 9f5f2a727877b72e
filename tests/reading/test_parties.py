"""Recipient and sender told apart, on labels laid out in the ways of several printers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.reading import parties
from karez.reading.parties import PrintedParty, recipient, sender
from karez.reading.persons import masked_name, masked_phone, person_in
from karez.reading.printed_lines import PrintedLine
from reading.printed import laid_out


def said(party: PrintedParty | None) -> tuple[str | None, str | None, str | None]:
    assert party is not None
    return party.name, party.phone, party.address.value if party.address else None


def test_marks_that_stand_alone_own_the_lines_beside_and_below_them() -> None:
    lines = laid_out(
        ("YT2512345678901", 200, 90, 26),
        ("收", 20, 210, 44),
        ("杨** 1******5227", 80, 200, 30),
        ("新疆喀什地区莎车县", 80, 240, 30),
        ("米夏镇友谊南路18号", 80, 280, 30),
        ("寄", 20, 330, 34),
        ("李** 1******0098", 80, 326, 20),
        ("浙江省杭州市余杭区", 80, 352, 20),
        ("订单:1234567890123456", 80, 400, 22),
    )
    assert said(recipient(lines)) == ("杨**", "1******5227", "新疆喀什地区莎车县米夏镇友谊南路18号")
    assert said(sender(lines)) == ("李**", "1******0098", "浙江省杭州市余杭区")


def test_two_columns_are_kept_apart() -> None:
    lines = laid_out(
        ("收件人:", 20, 200, 24),
        ("寄件人:", 420, 200, 24),
        ("杨丽华 13912345678", 20, 232, 24),
        ("李强 13800000098", 420, 232, 24),
        ("新疆喀什地区莎车县", 20, 264, 24),
        ("浙江省杭州市", 420, 264, 24),
        ("米夏镇友谊南路18号", 20, 296, 24),
        ("余杭区文一西路969号", 420, 296, 24),
    )
    assert said(recipient(lines)) == ("杨**", "1******5678", "新疆喀什地区莎车县米夏镇友谊南路18号")
    assert said(sender(lines)) == ("李**", "1******0098", "浙江省杭州市余杭区文一西路969号")


def test_the_sender_may_stand_first() -> None:
    lines = laid_out(
        ("寄方: 李强 13800000098", 20, 200, 24),
        ("浙江省杭州市余杭区", 20, 232, 24),
        ("收方: 杨丽华 13912345678", 20, 280, 24),
        ("新疆喀什地区莎车县米夏镇", 20, 312, 24),
    )
    assert said(recipient(lines)) == ("杨**", "1******5678", "新疆喀什地区莎车县米夏镇")
    assert said(sender(lines)) == ("李**", "1******0098", "浙江省杭州市余杭区")


def test_the_address_may_stand_before_the_name() -> None:
    lines = laid_out(
        ("收货人", 20, 200, 24),
        ("新疆喀什地区喀什市人民东路1号", 20, 232, 24),
        ("艾合买提·吐尔逊 13912345678", 20, 264, 24),
        ("发货人", 20, 330, 24),
        ("广东省广州市白云区", 20, 362, 24),
    )
    assert said(recipient(lines)) == ("艾**", "1******5678", "新疆喀什地区喀什市人民东路1号")
    assert said(sender(lines)) == (None, None, "广东省广州市白云区")


def test_an_international_label_has_name_street_city_and_country() -> None:
    lines = laid_out(
        ("From: Kashgar Trading Co., 12 Renmin Road, Kashgar, China", 20, 40, 16),
        ("SHIP TO:", 20, 200, 24),
        ("John Smith", 20, 232, 24),
        ("221B Baker Street", 20, 264, 24),
        ("London NW1 6XE", 20, 296, 24),
        ("United Kingdom", 20, 328, 24),
        ("Tel: +44 20 7946 0958", 20, 360, 24),
        ("Weight: 1.25 kg", 20, 500, 24),
    )
    name, phone, address = said(recipient(lines))
    assert (name, address) == ("J****", "221B Baker Street London NW1 6XE United Kingdom")
    assert phone is not None
    assert phone.endswith("0958")
    assert "20 7946" not in phone


def test_a_uyghur_block_is_a_recipient_too() -> None:
    lines = laid_out(
        ("قوبۇل قىلغۇچى: ئا***", 100, 200, 30),
        ("قەشقەر ۋىلايىتى يەكەن ناھىيىسى", 60, 240, 30),
        ("寄 李** 1******0098", 20, 300, 20),
        ("浙江省杭州市余杭区", 20, 326, 20),
    )
    assert said(recipient(lines)) == ("ئا***", None, "قەشقەر ۋىلايىتى يەكەن ناھىيىسى")
    assert said(sender(lines))[2] == "浙江省杭州市余杭区"


def test_a_chinese_block_above_the_uyghur_one_needs_no_mark() -> None:
    lines = laid_out(
        ("古丽娜尔 15742903056", 60, 120, 30),
        ("新疆阿克苏地区库车市友谊路1号", 60, 160, 30),
        ("تاپشۈرۈۋالغۈچى: مەمەت", 100, 220, 30),
        ("ئاقسۇ ۋىلايىتى كۇچا شەھىرى", 60, 260, 30),
        ("寄 李** 1******0098", 20, 320, 20),
        ("浙江省杭州市余杭区", 20, 346, 20),
    )
    assert said(recipient(lines)) == ("古**", "1******3056", "新疆阿克苏地区库车市友谊路1号")
    assert said(sender(lines))[2] == "浙江省杭州市余杭区"


def test_a_name_alone_after_its_mark_is_no_part_of_the_address() -> None:
    lines = laid_out(("قوبۇل قىلغۇچى: مەمەت", 100, 220, 30), ("ئاقسۇ ۋىلايىتى كۇچا شەھىرى", 60, 260, 30))
    assert said(recipient(lines)) == ("مە***", None, "ئاقسۇ ۋىلايىتى كۇچا شەھىرى")


@pytest.mark.parametrize("field", ["托寄物:图书3册", "内件品名:连衣裙*1", "菜鸟驿站9号", "华东-杭州转", "武汉-发出"])
def test_other_fields_below_or_above_a_block_are_no_part_of_it(field: str) -> None:
    block = ("收 杨** 1******5227", 20, 100, 24), ("新疆喀什地区莎车县米夏镇", 20, 132, 24)
    assert said(recipient(laid_out(*block, (field, 20, 164, 24))))[2] == "新疆喀什地区莎车县米夏镇"
    assert said(recipient(laid_out((field, 20, 68, 24), *block)))[2] == "新疆喀什地区莎车县米夏镇"


def test_without_marks_the_second_person_begins_the_senders_block() -> None:
    lines = laid_out(
        ("杨** 1******5227", 80, 200, 30),
        ("新疆喀什地区莎车县", 80, 240, 30),
        ("李** 1******0098", 80, 300, 30),
        ("浙江省杭州市余杭区", 80, 340, 30),
    )
    assert said(recipient(lines))[2] == "新疆喀什地区莎车县"
    assert said(sender(lines)) == ("李**", "1******0098", "浙江省杭州市余杭区")


def test_a_label_without_addresses_names_nobody() -> None:
    lines: list[PrintedLine] = laid_out(("圆通速递", 20, 20, 40), ("YT2512345678901", 200, 90, 26))
    assert recipient(lines) is None
    assert sender(lines) is None


@pytest.mark.parametrize(
    ("printed", "masked"),
    [
        ("13912345678", "1******5678"),
        ("+86 139 1234 5678", "1******5678"),
        ("1***3099", "1******3099"),
        ("138****5678", "138****5678"),
        ("18400891234转3026", "1******1234-3026"),
        ("0998-2623456", "0******3456"),
    ],
)
def test_phones_are_masked_and_masks_are_kept(printed: str, masked: str) -> None:
    assert masked_phone(printed) == masked


@pytest.mark.parametrize(
    ("printed", "masked"),
    [("杨丽华", "杨**"), ("杨**", "杨**"), ("艾合买提·吐尔逊", "艾**"), ("John Smith", "J****"), ("ئابلىز", "ئا***")],
)
def test_names_are_masked(printed: str, masked: str) -> None:
    assert masked_name(printed) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_whole_mobile_number_leaves_the_room(number: str) -> None:
    phone = person_in(f"杨丽华 {number}").phone
    assert phone is not None
    assert len(phone) == 11
    assert sum(character.isdigit() for character in phone) == 5


def test_an_estate_before_a_phone_number_is_no_name() -> None:
    assert person_in("喀什市幸福花园 13912345678").rest == "喀什市幸福花园"


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        (["喀什地区巴", "楚镇3单元2", "03室"], "喀什地区巴楚镇3单元203室"),
        (["Seman Road", "12 Kashgar"], "Seman Road 12 Kashgar"),
        (["قەشقەر شەھرى", "سەمەن يولى"], "قەشقەر شەھرى سەمەن يولى"),
    ],
)
def test_a_chinese_address_goes_on_where_it_was_wrapped(wrapped: list[str], joined: str) -> None:
    assert parties._joined(wrapped) == joined
