"""What hands, jams, bags and a PLC that restarts do to the model of the loop."""

import pytest

from karez.domain.telegrams import DivertOutcome, Induct, Scan
from karez.simulation.faults import Faults, PlcRestart, Removal, ShutChute
from karez.simulation.happenings import Asked, Happening, PlcDown, PlcUp, Said
from simulation.hall_by_hand import CHUTES, diverts, hall, order, play, states

Log = list[tuple[int, Happening]]


def inducts(log: Log) -> list[Induct]:
    return [each.telegram for _, each in log if isinstance(each, Said) and isinstance(each.telegram, Induct)]


def scans(log: Log) -> list[Scan]:
    return [each.telegram for _, each in log if isinstance(each, Asked)]


def test_a_parcel_that_passes_its_jammed_chute_is_told_so_and_leaves_when_the_jam_is_cleared() -> None:
    it = hall(faults=Faults(shut=[ShutChute(CHUTES[1], 0, 25_000, jam=True)]))
    log = play(it, lambda scan: [order(scan.parcel, "B", name=f"o{scan.lap}")])
    assert [each.outcome for each in diverts(log)] == [DivertOutcome.JAM, DivertOutcome.OK]
    assert [(each.name, each.state) for each in states(log)] == [("B", "closed"), ("B", "open")]


def test_a_bag_change_shuts_a_chute_and_leaves_it_empty() -> None:
    it = hall(3, Faults(shut=[ShutChute(CHUTES[0], 30_000, 5_000)]), capacity=4)
    log = play(it, lambda scan: [order(scan.parcel, "A", name=f"{scan.parcel}/{scan.lap}")])
    play(it, lambda scan: [])
    while it.next_ms is not None:
        log += [(it.now_ms, each) for each in it.step()]
    assert [each.state for each in states(log) if each.state != "open"] == ["bag_change"]
    assert it.chutes[CHUTES[0]].inside == 0


def test_a_chute_with_two_reasons_to_be_shut_opens_when_both_are_gone() -> None:
    shut = [ShutChute(CHUTES[1], 0, 30_000, jam=True), ShutChute(CHUTES[1], 1_000, 5_000)]
    log = play(hall(faults=Faults(shut=shut)), lambda scan: [order(scan.parcel, "X")])
    assert [each.state for each in states(log)] == ["closed", "bag_change", "closed"]


def test_a_carrier_seen_empty_is_told_as_lost_and_the_parcel_is_taken_off() -> None:
    it = hall(faults=Faults(removals=[Removal(0)]))
    log = play(it, lambda scan: [order(scan.parcel, "B")])
    assert [each.outcome for each in diverts(log)] == [DivertOutcome.LOST]
    assert it.result().taken_off == {0}
    assert not it.result().without_final_state


def test_a_parcel_taken_off_untold_is_never_heard_of_again() -> None:
    it = hall(faults=Faults(removals=[Removal(0, told=False)]))
    assert diverts(play(it, lambda scan: [order(scan.parcel, "B")])) == []
    assert it.result().taken_off == {0}


def test_a_parcel_put_back_is_inducted_again_under_a_new_name_and_leaves_once() -> None:
    it = hall(faults=Faults(removals=[Removal(0, back_after_ms=5_000)]))
    log = play(it, lambda scan: [order(scan.parcel, "B", name=f"{scan.parcel}")])
    assert len({each.parcel for each in inducts(log)}) == 2
    assert [each.outcome for each in diverts(log)] == [DivertOutcome.LOST, DivertOutcome.OK]
    assert not it.result().taken_off
    assert it.result().outcomes[0].times_diverted == 1


def test_a_parcel_laid_on_by_hand_is_scanned_without_an_induct() -> None:
    it = hall(faults=Faults(by_hand=frozenset({0})))
    log = play(it, lambda scan: [order(scan.parcel, "B")])
    assert inducts(log) == []
    assert len(scans(log)) == 1
    assert it.result().outcomes[0].chute == "B"


@pytest.mark.parametrize("forgets", [False, True])
def test_a_plc_that_restarts_forgets_orders_and_laps_and_asks_again(forgets: bool) -> None:
    it = hall(faults=Faults(restarts=[PlcRestart(6_000, 2_000, forgets)]))
    log = play(it, lambda scan: [order(scan.parcel, "B", name=f"{scan.parcel}/{it.now_ms}")])
    kinds = [type(each) for _, each in log]
    assert kinds.index(PlcDown) < kinds.index(PlcUp)
    before, after = scans(log)
    assert after.lap == 1
    assert (before.parcel == after.parcel) is not forgets
    assert it.result().outcomes[0].laps == 2
    assert [each.outcome for each in diverts(log)][-1] is DivertOutcome.OK


def test_nothing_is_put_on_while_the_plc_is_down() -> None:
    it = hall(6, Faults(restarts=[PlcRestart(1_500, 30_000)]))
    log = play(it, lambda scan: [order(scan.parcel, "A", name=f"{scan.parcel}/{it.now_ms}")])
    assert not [at for at, each in log if isinstance(each, Said | Asked) and 1_500 < at < 31_500]
    assert not it.result().without_final_state
