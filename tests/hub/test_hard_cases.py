"""What a hall does on a bad day: carriers that shift, a PLC that counts anew, readers that stand, frames of nobody."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.errors import StoreError
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.domain.telegrams import DivertOutcome, State, Subject
from karez.eventstore.pictures import PictureStore
from karez.hub.alarms import QUIET_S, AlarmKey, Alarms
from karez.hub.doorway import FrameAnswer
from karez.hub.recovery import recover
from karez.hub.upkeep import look, sweep
from karez.sorter.plc.protocol import Linked
from small_hub import NO_READ, SmallHub, reading, waybill

KASHI = "901 K01"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, gazetteer)
    yield hub
    hub.store.close()


def known(hub: SmallHub, parcel: str, number: int, carrier: int = 1) -> None:
    """A parcel that was inducted and read."""
    hub.induct(parcel, carrier)
    hub.picture(parcel)
    hub.read(reading(number, KASHI))


async def test_a_parcel_that_the_scan_saw_on_another_carrier_is_not_removed_with_its_first_one(hub: SmallHub) -> None:
    known(hub, "p1", 1, carrier=7)
    hub.scan("p1", carrier=8)
    hub.induct("p2", carrier=7)
    await hub.settle()
    assert set(hub.control.tracking.parcels) == {"p1", "p2"}
    hub.induct("p3", carrier=8)
    await hub.settle()
    assert set(hub.control.tracking.parcels) == {"p2", "p3"}


async def test_a_plc_that_asks_again_on_the_same_lap_gets_the_same_order_again(hub: SmallHub) -> None:
    known(hub, "p1", 1)
    hub.scan("p1", 1)
    hub.scan("p1", 1)  # the PLC was restarted and has forgotten the answer
    await hub.settle()
    assert len(hub.plc.dests) == 2 and len({dest.order for dest in hub.plc.dests}) == 1
    assert hub.kinds("p1").count("divert.ordered") == 1 and hub.acknowledged == [1, 2, 3]


async def test_a_plc_that_counts_laps_anew_is_answered_on_every_lap(hub: SmallHub) -> None:
    hub.induct("p1")
    for lap in (1, 2, 1, 1):  # it was restarted after the second
        hub.picture("p1")
        hub.read(NO_READ)
        hub.scan("p1", lap)
        hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, None, "X", "X"]
    assert len({dest.order for dest in hub.plc.dests}) == 4


async def test_a_recovered_parcel_counts_its_laps_as_before(hub: SmallHub) -> None:
    known(hub, "p1", 1)
    for lap in (1, 1):
        hub.scan("p1", lap)
        hub.divert("p1", "A", DivertOutcome.FULL)
    hub.scan("p1", 1)
    await hub.settle()
    before = hub.control.tracking.parcels[ParcelId("p1")]
    hub.store.close()
    hub.open()
    recover(hub.control, hub.store, hub.plan)
    after = hub.control.tracking.parcels[ParcelId("p1")]
    assert (after.lap, after.decided_lap, after.state) == (before.lap, before.decided_lap, before.state)
    assert (after.lap, after.order_stands) == (3, True)


async def test_a_picture_that_no_reader_ever_answers_for_does_not_keep_its_parcel_waiting(
    hub: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karez.hub.frame_desk.READING_GRACE_S", -3.7)  # with a deadline of 4 s: in 0.3 s
    hub.induct("p1")
    hub.picture("p1")
    hub.scan("p1")
    await asyncio.sleep(0.1)
    await hub.settle()
    assert hub.plc.dests == [], "within its deadline it is waited for"
    await asyncio.sleep(0.6)
    await hub.settle()
    not_read = next(each.event for each in hub.store.read() if isinstance(each.event, ev.ParcelNotRead))
    assert not_read.reason == "timeout" and [dest.chute for dest in hub.plc.dests] == [None]
    hub.read(reading(1, KASHI))  # late, and good while the chute lies ahead
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, "A"]
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)  # it did not any more: then on the next lap
    hub.scan("p1", 2)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, "A", "A"]


async def test_pictures_of_parcels_nobody_inducted_are_held_within_the_bounds_of_the_queue(hub: SmallHub) -> None:
    most = hub.settings.reading.queue
    answers = [hub.control.take_frame(Frame(b"x", "C1", parcel=ParcelId(f"n{i}"))) for i in range(most + 1)]
    assert answers == [FrameAnswer.ACCEPTED] * most + [FrameAnswer.QUEUE_FULL]
    await asyncio.sleep(0.4)
    await hub.settle()
    assert hub.hub_kinds().count("frame.unmatched") == most
    assert hub.control.take_frame(Frame(b"x", "C1", parcel=ParcelId("late"))) is FrameAnswer.ACCEPTED


async def test_inductions_that_a_killed_hub_held_are_let_go_by_the_next(hub: SmallHub) -> None:
    hub.control.store_is_full(True)
    await asyncio.sleep(0)
    hub.store.close()
    hub.open()
    hub.link()
    await hub.settle()
    assert [each.state for each in hub.plc.orders if isinstance(each, State)] == ["on"]
    hub.link()
    await hub.settle()
    assert len(hub.plc.orders) == 1, "a link that only broke need not be told again"
    hub.control.receive(Linked("plc", "restarted", 0))
    await hub.settle()
    assert [each.state for each in hub.plc.orders if isinstance(each, State)] == ["on", "on"]


async def test_a_duplicate_is_no_alarm_any_more_once_the_parcel_has_left(hub: SmallHub) -> None:
    known(hub, "p1", 1, 1)
    known(hub, "p2", 1, 2)
    hub.scan("p2", carrier=2)
    assert [alarm.place for alarm in hub.control.alarms.up] == ["p2"]
    hub.divert("p2", "A")
    await hub.settle()
    assert hub.control.alarms.up == [] and hub.hub_kinds()[-1] == "alarm.cleared"


async def test_a_duplicate_that_the_plc_scanner_reads_is_an_alarm_too_and_goes_with_a_removed_parcel(
    hub: SmallHub,
) -> None:
    known(hub, "p1", 1, 1)
    hub.induct("p2", 2)
    hub.scan("p2", carrier=2, codes=[waybill(1)])
    assert [alarm.key for alarm in hub.control.alarms.up] == ["waybill.duplicated"]
    hub.induct("p3", 2)
    assert hub.control.alarms.up == []
    await hub.settle()


async def test_a_missort_is_told_each_time_until_its_chute_was_emptied(hub: SmallHub) -> None:
    for carrier, parcel in enumerate(("p1", "p2"), 1):
        known(hub, parcel, carrier, carrier)
        hub.scan(parcel, carrier=carrier)
        hub.divert(parcel, "C")
    hub.say(State(Subject.CHUTE, "C", "open", 0, 40))
    await hub.settle()
    assert hub.hub_kinds().count("alarm.raised") == 2
    assert ["p2" in alarm.explanation for alarm in hub.control.alarms.up] == [True]
    hub.say(State(Subject.CHUTE, "C", "bag_change", 0))
    hub.say(State(Subject.CHUTE, "C", "open", 0, 0))
    await hub.settle()
    assert hub.control.alarms.up == []


async def test_a_chute_that_is_no_longer_the_exception_chute_loses_that_alarm_when_it_opens(hub: SmallHub) -> None:
    hub.say(State(Subject.CHUTE, "X", "full", 0, 100))
    hub.plan = type(hub.plan)(
        **{name: getattr(hub.plan, name) for name in hub.plan.__slots__} | {"exception_chute": "B"}
    )
    hub.say(State(Subject.CHUTE, "X", "open", 0, 0))
    await hub.settle()
    assert hub.control.alarms.up == []


def test_what_happened_and_does_not_happen_again_is_no_alarm_any_more() -> None:
    now = [0.0]
    alarms = Alarms(lambda: now[0])
    alarms.raised(AlarmKey.READER_FAILED, "readers", "picture a")
    alarms.raised(AlarmKey.BAD_TELEGRAMS, "10.0.0.7", "no JSON")
    alarms.raised(AlarmKey.CHUTE_FULL, "A", "full")
    now[0] = QUIET_S - 1
    assert alarms.quiet() == []
    assert alarms.raised(AlarmKey.BAD_TELEGRAMS, "10.0.0.7", "no JSON") == []
    now[0] = QUIET_S
    assert [event.key for event in alarms.quiet()] == [AlarmKey.READER_FAILED]
    now[0] = 2 * QUIET_S
    assert [event.key for event in alarms.quiet()] == [AlarmKey.BAD_TELEGRAMS]
    assert [alarm.key for alarm in alarms.up] == [AlarmKey.CHUTE_FULL], "what lasts stays"


def test_alarms_of_what_a_start_makes_anew_do_not_outlive_it() -> None:
    alarms = Alarms()
    for key in (AlarmKey.PLAN_REJECTED, AlarmKey.STORE_FULL, AlarmKey.MISSORT):
        alarms.raised(key, "somewhere", "")
    assert {event.key for event in alarms.at_start()} == {AlarmKey.PLAN_REJECTED, AlarmKey.STORE_FULL}
    assert [alarm.key for alarm in alarms.up] == [AlarmKey.MISSORT]


def test_an_alarm_of_another_version_does_not_keep_the_hub_from_starting() -> None:
    alarms = Alarms()
    alarms.apply(ev.AlarmRaised("of.another.version", "here", 1, "?"))
    alarms.apply(ev.AlarmCleared("of.another.version", "here"))
    assert alarms.up == []


async def test_a_plc_that_never_comes_is_an_alarm_and_its_coming_ends_it(hub: SmallHub) -> None:
    look(hub.settings, hub.control)
    look(hub.settings, hub.control)
    await hub.settle()
    assert [alarm.key for alarm in hub.control.alarms.up] == ["sorter.link"]
    assert hub.hub_kinds() == ["alarm.raised"]
    hub.link()
    look(hub.settings, hub.control)
    await hub.settle()
    assert hub.control.alarms.up == []


def test_a_sweep_that_the_store_refuses_is_tried_again_and_does_not_end_the_hub(
    hub: SmallHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(hub.store, "erase_personal", refuse)
    sweep(hub.settings, hub.store, PictureStore(hub.settings.pictures_dir))
    assert "the disk is full" in caplog.text
