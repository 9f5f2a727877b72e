"""Days on the virtual clock: the real control code loses nothing, whatever goes wrong, seed by seed."""

from functools import cache
from pathlib import Path

import pytest

from karez.address.resolver import Resolver
from karez.cli import compose
from karez.domain.errors import BadConfig
from karez.settings import HallSection, Settings
from karez.simulation.virtual.rates import ALL, NO_FAULT_RATES, FaultRates, fault_rates
from karez.simulation.virtual.report import INVARIANTS, holds, report
from karez.simulation.virtual.shard import Order, ShardResult, run_shard

_NOT_MULTIPLIED = {"delay_ms", "hub_down_ms", "disk_slow_ms", "plc_forgets", "put_back", "until"}
HARSH = FaultRates(**{name: value if name in _NOT_MULTIPLIED else value * 8 for name, value in ALL})
"""Eight times what `--faults all` means: all of it happens within a few hundred parcels."""


@cache
def resolver() -> Resolver:
    return compose.resolver(Settings(**{"address": _address()}))


def _address() -> dict[str, Path]:
    return {"areas": compose.example() / "areas.toml", "sort_codes": compose.example() / "sort_codes.toml"}


def run(seed: int, rates: FaultRates, parcels: int = 400, coders: int = 0) -> ShardResult:
    order = Order(seed, rates, compose.example(), HallSection(), 14_000, coders=coders)
    return run_shard(order, 0, parcels, lambda settings: resolver())


def test_without_faults_every_parcel_ends_where_it_belongs() -> None:
    result = run(1, NO_FAULT_RATES)
    assert result.counts["sorted"] + result.counts["exception"] == result.counts["final"] == 400
    assert not result.told
    assert not +result.faults


@pytest.mark.parametrize(("seed", "coders"), [(1, 0), (2, 2), (3, 0), (4, 1)])
def test_under_every_fault_nothing_is_lost_and_nothing_is_done_twice(seed: int, coders: int) -> None:
    result = run(seed, HARSH, 600, coders)
    assert not result.told, "\n".join(result.told)
    assert result.counts["final"] == 600
    assert result.counts["kills"] > 0
    assert result.counts["detected"] == result.counts["missorted_injected"] > 0


def test_every_fault_of_the_table_is_felt() -> None:
    days = [run(seed, HARSH, 600, coders=1) for seed in (5, 6, 7)]
    felt = days[0].faults + days[1].faults + days[2].faults
    assert sum(each.counts["commits_lost"] for each in days) > 0
    assert set(felt) >= {
        *("telegram_lost", "telegram_duplicated", "telegram_reordered", "telegram_delayed", "link_cut", "plc_restart"),
        *("hub_kill", "clock_jump", "disk_slow", "chute_jam", "bag_change", "chute_full", "removed", "removed_untold"),
        *("added", "stray", "stray_silent", "misread"),
    }


def test_the_same_seed_is_the_same_day_and_another_is_not() -> None:
    assert run(8, HARSH, 200) == run(8, HARSH, 200)
    assert run(8, HARSH, 200) != run(9, HARSH, 200)


def test_a_day_that_is_stopped_tells_what_was_done_so_far() -> None:
    order = Order(1, NO_FAULT_RATES, compose.example(), HallSection(), 14_000)
    result = run_shard(order, 0, 400, lambda settings: resolver(), lambda left: left < 50)
    assert 50 <= result.counts["final"] < 400


def test_shards_add_up_and_one_offence_anywhere_is_enough() -> None:
    results = [run(1, NO_FAULT_RATES, 100), run(2, NO_FAULT_RATES, 100)]
    figures = report(results, 1, 200, 2, seconds=2.0)
    assert (figures["parcels"], figures["final"], figures["shards_done"]) == (200, 200, 2)
    assert figures["laps_mean"] >= 1
    assert holds(results)
    results[1].counts[INVARIANTS[0]] += 1
    assert not holds(results)


def test_a_file_of_faults_names_what_it_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text("[faults]\ntelegram_lost = 0.01\nhub_kills_per_h = 3\n", "utf-8")
    assert fault_rates(str(file)) == FaultRates(telegram_lost=0.01, hub_kills_per_h=3)
    file.write_text("[faults]\ntelegram_lost = 2\nearthquakes = 1\n", "utf-8")
    with pytest.raises(BadConfig, match=r"earthquakes(.|\n)*|telegram_lost(.|\n)*"):
        fault_rates(str(file))
    assert fault_rates("all") is ALL


@pytest.mark.soak
def test_a_hundred_thousand_parcels_under_harsh_faults() -> None:
    for seed in range(100, 120):
        result = run(seed, HARSH, 5_000, coders=seed % 3)
        assert not result.told, f"seed {seed}:\n" + "\n".join(result.told)
        assert result.counts["final"] == 5_000
