"""JSON lines under a flood: nothing raises, memory is bounded, bad lines are counted, and good ones still pass."""

import json
import time
from collections.abc import Iterator
from random import Random

import pytest

from driver_suite import SUITE
from flood import flood, flooded, told_within_its_limits
from mutations import mutated

TCP = next(each for each in SUITE if each.name == "tcp")
_STRANGE = (
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "9007199254740991",
    "9007199254740993",
    "1e400",
    '""',
    '"K07"',
    '"' + "x" * 300 + '"',
    '"\\ud800"',
    '"\\u0000"',
    "[]",
    "[1]",
    "{}",
    "[" * 200 + "]" * 200,
    "NaN",
)


class Peer:
    """Makes lines as a PLC would, with the numbers that the hub expects, most of the time."""

    def __init__(self, chance: Random) -> None:
        self._chance, self._seq, self._session = chance, 0, 0

    def greeting(self) -> bytes:
        self._session, self._seq = self._session + 1, 0
        return self._line({"type": "HELLO", "side": "plc", "version": 1, "first": 1})

    def line(self) -> bytes:
        chance = self._chance
        fields = chance.choice(_KINDS)(chance)
        if fields["type"] not in ("HEARTBEAT", "ACK", "RESEND"):
            self._seq += 1
            fields["seq"] = self._seq
        return self._line(fields)

    def strange(self, raw: bytes) -> bytes:
        """Give one value of a line another type, another size, or a number nobody expects."""
        fields = json.loads(raw)
        name = self._chance.choice(list(fields))
        mark = "a value that is put in below"
        return json.dumps(fields | {name: mark}).replace(f'"{mark}"', self._chance.choice(_STRANGE)).encode() + b"\n"

    def _line(self, fields: dict[str, object]) -> bytes:
        return json.dumps({"session": f"fuzz-{self._session}", "ack": 0, **fields}).encode() + b"\n"


def _parcel(chance: Random) -> dict[str, object]:
    return {"parcel": f"P{chance.randrange(10**6)}", "carrier": chance.randrange(400), "ts_ms": chance.randrange(10**9)}


_KINDS = (
    lambda chance: {"type": "INDUCT", **_parcel(chance), "induction": "I1"},
    lambda chance: {
        "type": "SCAN",
        **_parcel(chance),
        "lap": chance.randrange(9),
        "codes": ["YT1"] * chance.randrange(3),
    },
    lambda chance: {"type": "DIVERT", **_parcel(chance), "outcome": "ok", "chute": "K07"},
    lambda chance: {"type": "STATE", "subject": "chute", "name": "K07", "state": "full", "ts_ms": 1},
    lambda chance: {"type": "HEARTBEAT", "ts_ms": 1},
    lambda chance: {"type": "ACK", "ack": chance.choice((0, 0, 5, 10**9))},
    lambda chance: {"type": "RESEND", "after": chance.choice((0, 1, 2**53 - 1))},
    lambda chance: {"type": "NEWS"},
)


def batches(chance: Random, peer: Peer, count: int) -> Iterator[bytes]:
    """As a PLC would send them, most of them mutated, thirty in a session of their own, so that numbers come right."""
    other = b""
    for at in range(0, count, 30):
        batch = [peer.greeting()]
        for number in range(min(30, count - at)):
            raw = peer.line()
            if number < 5:
                batch.append(raw)
            else:
                batch.append(peer.strange(raw) if chance.random() < 0.4 else mutated(chance, raw, other) + b"\n")
            other = raw
        yield b"".join(batch)


async def fuzz(count: int, seed: int) -> None:
    chance = Random(seed)
    started = time.monotonic()
    async with flooded(TCP) as it:
        connections = await flood(it, batches(chance, Peer(chance), count))
        taken_s = time.monotonic() - started
    assert it.seen["Rejected"] > count // 5
    assert it.seen["Scan"] > count // 200 and it.seen["Induct"] > count // 200  # it got through to the numbers
    assert told_within_its_limits(it, taken_s / 60)
    print(f"\ntcp: {count} lines over {connections} connections, of which {it.ended_early} ended early,")
    print(f"{count / taken_s:.0f} a second; the hub saw {dict(it.seen)}")


async def test_two_thousand_mutated_lines_do_no_harm() -> None:
    await fuzz(2_000, seed=1)


@pytest.mark.soak
async def test_a_million_mutated_lines_do_no_harm() -> None:
    await fuzz(1_000_000, seed=2)


async def test_every_bad_line_is_counted() -> None:
    peer = Peer(Random(1))
    hello, beat = peer.greeting(), b'{"type":"HEARTBEAT","session":"fuzz-1","ts_ms":1}\n'
    async with flooded(TCP) as it:
        assert await flood(it, [hello + (b"no telegram\n" * 150 + beat) * 20]) == 1
    assert it.seen["Rejected"] == 3_000
    assert it.in_full == 20
