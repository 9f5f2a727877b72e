"""What counts as a waybill number, and whose it is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.reading.waybills import (
    Form,
    WaybillRules,
    classify,
    companies_named,
    goods_code,
    gs1_valid,
    line_numbers,
    s10_valid,
    tokens,
)

ALL = WaybillRules(("sf", "yto", "zto", "sto", "yunda", "jt", "jd", "ems", "deppon"), lambda number: False)
NONE = WaybillRules((), lambda number: False)


@pytest.mark.parametrize(
    ("number", "company"),
    [
        ("SF1234567890123", "sf"),
        ("YT2512345678901", "yto"),
        ("JT3001234567890", "jt"),
        ("JDVB12345678901", "jd"),
        ("JD0123456789012-1-2-", "jd"),
        ("DPK202312345678", "deppon"),
        ("EA123456785CN", "ems"),
        ("73123456789012", "zto"),
        ("771234567890123", "sto"),
        ("431234567890123", "yunda"),
        ("SF1234567890123-1-2", "sf"),
    ],
)
def test_safe_forms_name_their_company(number: str, company: str) -> None:
    form, companies = classify(number, ALL)
    assert form >= Form.DIGITS
    assert companies == (company,)


def test_seventy_seven_and_twelve_figures_may_be_zto_or_sto() -> None:
    assert set(classify("77123456789012", ALL)[1]) == {"zto", "sto"}


@pytest.mark.parametrize("number", ["123456789012", "1234567890123", "T12345678901234"])
def test_bare_figures_are_ambiguous_for_served_companies_and_nothing_for_others(number: str) -> None:
    assert classify(number, ALL)[0] is Form.AMBIGUOUS
    assert classify(number, NONE)[0] is Form.UNKNOWN


def test_figures_of_a_company_that_is_not_served_say_nothing() -> None:
    assert classify("73123456789012", NONE)[0] is Form.UNKNOWN
    assert classify("SF1234567890123", NONE)[0] is Form.PREFIXED


def test_item_codes_are_never_waybills() -> None:
    assert gs1_valid("6901234567892")
    assert classify("6901234567892", ALL)[0] is Form.UNKNOWN
    assert all(goods_code(name) for name in ("EAN13", "EAN8", "UPCA", "UPCE", "DataBarExp", "ITF14"))
    assert not goods_code("Code128")


@given(st.integers(0, 99_999_999))
def test_of_ten_last_figures_one_is_the_check_digit(serial: int) -> None:
    valid = [digit for digit in range(10) if s10_valid(f"RA{serial:08d}{digit}CN")]
    assert len(valid) == 1


def test_known_postal_numbers_check(samples: Path) -> None:
    data = json.loads((samples.parents[2] / "tracking-numbers" / "couriers" / "s10.json").read_text("utf-8"))
    numbers = data["tracking_numbers"][0]["test_numbers"]
    assert all(s10_valid("".join(number.split())) for number in numbers["valid"])
    assert not any(s10_valid("".join(number.split())) for number in numbers["invalid"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/q?no=YT2512345678901&x=1", ["YT2512345678901"]),
        ("YT2512345678901|902A M088-00 29|1/1", ["YT2512345678901"]),
        ("MMM={'k1':'905','k5':'SF6484409861699'}", ["SF6484409861699"]),
        ("运单号YT2512345678901", ["YT2512345678901"]),
        ("JD0123456789012-1-2-", ["JD0123456789012-1-2-"]),
        ("https://maps.example/?ll=-74.00309961503218,40.74102573163046,0", []),
        ("订单号 230101-889911223344", []),
        ("relay 1840089xxxx-3026", []),
        ("1234567890123456789012", []),
        ("NOYT2512345678901", ["NOYT2512345678901"]),
        ("ABCDEYT2512345678901", []),
    ],
)
def test_tokens_are_whole_numbers_only(text: str, expected: list[str]) -> None:
    assert list(tokens(text)) == expected


@given(st.from_regex(r"[0-9]{19,40}", fullmatch=True))
def test_no_part_of_a_longer_run_of_figures_is_a_token(figures: str) -> None:
    assert list(tokens(figures)) == []


@pytest.mark.parametrize("text", ["YT 2512 3456 78901", "E Y730 1610 59CN", "单号:75 5037 8205 6003"])
def test_gaps_inside_printed_numbers_are_closed(text: str) -> None:
    assert {"YT2512345678901", "EY730161059CN", "75503782056003"} & set(line_numbers(text))


def test_company_names_are_found_as_words() -> None:
    assert companies_named("中通快递 ZTO EXPRESS") == {"zto"}
    assert companies_named("申通快递") == {"sto"}
    assert companies_named("THEMSELVES CUSTOM") == set()
