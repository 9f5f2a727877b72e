"""Order data in CSV: encodings, faults row by row; and the record of `karez resolve`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.address.advice import parse_advice
from karez.address.resolver import Resolver

GOOD = "waybill,company,service,address\nSF1,sf,express,新疆喀什地区疏附县乌帕尔镇\nYT2,yto,,新疆莎车县\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding_is_read(encoding: str, resolver: Resolver) -> None:
    good, faults = parse_advice(GOOD.encode(encoding), resolver)
    assert faults == []
    assert [(a.waybill, a.company, a.service, a.area, a.county_name) for a in good] == [
        ("SF1", "sf", "express", "SF-2", "疏附县"),
        ("YT2", "yto", None, "L-SCX", "莎车县"),
    ]


def test_a_row_may_name_its_area_itself(resolver: Resolver) -> None:
    good, faults = parse_advice("waybill,address,area\nA1,,KS-01\nA2,莎车县,KS-02\n".encode(), resolver)
    assert faults == []
    assert [(a.area, a.county_name) for a in good] == [("KS-01", None), ("KS-02", "莎车县")]


def test_an_unresolved_address_is_no_fault(resolver: Resolver) -> None:
    good, faults = parse_advice("waybill,address\nA1,鼓楼区\n".encode(), resolver)
    assert (good[0].area, good[0].county, faults) == (None, None, [])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",sf,express,莎车县", "waybill"),
        ("运单,sf,express,莎车县", "waybill"),
        ("SF1,sf,express,莎车县", "waybill"),
        ("SF3,sf,express,", "address"),
        ("SF3,sf,express", "row"),
        ("SF3,sf,express,莎车县,X,Y", "row"),
        ("SF3,sf,express," + "路" * 3000, "address"),
    ],
)
def test_a_bad_row_is_a_fault_with_its_line_and_the_good_ones_go_on(row: str, field: str, resolver: Resolver) -> None:
    lines = GOOD.splitlines()
    text = "\n".join([lines[0], lines[1], row, lines[2], ""])
    good, faults = parse_advice(text.encode(), resolver)
    assert [a.waybill for a in good] == ["SF1", "YT2"]
    assert [(line, name) for line, name, _ in faults] == [(3, field)]


def test_an_unknown_area_is_a_fault(resolver: Resolver) -> None:
    _, faults = parse_advice("waybill,address,area\nA1,莎车县,KS-99\n".encode(), resolver)
    assert faults == [(2, "area", "is no area of this hub")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"number,place\n1,2\n", b"\xff\xff\xff", b"waybill\0address"])
def test_a_file_that_is_none_is_one_fault(data: bytes, resolver: Resolver) -> None:
    good, faults = parse_advice(data, resolver)
    assert good == []
    assert len(faults) == 1


def test_a_quoted_line_break_counts_lines_rightly(resolver: Resolver) -> None:
    text = 'waybill,address\nA1,"新疆\n莎车县"\n,x\n'
    good, faults = parse_advice(text.encode(), resolver)
    assert [a.county_name for a in good] == ["莎车县"]
    assert faults[0][:2] == (4, "waybill")


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert parse_advice(b"waybill,address\n" + data, BARE) is not None


BARE = Resolver.__new__(Resolver)


@pytest.fixture(autouse=True, scope="module")
def _bare_resolver(resolver: Resolver) -> None:
    BARE.gazetteer, BARE.areas, BARE.sort_codes = resolver.gazetteer, resolver.areas, resolver.sort_codes
