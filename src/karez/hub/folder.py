"""A watched folder as a way in for pictures: ``<camera>_<trigger>_<time>.jpg``, taken when complete, then removed."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from karez.domain.frames import Frame
from karez.eventstore.pictures import PictureStore
from karez.hub.doorway import FrameAnswer

log = logging.getLogger("karez.folder")
_NAME = re.compile(r"(?P<camera>[^_]+)_(?P<trigger>[^_]+)_(?P<time>[0-9T]+)\.(?:jpe?g|png|webp|tiff?)", re.IGNORECASE)
_LOOK_EVERY_S = 0.2
REJECTED = "rejected"
Stamp = tuple[int, int]
"""Size, and time of the last change of content or rights (ns)."""


def parse_name(name: str) -> tuple[str, str, datetime | None] | None:
    """Camera, trigger and time that a file's name tells; ``None`` when it is not of the form.

    The time is ``YYYYMMDDThhmmss`` with optional further digits (fractions of a second), UTC; another number leaves
    the time open.
    """
    match = _NAME.fullmatch(name) if name.isprintable() else None  # bytes that are no UTF-8 are not printable
    if match is None:
        return None
    try:
        at = datetime.strptime(match["time"][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        at = None
    return match["camera"], match["trigger"], at


async def watch_folder(
    folder: Path | None, take: Callable[[Frame], FrameAnswer], pictures: PictureStore | None
) -> None:
    """Take pictures from a folder, for ever; without a folder, wait for ever.

    What the folder's disk or its rights do not allow is said once and waited for: it must not end the hub.
    """
    if folder is None:
        await asyncio.Event().wait()
        return
    last: dict[Path, Stamp] = {}
    stuck: dict[Path, Stamp] = {}
    fault = ""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        try:
            seen = await asyncio.to_thread(_stamps, folder)
        except OSError as error:
            if str(error) != fault:
                log.error("the watched folder cannot be looked at: %s", _shown(error))
            fault = str(error)
            continue
        complete = {path: stamp for path, stamp in seen.items() if last.get(path) == stamp != stuck.get(path)}
        stuck = {path: stamp for path, stamp in stuck.items() if seen.get(path) == stamp}
        stuck |= await _take_all(complete, take, pictures)
        last, fault = seen, ""


async def _take_all(
    complete: Mapping[Path, Stamp], take: Callable[[Frame], FrameAnswer], pictures: PictureStore | None
) -> dict[Path, Stamp]:
    """Hand in what is complete, in the order of the names; what cannot be taken or removed."""
    stuck = {}
    for path in sorted(complete):
        try:
            if not await _take(path, take, pictures):
                break  # the queue is full: the rest waits in the folder
        except OSError as error:
            stuck[path] = complete[path]
            log.error("a picture stays in the watched folder until it is changed: %s", _shown(error))
    return stuck


def _stamps(folder: Path) -> dict[Path, Stamp]:
    """Files of the folder (made when it is not there): one is complete when its size and change time stay."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for path in folder.iterdir():
        try:
            if path.is_file() and not path.name.startswith("."):
                stat = path.stat()
                found[path] = (stat.st_size, stat.st_ctime_ns)
        except FileNotFoundError:
            continue
    return found


async def _take(path: Path, take: Callable[[Frame], FrameAnswer], pictures: PictureStore | None) -> bool:
    """Hand one file in; ``False`` when it must wait. A slow disk holds nobody up but the pictures on it."""
    frame = await asyncio.to_thread(_kept, path, pictures)
    if frame is None:
        return True
    if take(frame) is not FrameAnswer.ACCEPTED:
        return False
    await asyncio.to_thread(path.unlink, missing_ok=True)
    return True


def _kept(path: Path, pictures: PictureStore | None) -> Frame | None:
    """Keep one file in the picture store before it leaves the folder; ``None``: its name is bad, it is set aside."""
    named = parse_name(path.name)
    if named is None:
        aside = path.parent / REJECTED
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
        log.warning("%s is not named <camera>_<trigger>_<time>.jpg: moved to %s", _shown(path.name), aside)
        return None
    camera, trigger, at = named
    frame = Frame(path.read_bytes(), camera, at, trigger=trigger)
    if pictures is not None:
        pictures.keep(frame)
    return frame


def _shown(words: object) -> str:
    """Words for the log, in which a file name that is no text is written with escapes."""
    return str(words).encode("utf-8", "backslashreplace").decode("utf-8")
