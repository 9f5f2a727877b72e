"""The peers get a fair rule, and reach for nothing outside."""

import os
import subprocess
import sys

import pytest

from karez.bench import peers
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection
from karez.simulation.scenes import scene


@pytest.fixture(scope="module")
def rules():
    return WaybillRules(ReadingSection().companies, lambda _: False)


def test_one_number_counts_for_a_peer_and_two_do_not(rules):
    one = peers._outcome(["YT4342518558713", "12"], rules)
    two = peers._outcome(["YT4342518558713", "SF7982991275110"], rules)
    assert (one.waybill, two.waybill) == ("YT4342518558713", None)
    assert set(two.seen) == {"YT4342518558713", "SF7982991275110"}


@pytest.mark.parametrize(
    "numbers",
    [
        ["JDX0012345678901", "JDX0012345678901-1-1-"],
        ["JDX0012345678901-1-1-", "JDX0012345678901-1-1", "JDX0012345678901"],
    ],
)
def test_the_bare_number_of_a_piece_is_no_second_number_for_a_peer_either(rules, numbers):
    assert peers._outcome(numbers, rules).waybill == "JDX0012345678901-1-1-"


def test_two_pieces_of_one_shipment_are_two_numbers_for_a_peer(rules):
    found = peers._outcome(["JDX0012345678901-1-2-", "JDX0012345678901-2-2-"], rules)
    assert (found.waybill, len(found.seen)) == (None, 2)


def test_words_behind_a_number_in_another_code_make_no_piece_of_it(rules):
    assert peers._outcome(["YT4342518558713", "YT4342518558713-Kashi"], rules).waybill == "YT4342518558713"


def test_a_file_that_is_no_picture_is_a_no_read_of_a_peer(rules):
    assert peers.PlainZxing(rules)(b"no picture").waybill is None


_READ_ONE = """
import sys
from karez.bench import peers
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

rules = WaybillRules(ReadingSection().companies, lambda _: False)
print(len(peers.RapidOcr(rules)(sys.stdin.buffer.read()).lines))
"""


def test_rapidocr_reads_with_what_is_in_its_package_and_opens_no_connection(tmp_path):
    log = tmp_path / "calls"
    home = tmp_path / "home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "CI" and not key.startswith("XDG_")}
    traced = ["strace", "-f", "-e", "trace=connect", "-o", str(log), sys.executable, "-c", _READ_ONE]

    run = subprocess.run(
        traced,
        input=scene("clean", 0, 3).picture,
        capture_output=True,
        check=True,
        env={**environment, "HOME": str(home)},
    )

    assert int(run.stdout) > 5
    assert "connect(" not in log.read_text()
    assert list(home.iterdir()) == []
