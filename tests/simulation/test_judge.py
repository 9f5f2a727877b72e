"""The judge: every parcel counted once, by where it lies and where it truly belongs."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.destination import Destination, DestinationReason
from karez.domain.errors import BadInput
from karez.domain.ids import AreaId, ChuteId
from karez.domain.sorting import Consignment, HallState, Size
from karez.simulation.demand import PlannedParcel, day
from karez.simulation.judge import Outcome, Verdict, judge
from karez.simulation.true_plan import read_plan
from karez.sortplan.plan import SortPlan
from karez.sortplan.rules import assign

KASHI = Path(__file__).parents[2] / "examples" / "kashi"
AREAS = KASHI / "areas.toml"

PLAN = """
name = "by hand"
chutes = ["K01", "K02", "K03", "K04", "K05", "K06", "K07", "K08", "BIG", "HEAVY", "INT", "RET", "EXC"]
exception = "EXC"

[intercept]
chute = "INT"
waybills = ["{intercept}"]

[return]
chute = "RET"
file = "returns.txt"

[oversize]
chute = "BIG"
longest_mm = 1200

[overweight]
chute = "HEAVY"
mass_g = 30000

[[rule]]
area = "KS-01"
chute = "K01"
alternatives = ["K02"]

[[rule]]
area = ["KS-02", "KS-03"]
company = ["sf", "ems"]
chute = "K03"

[[rule]]
area = ["KS-02", "KS-03", "KS-04"]
chute = "K02"

[[rule]]
county = "喀什地区/莎车县"
mass_g = [0, 800]
chute = "K04"

[[rule]]
county = "莎车县"
chute = "K05"

[[rule]]
prefecture = "阿克苏地区"
chute = "K06"

[[rule]]
province = "新疆维吾尔自治区"
longest_mm = [0, 400]
chute = "K07"

