"""One reader for all tests of the room: its engines take a second to load."""

import os
from pathlib import Path

import pytest

from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(ReadingSection())


@pytest.fixture(scope="session")
def rules() -> WaybillRules:
    return WaybillRules(ReadingSection().companies, lambda number: False)


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = os.environ.get("KAREZ_PEER_DATA")
    if not folder:
        pytest.skip("KAREZ_PEER_DATA is not set: zxing-cpp's samples are not part of this repository")
    return Path(folder) / "barcodes" / "zxing-cpp" / "samples"
