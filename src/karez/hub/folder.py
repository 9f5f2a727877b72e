"""A watched folder as a way in for pictures: ``<camera>_<trigger>_<time>.jpg``, taken when complete, then removed."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from karez.domain.frames import Frame
from karez.eventstore.pictures import PictureStore
from karez.hub.doorway import FrameAnswer

log = logging.getLogger("karez.folder")
_NAME = re.compile(r"(?P<camera>[^_]+)_(?P<trigger>[^_]+)_(?P<time>[0-9T]+)\.(?:jpe?g|png|webp|tiff?)", re.IGNORECASE)
_LOOK_EVERY_S = 0.2
_REJECTED = "rejected"


def parse_name(name: str) -> tuple[str, str, datetime | None] | None:
    """Camera, trigger and time that a file's name tells; ``None`` when it is not of the form.

    The time is ``YYYYMMDDThhmmss`` with optional further digits (fractions of a second), UTC; another number leaves
    the time open.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        at = datetime.strptime(match["time"][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        at = None
    return match["camera"], match["trigger"], at


async def watch_folder(folder: Path | None, take: Callable[[Frame], FrameAnswer], pictures: PictureStore) -> None:
    """Take pictures from a folder, for ever; without a folder, wait for ever."""
    if folder is None:
        await asyncio.Event().wait()
        return
    sizes: dict[Path, int] = {}
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        seen = _sizes(folder)
        for path, size in sorted(seen.items()):
            if sizes.get(path) == size and not _take(path, take, pictures):
                break  # the queue is full: the rest waits in the folder
        sizes = seen


def _sizes(folder: Path) -> dict[Path, int]:
    """Files of the folder (made when it is not there) with their sizes: one is complete when its size stays."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for path in folder.iterdir():
        try:
            if path.is_file() and not path.name.startswith("."):
                found[path] = path.stat().st_size
        except FileNotFoundError:
            continue
    return found


def _take(path: Path, take: Callable[[Frame], FrameAnswer], pictures: PictureStore) -> bool:
    """Hand one file in; ``False`` when it must wait. It is kept in the picture store before it leaves the folder."""
    named = parse_name(path.name)
    if named is None:
        aside = path.parent / _REJECTED
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
        log.warning("%s is not named <camera>_<trigger>_<time>.jpg: moved to %s", path.name, aside)
        return True
    camera, trigger, at = named
    frame = Frame(path.read_bytes(), camera, at, trigger=trigger)
    pictures.keep(frame)
    if take(frame) is not FrameAnswer.ACCEPTED:
        return False
    path.unlink(missing_ok=True)
    return True
