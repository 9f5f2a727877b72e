"""Backup and restore: one tar file with the store, the pictures and a manifest that is checked."""

import json
import re
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from karez.domain.errors import BadInput, StoreError
from karez.eventstore.database import copy_sqlite, head
from karez.eventstore.store import EventStore

_STORE, _PICTURES, _MANIFEST = "karez.db", "pictures", "manifest.json"
_MEMBER = re.compile(r"manifest\.json|karez\.db|pictures/[0-9a-f]{2}/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; ``sha256`` is of its store file."""

    made_at: str
    revision: str
    events: int
    pictures: int
    sha256: str


def backup(data_dir: Path, target: Path, now: datetime) -> Manifest:
    """Write a consistent copy of a (running) hub's store and its pictures to one tar file.

    Raises
    ------
    BadInput
        When there is no store, or the target exists.
    """
    source = data_dir / _STORE
    if not source.exists():
        raise BadInput("there is no event store here", str(source), "name the hub's configuration with --config")
    if not target.parent.is_dir():
        raise BadInput("there is no such folder", str(target.parent), "make it, or mount its disk, first")
    if target.exists():
        raise BadInput("exists already", str(target), "name a new file: a backup is never overwritten")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / _STORE
        copy_sqlite(source, copy)
        store = EventStore.open_reading(f"sqlite:///{copy}")
        events = store.last_position()
        store.close()
        pictures = sorted(path for path in (data_dir / _PICTURES).glob("??/*") if path.suffix != ".part")
        with copy.open("rb") as handle:
            digest = file_digest(handle, "sha256").hexdigest()
        part = Path(folder) / "backup.tar"
        with tarfile.open(part, "w") as archive:
            archive.add(copy, _STORE)
            packed = sum(_packed(archive, path) for path in pictures)
            manifest = Manifest(now.isoformat(), head(), events, packed, digest)
            (Path(folder) / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2))
            archive.add(Path(folder) / _MANIFEST, _MANIFEST)
        part.replace(target)
    return manifest


def _packed(archive: tarfile.TarFile, picture: Path) -> bool:
    """Whether it could be packed: the running hub may have swept it since it was listed."""
    try:
        archive.add(picture, f"{_PICTURES}/{picture.parent.name}/{picture.name}")
    except FileNotFoundError:
        return False
    return True


def restore(source: Path, data_dir: Path) -> Manifest:
    """Unpack a backup into an empty data folder, after checking it against its manifest.

    Raises
    ------
    BadInput
        When the file is no backup or is damaged, or the folder already holds a store.
    """
    # A write-ahead log without its store counts too: SQLite would play it into the store that comes from the backup.
    for name in (_STORE, f"{_STORE}-wal", f"{_STORE}-shm"):
        if (data_dir / name).exists():
            raise BadInput(f"holds an event store already ({name})", str(data_dir), "restore into an empty data folder")
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir) as folder:
        try:
            with tarfile.open(source) as archive:
                _unpack(archive, Path(folder))
            manifest = Manifest(**json.loads((Path(folder) / _MANIFEST).read_text()))
            with (Path(folder) / _STORE).open("rb") as handle:
                digest = file_digest(handle, "sha256").hexdigest()
        except (OSError, tarfile.TarError, ValueError, TypeError) as error:
            raise BadInput(
                f"is no backup of Karez ({error})", str(source), "name a file that `karez backup` wrote"
            ) from None
        if digest != manifest.sha256:
            raise StoreError(
                f"{source} is damaged: its store does not have the sum its manifest names; nothing was restored"
            )
        if (Path(folder) / _PICTURES).exists():
            shutil.copytree(Path(folder) / _PICTURES, data_dir / _PICTURES, dirs_exist_ok=True)
        (Path(folder) / _STORE).replace(data_dir / _STORE)
    return manifest


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack what `backup` wrote and nothing else, whatever a file claims to hold.

    By hand, because Debian 12's Python 3.11.2 has no extraction filters yet (they came with 3.11.4).
    """
    for member in archive:
        if not member.isfile():
            continue
        name = member.name.removeprefix("./")
        source = archive.extractfile(member) if _MEMBER.fullmatch(name) else None
        if source is None:
            raise ValueError(f"{member.name!r} has no place in a backup")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
