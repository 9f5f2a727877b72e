"""A parcel that is not where it should be is an event with a name, and its way goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.errors import BadInput
from karez.domain.ids import ChuteId, ParcelId
from karez.domain.parcels import ParcelState
from karez.domain.telegrams import Divert, DivertOutcome, Scan, State, Subject
from karez.hub import doorway, hands
from karez.hub.alarms import AlarmKey
from karez.hub.recovery import recover
from karez.settings import SorterSection
from karez.sorter.plc.protocol import Arrived, Unlinked
from small_hub import NO_READ, SmallHub, reading, waybill

KASHI, SHACHE = "901 K01", "901 S01"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, gazetteer, sorter=SorterSection(carriers=4, lap_ms=1_000, windows_ms={"A": 50_000}))
    yield hub
    hub.store.close()


def found(hub: SmallHub, kind: type[ev.Event]) -> list[ev.Event]:
    return [each.event for each in hub.store.read() if isinstance(each.event, kind)]


async def test_a_parcel_from_nowhere_has_appeared(hub: SmallHub) -> None:
    hub.scan("p1", 1, carrier=3)
    await hub.settle()
    assert found(hub, ev.ParcelAppeared) == [ev.ParcelAppeared("p1", 3, 1)]


async def test_a_name_inducted_on_a_second_carrier_is_doubled_and_on_its_own_a_repeat(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.induct("p1", 1)
    hub.induct("p1", 2)
    await hub.settle()
    assert found(hub, ev.ParcelDoubled) == [ev.ParcelDoubled("p1", 2, 1)]
    assert len(found(hub, ev.ParcelInducted)) == 1 and hub.acknowledged == [1, 2, 3]


async def test_a_parcel_on_another_carrier_has_moved_and_the_second_of_two_tells_that_they_swapped(
    hub: SmallHub,
) -> None:
    hub.induct("p1", 1)
    hub.induct("p2", 2)
    hub.scan("p1", 1, carrier=2)
    hub.scan("p2", 1, carrier=1)
    await hub.settle()
    assert found(hub, ev.ParcelMoved) == [ev.ParcelMoved("p1", 1, 2, "p2"), ev.ParcelMoved("p2", 2, 1, None)]
    assert found(hub, ev.ParcelsSwapped) == [ev.ParcelsSwapped("p2", "p1", 1)]
    assert {parcel.carrier: parcel.parcel for parcel in hub.control.tracking} == {2: "p1", 1: "p2"}


async def test_a_parcel_of_which_nothing_is_heard_is_overdue_once_and_may_still_come(hub: SmallHub) -> None:
    hub.link()
    hub.induct("p1", 1)
    await asyncio.sleep(0.02)
    hub.control.miss(10)
    hub.control.miss(10)
    await hub.settle()
    (overdue,) = found(hub, ev.ParcelOverdue)
    assert isinstance(overdue, ev.ParcelOverdue) and overdue.silent_ms >= 10
    assert [alarm.key for alarm in hub.control.alarms.up] == [AlarmKey.PARCEL_OVERDUE]
    assert len(hub.control.tracking) == 1, "timeout is not lost"
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    hub.divert("p1", "A")
    await hub.settle()
    assert hub.store.parcels.get("p1").state is ParcelState.DIVERTED and hub.control.alarms.up == []


async def test_a_parcel_that_is_heard_of_again_is_no_longer_overdue_and_may_be_once_more(hub: SmallHub) -> None:
    hub.link()
    hub.induct("p1", 1)
    for lap in (1, 2):
        await asyncio.sleep(0.02)
        hub.control.miss(10)
        hub.scan("p1", lap)
        assert hub.control.alarms.up == []
        await hub.settle()
    assert len(found(hub, ev.ParcelOverdue)) == 2


async def test_while_nothing_can_be_heard_no_parcel_is_overdue(hub: SmallHub) -> None:
    def stands(state: str) -> None:
        hub.say(State(Subject.SORTER, "loop", state, 0))

    hub.link()
    hub.induct("p1", 1)
    for silence, end in (
        (lambda: hub.control.receive(Unlinked("plc", "cut")), hub.link),
        (lambda: stands("stopped"), lambda: stands("running")),
    ):
        silence()
        await asyncio.sleep(0.02)
        hub.control.miss(10)
        end()
        hub.control.miss(10)
    await hub.settle()
    assert found(hub, ev.ParcelOverdue) == [] and hub.control.alarms.up == []


async def test_a_parcel_that_a_person_took_off_is_on_the_sorter_no_more(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.control.taken_off(hub.control.tracking.parcels["p1"], "Li")
    await hub.settle()
    assert found(hub, ev.ParcelTakenOff) == [ev.ParcelTakenOff("p1", "Li")] and len(hub.control.tracking) == 0


async def test_a_confirmation_before_the_parcel_can_have_been_there_is_off_its_window(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    await asyncio.sleep(0.01)
    hub.divert("p1", "A")
    await hub.settle()
    (odd,) = found(hub, ev.DivertOffWindow)
    assert isinstance(odd, ev.DivertOffWindow) and (odd.timing, odd.window_ms) == ("early", 50_000)
    assert hub.kinds("p1")[-1] == "parcel.diverted"


@pytest.mark.parametrize(
    ("ordered", "told_order", "cause"),
    [(True, None, "other_chute"), (True, "another", "old_order"), (False, None, "no_order")],
)
async def test_a_missort_names_its_cause(hub: SmallHub, ordered: bool, told_order: str | None, cause: str) -> None:
    hub.induct("p1", 1)
    if ordered:
        hub.picture("p1")
        hub.read(reading(1, KASHI))
        hub.scan("p1")
    hub.divert("p1", "C", order=told_order)
    await hub.settle()
    assert [each.cause for each in found(hub, ev.ParcelMissorted)] == [cause]


async def test_a_parcel_that_was_to_go_round_and_fell_says_so(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(NO_READ)
    hub.scan("p1")
    hub.divert("p1", "C")
    await hub.settle()
    assert [each.cause for each in found(hub, ev.ParcelMissorted)] == ["go_round"]


async def test_inductions_are_held_before_the_loop_clogs_and_released_when_carriers_are_free(hub: SmallHub) -> None:
    for carrier in range(4):
        hub.induct(f"p{carrier}", carrier)
    await hub.settle()
    assert [each.state for each in hub.plc.orders if isinstance(each, State)] == ["off"]
    assert [alarm.key for alarm in hub.control.alarms.up] == [AlarmKey.LOOP_CLOGGED]
    hub.divert("p1", None, DivertOutcome.LOST)
    await hub.settle()
    assert [each.state for each in hub.plc.orders if isinstance(each, State)] == ["off", "on"]
    assert hub.control.alarms.up == []


async def test_what_goes_round_for_a_full_chute_leaves_on_the_same_lap_when_it_opens(hub: SmallHub) -> None:
    for chute in ("A", "B"):
        hub.say(State(Subject.CHUTE, chute, "full", 0))
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    hub.say(State(Subject.CHUTE, "B", "open", 0))
    await hub.settle()
    assert [(dest.chute, dest.reason) for dest in hub.plc.dests] == [(None, "all_full"), ("B", "alternative")]
    assert waybill(1) in hub.control.tracking.waybills


async def test_an_alternative_that_lies_ahead_serves_where_the_first_chute_was_passed(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    hub = SmallHub(tmp_path, gazetteer, sorter=SorterSection(windows_ms={"A": 1}))
    for chute in ("A", "B"):
        hub.say(State(Subject.CHUTE, chute, "full", 0))
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    await asyncio.sleep(0.01)
    hub.say(State(Subject.CHUTE, "A", "open", 0))
    hub.say(State(Subject.CHUTE, "B", "open", 0))
    await hub.settle()
    assert [(dest.chute, dest.alternatives) for dest in hub.plc.dests] == [(None, ()), ("B", ())]
    hub.store.close()


async def test_a_person_says_over_the_control_socket_that_a_parcel_was_taken_off(hub: SmallHub) -> None:
    async def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        return await hands.taken_off(head, hub.control)

    hub.clock.open()
    server = await doorway.serve(hub.settings.socket, answer)
    door = doorway.Doorway(hub.settings.socket)
    hub.induct("p1", 1)
    assert await door.taken_off("p1", "Aygul") is True
    assert await door.taken_off("p1", "Aygul") is False, "it is on the sorter no more"
    with pytest.raises(BadInput):
        await hands.taken_off({"parcel": "p1", "by": "=cmd()"}, hub.control)
    server.close()
    assert hub.kinds("p1")[-1] == "parcel.taken_off"


async def test_a_hub_that_finds_the_loop_full_at_its_start_holds_the_inductions_from_the_first_word(
    hub: SmallHub,
) -> None:
    for carrier in range(4):
        hub.induct(f"p{carrier}", carrier)
    await hub.settle()
    hub.store.close()
    hub.open()
    recover(hub.control, hub.store, hub.plan)
    hub.link()
    await hub.settle()
    said = [each.state for each in hub.plc.orders if isinstance(each, State)]
    assert said and set(said) == {"off"}
    assert [alarm.key for alarm in hub.control.alarms.up] == [AlarmKey.LOOP_CLOGGED]


async def test_inductions_held_for_two_reasons_are_let_go_with_the_last(hub: SmallHub) -> None:
    def said() -> str:
        return [each.state for each in hub.plc.orders if isinstance(each, State)][-1]

    hub.link()
    for carrier in range(4):
        hub.induct(f"p{carrier}", carrier)
    assert said() == "off"
    hub.control.store_is_away(True)
    for parcel in ("p0", "p1"):
        hub.control.taken_off(hub.control.tracking.parcels[parcel], "Li")
    assert said() == "off" and hub.control.inductions.held and not hub.control.inductions.clogged
    hub.control.store_is_away(False)
    assert said() == "on"
    await hub.settle()


async def test_what_waited_for_the_store_is_timed_by_when_it_came(hub: SmallHub) -> None:
    """A scan and its confirmation, taken in together behind an outage, are as far apart as they came."""
    hub.induct("p1", 1)
    hub.picture("p1")
    hub.read(reading(1, KASHI))
    now_s = hub.clock.monotonic_s()
    scan, divert = Scan(ParcelId("p1"), 1, 1, 0), Divert(ParcelId("p1"), 1, DivertOutcome.OK, 0, ChuteId("A"))
    hub.control.receive(Arrived(scan, 2, "plc", lambda: None, now_s - 60.0))
    hub.control.receive(Arrived(divert, 3, "plc", lambda: None, now_s - 10.0))
    await hub.settle()
    assert hub.store.parcels.get("p1").state is ParcelState.DIVERTED and found(hub, ev.DivertOffWindow) == []


async def test_a_late_word_of_a_parcel_does_not_put_it_back_on_the_carrier_where_another_was_seen(
    hub: SmallHub,
) -> None:
    hub.induct("p1", 1)
    hub.induct("p2", 2)
    hub.scan("p2", 1, carrier=1)
    hub.picture("p1")
    hub.read(NO_READ)
    hub.induct("p3", 1)
    await hub.settle()
    assert hub.kinds("p2")[-1] == "parcel.removed" and "parcel.removed" not in hub.kinds("p1")


async def test_what_rides_after_its_end_takes_room_on_the_loop_until_it_is_not_scanned_any_more(hub: SmallHub) -> None:
    names = [f"p{number}" for number in range(4)]
    for carrier, name in enumerate(names):
        hub.induct(name, carrier)
        hub.divert(name, "X")
    assert not hub.control.inductions.held
    for carrier, name in enumerate(names):
        hub.scan(name, 2, carrier)
    await hub.settle()
    assert hub.control.inductions.clogged and hub.control.alarms.is_up(AlarmKey.LOOP_CLOGGED, "loop")
    hub.control.forget_strays(60_000)
    assert hub.control.inductions.clogged
    hub.control.forget_strays(0)
    await hub.settle()
    assert not hub.control.inductions.held and not hub.control.alarms.is_up(AlarmKey.LOOP_CLOGGED, "loop")


async def test_a_carrier_that_gets_another_parcel_holds_no_stray(hub: SmallHub) -> None:
    hub.induct("p1", 1)
    hub.divert("p1", "X")
    hub.scan("p1", 2, 1)
    assert list(hub.control.tracking.strays) == [1]
    hub.induct("p2", 1)
    assert not hub.control.tracking.strays
