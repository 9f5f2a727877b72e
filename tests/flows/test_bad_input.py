"""Bad input gives a clear error or a no-read; the hub runs on, and nothing that was stored is lost."""

import asyncio
import contextlib
import json
import os
import random
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx

from flows.hand_hall import hand_hall, hub_process, until_up, write_hub
from karez.cli import compose
from karez.domain import events as ev
from karez.eventstore.store import EventStore
from karez.hub.doorway import Doorway
from karez.settings import Settings
from small_hub import PLAN


def karez(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "KAREZ_CONFIG"}
    return subprocess.run(
        [sys.executable, "-m", "karez", *words], capture_output=True, text=True, timeout=120, cwd=cwd, env=environment
    )


def huge_png(width: int = 10_000, height: int = 10_000) -> bytes:
    """A 100-megapixel picture of 100 kB: its rows are all the same."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" + bytes(width)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BAD_PICTURES = {
    "empty.jpg": (b"", "empty_file"),
    "huge.png": (huge_png(), "picture_too_large"),
    "letter.jpg": ("亲爱的".encode() * 100, "not_a_picture"),
    "torn.jpg": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, "broken_picture"),
}


def test_karez_read_gives_a_line_with_a_reason_for_each_bad_file_and_goes_on(tmp_path: Path) -> None:
    for name, (data, _) in BAD_PICTURES.items():
        (tmp_path / name).write_bytes(data)
    done = karez("read", str(tmp_path), str(tmp_path / "not there.jpg"), "--json", "--text", "never", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = {Path(line["file"]).name: line for line in map(json.loads, done.stdout.splitlines())}
    assert set(lines) == {*BAD_PICTURES, "not there.jpg"}
    for name, (_, reason) in BAD_PICTURES.items():
        line = lines[name]
        assert (line["ok"], line["waybill"], line["reason"]) == (False, None, reason), line
        assert line["explanation"]
    assert lines["not there.jpg"]["reason"] == "cannot_open"


def test_a_plan_with_an_unknown_chute_is_refused_with_line_and_field(tmp_path: Path) -> None:
    config = write_hub(tmp_path, PLAN.replace('chute = "A"', 'chute = "Z9"'))
    done = karez("config", "check", str(config), cwd=tmp_path)
    assert done.returncode == 2
    assert "plan.toml:12" in done.stderr and "Z9" in done.stderr and "Traceback" not in done.stderr
    started = karez("hub", "--config", str(config), cwd=tmp_path)
    assert started.returncode == 2 and "Z9" in started.stderr, "a hub does not start with it"


async def test_random_bytes_at_the_sorters_door_harm_nothing(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    noise = random.Random(7)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        for size in (1, 300, 100_000):
            reader, writer = await asyncio.open_connection(settings.sorter.host, settings.sorter.port)
            writer.write(noise.randbytes(size) + b"\n" + b'{"type":"SCAN"}\n' + b"[" * 5000 + b"\n")
            try:
                await writer.drain()
                writer.close()
                await asyncio.wait_for(reader.read(), 5)
            except (ConnectionError, TimeoutError):
                pass
        async with hand_hall(settings) as hall:
            hall.parcel(1)
            await hall.answered(1)
        store = EventStore.open_reading(settings.store_url)
        rejected = [each.event for each in store.read() if isinstance(each.event, ev.TelegramRejected)]
        store.close()
    assert rejected and all(len(each.head_hex) <= 512 and each.reason for each in rejected)


async def test_what_the_driver_still_counts_when_the_hub_stops_is_stored(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        reader, writer = await asyncio.open_connection(settings.sorter.host, settings.sorter.port)
        writer.write(b'{"session":"raw","type":"HELLO","side":"plc","version":1,"first":1}\n' + b"no telegram\n" * 100)
        writer.write(
            b'{"session":"raw","type":"STATE","seq":1,"subject":"sorter","name":"S","state":"running","ts_ms":0}\n'
        )
        while b'"ack":1' not in (await asyncio.wait_for(reader.readline(), 20)).replace(b" ", b""):
            pass  # it has heard all of it
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.wait, 30)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        store = EventStore.open_reading(settings.store_url)
        told = [each.event for each in store.read()]
        store.close()
    assert sum(event.count for event in told if isinstance(event, ev.TelegramRejected)) == 100
    assert [event.kind for event in told if event.kind in ("sorter.disconnected", "hub.stopped")] == [
        "sorter.disconnected",
        "hub.stopped",
    ]
    assert not any(isinstance(event, ev.AlarmRaised) and event.key == "sorter.link" for event in told)


async def post_pictures(settings: Settings, pictures: list[bytes], parcels: list[str]) -> list[int]:
    page = compose.page_address(settings)
    async with httpx.AsyncClient(base_url=page, trust_env=False, timeout=30) as web:
        while True:
            try:
                answers = [
                    await web.post("api/frames", params={"camera": "C1", "parcel": parcel}, content=picture)
                    for picture, parcel in zip(pictures, parcels, strict=True)
                ]
                return [answer.status_code for answer in answers]
            except httpx.TransportError:  # the web process needs a moment longer than control
                await asyncio.sleep(0.2)


def not_read(store: EventStore) -> set[str]:
    return {each.event.reason for each in store.read() if isinstance(each.event, ev.ParcelNotRead)}


async def test_bad_pictures_make_no_reads_with_their_reason_and_the_hub_runs_on(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        async with hand_hall(settings) as hall:
            parcels = [hall.parcel(number, codes=[]) for number in range(len(BAD_PICTURES))]
            await post_pictures(settings, [data for data, _ in BAD_PICTURES.values()], parcels)
            await hall.answered(len(parcels))
            wanted = {reason for _, reason in BAD_PICTURES.values()} - {"empty_file"}
            with contextlib.closing(EventStore.open_reading(settings.store_url)) as store:
                ends = time.monotonic() + 20  # an order may come before its picture is read
                while not wanted <= (reasons := not_read(store)) and time.monotonic() < ends:
                    await asyncio.sleep(0.05)
            assert reasons >= wanted
            hall.parcel(99)
            orders = await hall.answered(len(parcels) + 1)
    assert orders[-1].parcel == "H00099"


async def test_a_changed_plan_comes_into_force_without_restart_and_a_faulty_one_does_not(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    plan = tmp_path / "plan.toml"
    with hub_process(config) as process:
        settings = await until_up(config, process)
        door = Doorway(settings.socket)
        before = (await door.status() or {})["plan"]["sha256"]
        plan.write_text(PLAN.replace('chute = "C"', 'chute = "Q"'), "utf-8")
        await until(lambda status: any(alarm["key"] == "plan.rejected" for alarm in status["alarms"]), door)
        assert (await door.status() or {})["plan"]["sha256"] == before
        plan.write_text(PLAN.replace('"by hand"', '"changed"'), "utf-8")
        await until(lambda status: status["plan"]["name"] == "changed" and not alarms(status, "plan.rejected"), door)
        await until_page_shows(compose.page_address(settings), "changed")


async def until_page_shows(page: str, word: str, within_s: float = 30) -> None:
    """Wait until the Hall page says a word."""
    async with asyncio.timeout(within_s), httpx.AsyncClient(trust_env=False, timeout=30) as web:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if word in (await web.get(page, headers={"Accept-Language": "en"})).text:
                    return
            await asyncio.sleep(0.2)


def alarms(status: dict, key: str) -> list:
    return [alarm for alarm in status["alarms"] if alarm["key"] == key]


async def until(holds, door: Doorway, within_s: float = 20) -> None:
    """Wait until the control process's status is as it should be."""
    async with asyncio.timeout(within_s):
        while True:
            status = await door.status()
            if status is not None and holds(status):
                return
            await asyncio.sleep(0.1)


