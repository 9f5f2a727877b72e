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
