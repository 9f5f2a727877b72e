"""Every driver keeps its promises to the hub, over a real socket against its own twin.

Each row of the suite is tried in every role it has; what a protocol cannot carry is left out by its capability.
"""

import asyncio
from dataclasses import replace

import pytest

from driver_suite import (
    SUITE,
    Ends,
    Entry,
    carried,
    carried_order,
    drivers_that_listen_and_replay,
    drivers_that_replay,
    ends,
    every_driver,
    every_driver_and_role,
    induct,
    one_more_than,
    order,
    scan,
    some_role,
    start_plc,
    start_twin,
)
from karez.domain.errors import BadConfig
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Scan, State, Subject
from karez.settings import SorterSection
from karez.sorter.plc.drivers import DRIVERS, open_plc
from karez.sorter.plc.protocol import Arrived, Rejected, Unlinked

# ---- the table -----------------------------------------------------------------------------------------------------


def test_every_driver_of_the_table_is_in_the_suite_and_says_what_it_can() -> None:
    assert {entry.driver for entry in SUITE} == set(DRIVERS)
    for entry in SUITE:
        role = some_role(entry)
        assert open_plc(entry.settings(role, 0), "hub-1").capabilities == entry.capabilities
        assert entry.capabilities.name == entry.driver and entry.capabilities.roles <= {"server", "client"}


@every_driver
def test_options_that_a_driver_does_not_know_are_refused_by_name(entry: Entry) -> None:
    settings = SorterSection(driver=entry.driver, role=some_role(entry), port=0, options={"colour": "blue"})
    with pytest.raises(BadConfig, match=r"sorter\.options\.colour"):
        open_plc(settings, "hub-1")


# ---- what is said ---------------------------------------------------------------------------------------------------


@every_driver_and_role
async def test_every_kind_of_telegram_arrives_with_all_that_the_driver_says_it_carries(
    entry: Entry, hub_role: str
) -> None:
    codes = tuple(f"YT{n:013d}" for n in one_more_than(entry.capabilities.codes))
    sent = [
        induct(1),
        replace(scan(1, lap=7, at_ms=5_678), codes=codes),
        Divert(ParcelId("p1"), 1, DivertOutcome.FULL, 9_012, ChuteId("K01"), OrderId("o1")),
        Divert(ParcelId("p1"), 1, DivertOutcome.RECIRCULATED, 9_345, None, OrderId("o1")),
        State(Subject.CHUTE, "K01", "full", 11_000, 100),
        State(Subject.INDUCTION, "I1", "off", 12_000),
        State(Subject.SORTER, "loop", "stopped", 13_000, 0),
    ]
    async with ends(entry, hub_role) as pair:
        for telegram in sent:
            pair.twin.send(telegram)
        await pair.until(lambda: len(pair.telegrams) == len(sent) and pair.twin.all_acknowledged)
        assert pair.telegrams == [carried(each, pair.capabilities) for each in sent]


@every_driver_and_role
async def test_an_order_and_a_request_reach_the_plc_with_all_that_the_driver_says_it_carries(
    entry: Entry, hub_role: str
) -> None:
    async with ends(entry, hub_role) as pair:
        pair.twin.send(induct(1))
        pair.twin.send(scan(1))
        await pair.until(lambda: len(pair.telegrams) == 2)
        others = tuple(ChuteId(f"K{n + 10}") for n in one_more_than(pair.capabilities.alternatives))
        many = replace(order(1), alternatives=others)
        for sent in (many, order(1, None, "o1-round"), order(1, "K05", "o1-later")):
            pair.plc.order(sent)
            got = await pair.twin.receive()
            assert isinstance(got, Dest) and got == carried_order(sent, got, pair.capabilities)
        for sent in (State(Subject.INDUCTION, "I1", "off", 3_000), State(Subject.INDUCTION, "*", "on", 4_000)):
            pair.plc.order(sent)
            assert await pair.twin.receive() == sent


@every_driver
async def test_every_outcome_and_every_state_of_a_chute_is_carried(entry: Entry) -> None:
    said = [Divert(ParcelId("p1"), 1, each, 1_000, ChuteId("K01")) for each in DivertOutcome]
    said += [State(Subject.CHUTE, "K01", each, 2_000) for each in ("open", "full", "closed", "bag_change")]
    async with ends(entry, some_role(entry)) as pair:
        pair.twin.send(induct(1))
        for each in said:
            pair.twin.send(each)
        await pair.until(lambda: len(pair.telegrams) == len(said) + 1)
        assert pair.telegrams[1:] == said


