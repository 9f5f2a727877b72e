"""The control process's door: a Unix socket through which web and command line hand in pictures and commands.

A message is a length (4 bytes, big endian), a JSON head of that length, and as many bytes of body as the head's
``bytes`` says. Each is answered with a message.
"""

import asyncio
import json
import logging
import select
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from karez.domain.advice import PreAdvice
from karez.domain.coding import CodingAnswer, CodingReport, CodingTask
from karez.domain.errors import BadInput, StoreError
from karez.domain.frames import Frame
from karez.domain.ids import AnswerId, ParcelId
from karez.domain.learned import LearnedAnswer

log = logging.getLogger("karez.doorway")
_HEAD = struct.Struct(">I")
_MOST_HEAD, _MOST_BODY = 1 << 20, 256 << 20
_A_PORTION = 500  # rows of pre-advice
_MOST_PATH = 100  # sockaddr_un holds 108 bytes on Linux
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class FrameAnswer(StrEnum):
    """What became of a picture that was handed in."""

    ACCEPTED = "accepted"
    QUEUE_FULL = "queue_full"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class AdviceReport:
    """What became of a file of pre-advice; each fault is ``(line, field, what)``."""

    rows: int
    rejected: int
    faults: tuple[tuple[int, str, str], ...] = ()


Answer = Callable[[dict[str, Any], bytes], Awaitable[dict[str, Any]]]


