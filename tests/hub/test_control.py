"""The control loop by hand: every input becomes events, and what leaves is on disk."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.frames import Frame
from karez.domain.ids import AreaId
from karez.domain.parcels import ParcelState
from karez.domain.reading import NoRead, NoReadReason
from karez.domain.telegrams import DivertOutcome, State, Subject
from karez.eventstore.append import Append
from karez.hub import control as control_module
from karez.hub.alarms import AlarmKey
from karez.hub.doorway import FrameAnswer
from karez.hub.recovery import recover
from karez.sorter.plc.protocol import Rejected, Unlinked
from small_hub import NO_READ, SmallHub, reading, waybill

KASHI, SHACHE = "901 K01", "901 S01"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, gazetteer)
    yield hub
    hub.store.close()


async def test_a_parcel_is_inducted_read_decided_ordered_and_confirmed(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    await hub.settle()
    assert [(dest.parcel, dest.chute, dest.alternatives) for dest in hub.plc.dests] == [("p1", "A", ("B",))]
    hub.divert("p1", "A")
    await hub.settle()
    assert hub.kinds("p1") == [
        "parcel.inducted",
        "parcel.read",
        "parcel.resolved",
        "parcel.scanned",
        "parcel.assigned",
        "divert.ordered",
        "parcel.diverted",
    ]
    row = hub.store.parcels.get(waybill(1))
    assert row is not None and (row.state, row.chute) == (ParcelState.DIVERTED, "A")
    assert len(hub.control.tracking) == 0
    assert hub.acknowledged == [1, 2, 3]


async def test_nothing_is_sent_or_acknowledged_before_it_is_on_disk(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    await asyncio.sleep(0.2)  # the commits are done by now, but nobody has seen them come in
    assert hub.plc.orders == [] and hub.acknowledged == []
    await hub.settle()
    assert len(hub.plc.dests) == 1 and hub.acknowledged == [1, 2]


async def test_the_decision_waits_for_a_picture_that_is_being_read(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.scan("p1")
    await hub.settle()
    assert hub.plc.dests == []
    hub.read(reading(1, SHACHE))
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["C"]


async def test_reading_decision_and_order_are_one_transaction(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.scan("p1")
    hub.read(reading(1, SHACHE))
    await hub.settle()
    stream = hub.store.read_stream("parcel-p1")
    together = {each.at for each in stream if each.event.kind in ("parcel.read", "parcel.assigned", "divert.ordered")}
    assert len(together) == 1


async def test_a_no_read_goes_round_and_at_last_into_the_exception_chute(hub: SmallHub) -> None:
    hub.induct("p1")
    for lap in (1, 2, 3):
        hub.picture("p1")
        hub.read(NO_READ)
        hub.scan("p1", lap)
        if lap < 3:
            hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, None, "X"]
    hub.divert("p1", "X")
    await hub.settle()
    last = hub.store.read_stream("parcel-p1")[-1].event
    assert isinstance(last, ev.ParcelExcepted) and last.reason == "not_read"


async def test_without_a_picture_in_its_window_a_parcel_is_a_no_read(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.scan("p1")
    await asyncio.sleep(0.4)
    await hub.settle()
    not_read = next(each.event for each in hub.store.read() if isinstance(each.event, ev.ParcelNotRead))
    assert not_read.reason == NoReadReason.NO_PICTURE
    assert [dest.chute for dest in hub.plc.dests] == [None]


async def test_a_later_lap_can_still_read_it(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(NO_READ)
    hub.scan("p1", 1)
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    hub.picture("p1")
    assert hub.readers.jobs[0].text == "always", "what one picture did not tell, all text of the next may"
    hub.read(reading(1, KASHI))
    hub.scan("p1", 2)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, "A"]


async def test_two_laps_that_read_different_numbers_contradict_and_neither_is_taken(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(reading(1))  # read, but not resolved: the next lap looks again
    hub.scan("p1", 1)
    hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    hub.picture("p1")
    hub.read(reading(2, KASHI))
    hub.scan("p1", 2)
    await hub.settle()
    reasons = [each.event.reason for each in hub.store.read() if isinstance(each.event, ev.ParcelNotRead)]
    assert reasons == ["contradiction"]
    assert hub.plc.dests[-1].chute is None


async def test_the_plc_scanner_alone_is_enough_for_a_pre_advised_parcel(hub: SmallHub) -> None:
    advice = PreAdvice(waybill(7), "sf", area=AreaId("KS"), county_name="喀什市")
    hub.store.submit(Append(advice=[advice])).result()
    hub.induct("p1")
    hub.scan("p1", codes=[waybill(7)])
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["A"]


async def test_pre_advice_wins_over_the_label_and_the_contradiction_is_recorded(hub: SmallHub) -> None:
    advice = PreAdvice(waybill(7), "sf", area=AreaId("SC"), county_name="莎车县")
    hub.store.submit(Append(advice=[advice])).result()
    hub.induct("p1")
    hub.picture("p1")
    hub.read(reading(7, KASHI))
    hub.scan("p1")
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["C"]
    assert "destination.contradicted" in hub.kinds("p1")


async def test_a_full_chute_means_the_alternative_and_all_full_means_round(hub: SmallHub) -> None:
    for chute in ("A", "B"):
        parcel = f"p{chute}"
        hub.say(State(Subject.CHUTE, chute, "full", 0, 100))
        hub.induct(parcel, carrier=ord(chute))
        hub.picture(parcel)
        hub.read(reading(ord(chute), KASHI))
        hub.scan(parcel, carrier=ord(chute))
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["B", None]
    assert [alarm.place for alarm in hub.control.alarms.up] == ["A", "B"]
    hub.say(State(Subject.CHUTE, "A", "open", 0, 0))
    hub.scan("pB", 2, carrier=ord("B"))
    await hub.settle()
    assert hub.plc.dests[-1].chute == "A"


async def test_an_oversize_parcel_leaves_by_its_outlet_also_when_nothing_was_read(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(NO_READ)
    hub.scan("p1", length_mm=1500, width_mm=200, height_mm=200)
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [("C", "oversize")]


async def test_a_truthful_confirmation_of_a_wrong_chute_is_a_missort_at_once(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    hub.divert("p1", "C")
    await hub.settle()
    last = hub.store.read_stream("parcel-p1")[-1].event
    assert isinstance(last, ev.ParcelMissorted) and (last.chute, list(last.ordered)) == ("C", ["A", "B"])
    assert [alarm.key for alarm in hub.control.alarms.up] == ["parcel.missort"]


async def test_a_confirmation_that_comes_twice_counts_once(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.scan("p1", codes=[waybill(1)])
    hub.divert("p1", "X")
    hub.divert("p1", "X")
    await hub.settle()
    assert hub.kinds("p1").count("parcel.excepted") == 1


async def test_an_induct_that_comes_twice_makes_one_parcel(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.induct("p1")
    await hub.settle()
    hub.divert("p1", "X")
    hub.induct("p1")
    await hub.settle()
    assert hub.kinds("p1") == ["parcel.inducted", "parcel.excepted"]
    assert hub.acknowledged == [1, 2, 3, 4]


async def test_a_carrier_that_gets_another_parcel_has_lost_the_first(hub: SmallHub) -> None:
    hub.induct("p1", carrier=9)
    hub.induct("p2", carrier=9)
    await hub.settle()
    row = hub.store.parcels.get("p1")
    assert row is not None and row.state is ParcelState.REMOVED


async def test_one_waybill_on_two_live_parcels_is_said_and_never_merged(hub: SmallHub) -> None:
    for carrier, parcel in enumerate(("p1", "p2"), 1):
        hub.induct(parcel, carrier)
        hub.picture(parcel)
        hub.read(reading(1, KASHI))
    await hub.settle()
    assert "waybill.duplicated" not in hub.kinds("p1")
    assert "waybill.duplicated" in hub.kinds("p2")


async def test_a_number_is_known_to_be_on_the_second_parcel_when_the_first_has_left(hub: SmallHub) -> None:
    for carrier, parcel in enumerate(("p1", "p2"), 1):
        hub.induct(parcel, carrier)
        hub.scan(parcel, 1, carrier, codes=[waybill(1)])
    await hub.settle()
    hub.divert("p1", "X")
    await hub.settle()
    hub.induct("p3", 3)
    hub.scan("p3", 1, 3, codes=[waybill(1)])
    await hub.settle()
    assert "waybill.duplicated" in hub.kinds("p3")
    for parcel in ("p2", "p3"):
        hub.divert(parcel, "X")
    await hub.settle()
    tracking = hub.control.tracking
    assert not tracking.waybills and not tracking.doubles and not tracking.numbers


async def test_a_scan_of_a_parcel_nobody_inducted_makes_it_exist(hub: SmallHub) -> None:
    hub.scan("ghost", codes=[waybill(1)])
    await hub.settle()
    assert hub.kinds("ghost")[:3] == ["parcel.inducted", "parcel.appeared", "parcel.scanned"]
    assert len(hub.plc.dests) == 1


async def test_a_parcel_that_still_rides_though_its_way_has_ended_goes_round(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.divert("p1", "X")
    hub.scan("p1", 2)
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [(None, "not_on_sorter")]
    assert hub.kinds("p1")[-2:] == ["parcel.excepted", "parcel.reappeared"] and hub.acknowledged == [1, 2, 3]
    assert hub.control.alarms.is_up(AlarmKey.PARCEL_REAPPEARED, "sorter")
    row = hub.store.parcels.get("p1")
    assert row is not None and row.state is ParcelState.EXCEPTION


async def test_a_picture_that_is_faster_than_its_induct_waits_for_it(hub: SmallHub) -> None:
    hub.picture("p1")
    assert hub.readers.jobs == []
    hub.induct("p1")
    assert [job.parcel for job in hub.readers.jobs] == ["p1"]


async def test_a_picture_without_an_id_goes_to_the_only_parcel_in_the_window(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.control.take_frame(Frame(b"one", "C1"))
    assert [job.parcel for job in hub.readers.jobs] == ["p1"]
    hub.induct("p2", 2)
    hub.induct("p3", 3)
    hub.control.take_frame(Frame(b"two", "C1"))
    await hub.settle()
    assert len(hub.readers.jobs) == 1
    unmatched = next(each.event for each in hub.store.read() if isinstance(each.event, ev.FrameUnmatched))
    assert unmatched.candidates == 2


async def test_a_full_picture_queue_is_said_and_the_parcel_can_still_be_read_later(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.readers.full = True
    assert hub.control.take_frame(Frame(b"x", parcel="p1")) is FrameAnswer.QUEUE_FULL
    hub.readers.full = False
    assert hub.control.take_frame(Frame(b"x", parcel="p1")) is FrameAnswer.ACCEPTED


async def test_a_worker_that_failed_on_a_picture_raises_an_alarm_that_names_it(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(NoRead(NoReadReason.READER_FAILED, "the reader worker failed on picture abc; it is set aside"))
    await hub.settle()
    assert [(alarm.key, "abc" in alarm.explanation) for alarm in hub.control.alarms.up] == [("reader.failed", True)]


async def test_a_lost_link_and_bad_bytes_are_events_and_alarms(hub: SmallHub) -> None:
    hub.link()
    hub.control.receive(Rejected("10.0.0.7", "no JSON", "ff00", "0" * 64))
    hub.control.receive(Unlinked("10.0.0.7", "three heartbeats were missed"))
    await hub.settle()
    assert [alarm.key for alarm in hub.control.alarms.up] == ["sorter.link", "telegram.rejected"]
    hub.link()
    await hub.settle()
    assert [alarm.key for alarm in hub.control.alarms.up] == ["telegram.rejected"]
    assert "sorter.disconnected" in hub.hub_kinds() and "telegram.rejected" in hub.hub_kinds()


async def test_after_a_restart_open_orders_go_out_again_under_their_id_and_are_not_decided_again(hub: SmallHub) -> None:
    for carrier, (parcel, code) in enumerate([("done", KASHI), ("open", SHACHE), ("unread", None)], 1):
        hub.induct(parcel, carrier)
        hub.picture(parcel)
        hub.read(reading(carrier, code) if code else NO_READ)
    hub.scan("done", carrier=1)
    hub.scan("open", carrier=2)
    hub.divert("done", "A")
    hub.say(State(Subject.CHUTE, "B", "full", 0, 100))
    await hub.settle()
    sent = {dest.parcel: dest.order for dest in hub.plc.dests}
    hub.store.close()  # as good as a kill: nothing in memory is carried over

    hub.open()
    assert recover(hub.control, hub.store, hub.plan) == 2
    assert hub.control.chutes == {"B": "full"}
    assert [alarm.place for alarm in hub.control.alarms.up] == ["B"]
    hub.link()
    await hub.settle()
    assert [(dest.parcel, dest.order) for dest in hub.plc.dests] == [("open", sent["open"])]
    hub.scan("unread", carrier=3)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["C", None]
    assert hub.kinds("open").count("divert.ordered") == 1


async def test_a_parcel_that_was_scanned_but_not_decided_before_the_kill_is_decided_after_it(hub: SmallHub) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.scan("p1")  # the picture is still being read: no decision yet
    await hub.settle()
    hub.store.close()
    hub.open()
    recover(hub.control, hub.store, hub.plan)
    hub.link()
    await asyncio.sleep(0.4)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None], "the picture died with the process: it goes round"


async def test_a_full_disk_holds_the_inductions_and_lets_them_go_again(hub: SmallHub) -> None:
    hub.control.store_is_full(True)
    await hub.settle()
    assert [alarm.key for alarm in hub.control.alarms.up] == ["store.full"]
    hub.control.store_is_full(False)
    await hub.settle()
    held = [each.state for each in hub.plc.orders if isinstance(each, State)]
    assert held == ["off", "on"]
    assert hub.control.alarms.up == []


@pytest.mark.parametrize("named", [True, False])
async def test_the_exception_chute_that_a_better_order_came_too_late_for_is_counted_under_its_own_reason(
    hub: SmallHub, named: bool
) -> None:
    hub.induct("p1")
    hub.picture("p1")
    hub.read(NO_READ)
    hub.scan("p1", 3)
    await asyncio.sleep(0.25)
    await hub.settle()
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [("X", "not_read"), ("A", "plan")]
    hub.divert("p1", "X", order=hub.plc.dests[0].order if named else None)
    await hub.settle()
    excepted = hub.store.read_stream("parcel-p1")[-1].event
    assert isinstance(excepted, ev.ParcelExcepted) and excepted.reason == "not_read"


async def test_a_parcel_named_like_the_waybill_of_another_is_a_parcel_of_its_own(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(reading(7, KASHI))
    await hub.settle()
    hub.induct(waybill(7), 2)
    await hub.settle()
    assert hub.kinds(waybill(7)) == ["parcel.inducted"]


async def test_made_up_chutes_are_followed_up_to_a_bound_and_those_of_the_plan_always(
    hub: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_module, "_MOST_CHUTES", 3)
    for number in range(5):
        hub.say(State(Subject.CHUTE, f"Z{number}", "full", 0))
    hub.say(State(Subject.CHUTE, "A", "full", 0))
    await hub.settle()
    assert set(hub.control.chutes) == {"Z0", "Z1", "Z2", "A"}


async def test_an_alarm_names_the_last_parcel_that_rides_after_its_end(hub: SmallHub) -> None:
    for parcel in ("p1", "p2"):
        hub.induct(parcel)
        hub.divert(parcel, "X")
        hub.scan(parcel, 2, carrier=5)
    await hub.settle()
    (alarm,) = [each for each in hub.control.alarms.up if each.key is AlarmKey.PARCEL_REAPPEARED]
    assert "p2" in alarm.explanation
