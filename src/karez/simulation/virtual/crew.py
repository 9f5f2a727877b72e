"""Runs shards in processes of their own, tells how far they are, and stops with what is done when asked to."""

import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.pool import Pool
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from typing import Any

from karez.address.resolver import Resolver
from karez.settings import Settings
from karez.simulation.virtual.shard import Order, ShardResult, run_shard

_LOOK_S = 0.25

MakeResolver = Callable[[Settings], Resolver]


class _Seat:
    """What a worker process keeps between two shards."""

    order: Order
    make: MakeResolver
    resolver: Resolver | None = None
    left: "Synchronized[int]"
    stop: Event
    tell: Callable[[int], None] | None = None


_seat = _Seat()


def _sit_down(order: Order, make: MakeResolver, left: "Synchronized[int]", stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears Ctrl-C and says so by `stop`
    _take_seat(order, make, left, stop)


def _take_seat(order: Order, make: MakeResolver, left: "Synchronized[int]", stop: Event) -> None:
    logging.getLogger("karez").setLevel(logging.CRITICAL)  # alarms of a hundred halls tell nobody anything
    _seat.order, _seat.make, _seat.left, _seat.stop = order, make, left, stop


def _work(task: tuple[int, int]) -> ShardResult:
    shard, parcels = task
    told = 0

    def on_progress(left: int) -> bool:
        nonlocal told
        with _seat.left.get_lock():
            _seat.left.value += left - told
        told = left
        if _seat.tell is not None:
            _seat.tell(_seat.left.value)
        return not _seat.stop.is_set()

    def resolver(settings: Settings) -> Resolver:
        if _seat.resolver is None:
            _seat.resolver = _seat.make(settings)
        return _seat.resolver

    if _seat.stop.is_set():
        return ShardResult(shard)
    try:
        return run_shard(_seat.order, shard, parcels, resolver, on_progress)
    except Exception:  # whatever broke is told with the shard that shows it
        return ShardResult(shard, broke=traceback.format_exc())


@contextmanager
def _stopped_by_hand(stop: Event) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run_shards(
    order: Order,
    tasks: Sequence[tuple[int, int]],
    processes: int,
    make: MakeResolver,
    on_progress: Callable[[int, int], None] = lambda left, shards: None,
) -> list[ShardResult]:
    """Run all shards; Ctrl-C ends them where they are.

    Parameters
    ----------
    tasks
        Number and parcels of each shard.
    make
        Makes the hub's resolver, once a process; must be importable there.
    on_progress
        Told several times a second how many parcels have left, and how many shards are done.
    """
    context = multiprocessing.get_context("forkserver")
    left: Any = context.Value("q", 0)
    stop = context.Event()
    with _stopped_by_hand(stop):
        if processes == 1 or len(tasks) == 1:
            done = list(_alone(order, tasks, make, left, stop, on_progress))
        else:
            with context.Pool(min(processes, len(tasks)), _sit_down, (order, make, left, stop)) as pool:
                done = list(_together(pool, tasks, left, on_progress))
    return sorted((each for each in done if each.counts or each.broke), key=lambda each: each.shard)


def _alone(
    order: Order,
    tasks: Sequence[tuple[int, int]],
    make: MakeResolver,
    left: "Synchronized[int]",
    stop: Event,
    on_progress: Callable[[int, int], None],
) -> Iterator[ShardResult]:
    """One shard after the other, in this process."""
    logger = logging.getLogger("karez")
    level = logger.level
    _take_seat(order, make, left, stop)
    try:
        for done, task in enumerate(tasks):
            _seat.tell = partial(_tell, on_progress, done)
            yield _work(task)
            on_progress(left.value, done + 1)
    finally:
        _seat.tell = _seat.resolver = None
        logger.setLevel(level)


def _tell(on_progress: Callable[[int, int], None], done: int, left: int) -> None:
    on_progress(left, done)


def _together(
    pool: Pool, tasks: Sequence[tuple[int, int]], left: "Synchronized[int]", on_progress: Callable[[int, int], None]
) -> Iterator[ShardResult]:
    """As many at a time as there are processes."""
    coming = pool.imap_unordered(_work, tasks)
    done = 0
    while done < len(tasks):
        with suppress(multiprocessing.TimeoutError):
            result = coming.next(timeout=_LOOK_S)
            done += 1
            yield result
        on_progress(left.value, done)
    pool.close()
    pool.join()