async def test_a_full_disk_stops_orders_not_pages_and_all_goes_on_when_there_is_space(
    tmp_path: Path, small_disk: Callable[[str], Path]
) -> None:
    small = small_disk("3m")
    config = write_hub(tmp_path / "hub", data_dir=small)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        door, page = Doorway(settings.socket), compose.page_address(settings)
        async with hand_hall(settings) as hall:
            hall.parcel(0)
            await hall.answered(1)
            fill(small / "ballast")
            count = 1
            while not (await door.status() or {})["store_full"]:
                hall.parcel(count)
                count += 1
                await asyncio.sleep(0.01)
                assert count < 5_000, "the disk never filled"
            unanswered = hall.parcel(count)
            await asyncio.sleep(2)
            assert unanswered not in {order.parcel for order in hall.orders}, "an order left without its commit"
            assert [state.state for state in hall.states] == ["on", "off"], "the inductions are held"
            assert alarms(await door.status() or {}, "store.full")[0]["priority"] == 1
            await until_page_shows(page, "Free space on the data disk")
            (small / "ballast").unlink()
            orders = await hall.answered(count + 1)
            assert len({order.parcel for order in orders}) == count + 1
            await until(lambda status: not status["store_full"] and not alarms(status, "store.full"), door)
        store = EventStore.open_reading(settings.store_url)
        kinds = [each.event.kind for each in store.read(limit=100_000)]
        store.close()
    assert kinds.count("parcel.inducted") == count + 1, "nothing that was said is lost"


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        for size in (65536, 4096):
            try:
                while ballast.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
