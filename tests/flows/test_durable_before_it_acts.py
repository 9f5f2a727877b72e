"""Durable before it acts, shown from outside: the kernel saw the store synced before each order's socket write."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.hand_hall import hand_hall, hub_process, until_up, write_hub

_PARCELS = 12


@dataclass(frozen=True)
class Call:
    """One system call: the rows of the trace in which it began and ended, what it was, on what, with which data."""

    began: int
    ended: int
    name: str
    target: str
    data: str


def calls(trace: str) -> Iterator[Call]:
    """System calls of a trace; one whose row another thread interrupted is joined again."""
    begun: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(trace.splitlines()):
        thread, _, rest = row.partition(" ")
        rest, first = rest.strip(), number
        if rest.endswith("<unfinished ...>"):
            begun[thread] = (number, rest.removesuffix("<unfinished ...>"))
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            first, head = begun.pop(thread, (number, ""))
            rest = head + resumed[1]
        call = re.match(r"(\w+)\(\d+<([^>]*)>(.*)", rest)
        if call:
            yield Call(first, number, call[1], call[2], call[3])


def syncs_between(seen: list[Call], order: str) -> tuple[int, int, int]:
    """How often an order was written to the store's log, synced behind that, and then first sent to the socket."""
    stored = [c for c in seen if c.name == "pwrite64" and "karez.db-wal" in c.target and order in c.data]
    sent = [c for c in seen if c.name in ("sendto", "sendmsg", "write") and "DEST" in c.data and order in c.data]
    if not stored or not sent:
        return len(stored), 0, len(sent)
    written, leaves = min(c.ended for c in stored), min(c.began for c in sent)
    synced = [
        c
        for c in seen
        if c.name in ("fdatasync", "fsync") and "karez.db-wal" in c.target and written < c.began and c.ended < leaves
    ]
    return len(stored), len(synced), len(sent)


async def test_each_order_is_synced_to_disk_before_it_is_written_to_the_socket(tmp_path: Path) -> None:
    assert shutil.which("strace"), "strace is needed: apt-get install strace"
    config = write_hub(tmp_path / "hub")
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-y", "-s", "20000", "-e", "trace=pwrite64,fdatasync,fsync,sendto,write,sendmsg,writev"]
    with hub_process(config, *strace, "-o", str(trace), role="control") as process:
        settings = await until_up(config, process)
        async with hand_hall(settings) as hall:
            for number in range(_PARCELS):
                hall.parcel(number)
            orders = list(await hall.answered(_PARCELS))
    seen = list(calls(trace.read_text(errors="replace")))
    assert len(orders) == _PARCELS
    for order in orders:
        stored, synced, sent = syncs_between(seen, order.order)
        assert stored and synced and sent, f"order {order.order}: {stored} × stored, {synced} × synced, {sent} × sent"


def test_the_proof_fails_where_the_socket_write_comes_before_the_sync_has_ended() -> None:
    before = (
        '7 pwrite64(5</d/karez.db-wal>, "o1", 2, 0) = 2\n'
        "8 fdatasync(5</d/karez.db-wal> <unfinished ...>\n"
        '7 sendto(9<socket:[1]>, "DEST o1", 7, 0) = 7\n'
        "8 <... fdatasync resumed>) = 0\n"
    )
    after = (
        '7 pwrite64(5</d/karez.db-wal>, "o1", 2, 0) = 2\n'
        "8 fdatasync(5</d/karez.db-wal>) = 0\n"
        '7 sendto(9<socket:[1]>, "DEST o1", 7, 0) = 7\n'
    )
    assert syncs_between(list(calls(before)), "o1") == (1, 0, 1)
    assert syncs_between(list(calls(after)), "o1") == (1, 1, 1)


async def test_after_a_kill_an_open_order_goes_out_again_under_its_id(
    tmp_path: Path,
) -> None:
    config = write_hub(tmp_path / "hub")
    with hub_process(config) as process:
        settings = await until_up(config, process)
        async with hand_hall(settings) as hall:
            hall.parcel(1)
            (first,) = await hall.answered(1)
            os.killpg(process.pid, signal.SIGKILL)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        async with hand_hall(settings, session="hand-2") as hall:
            (again,) = await hall.answered(1)
            assert (again.order, again.chute) == (first.order, first.chute), "the same order, not another decision"
