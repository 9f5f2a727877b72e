"""Video coding over real sockets: asked, answered through the hub's door, sorted, and nothing lost by a kill."""

import asyncio
import io
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from flows.hand_hall import HandHall, hand_hall, hub_process, until_up, write_hub
from karez.domain.coding import CodingAnswer, CodingOutcome, CodingReport, CodingTask
from karez.domain.frames import Frame
from karez.domain.ids import AreaId, ChuteId, ParcelId
from karez.domain.telegrams import Divert, DivertOutcome, Induct, Scan
from karez.eventstore.store import EventStore
from karez.hub.doorway import Doorway, FrameAnswer


def blank() -> bytes:
    """A picture on which nothing stands."""
    data = io.BytesIO()
    Image.new("L", (320, 240), 230).save(data, "JPEG")
    return data.getvalue()


async def photographed(door: Doorway, hall: HandHall, parcel: str, carrier: int) -> None:
    """A parcel comes on and is photographed; its label tells nothing."""
    hall.twin.send(Induct(ParcelId(parcel), carrier, "I1", 0))
    assert await door.frame(Frame(blank(), "C1", parcel=ParcelId(parcel))) is FrameAnswer.ACCEPTED


async def tasks(door: Doorway, count: int) -> list[CodingTask]:
    """Wait until so many parcels wait for a person."""
    for _ in range(300):
        found = await door.coding_tasks()
        if found is not None and len(found) == count:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{count} tasks were expected, {await door.coding_tasks()} are there")


async def said(door: Doorway, parcel: str, area: str, operator: str = "Aygul") -> CodingReport:
    report = await door.code(CodingAnswer(ParcelId(parcel), operator, datetime.now(UTC), AreaId(area)))
    assert report is not None
    return report


def scan(hall: HandHall, parcel: str, lap: int, carrier: int) -> None:
    hall.twin.send(Scan(ParcelId(parcel), carrier, lap, 0, (), 500, 300, 200, 100))


async def test_answers_in_time_and_late_sort_their_parcels_also_over_a_kill(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    config.write_text(config.read_text("utf-8") + "[coding]\nask = true\nlaps = 5\n", "utf-8")
    with hub_process(config, role="control") as process:
        settings = await until_up(config, process)
        door = Doorway(settings.socket)
        async with hand_hall(settings, "hand-1") as hall:
            for carrier, parcel in enumerate(("in-time", "late", "waits")):
                await photographed(door, hall, parcel, carrier)
            assert {task.why for task in await tasks(door, 3)} == {"no_label"}
            assert (await said(door, "in-time", "SC")).outcome is CodingOutcome.THIS_LAP
            for carrier, parcel in enumerate(("in-time", "late", "waits")):
                scan(hall, parcel, 1, carrier)
            await hall.answered(3)
            chutes = {order.parcel: order.chute for order in hall.orders}
            assert chutes == {"in-time": "C", "late": None, "waits": None}
            assert (await said(door, "late", "SC")).outcome is CodingOutcome.THIS_LAP, "its chute may lie ahead"
            await _ordered(hall, "late", "C", orders=2)
            os.killpg(process.pid, signal.SIGKILL)
    with hub_process(config, role="control") as process:
        await until_up(config, process)
        (waiting,) = await tasks(door, 1)
        assert (waiting.parcel, waiting.lap, waiting.until_lap) == ("waits", 1, 5)
        assert (await said(door, "late", "KS", "Li")).outcome is CodingOutcome.ALREADY_ANSWERED
        async with hand_hall(settings, "hand-2") as hall:
            for carrier, parcel in ((1, "late"), (2, "waits")):
                hall.twin.send(Divert(ParcelId(parcel), carrier, DivertOutcome.RECIRCULATED, 0))
                scan(hall, parcel, 2, carrier)
            await _ordered(hall, "late", "C")
            await _ordered(hall, "waits", None, orders=2)  # the order of lap 1 again, and that of lap 2
            assert (await said(door, "waits", "SC")).outcome is CodingOutcome.THIS_LAP
            await _ordered(hall, "waits", "C", orders=3)
    store = EventStore.open_reading(settings.store_url)
    kinds = [each.event.kind for each in store.read_stream("parcel-late")]
    store.close()
    assert kinds.count("coding.asked") == kinds.count("coding.answered") == 1


async def _ordered(hall: HandHall, parcel: str, chute: str | None, orders: int = 1) -> None:
    """Wait until the newest order for a parcel names this chute."""
    for _ in range(400):
        known = {order.order: order.chute for order in hall.orders if order.parcel == parcel}
        if len(known) >= orders and list(known.values())[-1] == (ChuteId(chute) if chute else None):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{parcel} was ordered to {known}")


async def test_a_hub_that_is_away_answers_nobody(tmp_path: Path) -> None:
    door = Doorway(tmp_path / "control.sock")
    assert await door.coding_tasks() is None
    assert await door.code(CodingAnswer(ParcelId("p1"), "Aygul", datetime.now(UTC))) is None
