"""Which chute a parcel leaves by, and why."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.ids import ChuteId
from karez.domain.sorting import AssignmentReason, ChuteState, Consignment, HallState, Size
from karez.sortplan.plan import SortPlan
from karez.sortplan.rules import assign
from sortplan.small_plan import consignment, place, small_plan

ALL_OPEN = HallState({})


def shut(*chutes: str) -> HallState:
    return HallState({ChuteId(chute): ChuteState.FULL for chute in chutes})


@pytest.fixture(scope="module")
def plan() -> SortPlan:
    with TemporaryDirectory() as folder:
        return small_plan(Path(folder))


def test_the_row_of_the_area_decides_and_its_other_chutes_go_along(plan: SortPlan) -> None:
    it = assign(consignment(place("KS-1", "喀什市")), plan, ALL_OPEN)
    assert (it.chute, list(it.alternatives), it.reason, it.rule) == ("A", ["B"], AssignmentReason.PLAN, "old town")


def test_of_one_place_the_rule_that_asks_more_decides(plan: SortPlan) -> None:
    assert assign(consignment(place("KS-1"), company="ems"), plan, ALL_OPEN).chute == "C"
    assert assign(consignment(place("KS-2"), company="ems"), plan, ALL_OPEN).chute == "A"


def test_a_less_specific_place_decides_where_no_rule_of_the_more_specific_one_fits(plan: SortPlan) -> None:
    xinjiang, hotan = "新疆维吾尔自治区", "和田地区"
    assert assign(consignment(place("KS-7", "喀什市", "喀什地区", xinjiang)), plan, ALL_OPEN).chute == "B"
    assert assign(consignment(place("P-HTN", "皮山县", hotan, xinjiang)), plan, ALL_OPEN).chute == "C"
    assert assign(consignment(place("P-HTN", "皮山县", hotan, xinjiang), mass_g=1001), plan, ALL_OPEN).chute == "D"


def test_a_mass_that_was_not_measured_fits_no_range(plan: SortPlan) -> None:
    to = place(None, "皮山县", "和田地区", "新疆维吾尔自治区")
    assert assign(consignment(to, mass_g=None), plan, ALL_OPEN).rule == "Xinjiang"


def test_the_first_open_chute_of_the_row_is_ordered(plan: SortPlan) -> None:
    it = assign(consignment(place("KS-1")), plan, shut("A"))
    assert (it.chute, list(it.alternatives), it.reason) == ("B", ["A"], AssignmentReason.ALTERNATIVE)


def test_a_row_that_is_full_sends_the_parcel_round(plan: SortPlan) -> None:
    it = assign(consignment(place("KS-1")), plan, shut("A", "B"))
    assert (it.chute, it.reason) == (None, AssignmentReason.ALL_FULL)
    assert "A, B" in it.explanation


def test_a_destination_in_no_row_leaves_by_the_exception_chute(plan: SortPlan) -> None:
    it = assign(consignment(place("X-CN", "南山区", "深圳市", "广东省")), plan, ALL_OPEN)
    assert (it.chute, it.reason, it.rule) == ("X", AssignmentReason.NOT_IN_PLAN, None)
    assert assign(consignment(place("X-CN")), plan, shut("X")).chute is None


def test_without_a_destination_only_lists_and_limits_apply(plan: SortPlan) -> None:
    assert assign(consignment(None), plan, ALL_OPEN).reason is AssignmentReason.NOT_RESOLVED
    assert assign(consignment(None, "YT2"), plan, ALL_OPEN).reason is AssignmentReason.RETURN
    assert assign(consignment(None, None, mass_g=30_001), plan, ALL_OPEN).reason is AssignmentReason.OVERWEIGHT


def test_lists_and_limits_win_in_their_order(plan: SortPlan) -> None:
    huge = Size(1200, 900, 900)
    to = place("KS-1")
    assert assign(consignment(to, "yt1", mass_g=40_000, size=huge), plan, ALL_OPEN).chute == "I"
    assert assign(consignment(to, "YT2", mass_g=40_000, size=huge), plan, ALL_OPEN).chute == "R"
    assert assign(consignment(to, mass_g=40_000, size=huge), plan, ALL_OPEN).reason is AssignmentReason.OVERSIZE
    assert assign(consignment(to, size=Size(900, 800, 400)), plan, ALL_OPEN).reason is AssignmentReason.OVERSIZE
    assert assign(consignment(to, mass_g=40_000), plan, ALL_OPEN).reason is AssignmentReason.OVERWEIGHT
    assert assign(consignment(to, mass_g=30_000), plan, ALL_OPEN).reason is AssignmentReason.PLAN


def test_an_intercepted_parcel_goes_round_rather_than_into_another_chute(plan: SortPlan) -> None:
    it = assign(consignment(place("KS-1"), "YT1"), plan, shut("I"))
    assert (it.chute, it.reason) == (None, AssignmentReason.INTERCEPT)


words = st.none() | st.sampled_from(["KS-1", "KS-2", "喀什市", "和田地区", "新疆维吾尔自治区", "深圳市", ""])
numbers = st.none() | st.integers(-5, 10**9)
sizes = st.none() | st.builds(Size, *[st.integers(0, 5_000)] * 3)
consignments = st.builds(
    Consignment,
    waybill=st.none() | st.sampled_from(["YT1", "YT2", "YT9", ""]),
    destination=st.none() | st.builds(place, words, words, words, words),
    company=st.none() | st.sampled_from(["ems", "yto"]),
    service=st.none() | st.text(max_size=3),
    mass_g=numbers,
    size=sizes,
)
halls = st.dictionaries(st.sampled_from([*"ABCDIROX"]), st.sampled_from(ChuteState)).map(HallState)


@given(consignments, halls)
def test_whatever_comes_the_answer_is_an_open_chute_of_the_plan_or_none_and_a_reason(
    plan: SortPlan, wanted: Consignment, hall: HallState
) -> None:
    it = assign(wanted, plan, hall)
    assert it.chute is None or (it.chute in plan.chutes and hall.takes(it.chute))
    assert set(it.alternatives) <= set(plan.chutes) - {it.chute}
    assert len(set(it.alternatives)) == len(it.alternatives)
    assert it.explanation
    open_later = [hall.takes(each) for each in it.alternatives]
    assert open_later == sorted(open_later, reverse=True)


@given(consignments, halls)
def test_an_intercept_always_wins(plan: SortPlan, wanted: Consignment, hall: HallState) -> None:
    it = assign(wanted, plan, hall)
    assert (it.reason is AssignmentReason.INTERCEPT) == (wanted.waybill == "YT1")
    assert it.reason is not AssignmentReason.INTERCEPT or it.chute in ("I", None)


@given(consignments, halls)
def test_full_chutes_never_change_where_a_parcel_belongs(plan: SortPlan, wanted: Consignment, hall: HallState) -> None:
    belongs, now = assign(wanted, plan, ALL_OPEN), assign(wanted, plan, hall)
    assert now.chute in {belongs.chute, *belongs.alternatives, None}
    assert now.rule == belongs.rule
