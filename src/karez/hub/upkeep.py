"""Upkeep: what is kept no longer than it is needed, and an alarm where pictures can no longer be kept."""

import asyncio
import logging
import shutil
from datetime import timedelta

from karez.domain.events import HUB_STREAM
from karez.eventstore.append import Append, Entry
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore, utc_now
from karez.hub.alarms import AlarmKey
from karez.hub.control import Control
from karez.settings import Settings

log = logging.getLogger("karez.upkeep")
_SPACE_EVERY_S, _SWEEP_EVERY = 5.0, 120


async def keep_up(settings: Settings, store: EventStore, pictures: PictureStore, control: Control) -> None:
    """Look at the free space every five seconds, and sweep every ten minutes, for ever."""
    while True:
        for _ in range(_SWEEP_EVERY):
            _look_at_space(settings, control)
            await asyncio.sleep(_SPACE_EVERY_S)
        if not control.store_full:
            await asyncio.to_thread(sweep, settings, store, pictures)


def _look_at_space(settings: Settings, control: Control) -> None:
    free = shutil.disk_usage(settings.hub.data_dir).free
    if free < settings.pictures.reserve_mb * 1_000_000:
        why = f"{free // 1_000_000} MB are free: pictures are no longer kept, so that events can be"
        new = control.alarms.raised(AlarmKey.PICTURES_STOPPED, "pictures", why)
    else:
        new = control.alarms.cleared(AlarmKey.PICTURES_STOPPED, "pictures")
    if new:
        control.commits.put(Append([Entry(HUB_STREAM, new)]))


def sweep(settings: Settings, store: EventStore, pictures: PictureStore) -> None:
    """Erase personal data and pictures that are past their time."""
    now = utc_now()
    texts = store.erase_personal(now - timedelta(days=settings.personal.keep_days))
    gone = pictures.sweep(now, settings.pictures.keep_days, settings.pictures.quota_mb * 1_000_000)
    if texts or gone:
        log.info("swept: %d personal texts, %d pictures", texts, gone)