async def _receive(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    (length,) = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    if length > _MOST_HEAD:
        raise BadInput(f"a head of {length} bytes is too long", "control socket")
    head: dict[str, Any] = json.loads(await reader.readexactly(length))
    size = int(head.get("bytes", 0))
    if size > _MOST_BODY:
        raise BadInput(f"a body of {size} bytes is too long", "control socket")
    return head, await reader.readexactly(size)


def _send(writer: asyncio.StreamWriter, head: dict[str, Any], body: bytes = b"") -> None:
    data = json.dumps(head | {"bytes": len(body)}).encode()
    writer.write(_HEAD.pack(len(data)) + data)
    writer.write(body)


class Door:
    """The open door."""

    def __init__(self, server: asyncio.Server, callers: set[asyncio.StreamWriter]) -> None:
        self._server, self._callers = server, callers

    def close(self) -> None:
        """Let nobody in any more, and hang up on those that are: behind it nothing is accepted."""
        self._server.close()
        for caller in self._callers:
            _hang_up(caller)


async def serve(path: Path, answer: Answer) -> Door:
    """Open the door; only this user may come in."""
    if len(str(path).encode()) > _MOST_PATH:
        raise BadInput("is too long for a socket", str(path), "choose a shorter hub.data_dir")
    _clear(path)

    callers: set[asyncio.StreamWriter] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.add(writer)
        try:
            while True:
                head, body = await _receive(reader)
                _send(writer, await answer(head, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except (ValueError, BadInput, StoreError) as error:
            log.warning("closed a caller of the control socket: %s", error)
        finally:
            callers.discard(writer)
            writer.close()

    return Door(await asyncio.start_unix_server(meet, path), callers)


def _clear(path: Path) -> None:
    """Make the socket's folder, for this user only, and remove what an earlier run left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.unlink(missing_ok=True)


class Doorway:
    """The caller's side.

    Parameters
    ----------
    path
        The control process's socket.
    timeout_s
        How long an answer may take.
    keep
        So many connections are kept for the next messages, until `close`. Each that is made leaves objects in the
        control process that only its garbage collector can free, and that stops all decisions meanwhile.
    """

    def __init__(self, path: Path, timeout_s: float = 10.0, keep: int = 0) -> None:
        self._path, self._timeout_s, self._keep = path, timeout_s, keep
        self._kept: list[_Connection] = []

    async def frame(self, frame: Frame) -> FrameAnswer:
        """Hand in one picture."""
        head = {
            "do": "frame",
            "camera": frame.camera,
            "captured_at": frame.captured_at.isoformat() if frame.captured_at else None,
            "parcel": frame.parcel,
            "trigger": frame.trigger,
        }
        answer = await self._ask(head, frame.data)
        return FrameAnswer(answer["answer"]) if answer else FrameAnswer.UNAVAILABLE

    async def advice(self, name: str, sha256: str, rows: Sequence[PreAdvice], rejected: int) -> bool:
        """Have rows of pre-advice stored, a portion at a time: a decision must not wait for a whole file.

        Returns
        -------
        bool
            ``False`` when the control process does not answer; the file can be handed in again.
        """
        for start in range(0, len(rows), _A_PORTION):
            portion = msgspec.json.encode(list(rows[start : start + _A_PORTION]))
            if await self._ask({"do": "advice"}, portion) is None:
                return False
        imported = {"file": name, "sha256": sha256, "rows": len(rows), "rejected": rejected}
        return await self._ask({"do": "advice", "imported": imported}, b"[]") is not None

    async def learn(self, answer: LearnedAnswer) -> bool:
        """Have an operator's answer remembered; ``False`` when the control process does not do it."""
        said = await self._ask({"do": "learn"}, msgspec.json.encode(answer))
        return said is not None and said["answer"] == "stored"

    async def unlearn(self, id: AnswerId, operator: str) -> bool | None:
        """Have an answer undone.

        Returns
        -------
        bool | None
            ``False`` where there is no such answer, ``None`` when the control process does not answer.
        """
        answer = await self._ask({"do": "unlearn", "id": id, "operator": operator})
        return None if answer is None else answer["answer"] == "stored"

    async def code(self, answer: CodingAnswer) -> CodingReport | None:
        """Hand in what a coding operator says about a parcel; ``None`` when the control process does not answer."""
        said = await self._ask({"do": "code"}, msgspec.json.encode(answer))
        return None if said is None else msgspec.convert(said["report"], CodingReport)

    async def coding_tasks(self) -> list[CodingTask] | None:
        """What waits for a coding operator, the most urgent first; ``None`` when the control process is silent."""
        said = await self._ask({"do": "coding_tasks"})
        return None if said is None else msgspec.convert(said["tasks"], list[CodingTask])

    async def taken_off(self, parcel: ParcelId, by: str) -> bool | None:
        """Say that a person took a parcel from the sorter, once that is on disk.

        Returns
        -------
        bool | None
            Whether it was on the sorter; ``None`` when the control process is silent.
        """
        said = await self._ask({"do": "taken_off", "parcel": parcel, "by": by})
        return None if said is None else bool(said.get("taken_off"))

    async def status(self) -> dict[str, Any] | None:
        """How the control process is; ``None`` when it does not answer."""
        return await self._ask({"do": "status"})

    async def metrics(self) -> list[dict[str, Any]] | None:
        """Families of its metrics (`karez.hub.metrics`); ``None`` when it does not answer."""
        said = await self._ask({"do": "metrics"})
        return None if said is None else said.get("families")

    async def _ask(self, head: dict[str, Any], body: bytes = b"") -> dict[str, Any] | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                reader, writer = self._kept_one() or await asyncio.open_unix_connection(self._path)
                answered = False
                try:
                    _send(writer, head, body)
                    await writer.drain()
                    answer, _ = await _receive(reader)
                    answered = True
                    return answer
                finally:
                    if answered and len(self._kept) < self._keep:
                        self._kept.append((reader, writer))
                    else:
                        _hang_up(writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return None

    def _kept_one(self) -> _Connection | None:
        while self._kept:
            reader, writer = self._kept.pop()
            if not (reader.at_eof() or writer.is_closing() or _is_readable(writer)):
                return reader, writer
            _hang_up(writer)  # the control process it led to is gone
        return None

    def close(self) -> None:
        """Let go of the connections that were kept."""
        while self._kept:
            _hang_up(self._kept.pop()[1])


def _is_readable(writer: asyncio.StreamWriter) -> bool:
    """Whether something has come that nobody asked for: an end that the event loop has not heard of yet."""
    poll = select.poll()
    poll.register(writer.get_extra_info("socket"), select.POLLIN)
    return bool(poll.poll(0))


def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Not `close`: it would wait for a process that stands still to read what is left."""
    writer.transport.abort()


def frame_of(head: dict[str, Any], body: bytes) -> Frame:
    """Frame from a ``frame`` message."""
    at = head.get("captured_at")
    parcel = head.get("parcel")
    return Frame(
        data=body,
        camera=str(head.get("camera") or ""),
        captured_at=datetime.fromisoformat(at) if at else None,
        parcel=ParcelId(parcel) if parcel else None,
        trigger=head.get("trigger"),
    )
