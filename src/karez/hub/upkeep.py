"""Upkeep: what is kept no longer than it is needed, and alarms that no telegram raises or clears."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from karez.domain.errors import StoreError
from karez.domain.events import HUB_STREAM, Event
from karez.eventstore.append import Append, Entry
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore, utc_now
from karez.hub.alarms import AlarmKey
from karez.hub.control import Control
from karez.hub.folder import REJECTED
from karez.hub.readers import SET_ASIDE
from karez.settings import Settings

log = logging.getLogger("karez.upkeep")
_LOOK_EVERY_S, _SWEEP_EVERY = 5.0, 120
_OVERDUE_LAPS = 3
_LONG_LAP_MS = 120_000  # longer than any loop's, where the settings do not tell it
"""Each lap brings a scan and a word of the PLC; three without any are no late telegram."""


async def keep_up(settings: Settings, store: EventStore, pictures: PictureStore, control: Control) -> None:
    """Look at space, link and alarms every five seconds, and sweep every ten minutes, for ever."""
    while True:
        for _ in range(_SWEEP_EVERY):
            await asyncio.sleep(_LOOK_EVERY_S)
            look(settings, control)
        if not control.inductions.store_full:
            await asyncio.to_thread(sweep, settings, store, pictures)
            control.advice.clear()


def look(settings: Settings, control: Control) -> None:
    """Raise and clear what shows by itself: space for pictures, a PLC that never came, incidents that are over."""
    new = [*_space(settings, control), *control.alarms.quiet()]
    if not control.linked:
        why = "no link to the sorter's PLC since the hub was started"
        new += control.alarms.raised(AlarmKey.SORTER_LINK, "sorter", why)
    if new:
        control.commits.put(Append([Entry(HUB_STREAM, new)]))
    if settings.sorter.lap_ms is not None:
        control.miss(_OVERDUE_LAPS * settings.sorter.lap_ms)
    control.forget_strays(_OVERDUE_LAPS * (settings.sorter.lap_ms or _LONG_LAP_MS))


def _space(settings: Settings, control: Control) -> list[Event]:
    free = shutil.disk_usage(settings.hub.data_dir).free
    if free < settings.pictures.reserve_mb * 1_000_000:
        why = f"{free // 1_000_000} MB are free: pictures are no longer kept, so that events can be"
        return control.alarms.raised(AlarmKey.PICTURES_STOPPED, "pictures", why)
    return control.alarms.cleared(AlarmKey.PICTURES_STOPPED, "pictures")


def sweep(settings: Settings, store: EventStore, pictures: PictureStore) -> None:
    """Erase personal data and pictures that are past their time; the next sweep tries again what fails."""
    now = utc_now()
    oldest = now - timedelta(days=settings.pictures.keep_days)
    erasures: list[tuple[str, Callable[[], int]]] = [
        ("personal texts", lambda: store.erase_personal(now - timedelta(days=settings.personal.keep_days))),
        ("learned addresses", lambda: store.forget_learned(now - timedelta(days=settings.learning.keep_days))),
        ("pictures", lambda: pictures.sweep(now, settings.pictures.keep_days, settings.pictures.quota_mb * 1_000_000)),
        ("pictures set aside", lambda: _remove_older(settings.hub.data_dir / SET_ASIDE, oldest)),
    ]
    if settings.frames.folder is not None:
        rejected = settings.frames.folder / REJECTED
        erasures.append(("rejected files", lambda: _remove_older(rejected, oldest)))
    for what, erase in erasures:
        try:
            if gone := erase():
                log.info("swept: %d %s", gone, what)
        except (StoreError, OSError) as error:
            log.error("the sweep of %s stopped short: %s", what, error)


def _remove_older(folder: Path, than: datetime) -> int:
    """Remove files of one folder that were last changed before a time; they show labels too."""
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < than.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
