"""The journal alone leads to the same orders, whatever happened: no-reads, people, full chutes, a kill."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain.coding import CodingAnswer, CodingOutcome
from karez.domain.errors import BadInput
from karez.domain.ids import AreaId, ParcelId
from karez.domain.reading import NoRead, NoReadReason
from karez.domain.telegrams import DivertOutcome, State, Subject
from karez.hub.replay import Replay
from karez.settings import CodingSection, SorterSection
from karez.sortplan.plan import SortPlan
from replay_by_hand import kill, replayed, start
from small_hub import NO_READ, SmallHub, reading, waybill

KASHI, SHACHE = "901 K01", "901 S01"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    loop = SorterSection(carriers=4, lap_ms=96_000, windows_ms={"A": 60_000})
    hub = SmallHub(tmp_path, gazetteer, CodingSection(ask=True, laps=5), loop)
    start(hub)
    yield hub
    hub.store.close()


def a_lap(hub: SmallHub, parcel: str, outcome: object, lap: int, carrier: int = 1) -> None:
    hub.picture(parcel)
    hub.read(outcome)
    hub.scan(parcel, lap, carrier)


def a_day(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    a_lap(hub, "p1", reading(1, KASHI), 1)
    hub.induct("p2", 2)
    a_lap(hub, "p2", NO_READ, 1, 2)
    hub.divert("p1", "A")
    answer = CodingAnswer(ParcelId("p2"), "Aygul", datetime.now(UTC), area=AreaId("SC"))
    assert hub.coder.take(answer).outcome is CodingOutcome.THIS_LAP
    for chute in ("A", "B"):
        hub.say(State(Subject.CHUTE, chute, "full", 0))
    hub.induct("p3", 3)
    a_lap(hub, "p3", reading(3, KASHI), 1, 3)
    hub.divert("p3", "A", DivertOutcome.FULL)
    hub.say(State(Subject.CHUTE, "B", "open", 0))
    hub.scan("p3", 2, 3)
    hub.scan("p3", 2, 3)
    hub.induct("p4", 1)
    hub.picture("p4")
    hub.scan("p4", 1, 1)
    hub.read(NoRead(NoReadReason.NO_LABEL, "nothing", ms=1.0))
    hub.divert("p4", None, DivertOutcome.RECIRCULATED)
    hub.scan("ghost", 1, 4, codes=[waybill(9)])
    hub.control.taken_off(hub.control.tracking.parcels["ghost"], "Li")


async def test_every_order_comes_out_as_it_left(hub: SmallHub) -> None:
    a_day(hub)
    await hub.settle()
    report = replayed(hub)
    assert report.differences == [] and report.agrees
    assert report.decisions == len(hub.plc.dests) > 5
    own = {"START", "LINK", "FRAME", "READ", "CODE", "TAKEN_OFF"}
    assert own | {"INDUCT", "SCAN", "DIVERT", "STATE"} == set(report.inputs)


async def test_a_kill_in_the_middle_is_replayed_too(hub: SmallHub) -> None:
    a_day(hub)
    await hub.settle()
    kill(hub)
    a_lap(hub, "p4", NO_READ, 2)
    hub.divert("p2", "C")
    hub.scan("p2", 2, 2)
    await hub.settle()
    report = replayed(hub)
    assert report.differences == [] and report.starts == 2


async def test_a_window_that_ran_out_is_replayed_without_a_clock(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.scan("p1")
    hub.control._frames._none_came("p1", 1)  # the timer's doing, at once
    await hub.settle()
    report = replayed(hub)
    assert report.agrees and report.decisions == 1


async def test_a_chute_that_opened_behind_its_parcel_is_replayed_as_nothing(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    passed = SorterSection(windows_ms={"A": 1, "B": 1})
    hub = SmallHub(tmp_path, gazetteer, sorter=passed)
    start(hub)
    for chute in ("A", "B"):
        hub.say(State(Subject.CHUTE, chute, "full", 0))
    hub.induct("p1")
    a_lap(hub, "p1", reading(1, KASHI), 1)
    await asyncio.sleep(0.01)
    hub.say(State(Subject.CHUTE, "A", "open", 0))
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None], "its chute was passed by when it opened"
    report = replayed(hub)
    assert report.agrees and report.decisions == 1, report.differences
    hub.store.close()


async def test_of_two_parcels_on_one_carrier_a_start_takes_the_one_that_was_seen_there_last(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.induct("p2", 2)
    a_lap(hub, "p1", reading(1, KASHI), 1, carrier=2)
    await hub.settle()
    kill(hub)
    hub.induct("p3", 2)
    hub.scan("p1", 2, 2)
    await hub.settle()
    assert (hub.kinds("p1")[3:].count("parcel.removed"), hub.kinds("p2").count("parcel.removed")) == (1, 0)
    report = replayed(hub)
    assert report.agrees, report.differences


async def test_another_decision_is_told_with_both_orders(
    hub: SmallHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.induct("p1", 1)
    a_lap(hub, "p1", reading(1, KASHI), 1)
    await hub.settle()
    plan = tmp_path / "other.toml"
    text = (tmp_path / "plan.toml").read_text("utf-8")
    plan.write_text(text.replace('chute = "A"', 'chute = "B"').replace('["B"]', '["A"]'), "utf-8")
    other = SortPlan.load(plan)
    monkeypatch.setattr(Replay, "_plan_of", lambda self, sha256: other)
    (difference,) = replayed(hub).differences
    assert difference.then and difference.now and (difference.then.chute, difference.now.chute) == ("A", "B")


async def test_a_plan_that_is_not_at_hand_is_asked_for(hub: SmallHub, tmp_path: Path) -> None:
    await hub.settle()
    other = tmp_path / "other.toml"
    other.write_text((tmp_path / "plan.toml").read_text("utf-8") + "\n# changed\n", "utf-8")
    with pytest.raises(BadInput, match="--plan"):
        replayed(hub, SortPlan.load(other))


def test_the_replay_of_an_empty_journal_finds_nothing(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    report = replayed(hub)
    assert report.agrees and report.decisions == 0
    hub.store.close()
