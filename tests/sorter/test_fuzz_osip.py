"""OSIP under a flood: nothing raises, memory is bounded, bad telegrams are counted, and good ones still pass."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from driver_suite import SUITE, Entry
from flood import flood, flooded, told_within_its_limits
from karez.sorter.plc.osip import wire
from karez.sorter.plc.osip.wire import Telegram, build
from mutations import mutated

OSIP = next(each for each in SUITE if each.name == "osip")
LABELS = Entry("osip", lambda: {**OSIP.options(), "barcode": "label"}, "osip-label")
ENTRIES = pytest.mark.parametrize("entry", [OSIP, LABELS], ids=lambda each: each.name)
_KINDS = ("INDU", "SCAN", "CHUT", "LOOP", "OTHR", "????")
_ERRORS = ("00000090", "00000101", "00000105", "00000106", "00000201", "00000211", "00000221", "99999999", "????????")


def location(chance: Random) -> str:
    if chance.random() < 0.1:
        return "".join(chr(chance.randrange(0x24, 0x7F)) for _ in range(20))
    carrier = chance.choice(("0000", "****", f"{chance.randrange(10_000):04d}"))
    return f"LOOP{chance.choice(_KINDS)}K{chance.randrange(100):02d}_____{carrier}"


def barcode(chance: Random) -> str:
    return chance.choice(("?" * 20, "0" * 20, f"P{chance.randrange(10**6)}".rjust(20, "0"), location(chance)))


def body(chance: Random) -> wire.Body:
    created = datetime(2026, 1, 1) + timedelta(seconds=chance.randrange(10**8))
    created = chance.choice((created, created, created, datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)))
    error = chance.choice(_ERRORS)
    return chance.choice(
        (
            lambda: wire.Request(barcode(chance), location(chance), location(chance), error, created),
            lambda: wire.Response(barcode(chance), location(chance), location(chance), "*" * 20, error, created),
            lambda: wire.Update(barcode(chance), location(chance), error, created),
            lambda: wire.Update(barcode(chance), location(chance), error, created),
            lambda: wire.LocationUpdate("*" * 20, location(chance), error, created),
            lambda: wire.SystemUpdate(location(chance), error, created),
            lambda: wire.Failure(error, created),
            lambda: wire.TimeRequest(created),
            lambda: wire.TimeAnswer(created),
        )
    )()


def batches(chance: Random, count: int) -> Iterator[bytes]:
    """As a PLC would send them, most of them mutated, a hundred on a connection that begins well."""
    other = b""
    for at in range(0, count, 100):
        batch = [greeting()]
        for number in range(at, min(at + 100, count)):
            raw = build(Telegram("SPS03", "MFC__", chance.randrange(100_000), body(chance)), chance.choice((160, 200)))
            batch.append(raw if number % 20 == 0 else mutated(chance, raw, other))
            other = raw
        yield b"".join(batch)


def greeting() -> bytes:
    return build(Telegram("SPS03", "MFC__", 1, wire.TimeRequest(datetime(2026, 1, 1))))


async def fuzz(entry: Entry, count: int, seed: int) -> None:
    started = time.monotonic()
    async with flooded(entry) as it:
        connections = await flood(it, batches(Random(seed), count))
        taken_s = time.monotonic() - started
    assert it.seen["Rejected"] > count // 5
    assert it.seen["Scan"] > count // 200 and it.seen["Divert"] > count // 500  # it got through to what they mean
    assert told_within_its_limits(it, taken_s / 60)
    print(f"\n{entry.name}: {count} telegrams over {connections} connections, of which {it.ended_early} ended early,")
    print(f"{count / taken_s:.0f} a second; the hub saw {dict(it.seen)}")


@ENTRIES
async def test_two_thousand_mutated_telegrams_do_no_harm(entry: Entry) -> None:
    await fuzz(entry, 2_000, seed=1)


@pytest.mark.soak
@ENTRIES
async def test_a_million_mutated_telegrams_do_no_harm(entry: Entry) -> None:
    await fuzz(entry, 1_000_000, seed=2)


async def test_every_bad_telegram_is_counted() -> None:
    good = greeting()
    bad = good[:-1] + b"0"
    async with flooded(OSIP) as it:
        assert await flood(it, [b"".join([good, *([bad] * 150 + [good]) * 20])]) == 1
    assert it.seen["Rejected"] == 3_000
    assert it.in_full == 20
