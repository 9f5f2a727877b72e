"""The machine a figure was measured on."""

import importlib.metadata
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from karez import __version__

_PACKAGES = ("zxing-cpp", "rapidocr", "openvino", "onnxruntime", "opencv-python-headless", "numpy")
_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
_CPU_FILE = Path("/proc/cpuinfo")


def machine(packages: Iterable[str] = _PACKAGES) -> dict[str, object]:
    """Describe processor, cores, load, Python and the versions of what was measured."""
    facts = _cpu_facts()
    return {
        "processor": facts.get("model name", platform.machine()),
        "flags": [flag for flag in _FLAGS if flag in facts.get("flags", "").split()],
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "karez": __version__,
        "packages": {name: _version(name) for name in packages},
    }


def _cpu_facts() -> dict[str, str]:
    """Read the first processor's lines of the kernel's list."""
    if not _CPU_FILE.is_file():
        return {}
    first = _CPU_FILE.read_text("utf-8").split("\n\n", 1)[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
