"""Pictures beside the store: kept by content hash, with a quota by age and size, and a reserve left for events."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from karez.domain.frames import Frame
from karez.domain.ids import PictureId

_HEX = frozenset("0123456789abcdef")


class PictureStore:
    """Folder of pictures, two hexadecimal digits a sub-folder.

    Writing is not synced: a picture may be lost in a power cut; the event that names it is not.

    Parameters
    ----------
    reserve_bytes
        Free space that is left to the event store: below it no picture is kept.
    """

    def __init__(self, folder: Path, reserve_bytes: int = 0) -> None:
        self._folder, self._reserve_bytes = folder, reserve_bytes

    def keep(self, frame: Frame) -> PictureId | None:
        """Keep a picture; ``None`` where space is short (events come first). The same picture is kept once."""
        picture = frame.picture
        path = self._place(picture)
        try:
            if path.exists():
                os.utime(path)
                return picture
            path.parent.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(path.parent).free - len(frame.data) < self._reserve_bytes:
                return None
            part = path.with_suffix(f".{os.getpid()}.part")
            try:
                part.write_bytes(frame.data)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except OSError:
            return None
        return picture

    def path(self, picture: PictureId) -> Path | None:
        """Where a picture is; ``None`` when it is not (or no longer) kept."""
        if len(picture) != 64 or not _HEX.issuperset(picture):
            return None
        path = self._place(picture)
        return path if path.is_file() else None

    def sweep(self, now: datetime, keep_days: int, quota_bytes: int) -> int:
        """Remove pictures older than ``keep_days``, then the oldest until the quota holds; returns how many went."""
        kept = sorted(self._kept(), key=lambda each: each[0])
        oldest = (now - timedelta(days=keep_days)).timestamp()
        total = sum(size for _, size, _ in kept)
        gone = 0
        for changed, size, entry in kept:
            if changed >= oldest and total <= quota_bytes:
                break
            entry.unlink(missing_ok=True)
            total -= size
            gone += 1
        return gone

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        """Time, size and path of every picture; one that is renamed or removed meanwhile is left out."""
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                yield stat.st_mtime, stat.st_size, path

    def _place(self, picture: PictureId) -> Path:
        return self._folder / picture[:2] / picture
