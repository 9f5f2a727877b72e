"""One hub small enough to do by hand: one induction, four chutes, a handful of parcels."""

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.resolver import Resolver
from karez.address.sort_codes import SortCodes
from karez.domain.clock import Timer
from karez.domain.frames import Frame
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.reading import Found, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.domain.sorting import HallState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Heartbeat, Induct, Scan, State
from karez.eventstore.store import EventStore
from karez.hub.assignment import House
from karez.hub.clock import LoopClock
from karez.hub.coding_desk import CodingDesk
from karez.hub.control import Control
from karez.hub.readers import Done
from karez.hub.reading_work import Job
from karez.settings import CodingSection, Settings, SorterSection, load
from karez.sorter.plc.protocol import Arrived, Linked, Received
from karez.sortplan.plan import SortPlan

AREAS = """
[[area]]
id = "KS"
kind = "local"
name = { zh = "喀什市" }
counties = ["喀什市"]

[[area]]
id = "SC"
kind = "linehaul"
name = { zh = "莎车县" }
counties = ["莎车县"]

[[area]]
id = "REST"
kind = "linehaul"
name = { zh = "其他" }
rest = true
"""
CODES = '[codes]\n"901 K01" = "KS"\n"901 S01" = "SC"\n'
PLAN = """
name = "by hand"
chutes = ["A", "B", "C", "X"]
exception = "X"

[oversize]
chute = "C"
longest_mm = 1200

[[rule]]
area = "KS"
chute = "A"
alternatives = ["B"]

[[rule]]
area = "SC"
chute = "C"
"""


def write_files(folder: Path, plan: str = PLAN) -> Path:
    """Lay out a hub's files; gives its configuration file."""
    (folder / "areas.toml").write_text(AREAS, "utf-8")
    (folder / "codes.toml").write_text(CODES, "utf-8")
    (folder / "plan.toml").write_text(plan, "utf-8")
    (folder / "hub.toml").write_text(
        '[hub]\nname = "small"\ndata_dir = "data"\n[address]\nareas = "areas.toml"\nsort_codes = "codes.toml"\n'
        '[plan]\nfile = "plan.toml"\n[frames]\nwindow_ms = 200\n',
        "utf-8",
    )
    return folder / "hub.toml"


def waybill(number: int) -> str:
    return f"SF{number:013d}"


def reading(number: int, sort_code: str | None = None) -> Reading:
    """What the reader would say of a parcel."""
    source = Source(SourceKind.CODE, 0, ())
    code = None if sort_code is None else Found(sort_code, source, 0.99)
    return Reading(Found(waybill(number), source, 0.99), "sf", code, None, (), (), 10.0)


NO_READ = NoRead(NoReadReason.NO_LABEL, "nothing was found", ms=10.0)


@dataclass
class FakePlc:
    """The hub's side of a link that a test holds in its hands."""

    orders: list[Dest | State | Heartbeat] = field(default_factory=list)

    def order(self, telegram: Dest | State | Heartbeat) -> None:
        self.orders.append(telegram)

    async def received(self) -> AsyncIterator[Received]:
        return
        yield

    @property
    def dests(self) -> list[Dest]:
        return [each for each in self.orders if isinstance(each, Dest)]


class GatedClock:
    """The loop's clock, where there is a loop; what comes from other threads can be kept waiting."""

    def __init__(self) -> None:
        self._held: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        self._loops: LoopClock | None = None
        self._shut = True  # until somebody looks

    @property
    def _clock(self) -> LoopClock:
        self._loops = self._loops or LoopClock()
        return self._loops

    def monotonic_s(self) -> float:
        return monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def call_later(self, delay_s: float, action: Callable[..., object], *args: object) -> Timer:
        return self._clock.call_later(delay_s, action, *args)

    def call_soon(self, action: Callable[..., object], *args: object) -> None:
        if self._shut:
            self._held.append((action, args))
        else:
            self._clock.call_soon(action, *args)

    def open(self) -> None:
        """Let it in: until then nobody sees that a commit is done."""
        clock, self._shut = self._clock, False
        while self._held:
            action, args = self._held.pop(0)
            clock.call_soon(action, *args)


@dataclass
class FakeReaders:
    """Readers that answer when the test says so."""

    jobs: list[Job] = field(default_factory=list)
    full: bool = False
    waiting: int = 0
    replaced: int = 0

    def offer(self, job: Job) -> bool:
        if not self.full:
            self.jobs.append(job)
        return not self.full


class SmallHub:
    """A control loop with a real store, a real resolver and a real plan, between a fake PLC and fake readers."""

    def __init__(
        self,
        folder: Path,
        gazetteer: Gazetteer,
        coding: CodingSection | None = None,
        sorter: SorterSection | None = None,
    ) -> None:
        loaded = load(write_files(folder)).settings
        sections = {"coding": coding or CodingSection(), "sorter": sorter or SorterSection()}
        self.settings: Settings = loaded.model_copy(update=sections)
        areas = Areas.load(folder / "areas.toml", gazetteer)
        self.resolver = Resolver(gazetteer, areas, SortCodes.load(folder / "codes.toml"))
        self.plan = SortPlan.load(folder / "plan.toml")
        self.acknowledged: list[int] = []
        self._seq = itertools.count(1)
        self.open()

    def open(self) -> None:
        self.store = EventStore.open_writing(self.settings.store_url)
        self.plc, self.readers = FakePlc(), FakeReaders()
        names = (OrderId(f"o{n}-{id(self.plc)}") for n in itertools.count(1))
        self.clock = GatedClock()
        self.control = Control(
            self.settings, self.store, self.plc, self.readers, self.house, lambda: next(names), self.clock
        )
        self.coder = CodingDesk(self.control, self.store, self.resolver, least=0.5)

    def house(self, hall: HallState) -> House:
        laps = self.settings.coding.laps if self.settings.coding.ask else None
        return House(
            self.resolver, self.plan, hall, max_laps=3, min_confidence=0.5, valid_for_ms=20_000, coding_laps=laps
        )

    async def settle(self) -> None:
        """Wait until all that was put is on disk, and acted on."""
        self.clock.open()
        await self.control.commits.drained()

    def say(self, telegram: Induct | Scan | Divert | State) -> None:
        seq = next(self._seq)
        self.control.receive(Arrived(telegram, seq, "plc", lambda: self.acknowledged.append(seq)))

    def link(self) -> None:
        self.control.receive(Linked("plc", "plc", 0))

    def induct(self, parcel: str, carrier: int = 1) -> None:
        self.say(Induct(ParcelId(parcel), carrier, "I1", 0))

    def picture(self, parcel: str) -> None:
        self.control.take_frame(Frame(parcel.encode(), "C1", parcel=ParcelId(parcel)))

    def read(self, outcome: Reading | NoRead) -> None:
        """The oldest picture is read."""
        self.control.read_done(Done(self.readers.jobs.pop(0), outcome, None))

    def scan(self, parcel: str, lap: int = 1, carrier: int = 1, **more: object) -> None:
        self.say(Scan(ParcelId(parcel), carrier, lap, 0, **more))

    def divert(
        self, parcel: str, chute: str | None, outcome: DivertOutcome = DivertOutcome.OK, order: str | None = None
    ) -> None:
        named = OrderId(order) if order else None
        self.say(Divert(ParcelId(parcel), 1, outcome, 0, ChuteId(chute) if chute else None, named))

    def kinds(self, parcel: str) -> list[str]:
        return [each.event.kind for each in self.store.read_stream(f"parcel-{parcel}")]

    def hub_kinds(self) -> list[str]:
        return [each.event.kind for each in self.store.read_stream("hub")]
