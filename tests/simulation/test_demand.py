"""The simulated day: its mix, its numbers, its addresses."""

import csv
import io
import re
import tomllib
from collections import Counter
from itertools import pairwise
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.errors import BadInput
from karez.simulation.companies import s10_check_digit
from karez.simulation.demand import PlannedParcel, advice_csv, day, intercepts, returns

KASHI = Path(__file__).parents[2] / "examples" / "kashi"
AREAS, CODES = KASHI / "areas.toml", KASHI / "sort_codes.toml"
PATTERNS = {
    "sf": r"SF\d{13}",
    "yto": r"YT\d{13}",
    "zto": r"7[0-68-9]\d{12}",
    "sto": r"77\d{13}",
    "yunda": r"4[36]\d{13}",
    "jt": r"JT\d{13}",
    "jd": r"JD[A-Z]{0,2}\d{11,13}",
    "ems": r"[A-Z]{2}\d{9}CN",
    "deppon": r"DPK\d{12}",
}


def kashi_day(seed: int = 1, parcels: int = 300) -> list[PlannedParcel]:
    return day(seed, parcels, 20_000, AREAS, CODES)


def test_the_same_seed_plans_the_same_day_and_another_seed_another() -> None:
    assert kashi_day(seed=5) == kashi_day(seed=5)
    assert kashi_day(seed=5) != kashi_day(seed=6)


def test_a_day_of_three_hundred_holds_the_stated_mix_exactly() -> None:
    parcels = kashi_day()

    assert Counter(parcel.picture for parcel in parcels) == {"typical": 288, "hard": 9, "unreadable": 3}
    assert Counter(parcel.script for parcel in parcels) == {"zh": 240, "zh+ug": 24, "ug": 21, "en": 15}
    assert sum(parcel.length_mm > 1200 for parcel in parcels) == 3
    assert sum(parcel.mass_g > 30_000 for parcel in parcels) == 3
    assert 1 <= len(intercepts(parcels)) <= 3
    assert 1 <= len(returns(parcels)) <= 3


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 220))
def test_every_day_keeps_its_quotas_and_valid_numbers(seed: int, count: int) -> None:
    parcels = kashi_day(seed, count)
    pictures = Counter(parcel.picture for parcel in parcels)
    address_alone = [parcel for parcel in parcels if not parcel.advised and parcel.sort_code is None]

    assert [parcel.index for parcel in parcels] == list(range(count))
    assert abs(pictures["typical"] - 0.96 * count) < 1
    assert abs(pictures["unreadable"] - 0.01 * count) < 1
    assert sum(parcel.advised for parcel in parcels) <= count / 2
    assert len(address_alone) >= ceil(count / 5)
    assert len({parcel.waybill for parcel in parcels}) == count
    assert all(re.fullmatch(PATTERNS[parcel.company], parcel.waybill) for parcel in parcels)
    assert all(parcel.length_mm >= parcel.width_mm >= parcel.height_mm > 0 < parcel.mass_g for parcel in parcels)
    assert all(earlier.arrives_ms <= later.arrives_ms for earlier, later in pairwise(parcels))


def test_postal_numbers_carry_the_check_digit_of_the_standard() -> None:
    assert s10_check_digit("47312482") == 9  # the example of UPU S10: RB 47312482 9 GB
    postal = [parcel.waybill for parcel in kashi_day(parcels=600) if parcel.company == "ems"]

    assert postal
    assert all(int(number[10]) == s10_check_digit(number[2:10]) for number in postal)


def test_each_sort_code_leads_to_the_parcels_true_area_by_its_longest_entry() -> None:
    table = tomllib.loads(CODES.read_text("utf-8"))["codes"]

    def led_to(code: str) -> str:
        segments = code.split()
        heads = (" ".join(segments[:length]) for length in range(len(segments), 0, -1))
        return str(next(table[head] for head in heads if head in table))

    coded = [parcel for parcel in kashi_day(parcels=900) if parcel.sort_code]
    assert all(led_to(parcel.sort_code or "") == parcel.area for parcel in coded)
    assert all(len((parcel.sort_code or "").split()) == 3 for parcel in coded)


def test_every_area_of_the_hub_gets_parcels_whose_address_names_a_place_in_it() -> None:
    rows = {row["id"]: row for row in tomllib.loads(AREAS.read_text("utf-8"))["area"]}
    parcels = kashi_day(parcels=900)

    assert {parcel.area for parcel in parcels} == set(rows)
    for parcel in parcels:
        townships = rows[parcel.area].get("townships", {})
        assert not townships or parcel.township_name in townships[parcel.county_name] or parcel.script in ("ug", "en")


def test_a_foreign_address_that_stands_alone_goes_where_its_county_alone_leads() -> None:
    rows = {row["id"]: row for row in tomllib.loads(AREAS.read_text("utf-8"))["area"]}
    alone = [
        parcel
        for parcel in kashi_day(parcels=900)
        if parcel.script in ("ug", "en") and not parcel.advised and parcel.sort_code is None
    ]

    assert len(alone) > 10
    assert all(parcel.county_name in rows[parcel.area].get("counties", ()) for parcel in alone)


def test_pre_advice_lists_the_advised_parcels_only_and_in_chinese() -> None:
    parcels = kashi_day()
    rows = list(csv.DictReader(io.StringIO(advice_csv(parcels).decode("utf-8"))))

    assert list(rows[0]) == ["waybill", "company", "service", "address"]
    assert [row["waybill"] for row in rows] == [parcel.waybill for parcel in parcels if parcel.advised]
    assert all(re.match(r"[\u4e00-\u9fff]+[省市区]", row["address"]) for row in rows)


def test_the_flow_comes_in_waves_and_keeps_its_mean_rate() -> None:
    parcels = day(3, 4_000, 20_000, AREAS, CODES)
    length_ms = 4_000 * 3_600_000 / 20_000
    a_minute = Counter(parcel.arrives_ms // 60_000 for parcel in parcels)

    assert abs(parcels[-1].arrives_ms - length_ms) < 0.01 * length_ms
    assert max(a_minute.values()) > 1.2 * min(a_minute.values())


def test_inductions_are_named_as_the_hall_has_them() -> None:
    assert {parcel.induction for parcel in day(1, 60, 9_000, AREAS, CODES, inductions=3)} == {"I1", "I2", "I3"}


def test_an_area_without_a_known_place_is_named_in_the_error(tmp_path: Path) -> None:
    areas = tmp_path / "areas.toml"
    areas.write_text('[[area]]\nid = "A1"\nkind = "local"\nname = { zh = "无" }\ncounties = ["无名县"]\n', "utf-8")

    with pytest.raises(BadInput, match="area A1"):
        day(1, 10, 1_000, areas, CODES)
