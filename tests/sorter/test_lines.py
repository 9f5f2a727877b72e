"""Bytes to lines."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from karez.sorter.plc.tcp.lines import LineSplitter, Oversize


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=12))
def test_lines_do_not_depend_on_how_the_bytes_were_cut(data: bytes, cuts: list[int]) -> None:
    whole = LineSplitter(limit=20).feed(data)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    splitter = LineSplitter(limit=20)
    pieces = [line for a, b in pairwise(edges) for line in splitter.feed(data[a:b])]
    assert pieces == whole
    assert len(whole) == data.count(b"\n")


def test_a_line_beyond_the_bound_is_skipped_to_its_end_and_the_next_is_whole() -> None:
    lines = LineSplitter(limit=4).feed(b"abcdefgh\nxy\r\n")
    assert lines == [Oversize(b"abcd", 8), b"xy"]


def test_an_endless_line_takes_no_more_memory_than_the_bound() -> None:
    splitter = LineSplitter(limit=100)
    for _ in range(50):
        assert splitter.feed(b"x" * 1000) == []
    assert len(splitter.pending) == 100
    assert splitter.feed(b"\n") == [Oversize(b"x" * 100, 50_000)]