[[rule]]
rest = true
chute = "K08"
"""


@cache
def parcels(seed: int = 1, count: int = 300) -> list[PlannedParcel]:
    return day(seed, count, 20_000, AREAS, KASHI / "sort_codes.toml")


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_plan(tmp_path_factory.mktemp("plan"))


def written_plan(folder: Path) -> Path:
    (folder / "returns.txt").write_text(f"# returns\n{parcels()[6].waybill}  # asked for by phone\n", "utf-8")
    (folder / "plan.toml").write_text(PLAN.format(intercept=parcels()[5].waybill.lower()), "utf-8")
    return folder / "plan.toml"


def plain(**changes: object) -> PlannedParcel:
    small = {"mass_g": 500, "length_mm": 300, "width_mm": 200, "height_mm": 100, "waybill": "YT0000000000001"}
    return replace(parcels()[0], **{**small, **changes})  # type: ignore[arg-type]  # fields by name, values mixed


def lies_in(parcel: PlannedParcel, chute: str | None, laps: int = 1, times: int = 1) -> dict[int, Outcome]:
    return {parcel.index: Outcome(parcel.index, None, ChuteId(chute) if chute else None, laps, times)}


def judged(parcel: PlannedParcel, chute: str | None, plan_file: Path) -> str:
    return judge([parcel], lies_in(parcel, chute), plan_file, AREAS).states[parcel.index]


@pytest.mark.parametrize(
    "chute, state", [("K01", "sorted"), ("K02", "sorted"), ("K03", "missorted"), ("EXC", "exception")]
)
def test_a_parcel_is_sorted_in_the_first_chute_of_its_row_or_in_an_alternative(
    chute: str, state: str, plan_file: Path
) -> None:
    assert judged(plain(area="KS-01"), chute, plan_file) == state


def test_a_parcel_on_a_list_is_missorted_where_its_area_would_go(plan_file: Path) -> None:
    listed, returned = (
        plain(area="KS-01", waybill=parcels()[5].waybill),
        plain(area="KS-01", waybill=parcels()[6].waybill),
    )

    assert (judged(listed, "INT", plan_file), judged(listed, "K01", plan_file)) == ("sorted", "missorted")
    assert (judged(returned, "RET", plan_file), judged(returned, "K01", plan_file)) == ("sorted", "missorted")


def test_what_is_too_long_or_too_heavy_belongs_in_its_own_outlet(plan_file: Path) -> None:
    assert judged(plain(area="KS-01", length_mm=1201), "BIG", plan_file) == "sorted"
    assert judged(plain(area="KS-01", length_mm=1200), "BIG", plan_file) == "missorted"
    assert judged(plain(area="KS-01", mass_g=30_001), "HEAVY", plan_file) == "sorted"
    assert judged(plain(area="KS-01", length_mm=1201, mass_g=30_001), "HEAVY", plan_file) == "missorted"


def test_the_row_that_asks_more_wins_over_the_plain_one(plan_file: Path) -> None:
    assert judged(plain(area="KS-02", company="sf"), "K03", plan_file) == "sorted"
    assert judged(plain(area="KS-02", company="zto"), "K03", plan_file) == "missorted"
    assert judged(plain(area="L-SCX", county_name="莎车县", mass_g=801), "K04", plan_file) == "missorted"


def test_a_parcel_that_never_left_the_sorter_or_was_never_on_it_has_no_final_state(plan_file: Path) -> None:
    parcel = plain(area="KS-01")

    assert judged(parcel, None, plan_file) == "without_final_state"
    assert judge([parcel], {}, plan_file, AREAS).without_final_state == 1
    assert judge([parcel], {}, plan_file, AREAS, removed=[parcel.index]).removed == 1
    assert judge([parcel], {}, plan_file, AREAS, taken_off=[parcel.index]).taken_off == 1


def test_a_parcel_diverted_twice_is_named(plan_file: Path) -> None:
    parcel = plain(area="KS-01")

    assert judge([parcel], lies_in(parcel, "K01", times=2), plan_file, AREAS).diverted_twice == (parcel.index,)


def test_what_is_not_sorted_is_explained_without_a_word_of_its_address(plan_file: Path) -> None:
    parcel = plain(area="KS-01")
    verdict = judge([parcel], lies_in(parcel, "K03", laps=2), plan_file, AREAS)

    assert verdict.explanations[parcel.index].startswith("in K03 after 2 laps; area KS-01 belongs in K01 or K02")
    assert parcel.address not in verdict.explanations[parcel.index]


def test_a_day_of_another_hub_is_refused(plan_file: Path) -> None:
    with pytest.raises(BadInput, match="unknown areas"):
        judge([plain(area="NOWHERE")], {}, plan_file, AREAS)


CHUTES = [*(f"K0{number}" for number in range(1, 9)), "BIG", "HEAVY", "INT", "RET", "EXC", None]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_counts_of_any_outcome_add_up(data: st.DataObject, plan_file: Path) -> None:
    some = parcels()[: data.draw(st.integers(0, 60))]
    outcomes = {}
    for parcel in some:
        if data.draw(st.booleans()):
            outcomes |= lies_in(parcel, data.draw(st.sampled_from(CHUTES)))
    gone = data.draw(st.sets(st.integers(0, 60)))

    verdict = judge(some, outcomes, plan_file, AREAS, removed=gone)
    assert verdict.parcels == len(some) == sum_of_counts(verdict) == len(verdict.states)


def sum_of_counts(verdict: Verdict) -> int:
    ended = verdict.sorted + verdict.missorted + verdict.exception + verdict.removed + verdict.taken_off
    return ended + verdict.without_final_state


def test_the_judges_own_reading_of_the_plan_agrees_with_the_hubs_rules_given_the_truth(plan_file: Path) -> None:
    truth, hub = read_plan(plan_file), SortPlan.load(plan_file)
    chutes_seen = set()
    for parcel in [*parcels(), *parcels(2, 900)]:
        right = truth.right_chutes(parcel)
        assignment = assign(consignment(parcel), hub, HallState({}))
        assert (assignment.chute, *assignment.alternatives) == right
        chutes_seen.add(right[0])
    assert chutes_seen == set(CHUTES) - {"EXC", None}


def consignment(parcel: PlannedParcel) -> Consignment:
    return Consignment(
        waybill=parcel.waybill,
        destination=Destination(
            province_name=parcel.province_name,
            prefecture_name=parcel.prefecture_name,
            county=None,
            county_name=parcel.county_name,
            township=None,
            township_name=parcel.township_name,
            area=AreaId(parcel.area),
            confidence=1.0,
            reason=DestinationReason.ADDRESS,
            explanation="",
        ),
        company=parcel.company,
        service=parcel.service,
        mass_g=parcel.mass_g,
        size=Size(parcel.length_mm, parcel.width_mm, parcel.height_mm),
    )
