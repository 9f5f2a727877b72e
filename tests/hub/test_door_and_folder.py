"""The control process's door answers over a real socket; the watched folder takes what is complete and well named."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from karez.domain.errors import BadInput
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.eventstore.pictures import PictureStore
from karez.hub import doorway
from karez.hub.doorway import Doorway, FrameAnswer, frame_of
from karez.hub.folder import parse_name, watch_folder


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
