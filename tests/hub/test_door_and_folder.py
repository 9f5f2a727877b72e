"""The control process's door answers over a real socket; the watched folder takes what is complete and well named."""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from karez.domain.advice import PreAdvice
from karez.domain.errors import BadInput
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub import doorway
from karez.hub.doorway import Doorway, FrameAnswer, frame_of
from karez.hub.folder import parse_name, watch_folder
from karez.hub.upkeep import sweep
from karez.settings import FramesSection, HubSection, PicturesSection, Settings


async def test_a_picture_goes_through_the_door_byte_for_byte(tmp_path: Path) -> None:
    came: list[Frame] = []

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        came.append(frame_of(head, body))
        return {"answer": "accepted"}

    server = await doorway.serve(tmp_path / "s.sock", answer)
    sent = Frame(bytes(range(256)) * 5000, "C1", datetime(2026, 11, 25, 8, 30, tzinfo=UTC), ParcelId("p1"))
    assert await Doorway(tmp_path / "s.sock").frame(sent) is FrameAnswer.ACCEPTED
    assert came == [sent]
    server.close()


async def test_a_door_without_a_hub_behind_it_is_unavailable(tmp_path: Path) -> None:
    door = Doorway(tmp_path / "nobody.sock")
    assert await door.frame(Frame(b"x")) is FrameAnswer.UNAVAILABLE
    assert await door.status() is None
    assert await door.advice("a.csv", "", [], 0) is False


async def test_garbage_at_the_door_closes_that_caller_only(tmp_path: Path) -> None:
    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        return {"answer": head["do"]}

    server = await doorway.serve(tmp_path / "s.sock", answer)
    for garbage in (b"\xff" * 64, b"\x00\x00\x00\x04nope", b""):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s.sock")
        writer.write(garbage)
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
    assert await Doorway(tmp_path / "s.sock").status() == {"answer": "status", "bytes": 0}
    server.close()


@pytest.mark.parametrize(("keep", "connections"), [(0, 5), (1, 1)])
async def test_a_door_that_keeps_its_connection_asks_through_it_again(
    tmp_path: Path, keep: int, connections: int
) -> None:
    came = 0

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        return {"answer": head["do"]}

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        there, back = await asyncio.open_unix_connection(tmp_path / "s.sock")
        with closing(back), closing(writer):
            while chunk := await reader.read(65_536):
                back.write(chunk)
                writer.write(await there.read(65_536))

    server = await doorway.serve(tmp_path / "s.sock", answer)
    counting = await asyncio.start_unix_server(count, tmp_path / "counted.sock")
    door = Doorway(tmp_path / "counted.sock", keep=keep)
    for _ in range(5):
        assert await door.status() == {"answer": "status", "bytes": 0}
    door.close()
    assert came == connections
    assert await door.status() is not None, "a closed door only lets go of what it kept"
    door.close()
    counting.close()
    server.close()


async def test_more_questions_at_a_time_than_connections_are_kept_are_all_answered(tmp_path: Path) -> None:
    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"answer": len(body)}

    server = await doorway.serve(tmp_path / "s.sock", answer)
    door = Doorway(tmp_path / "s.sock", keep=2)
    for _ in range(3):
        answers = await asyncio.gather(*[door._ask({}, bytes(number)) for number in range(20)])
        assert [said["answer"] for said in answers if said] == list(range(20))
    door.close()
    server.close()


async def test_a_kept_connection_to_a_control_process_that_is_gone_is_not_asked(tmp_path: Path) -> None:
    callers: list[asyncio.StreamWriter] = []

    async def first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(writer)
        await reader.readexactly(4)
        writer.write(b"\x00\x00\x00\x02{}")

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        return {"answer": "from the new one"}

    server = await asyncio.start_unix_server(first, tmp_path / "s.sock")
    door = Doorway(tmp_path / "s.sock", keep=1)
    assert await door.status() == {}
    server.close()
    callers[0].transport.abort()
    server = await doorway.serve(tmp_path / "s.sock", answer)
    await asyncio.sleep(0.05)
    assert await door.status() == {"answer": "from the new one", "bytes": 0}
    door.close()
    server.close()


