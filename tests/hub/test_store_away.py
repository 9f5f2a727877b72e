"""A store that goes away at any moment of a decision: what waits for it is taken in once, from its beginning."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.learned import LearnedAddresses
from karez.address.resolver import Resolver
from karez.domain.advice import PreAdvice
from karez.domain.errors import StoreAway
from karez.domain.frames import Frame
from karez.domain.reading import Code, Found, NoRead, NoReadReason, Source, SourceKind
from karez.domain.telegrams import State, Subject
from karez.eventstore.learned_answers import LearnedAnswers
from karez.eventstore.store import EventStore, utc_now
from karez.hub import patience
from small_hub import SmallHub, reading, waybill

KASHI = "901 K01"
_NOWHERE = ((0, 0), (0, 0), (0, 0), (0, 0))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def unsure(*numbers: str) -> NoRead:
    """Codes that only pre-advice could tell to be a number."""
    codes = tuple(Code(number, "CODE128", _NOWHERE) for number in numbers)
    return NoRead(NoReadReason.NO_WAYBILL, "no number of a company", codes=codes, ms=1.0)


class FlakyStore:
    """Makes the store's server be away for one question, the ``at``-th that is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.asked, self._at = 0, at
        ask = EventStore.advice

        def advice(store: EventStore, number: str) -> PreAdvice | None:
            self.asked += 1
            if self.asked == self._at:
                raise StoreAway("no server")
            return ask(store, number)

        monkeypatch.setattr(EventStore, "advice", advice)


def a_day(hub: SmallHub) -> list[Callable[[], object]]:
    """Two parcels: one of several pictures, one that waits for its full chutes; a scanner that tells more numbers."""

    def chute(name: str, state: str) -> Callable[[], object]:
        return lambda: hub.say(State(Subject.CHUTE, name, state, 0))

    return [
        chute("A", "full"),
        chute("B", "full"),
        lambda: hub.induct("p1", 1),
        lambda: hub.picture("p1"),
        lambda: hub.picture("p1"),
        lambda: hub.scan("p1", 1, 1, codes=("ABCD00000001",)),
        lambda: hub.read(unsure("ABCD00000002", "ABCD00000003")),
        lambda: hub.read(reading(1)),
        lambda: hub.scan("p1", 2, 1, codes=("ABCD00000004",)),
        lambda: hub.scan("p2", 1, 2, codes=("ABCD00000005",)),
        lambda: hub.picture("p2"),
        lambda: hub.read(reading(2, KASHI)),
        chute("A", "open"),
        lambda: hub.divert("p2", "A"),
    ]


async def live(hub: SmallHub) -> Any:
    """Let it happen, with nothing at hand at any time; what came of it."""
    broken: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: broken.append(context))
    for step in a_day(hub):
        hub.control.advice.clear()
        step()
        while len(hub.control._patience):
            await asyncio.sleep(0.001)
        await hub.settle()
    hub.control.advice.clear()
    await asyncio.sleep(0.25)  # no picture came for the second lap of p1
    await hub.settle()
    assert not broken
    orders = [(dest.parcel, dest.chute, dest.reason) for dest in hub.plc.dests]
    return hub.kinds("p1"), hub.kinds("p2"), orders, hub.acknowledged, hub.control.tracking.in_flight


