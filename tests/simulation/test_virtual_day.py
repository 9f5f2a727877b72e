"""Days on the virtual clock: the real control code loses nothing, whatever goes wrong, seed by seed."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from karez.address.resolver import Resolver
from karez.cli import compose
from karez.domain import events as ev
from karez.domain.errors import BadConfig
from karez.domain.sorting import Assignment, Consignment, HallState
from karez.domain.telegrams import Divert, Telegram
from karez.hub import assignment, induction, recovery
from karez.hub.parcel import LiveParcel
from karez.settings import HallSection, Settings
from karez.simulation.virtual.link import VirtualPlc
from karez.simulation.virtual.rates import ALL, NO_FAULT_RATES, FaultRates, fault_rates
from karez.simulation.virtual.report import INVARIANTS, holds, report
from karez.simulation.virtual.shard import Order, ShardResult, run_shard
from karez.sorter.plc.sequence import Inbox
from karez.sortplan.plan import SortPlan

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


@cache
def harsh_day(seed: int, coders: int) -> ShardResult:
    return run(seed, HARSH, 600, coders)


HARSH_DAYS = [(1, 0), (2, 2), (3, 1)]


@pytest.mark.parametrize(("seed", "coders"), HARSH_DAYS)
def test_under_every_fault_nothing_is_lost_and_nothing_is_done_twice(seed: int, coders: int) -> None:
    result = harsh_day(seed, coders)
    assert not result.told, "\n".join(result.told)
    assert result.counts["final"] == 600
    assert result.counts["kills"] > 0
    assert result.counts["detected"] == result.counts["missorted_injected"] > 0


def test_every_fault_of_the_table_is_felt() -> None:
    days = [harsh_day(*each) for each in HARSH_DAYS]
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


def early_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub acknowledges before the commit: what waits when it is killed is gone for good."""
    usual = VirtualPlc._arrived

    def arrived(self: VirtualPlc, telegram: Telegram, seq: int, inbox: Inbox) -> None:
        self.end.acknowledge(inbox, seq)
        usual(self, telegram, seq, inbox)

    monkeypatch.setattr(VirtualPlc, "_arrived", arrived)


def blind_confirmation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub takes every confirmation for one of the chute that it ordered."""
    usual = induction.confirmed

    def confirmed(parcel: LiveParcel, telegram: Divert, *rest: Any) -> Any:
        ordered = parcel.order.chute if parcel.order else None
        seen = replace(telegram, chute=ordered) if telegram.chute and ordered else telegram
        return usual(parcel, seen, *rest)

    monkeypatch.setattr(induction, "confirmed", confirmed)


def wrong_chute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fiftieth decision names the first chute of the plan."""
    usual, number = assignment.assign, itertools.count(1)

    def assign(wanted: Consignment, plan: SortPlan, hall: HallState) -> Assignment:
        found = usual(wanted, plan, hall)
        return replace(found, chute=plan.chutes[0]) if found.chute and next(number) % 50 == 0 else found

    monkeypatch.setattr(assignment, "assign", assign)


def forgotten_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that starts again knows nothing of its orders, and decides anew."""
    usual = recovery.from_history

    def from_history(history: Sequence[ev.Recorded]) -> LiveParcel:
        parcel = usual(history)
        parcel.decided_lap = 0
        return parcel

    monkeypatch.setattr(recovery, "from_history", from_history)


KILLS = FaultRates(hub_kills_per_h=600, hub_down_ms=500, disk_slow_per_h=120)


@pytest.mark.parametrize(
    ("fault", "rates", "what"),
    [
        (early_acknowledgement, KILLS, "contradicted"),
        (forgotten_orders, KILLS, "decided_twice"),
        (blind_confirmation, FaultRates(strays=0.05), "undetected"),
        (wrong_chute, NO_FAULT_RATES, "missorted_by_software"),
    ],
)
def test_the_judge_sees_a_hub_that_is_at_fault(
    fault: Callable[[pytest.MonkeyPatch], None], rates: FaultRates, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not run(1, rates, 300).told
    fault(monkeypatch)
    assert run(1, rates, 300).counts[what] > 0
