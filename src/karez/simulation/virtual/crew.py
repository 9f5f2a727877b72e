"""Runs shards in processes of their own, tells how far they are, and stops with what is done when asked to."""

import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
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


_seat = _Seat()


def _sit_down(order: Order, make: MakeResolver, left: "Synchronized[int]", stop: Event) -> None:
    logging.getLogger("karez").setLevel(logging.CRITICAL)  # alarms of a hundred halls tell nobody anything
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears Ctrl-C and says so by `stop`
    _seat.order, _seat.make, _seat.left, _seat.stop = order, make, left, stop


def _work(task: tuple[int, int]) -> ShardResult:
    shard, parcels = task
    told = 0

    def on_progress(left: int) -> bool:
        nonlocal told
        with _seat.left.get_lock():
            _seat.left.value += left - told
        told = left
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
    with _stopped_by_hand(stop), context.Pool(processes, _sit_down, (order, make, left, stop)) as pool:
        done: list[ShardResult] = []
        coming = pool.imap_unordered(_work, tasks)
        while len(done) < len(tasks):
            with suppress(multiprocessing.TimeoutError):
                done.append(coming.next(timeout=_LOOK_S))
            on_progress(left.value, len(done))
        pool.close()
        pool.join()
    return sorted((each for each in done if each.counts or each.broke), key=lambda each: each.shard)
