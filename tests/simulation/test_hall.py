"""The loop sorter as a model: what it does with orders, and what it never does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.ids import OrderId
from karez.domain.telegrams import Dest, DivertOutcome, Induct, Scan, State, Subject
from karez.settings import HallSection
from karez.simulation.faults import Cut, Faults, FullChute, Stray
from karez.simulation.hall import Hall
from karez.simulation.happenings import Asked, HallParcel, LinkCut, LinkMended, Photographed, Said
from simulation.hall_by_hand import CHUTES, diverts, hall, order, play, states


def test_one_parcel_goes_induct_camera_scan_chute_in_this_order() -> None:
    log = play(hall(), lambda scan: [order(scan.parcel, "B")])
    kinds = [type(each.telegram if isinstance(each, Said) else each).__name__ for _, each in log]
    assert kinds == ["Induct", "Photographed", "Asked", "Divert"]
    times = {type(each): at for at, each in log}
    assert times[Asked] - times[Photographed] >= 1_000


def test_the_scan_tells_mass_size_and_lap_and_no_code() -> None:
    log = play(hall(), lambda scan: [order(scan.parcel, "B")])
    (scan,) = [each.telegram for _, each in log if isinstance(each, Asked)]
    assert (scan.mass_g, scan.length_mm, scan.width_mm, scan.height_mm) == (500, 300, 200, 100)
    assert (scan.lap, scan.codes) == (1, ())


def test_without_an_answer_a_parcel_goes_round_and_is_never_diverted() -> None:
    it = hall()
    log = play(it, lambda scan: [], until_ms=60_000)
    assert {each.outcome for each in diverts(log)} == {DivertOutcome.RECIRCULATED}
    laps = [each.telegram.lap for _, each in log if isinstance(each, Asked)]
    assert laps == [1, 2, 3]
    asked = [at for at, each in log if isinstance(each, Asked)]
    assert asked[1] - asked[0] == it.loop.lap_ms == 20_000
    assert it.result().outcomes[0].chute is None


def test_an_order_without_a_chute_sends_it_round_until_one_names_a_chute() -> None:
    it = hall()
    log = play(it, lambda scan: [order(scan.parcel, "A" if scan.lap == 3 else None, name=f"o{scan.lap}")])
    assert [each.outcome for each in diverts(log)] == [
        DivertOutcome.RECIRCULATED,
        DivertOutcome.RECIRCULATED,
        DivertOutcome.OK,
    ]
    assert it.result().outcomes[0].laps == 3
    assert it.result().recirculated == {0}
    assert it.result().recirculating_share > 0.5


FULL_B = Faults(full=(FullChute(CHUTES[1], 0, 500_000),))


def test_a_full_chute_sends_a_parcel_to_an_alternative_further_on() -> None:
    it = hall(faults=FULL_B)
    (ok,) = diverts(play(it, lambda scan: [order(scan.parcel, "B", "C")]))
    assert (ok.outcome, ok.chute, ok.order) == (DivertOutcome.OK, "C", "P7-000001/1")


def test_the_better_alternative_is_waited_for_when_it_is_further_on() -> None:
    (ok,) = diverts(play(hall(faults=FULL_B), lambda scan: [order(scan.parcel, "B", "X", "C")]))
    assert ok.chute == "X"


def test_a_full_chute_without_an_alternative_is_told_and_the_parcel_goes_round() -> None:
    log = play(hall(faults=FULL_B), lambda scan: [order(scan.parcel, "B")], until_ms=30_000)
    assert [(each.outcome, each.chute) for each in diverts(log)] == [(DivertOutcome.FULL, "B")]


def test_without_a_name_the_chute_that_took_most_is_the_one_that_fills() -> None:
    it = hall(20, Faults(full=(FullChute(None, 18_000, 30_000, CHUTES),)))
    play(it, lambda scan: [order(scan.parcel, "C", name=f"{scan.parcel}/{scan.lap}")])
    assert it.result().filled == ("C",)
    assert it.result().recirculated and not it.result().without_final_state


def test_an_order_past_its_validity_is_told_as_late() -> None:
    log = play(hall(), lambda scan: [order(scan.parcel, "X", valid_for_ms=100)], until_ms=30_000)
    assert [(each.outcome, each.chute) for each in diverts(log)] == [(DivertOutcome.LATE, "X")]


def test_an_order_for_a_chute_that_the_hall_has_not_is_told_as_aborted() -> None:
    log = play(hall(), lambda scan: [order(scan.parcel, "Z")], until_ms=30_000)
    assert [(each.outcome, each.chute) for each in diverts(log)] == [(DivertOutcome.ABORTED, "Z")]


def test_a_newer_order_replaces_the_one_before() -> None:
    it = hall()
    play(it, lambda scan: [order(scan.parcel, "A", name="o1"), order(scan.parcel, "C", name="o2")])
    assert it.result().outcomes[0].chute == "C"


def test_an_order_of_the_last_lap_does_nothing_after_the_next_scan() -> None:
    late: list[Dest] = []
    it = hall()

    def answer(scan: Scan) -> list[Dest]:
        if scan.lap == 1:
            late.append(order(scan.parcel, "B"))
            return []
        return [order(scan.parcel, None, name="o2")]

    play(it, answer, until_ms=21_500)
    it.take(late[0])  # between the last chute and the scan point
    play(it, answer, until_ms=45_000)
    assert it.result().outcomes[0].chute is None


def test_a_second_order_for_a_parcel_that_has_left_is_counted_and_does_nothing() -> None:
    it = hall(2)
    play(it, lambda scan: [order(scan.parcel, "A")])
    before = it.result().outcomes
    it.take(order(before[0].parcel, "C", name="again"))
    assert it.orders_after_leaving == 1
    assert it.result().outcomes == before


def test_chutes_fill_are_told_and_are_emptied_a_while_later() -> None:
    it = hall(12, capacity=4, emptied_after_ms=60_000)
    log = play(it, lambda scan: [order(scan.parcel, "A", name=f"{scan.parcel}/{scan.lap}")])
    told = [(each.name, each.state, each.value) for each in states(log)]
    assert told[:5] == [
        ("A", "open", 25),
        ("A", "open", 50),
        ("A", "open", 75),
        ("A", "full", 100),
        ("A", "open", 0),
    ]
    assert not it.result().without_final_state
    assert it.result().recirculated


def test_a_held_induction_puts_nothing_on_until_it_is_switched_on_again() -> None:
    it = hall(3)
    (told,) = it.take(State(Subject.INDUCTION, "I1", "off", 0))
    assert isinstance(told, Said) and isinstance(told.telegram, State) and told.telegram.state == "off"
    assert play(it, lambda scan: [order(scan.parcel, "A")]) == []
    assert not it.finished and it.next_ms is None
    it.take(State(Subject.INDUCTION, "I1", "on", 0))
    play(it, lambda scan: [order(scan.parcel, "A")])
    assert it.finished and not it.result().without_final_state


def test_a_cut_link_holds_the_inductions_and_is_mended_after_its_time() -> None:
    it = hall(10, Faults(cuts=(Cut(2_500, 5_000),)))
    log = play(it, lambda scan: [order(scan.parcel, "A")])
    (cut,) = [at for at, each in log if isinstance(each, LinkCut)]
    (mended,) = [at for at, each in log if isinstance(each, LinkMended)]
    assert (cut, mended) == (2_500, 7_500)
    inducted = [at for at, each in log if isinstance(each, Said) and isinstance(each.telegram, Induct)]
    assert len(inducted) == 10
    assert not [at for at in inducted if cut < at <= mended]


def test_a_parcel_that_no_order_ever_lets_off_ends_the_run_after_a_bound_of_laps() -> None:
    it = hall(max_laps=5)
    play(it, lambda scan: [])
    assert it.finished
    assert it.result().without_final_state == {0}
    assert it.result().outcomes[0].laps >= 5


@pytest.mark.parametrize(("silent", "told"), [(False, "C"), (True, "A")])
def test_a_stray_parcel_lies_where_it_fell_whatever_the_plc_tells(silent: bool, told: str) -> None:
    it = hall(2, Faults(strays=(Stray(1, CHUTES[2], silent),)))
    log = play(it, lambda scan: [order(scan.parcel, "A")])
    assert [each.chute for each in diverts(log)] == ["A", told]
    assert [each.chute for each in it.result().outcomes.values()] == ["A", "C"]


def test_parcel_ids_are_those_of_the_seed_in_the_order_of_induction() -> None:
    log = play(hall(3), lambda scan: [order(scan.parcel, "A")])
    named = [each.telegram.parcel for _, each in log if isinstance(each, Said) and isinstance(each.telegram, Induct)]
    assert named == ["P7-000001", "P7-000002", "P7-000003"]


def test_two_inductions_share_the_carriers_and_none_is_starved() -> None:
    section = HallSection(carriers=20, pitch_mm=500, speed_mm_s=1000, inductions=2)
    it = Hall(section, CHUTES, [HallParcel(n, 0, n % 2, 1, 1, 1, 1) for n in range(60)], seed=1)
    log = play(it, lambda scan: [order(scan.parcel, "A")])
    first = [
        each.telegram.induction for _, each in log if isinstance(each, Said) and isinstance(each.telegram, Induct)
    ][:20]
    assert first.count("I1") == first.count("I2") == 10


chute_names = st.sampled_from([*CHUTES, "Z"])
answers = st.lists(
    st.builds(
        lambda chute, others, valid: (chute, tuple(others), valid),
        st.none() | chute_names,
        st.lists(chute_names, max_size=3),
        st.none() | st.integers(0, 20_000),
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_ordered_a_parcel_leaves_once_by_an_open_chute_of_its_orders(data: st.DataObject) -> None:
    faults = data.draw(
        st.builds(
            lambda chute, at, long: Faults(full=(FullChute(chute, at, long),)),
            st.sampled_from(CHUTES),
            st.integers(0, 30_000),
            st.integers(1, 60_000),
        )
    )
    it = hall(8, faults, apart_ms=700, capacity=3, emptied_after_ms=5_000, max_laps=6)
    ordered: dict[str, set[str | None]] = {}
    known: list[str] = []
    riders: dict[int, str] = {}
    left: dict[str, str | None] = {}

    def orders(scan: Scan) -> list[Dest]:
        made = []
        known.append(scan.parcel)
        for number, (chute, others, valid) in enumerate(data.draw(answers)):
            to = data.draw(st.sampled_from(known))  # also for parcels that are elsewhere, or gone
            ordered.setdefault(to, set()).update({chute, *others})
            made.append(Dest(OrderId(f"{it.now_ms}/{number}"), to, chute, others, "plan", valid))
        return made

    open_now = dict.fromkeys(CHUTES, True)
    for _, each in play(it, orders, until_ms=400_000):
        said = each.telegram if isinstance(each, Said) else None
        if isinstance(said, Induct):
            assert said.carrier not in riders
            riders[said.carrier] = said.parcel
        elif isinstance(said, State):
            open_now[said.name] = said.state == "open"
        elif said is not None and said.outcome is DivertOutcome.OK:
            assert riders.pop(said.carrier) == said.parcel
            assert said.chute in ordered[said.parcel]
            assert open_now[said.chute]
            assert said.parcel not in left
            left[said.parcel] = said.chute
    outcomes = it.result().outcomes
    assert len(outcomes) == 8
    assert {each.parcel: each.chute for each in outcomes.values() if each.chute} == left
    assert all(each.times_diverted == (1 if each.chute else 0) for each in outcomes.values())


@given(st.integers(0, 3))
def test_the_same_parcels_script_and_orders_give_the_same_happenings(pick: int) -> None:
    runs = [play(hall(12, FULL_B, capacity=3), lambda scan: [order(scan.parcel, CHUTES[pick])]) for _ in range(2)]
    assert runs[0] == runs[1]