async def test_a_kept_connection_whose_end_was_not_heard_of_yet_is_not_asked(tmp_path: Path) -> None:
    """The event loop learns of it when it next looks; who asks before that must not hear that nobody is there."""
    door = Doorway(tmp_path / "s.sock", keep=1)
    with socket.socket(socket.AF_UNIX) as old, socket.socket(socket.AF_UNIX) as new:
        old.bind(str(tmp_path / "s.sock"))
        old.listen()
        asked = asyncio.create_task(door.status())
        await asyncio.sleep(0.02)
        caller, _ = old.accept()
        caller.sendall(b"\x00\x00\x00\x0d" + b'{"is": "old"}')
        assert await asked == {"is": "old"}
        caller.close()  # no turn of the loop from here
        (tmp_path / "s.sock").unlink()
        new.bind(str(tmp_path / "s.sock"))
        new.listen()
        asked = asyncio.create_task(door.status())
        await asyncio.sleep(0)
        await asyncio.sleep(0.02)
        new.settimeout(5)
        caller, _ = new.accept()
        caller.sendall(b"\x00\x00\x00\x0d" + b'{"is": "new"}')
        assert await asked == {"is": "new"}
        caller.close()
    door.close()


async def test_behind_the_end_of_a_door_nothing_is_answered_through_kept_connections(tmp_path: Path) -> None:
    taken: list[str] = []

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        taken.append(head["do"])
        return {"answer": "accepted"}

    server = await doorway.serve(tmp_path / "s.sock", answer)
    door = Doorway(tmp_path / "s.sock", keep=2)
    assert await door.frame(Frame(b"x")) is FrameAnswer.ACCEPTED
    server.close()
    assert await door.frame(Frame(b"x")) is FrameAnswer.UNAVAILABLE
    assert taken == ["frame"]


async def test_a_file_of_pre_advice_comes_through_the_door_in_portions(tmp_path: Path) -> None:
    portions: list[tuple[dict[str, Any], int]] = []

    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        portions.append((head.get("imported"), len(json.loads(body))))
        return {"answer": "stored"}

    server = await doorway.serve(tmp_path / "s.sock", answer)
    rows = [PreAdvice(f"SF{number:013d}", "sf") for number in range(1_203)]
    assert await Doorway(tmp_path / "s.sock").advice("a.csv", "abc", rows, 2)
    server.close()
    assert [count for _, count in portions] == [500, 500, 203, 0]
    assert [said for said, _ in portions if said] == [{"file": "a.csv", "sha256": "abc", "rows": 1_203, "rejected": 2}]


async def test_a_data_folder_too_deep_for_a_socket_is_an_error_that_says_so(tmp_path: Path) -> None:
    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        return {}

    with pytest.raises(BadInput, match="too long for a socket"):
        await doorway.serve(tmp_path / ("d" * 120) / "s.sock", answer)