def store_goes_away(hub: SmallHub, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """Let everything wait for the store until what is given back is called; that ends when all of it is taken in."""
    monkeypatch.setattr(patience, "_AGAIN_S", 0.01)
    away = [True]

    def ask_the_store() -> None:
        if away[0]:
            raise StoreAway("no server")

    async def comes_back() -> None:
        away[0] = False
        async with asyncio.timeout(20):
            while len(hub.control._patience):
                await asyncio.sleep(0.005)

    hub.control._patience.do(ask_the_store)
    return comes_back


async def test_the_picture_of_an_induction_that_waits_for_the_store_waits_with_it(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    comes_back = store_goes_away(hub, monkeypatch)
    hub.induct("p1", 1)
    hub.picture("p1")
    await asyncio.sleep(0.5)  # its window is over
    assert hub.readers.jobs == []
    await comes_back()
    assert [job.parcel for job in hub.readers.jobs] == ["p1"]
    hub.store.close()


async def test_an_induction_that_waited_for_the_store_is_as_old_as_it_is(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture without a name belongs to who was inducted just before it, not to who was taken in just before."""
    hub = SmallHub(tmp_path, gazetteer)
    comes_back = store_goes_away(hub, monkeypatch)
    hub.induct("p1", 1)
    await asyncio.sleep(0.4)
    await comes_back()
    assert [parcel.parcel for parcel in hub.control.tracking] == ["p1"]
    hub.control.take_frame(Frame(b"of p2, whose induction is still to come", "C1"))
    assert hub.readers.jobs == []
    hub.store.close()


async def test_whichever_question_finds_the_store_away_everything_comes_out_as_if_it_had_been_there(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_AGAIN_S", 0.0)
    outcomes = []
    for at in count():
        folder = tmp_path / str(at)
        folder.mkdir()
        with monkeypatch.context() as patch:
            flaky = FlakyStore(patch, at)
            hub = SmallHub(folder, gazetteer)
            outcomes.append(await live(hub))
            hub.store.close()
        assert outcomes[-1] == outcomes[0], f"question {at} found the store away"
        if at > flaky.asked:
            break
    assert len(outcomes) > 10
    kinds, _, orders, acknowledged, _ = outcomes[0]
    assert ("p2", "A", "plan") in orders and len(acknowledged) == len(set(acknowledged)) and "parcel.read" in kinds


# ---- what operators taught is in the store too ----------------------------------------------------------------------

ADDRESS = Found("新疆维吾尔自治区喀什地区喀什市人民路1号", Source(SourceKind.CODE, 0, ()), 0.99)


@pytest.fixture
def taught(tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    """A hub that asks for learned addresses, whose store is away for the first such question."""
    monkeypatch.setattr(patience, "_AGAIN_S", 0.01)
    hub = SmallHub(tmp_path, gazetteer)
    known = hub.resolver
    learned = LearnedAddresses(hub.store.learned, gazetteer, known.areas, timedelta(days=90), utc_now)
    hub.resolver = Resolver(gazetteer, known.areas, known.sort_codes, learned)
    ask, away = LearnedAnswers.any_below, [True]

    def any_below(answers: LearnedAnswers, above: str) -> bool:
        if away:
            away.pop()
            raise StoreAway("no server")
        return ask(answers, above)

    monkeypatch.setattr(LearnedAnswers, "any_below", any_below)
    yield hub
    assert not away, "it was asked"
    hub.store.close()


async def until_taken_in(hub: SmallHub) -> None:
    async with asyncio.timeout(10):
        while len(hub.control._patience):
            await asyncio.sleep(0.002)
        await hub.settle()


async def test_a_picture_counts_once_where_learned_addresses_cannot_be_asked_at_first(taught: SmallHub) -> None:
    taught.induct("p1", 1)
    taught.picture("p1")
    taught.picture("p1")
    taught.read(replace(reading(1), sort_code=None, address=ADDRESS))
    await until_taken_in(taught)
    assert taught.control.tracking.in_flight["p1"] == 1
    assert taught.kinds("p1").count("parcel.read") == 1


async def test_a_scan_on_another_carrier_is_taken_in_whole_or_not_at_all(taught: SmallHub) -> None:
    broken: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: broken.append(context))
    taught.induct("p1", 1)
    taught.picture("p1")
    taught.read(NoRead(NoReadReason.NO_WAYBILL, "text alone", address=ADDRESS, ms=1.0))
    await until_taken_in(taught)
    taught.scan("p1", 1, 2, codes=(waybill(1),))
    await until_taken_in(taught)
    assert not broken
    assert taught.kinds("p1")[-2:] == ["parcel.assigned", "divert.ordered"]
    assert taught.kinds("p1").count("parcel.moved") == 1
