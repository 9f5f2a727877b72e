"""The control process: store, driver, readers and door put together around the control loop."""

import asyncio
import gc
import logging
import secrets
import sys
from contextlib import AsyncExitStack, suppress
from typing import Any

from karez import __version__
from karez.cli import compose
from karez.domain import events as ev
from karez.domain.errors import StoreAway
from karez.domain.ids import OrderId
from karez.domain.sorting import Consignment
from karez.eventstore.append import Append, Entry
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore, utc_now
from karez.hub import advice, doorway, hands, learning
from karez.hub.alarms import AlarmKey
from karez.hub.clock import LoopClock
from karez.hub.coding_desk import CodingDesk
from karez.hub.control import Control
from karez.hub.folder import watch_folder
from karez.hub.metrics import metrics
from karez.hub.plan_desk import PlanDesk
from karez.hub.process import go_before_others
from karez.hub.readers import SET_ASIDE, Done, ReaderPool
from karez.hub.reading_work import Workplace
from karez.hub.recovery import began, recover
from karez.hub.status import status
from karez.hub.upkeep import keep_up
from karez.reading.scanner import judge_scanned
from karez.settings import Settings
from karez.sorter.plc.drivers import open_plc
from karez.sorter.plc.protocol import Plc
from karez.sortplan.rules import assign

log = logging.getLogger("karez.control")
_LAST_S = 2.0


async def run_control(settings: Settings, stop: asyncio.Event) -> None:
    """Run the control loop until ``stop`` is set or something breaks.

    Order matters: what is stored is taken over before the first telegram may come in, and readers are ready before a
    picture is.
    """
    loop = asyncio.get_running_loop()
    control: Control | None = None

    def on_full(full: bool) -> None:
        if control is not None:
            loop.call_soon_threadsafe(control.store_is_full, full)

    def on_away(away: bool) -> None:
        if control is not None:
            loop.call_soon_threadsafe(control.store_is_away, away)

    def on_done(done: Done) -> None:
        if control is not None:
            loop.call_soon_threadsafe(control.read_done, done)

    store = await opened(settings.store_url, utc_now, settings.store.group_ms / 1000, on_full, on_away)
    if store.kept_copy:
        log.info("the store was upgraded; the old one is kept as %s", store.kept_copy)
    desk = PlanDesk(settings, compose.resolver(settings, store.learned))
    plc = open_plc(settings.sorter, f"hub-{secrets.token_hex(4)}", store.last_inbound())
    readers = ReaderPool(
        Workplace(settings.reading, settings.pictures, settings.pictures_dir, settings.store_url),
        on_done,
        settings.hub.data_dir / SET_ASIDE,
    )
    control = Control(settings, store, plc, readers, desk.house, lambda: OrderId(secrets.token_hex(8)), LoopClock())
    broken = asyncio.create_task(first_broken_callback())
    await asyncio.sleep(0)  # it watches from here on: the first commit calls back too
    calm = ended_in_order(store)
    recovered = recover(control, store, desk.plan)
    control.commits.put(began(control, settings, desk.plan, __version__, recovered, compose.hashes(settings)))
    async with AsyncExitStack() as ends:  # what fails at the start ends the process at once, like all else
        ends.push_async_callback(asyncio.to_thread, leave, store, settings)
        ends.push_async_callback(asyncio.to_thread, readers.stop)
        readers.start()
        waiting = asyncio.create_task(await_readers(readers, control))
        ends.callback(waiting.cancel)
        if calm and not recovered:  # else parcels ride, or may by now, that must not wait for the models to load
            await either(waiting, stop)
        warm_up(control)
        be_quick()
        server = await doorway.serve(settings.socket, _answering(control, desk, store, settings))
        ends.callback(server.close)
        ends.push_async_callback(plc.stop)
        await plc.start()
        log.info(
            "control is up: %d parcels taken over, sorter %s:%d",
            recovered,
            settings.sorter.host,
            settings.sorter.port,
        )
        await _until(stop, broken, control, plc, desk, store, settings)


def ended_in_order(store: EventStore) -> bool:
    """Whether the last run said that it stops, or there was none; to be asked before this one says that it starts."""
    last = store.last_of(ev.HUB_STREAM)
    return last is None or isinstance(last.event, ev.HubStopped)


def leave(store: EventStore, settings: Settings) -> None:
    """Say that the control process ends, and close the store."""
    store.submit(Append([Entry(ev.HUB_STREAM, [ev.HubStopped(settings.hub.name)])]))
    store.close()


def warm_up(control: Control) -> None:
    """Go once through what a first decision would compile and load, some 70 ms of it."""
    judged = judge_scanned(("SF0000000000001",), control.rules)
    house = control.decisions.house
    assign(Consignment(str(judged), None), house.plan, house.hall)
    with suppress(StoreAway):
        house.resolver.from_text("新疆喀什地区喀什市人民东路1号")


