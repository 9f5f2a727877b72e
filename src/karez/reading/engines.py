"""What reading needs on this machine: what is there, what is missing, and the command that brings it."""

import hashlib
import importlib.metadata
import importlib.util
from dataclasses import dataclass

from karez.reading import weights

_LIBRARIES = (
    ("OpenCV", "cv2", "opencv-python-headless"),
    ("zxing-cpp", "zxingcpp", "zxing-cpp"),
)
_ENGINES = (("OpenVINO", "openvino", "openvino"), ("onnxruntime", "onnxruntime", "onnxruntime"))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that reading needs.

    Attributes
    ----------
    name
        What it is.
    present
        Whether it is there and is what was pinned.
    needed
        ``False`` where something else does its work, only slower.
    detail
        Version, path, or what is wrong with it.
    advice
        What brings it; empty when it is there.
    """

    name: str
    present: bool
    needed: bool
    detail: str
    advice: str = ""


def inventory() -> list[Part]:
    """List every library, engine and model file that reading uses."""
    libraries = [_library(*row, needed=True, advice="run `make setup`") for row in _LIBRARIES]
    return [*libraries, *_engines(), *(_weight(weight) for weight in weights.ALL)]


def _library(name: str, module: str, package: str, needed: bool, advice: str) -> Part:
    if importlib.util.find_spec(module) is None:
        return Part(name, False, needed, "not installed", advice)
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        version = "version unknown"
    return Part(name, True, needed, version)


def _engines() -> list[Part]:
    """Either engine will do."""
    found = [_library(*row, needed=False, advice=weights.ADVICE) for row in _ENGINES]
    if any(part.present for part in found):
        return found
    return [Part(part.name, False, True, part.detail, part.advice) for part in found]


def _weight(weight: weights.Weight) -> Part:
    path = weights.locate(weight)
    if path is None:
        return Part(weight.name, False, True, f"not in package {weight.package}", weights.ADVICE)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != weight.sha256:
        return Part(weight.name, False, True, f"sha256 {digest[:12]}… is not the pinned one", weights.ADVICE)
    return Part(weight.name, True, True, f"sha256 {digest[:12]}… as pinned")