@every_driver
async def test_laps_are_told_by_the_plc_or_counted_by_the_driver(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.twin.send(induct(1))
        for lap, at_ms in ((1, 5_000), (1, 6_000), (2, 105_000), (3, 205_000)):  # asked twice on the first lap
            pair.twin.send(scan(1, lap, at_ms))
        await pair.until(lambda: len(pair.telegrams) == 5)
        assert [each.lap for each in pair.telegrams if isinstance(each, Scan)] == [1, 1, 2, 3]


@every_driver
async def test_an_order_that_says_nothing_new_is_given_to_the_hall_once(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.twin.send(induct(1))
        pair.twin.send(scan(1))
        await pair.until(lambda: len(pair.telegrams) == 2)
        for sent in (order(1), order(1), order(1, "K09", "o2")):
            pair.plc.order(sent)
        first, second = await pair.twin.receive(), await pair.twin.receive()
        assert [each.chute for each in (first, second) if isinstance(each, Dest)] == ["K01", "K09"]
        assert pair.twin.repeats == 1 and pair.twin.receive_now() is None


# ---- acknowledgement and replay ------------------------------------------------------------------------------------


def at(pair: Ends, port: int) -> SorterSection:
    """Give the settings of a hub that is started again where the first one listened."""
    return pair.settings.model_copy(update={"port": port})


@drivers_that_replay
async def test_nothing_is_lost_or_doubled_over_cuts_while_both_sides_talk(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        for number in range(1, 120):
            pair.twin.send(induct(number))
            pair.plc.order(order(number))
            if number % 40 == 0:
                await pair.twin.cut()
                await pair.twin.mend()
            await asyncio.sleep(0)
        await pair.until(lambda: len(pair.telegrams) == 119 and pair.twin.all_acknowledged)
        assert pair.telegrams == [induct(number) for number in range(1, 120)]
        assert [await pair.twin.receive() for _ in range(119)] == [order(number) for number in range(1, 120)]
        await pair.until(lambda: pair.plc.unacknowledged == 0)


@drivers_that_replay
async def test_a_telegram_is_not_acknowledged_before_the_hub_has_committed_it(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.commit = False
        pair.twin.send(induct(1))
        pair.twin.send(induct(2))
        await pair.until(lambda: len(pair.telegrams) == 2)
        await pair.twin.cut()
        await pair.twin.mend()
        await pair.until(lambda: pair.twin.linked and pair.plc.linked)
        assert not pair.twin.all_acknowledged
        assert len(pair.telegrams) == 2
        arrived = [each for each in pair.got if isinstance(each, Arrived)]
        arrived[1].acknowledge()
        await asyncio.sleep(0.05)
        assert not pair.twin.all_acknowledged
        arrived[0].acknowledge()
        await pair.until(lambda: pair.twin.all_acknowledged)


@drivers_that_replay
async def test_a_hub_that_was_killed_gets_exactly_what_it_had_not_committed(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.commit = False
        for number in range(1, 6):
            pair.twin.send(induct(number))
        await pair.until(lambda: len(pair.telegrams) == 5)
        port = pair.plc.port
        await pair.plc.stop()
        again = Ends(await start_plc(at(pair, port), "hub-2", ("plc-1", 3)), pair.twin, pair.settings)
        reading = asyncio.create_task(again.read())
        await again.until(lambda: len(again.telegrams) == 2 and pair.twin.all_acknowledged)
        assert again.telegrams == [induct(4), induct(5)]
        await again.plc.stop()
        await reading


@drivers_that_replay
async def test_an_order_sent_again_by_a_new_hub_session_is_given_to_the_hall_once(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.plc.order(order(1))
        assert await pair.twin.receive() == order(1)
        port = pair.plc.port
        await pair.plc.stop()
        again = await start_plc(at(pair, port), "hub-2", ("plc-1", 0))
        again.order(order(1))
        again.order(order(2))
        assert await pair.twin.receive() == order(2)
        assert pair.twin.repeats == 1
        await again.stop()


@drivers_that_replay
async def test_a_plc_that_restarts_begins_a_new_session_and_gets_the_open_orders(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        pair.twin.send(induct(1))
        await pair.until(lambda: pair.twin.all_acknowledged)
        await pair.twin.cut()
        await pair.until(lambda: not pair.plc.linked)
        pair.plc.order(order(1))
        fresh = await start_twin(pair.settings, pair.plc.port, "plc-2")
        fresh.send(induct(7))
        assert await fresh.receive() == order(1)
        await pair.until(lambda: len(pair.telegrams) == 2 and fresh.all_acknowledged)
        assert [each.session for each in pair.got if isinstance(each, Arrived)] == ["plc-1", "plc-2"]
        await fresh.stop()


@drivers_that_replay
async def test_a_plc_that_restarts_under_its_old_session_name_is_heard_and_told_of(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        for number in range(1, 6):
            pair.twin.send(induct(number))
        await pair.until(lambda: pair.twin.all_acknowledged)
        await pair.twin.stop()
        fresh = await start_twin(pair.settings, pair.plc.port, "plc-1")
        await pair.until(lambda: fresh.linked)
        fresh.send(induct(9))
        await pair.until(lambda: fresh.all_acknowledged)
        assert pair.telegrams[-1] == induct(9)
        (told,) = pair.events(Rejected)
        assert isinstance(told, Rejected) and "began anew" in told.reason
        await fresh.stop()


@drivers_that_listen_and_replay
async def test_a_second_connection_replaces_the_first_and_says_so(entry: Entry) -> None:
    async with ends(entry, some_role(entry)) as pair:
        other = await start_twin(pair.settings, pair.plc.port, "plc-9")
        await pair.until(lambda: len(pair.events(Unlinked)) > 0)
        gone = pair.events(Unlinked)[0]
        assert isinstance(gone, Unlinked) and "replaced" in gone.reason
        await other.stop()