def test_file_names_tell_camera_trigger_and_time() -> None:
    assert parse_name("C1_P7-12_20261125T083000123.jpg") == ("C1", "P7-12", datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    assert parse_name("C1_P7-12_42.JPEG") == ("C1", "P7-12", None)
    assert parse_name("holiday.jpg") is None
    assert parse_name("C1_P7_20261125T083000.txt") is None


async def test_the_watched_folder_hands_in_and_removes_what_is_complete(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", PictureStore(tmp_path / "pictures")
    came: list[Frame] = []
    answers = iter([FrameAnswer.QUEUE_FULL])

    def take(frame: Frame) -> FrameAnswer:
        answer = next(answers, FrameAnswer.ACCEPTED)
        if answer is FrameAnswer.ACCEPTED:
            came.append(frame)
        return answer

    task = asyncio.create_task(watch_folder(folder, take, store))
    while not folder.exists():
        await asyncio.sleep(0.01)
    (folder / "C1_p1_20261125T083000.jpg").write_bytes(b"picture")
    (folder / "holiday.jpg").write_bytes(b"?")
    async with asyncio.timeout(10):
        while not came or (folder / "holiday.jpg").exists():
            await asyncio.sleep(0.05)
    task.cancel()
    assert (came[0].data, came[0].trigger) == (b"picture", "p1")
    assert not (folder / "C1_p1_20261125T083000.jpg").exists()
    assert (folder / "rejected" / "holiday.jpg").exists()
    assert store.path(came[0].picture) is not None, "kept before it leaves the folder"


async def test_a_file_that_cannot_be_taken_stops_neither_the_watch_nor_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, came, tried = tmp_path / "in", [], []
    read = Path.read_bytes

    def reads(path: Path) -> bytes:
        if path.name.startswith("C1_locked"):
            tried.append(path.name)
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", reads)
    folder.mkdir()
    (folder / "C1_locked_1.jpg").write_bytes(b"?")
    (folder / "C1_p1_1.jpg").write_bytes(b"picture")

    def take(frame: Frame) -> FrameAnswer:
        came.append(frame.trigger)
        return FrameAnswer.ACCEPTED

    task = asyncio.create_task(watch_folder(folder, take, None))
    await until(lambda: came == ["p1"])
    (folder / "C1_p2_1.jpg").write_bytes(b"picture")
    await until(lambda: came == ["p1", "p2"])
    assert not task.done() and (folder / "C1_locked_1.jpg").exists()
    assert len(tried) == 1, "it is tried again when it changes"
    monkeypatch.undo()
    (folder / "C1_locked_1.jpg").chmod(0o600)
    await until(lambda: came == ["p1", "p2", "locked"])
    task.cancel()


async def test_a_file_that_was_taken_but_cannot_be_removed_is_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[str | None] = []

    def stays(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    def take(frame: Frame) -> FrameAnswer:
        came.append(frame.trigger)
        return FrameAnswer.ACCEPTED

    monkeypatch.setattr(Path, "unlink", stays)
    (tmp_path / "C1_p1_1.jpg").write_bytes(b"picture")
    task = asyncio.create_task(watch_folder(tmp_path, take, None))
    await until(lambda: bool(came))
    await asyncio.sleep(0.7)
    assert came == ["p1"] and not task.done()
    task.cancel()


async def test_a_file_name_that_is_no_text_is_set_aside(tmp_path: Path) -> None:
    bad = os.fsdecode(bytes(tmp_path) + b"/C1_p\xff_1.jpg")
    Path(bad).write_bytes(b"picture")
    task = asyncio.create_task(watch_folder(tmp_path, lambda _: FrameAnswer.ACCEPTED, None))
    await until(lambda: not Path(bad).exists())
    assert len(list((tmp_path / "rejected").iterdir())) == 1 and not task.done()
    task.cancel()


async def test_a_folder_that_goes_away_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[str | None] = []
    iterate, gone = Path.iterdir, [True]

    def listed(path: Path) -> Iterator[Path]:
        if gone[0]:
            raise OSError(116, "Stale file handle", str(path))
        return iterate(path)

    def take(frame: Frame) -> FrameAnswer:
        came.append(frame.trigger)
        return FrameAnswer.ACCEPTED

    monkeypatch.setattr(Path, "iterdir", listed)
    task = asyncio.create_task(watch_folder(tmp_path, take, None))
    await asyncio.sleep(0.5)
    gone[0] = False
    (tmp_path / "C1_p1_1.jpg").write_bytes(b"picture")
    await until(lambda: came == ["p1"])
    task.cancel()


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():
            await asyncio.sleep(0.02)


async def test_a_hub_that_stands_still_does_not_hold_its_caller(tmp_path: Path) -> None:
    """A stopped process accepts into its backlog and reads nothing; a big picture then never drains."""
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "s.sock"))
        deaf.listen()
        async with asyncio.timeout(10):
            answer = await Doorway(tmp_path / "s.sock", timeout_s=0.5).frame(Frame(bytes(5_000_000)))
    assert answer is FrameAnswer.UNAVAILABLE


def test_pictures_that_were_set_aside_or_rejected_go_with_the_others(tmp_path: Path) -> None:
    settings = Settings(
        hub=HubSection(data_dir=tmp_path), frames=FramesSection(folder=tmp_path / "in"), pictures=PicturesSection()
    )
    old, new = tmp_path / "set_aside" / "old", tmp_path / "in" / "rejected" / "new"
    for path in (old, new):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"label")
    os.utime(old, (0, 0))
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'karez.db'}")
    sweep(settings, store, PictureStore(tmp_path / "pictures"))
    store.close()
    assert not old.exists() and new.exists()
