"""Whatever comes in, in whatever order: the journal alone leads to the same orders."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain.advice import PreAdvice
from karez.domain.coding import CodingAnswer
from karez.domain.ids import AreaId, ParcelId
from karez.domain.reading import Code, NoRead, NoReadReason
from karez.domain.telegrams import DivertOutcome, State, Subject
from karez.eventstore.append import Append
from karez.settings import CodingSection, SorterSection
from karez.sorter.plc.protocol import Unlinked
from replay_by_hand import kill, replayed, start
from small_hub import NO_READ, SmallHub, reading, waybill

CARRIERS, NUMBERS, STEPS = 8, 12, 120
OUTCOMES = [DivertOutcome.OK] * 2 + [DivertOutcome.FULL, DivertOutcome.RECIRCULATED, DivertOutcome.LOST]
_NOWHERE = ((0, 0), (0, 0), (0, 0), (0, 0))
UNSURE = NoRead(NoReadReason.NO_WAYBILL, "x", codes=(Code("ABCD00000001", "CODE128", _NOWHERE),), ms=1.0)
BROKEN = NoRead(NoReadReason.READER_FAILED, "x", ms=1.0)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


class RandomDay:
    """What a seed makes happen to a small hub: by telegrams, pictures, people, kills and cut links."""

    def __init__(self, hub: SmallHub, random: Random) -> None:
        self.hub, self.random = hub, random
        self.inducted = 0
        self.laps: dict[str, int] = {}

    @property
    def live(self) -> list[str]:
        return [parcel.parcel for parcel in self.hub.control.tracking]

    async def go_on(self) -> None:
        """One thing, of any kind."""
        dice: list[tuple[int, Callable[[str], Any]]] = [
            (12, self.newcomer),
            (18, self.hub.picture),
            (20, self.read),
            (18, self.scan),
            (8, self.divert),
            (10, self.chute),
            (5, self.code),
            (2, lambda parcel: self.hub.control.taken_off(self.hub.control.tracking.parcels[ParcelId(parcel)], "Li")),
            (2, self.advise),
            (1, self.kill),
            (2, self.cut),
            (2, self.miss),
        ]
        act = self.random.choices([act for _, act in dice], [weight for weight, _ in dice])[0]
        live = self.live
        done = act(self.random.choice(live)) if live else self.newcomer("")
        if done is not None:
            await done

    def newcomer(self, _: str) -> None:
        self.inducted += 1
        name, carrier = f"p{self.inducted}", self.random.randrange(CARRIERS)
        if self.random.random() < 0.2:
            self.hub.picture(name)
        if self.random.random() < 0.8:
            self.hub.induct(name, carrier)
        else:
            self.laps[name] = 1
            self.hub.scan(name, 1, carrier)

    def read(self, _: str) -> None:
        if self.hub.readers.jobs:
            number = self.random.randrange(NUMBERS)
            coded = reading(number, self.random.choice([None, "901 K01", "901 S01"]))
            self.hub.read(self.random.choice([NO_READ, coded, coded, UNSURE, BROKEN]))

    def scan(self, parcel: str) -> None:
        if self.random.random() < 0.25:
            parcel = f"p{self.random.randint(1, max(1, self.inducted))}"  # it may have left, or never come
        self.laps[parcel] = max(1, self.laps.get(parcel, 0) + self.random.choice([0, 1, 1]))
        known = self.hub.control.tracking.parcels.get(ParcelId(parcel))
        carrier = self.random.choice([known.carrier if known else 0, self.random.randrange(CARRIERS)])
        codes = self.random.choice([(), (), (waybill(self.random.randrange(NUMBERS)),), ("ABCD00000002",)])
        self.hub.scan(parcel, self.laps[parcel], carrier, codes=codes)

    def divert(self, parcel: str) -> None:
        chute, outcome = self.random.choice("AABCX"), self.random.choice(OUTCOMES)
        self.hub.divert(parcel, chute, outcome, order=self.random.choice([None, "unknown"]))

    def chute(self, _: str) -> None:
        state = self.random.choice(["open", "open", "full", "closed"])
        self.hub.say(State(Subject.CHUTE, self.random.choice("ABCX"), state, 0))

    def code(self, parcel: str) -> None:
        area = self.random.choice([None, AreaId("SC"), AreaId("KS")])
        number = self.random.choice([None, waybill(self.random.randrange(NUMBERS))])
        self.hub.coder.take(CodingAnswer(ParcelId(parcel), "Aygul", datetime.now(UTC), area=area, waybill=number))

    async def advise(self, _: str) -> None:
        await self.hub.settle()
        number = waybill(self.random.randrange(NUMBERS))
        service, area = self.random.choice([None, "express"]), self.random.choice([None, AreaId("KS")])
        await self.hub.control.commits.stored(Append(advice=[PreAdvice(number, "sf", service, area=area)]))
        self.hub.control.advice.forget([number])

    async def kill(self, _: str) -> None:
        if self.random.random() < 0.5:
            await self.hub.settle()
        kill(self.hub)

    def cut(self, _: str) -> None:
        self.hub.control.receive(Unlinked("plc", "cut"))
        self.hub.link()

    async def miss(self, _: str) -> None:
        await self.hub.settle()
        await asyncio.sleep(0.03)
        self.hub.control.miss(10)


async def agrees(folder: Path, gazetteer: Gazetteer, seed: int) -> int:
    """Let a day happen and replay it; how many decisions it had."""
    random = Random(seed)
    broken: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: broken.append(context))
    windows = {"A": 60_000, "B": random.choice([1, 60_000])}
    loop = SorterSection(carriers=CARRIERS, lap_ms=random.choice([5_000, 96_000]), windows_ms=windows)
    hub = SmallHub(folder, gazetteer, CodingSection(ask=True, laps=random.choice([2, 5])), loop)
    hub.settings = hub.settings.model_copy(update={"frames": hub.settings.frames.model_copy(update={"window_ms": 20})})
    hub.store.close()
    hub.open()
    start(hub)
    day = RandomDay(hub, random)
    for _ in range(STEPS):
        await day.go_on()
    await hub.settle()
    await asyncio.sleep(0.05)
    await hub.settle()
    report = replayed(hub)
    hub.store.close()
    assert report.agrees, f"seed {seed}: {report.differences[:3]}"
    # A timer of a run that was killed finds its store closed: it died with that run.
    assert not [context for context in broken if "closed" not in repr(context)], f"seed {seed}"
    return report.decisions


@pytest.mark.parametrize("seed", range(6))
async def test_a_random_day_is_replayed_to_the_same_orders(tmp_path: Path, gazetteer: Gazetteer, seed: int) -> None:
    assert await agrees(tmp_path, gazetteer, seed) > 0


@pytest.mark.soak
@pytest.mark.parametrize("first", range(1_000, 1_200, 20))
async def test_two_hundred_random_days_are_replayed(tmp_path: Path, gazetteer: Gazetteer, first: int) -> None:
    for seed in range(first, first + 20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        await agrees(folder, gazetteer, seed)