def be_quick() -> None:
    """Keep the interpreter from holding up a decision.

    A thread that wants the interpreter's lock from a busy one waits for the switch interval: 5 ms by default, half the
    budget of a decision. What is loaded by now (the gazetteer alone is two million objects) lives as long as the
    process; a collection that walked it would stop the loop for 150 ms and more.

    What is made afterwards is freed without a collection, but for the few objects that refer to each other. The
    thresholds count what is there more than at the last collection. With 10,000 a collection took 5 to 33 ms, five
    times in the first minute at 350 parcels a second and not in the next; with 50,000 one took up to 87 ms.
    """
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)
    gc.enable()
    if not go_before_others():
        log.info("no right to real-time scheduling (root, CAP_SYS_NICE): control shares the processor with others")


async def opened(*words: Any) -> EventStore:
    """Open the store; wait for its database server where that is away."""
    told = False
    while True:
        try:
            return EventStore.open_writing(*words)
        except StoreAway as away:
            if not told:
                log.error("%s; it is waited for", away)
            told = True
            await asyncio.sleep(0.25)


async def await_readers(readers: ReaderPool, control: Control) -> None:
    """Wait until pictures can be read; where they cannot, raise the alarm that says what to do.

    The hub goes on all the same: what the sorter's own scanner reads still finds its chute.
    """
    if not await asyncio.to_thread(readers.wait_ready):
        raised = control.alarms.raised(AlarmKey.READER_FAILED, "readers", readers.fault)
        if raised:
            control.commits.put(Append([Entry(ev.HUB_STREAM, raised)]))


async def either(task: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Wait for a task, but no longer than until ``stop`` is set; raises what the task raises."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()


async def _until(
    stop: asyncio.Event,
    broken: "asyncio.Task[None]",
    control: Control,
    plc: Plc,
    desk: PlanDesk,
    store: EventStore,
    settings: Settings,
) -> None:
    """Run the loop's parts; the first that ends, ends all of them."""
    pictures = PictureStore(settings.pictures_dir, settings.pictures.reserve_mb * 1_000_000)
    parts: list[asyncio.Task[None]] = [
        asyncio.create_task(part)
        for part in (
            control.listen(plc),
            desk.watch(control),
            keep_up(settings, store, pictures, control),
            control.commits.stages.watch_lag(),
            watch_folder(settings.frames.folder, control.take_frame, pictures if settings.pictures.keep_days else None),
        )
    ]
    parts += [broken, asyncio.create_task(_set(stop))]
    done, pending = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        await _hear_out(control, plc, parts[0])
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _hear_out(control: Control, plc: Plc, listening: "asyncio.Task[None]") -> None:
    """End the link, and take in what had come and what the driver still tells; for a moment, where a store is away."""
    control.stopping = True
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_S):
            await plc.stop()
            await asyncio.wait((listening,))
            await control.commits.drained()


async def _set(stop: asyncio.Event) -> None:
    await stop.wait()


async def first_broken_callback() -> None:
    """Wait until a callback of the loop (a reading that came in, a timer) raises, then raise its error.

    The loop alone would log it and go on, with a memory that is ahead of the store for good. Ended and started again,
    the control process goes on from what is stored.
    """
    loop = asyncio.get_running_loop()
    broken: asyncio.Future[None] = loop.create_future()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        loop.default_exception_handler(context)
        error = context.get("exception")
        if "handle" in context and error is not None and not broken.done():
            broken.set_exception(error)

    loop.set_exception_handler(handle)
    try:
        await broken
    finally:
        loop.set_exception_handler(None)


def _answering(control: Control, desk: PlanDesk, store: EventStore, settings: Settings) -> doorway.Answer:
    """What the door answers."""
    coder = CodingDesk(control, store, desk.resolver, settings.hub.min_confidence)

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        match head.get("do"):
            case "frame":
                return {"answer": control.take_frame(doorway.frame_of(head, body))}
            case "advice":
                return await advice.take(head, body, control.commits, control.advice)
            case "code":
                return await coder.answer(body)
            case "taken_off":
                return await hands.taken_off(head, control)
            case "coding_tasks":
                return coder.tasks()
            case "learn":
                return await learning.take_answer(body, control.commits)
            case "unlearn":
                return await learning.take_undoing(head, control.commits, store)
            case "status":
                return status(control, desk.plan, settings)
            case "metrics":
                return {"families": metrics(control, desk.plan, settings, __version__)}
        return {"answer": "unknown", "what": f"there is no command {head.get('do')!r}"}

    return answer
