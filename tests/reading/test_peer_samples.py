"""Against zxing-cpp's own call on its own sample pictures: never fewer texts, and no waybill where there is none."""

from pathlib import Path

import cv2
import pytest
import zxingcpp

from karez.domain.frames import Frame
from karez.domain.reading import NoRead
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules

ENDINGS = {".png", ".jpg", ".webp"}


def pictures(samples: Path, *beginnings: str) -> list[Path]:
    return sorted(p for b in beginnings for p in samples.glob(f"{b}-*/*") if p.suffix in ENDINGS)


def peer_texts(path: Path) -> list[str]:
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        return []
    return [code.text for code in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)]


def exact(found: dict[Path, list[str]]) -> set[Path]:
    truths = {path: path.with_suffix(".txt") for path in found}
    return {
        path
        for path, texts in found.items()
        if truths[path].exists() and truths[path].read_bytes().decode("utf-8", "replace") in texts
    }


EVERY_FOLDER = ("[!f]*",)
LEAST_EXACT = 825  # of 880; the plain call reads 795
COURIER = ("code128", "qrcode", "datamatrix")


@pytest.mark.parametrize("folders", [COURIER, EVERY_FOLDER], ids=["courier symbologies", "all"])
def test_at_least_as_many_exact_texts_as_the_plain_call(
    reader: Reader, rules: WaybillRules, samples: Path, folders: tuple[str, ...]
) -> None:
    paths = pictures(samples, *folders)
    assert len(paths) > 100
    ours = {path: [c.text for c in reader.read([Frame(path.read_bytes())], rules, "never").codes] for path in paths}
    peer = {path: peer_texts(path) for path in paths}
    print(f"exact texts: {len(exact(ours))} of {len(paths)}; the plain call: {len(exact(peer))}")
    assert len(exact(ours)) >= len(exact(peer))
    assert not exact(peer) - exact(ours)
    assert folders != EVERY_FOLDER or len(exact(ours)) >= LEAST_EXACT


def test_no_waybill_is_taken_from_pictures_without_codes(reader: Reader, rules: WaybillRules, samples: Path) -> None:
    paths = pictures(samples, "falsepositives")
    assert paths
    assert all(isinstance(reader.read([Frame(path.read_bytes())], rules), NoRead) for path in paths)


def test_no_code_is_invented_where_the_plain_call_reads_none(
    reader: Reader, rules: WaybillRules, samples: Path
) -> None:
    for path in pictures(samples, "falsepositives"):
        read = {code.text for code in reader.read([Frame(path.read_bytes())], rules, "never").codes}
        assert read <= set(peer_texts(path)), path.name
