"""What the histograms say is what was measured, within the error they promise; counts are those of the store."""

import asyncio
from collections import Counter
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.ids import OrderId, ParcelId
from karez.domain.telegrams import DivertOutcome
from karez.hub.metrics import metrics
from karez.hub.stages import BOUNDS_MS, MINUTES, RELATIVE_ERROR, Latencies, Stages
from karez.hub.status import status
from karez.hub.tally import FINAL_KINDS
from karez.sorter.plc.protocol import Rejected
from small_hub import NO_READ, SmallHub, reading


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


TIMES = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


class Hands:
    """A clock that is set by hand."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@given(TIMES)
def test_quantiles_lie_between_the_extremes_and_rise(values: list[float]) -> None:
    latencies = Latencies()
    for value in values:
        latencies.add(value)
    quantiles = [latencies.quantile(share) for share in (0.0, 0.5, 0.99, 1.0)]
    assert quantiles == sorted(quantiles)
    assert quantiles[0] == round(min(values), 3) and quantiles[-1] == round(max(values), 3)


@given(TIMES, st.floats(0, 1))
def test_a_quantile_is_the_nearest_rank_s_within_the_promised_error(values: list[float], share: float) -> None:
    latencies = Latencies()
    for value in values:
        latencies.add(value)
    true = sorted(values)[min(len(values) - 1, int(share * len(values)))]
    assert RELATIVE_ERROR < 0.02
    found = latencies.quantile(share)
    assert found is not None
    assert abs(found - true) <= RELATIVE_ERROR * true + 0.001, "the last is the rounding to a microsecond"


@given(TIMES)
def test_the_buckets_since_the_start_are_exact(values: list[float]) -> None:
    latencies = Latencies()
    for value in values:
        latencies.add(value)
    assert latencies.cumulative == [(bound, sum(v <= bound for v in values)) for bound in (*BOUNDS_MS, inf)]
    assert latencies.sum_ms == pytest.approx(sum(values))
    assert len(latencies) == len(values)


def test_quantiles_are_of_the_last_minutes_and_buckets_of_all_time() -> None:
    clock = Hands()
    latencies = Latencies(clock)
    assert latencies.quantile(0.5) is None
    for ms in (100.0, 1.0, 2.0):
        latencies.add(ms)
        clock.now_s += 60
    assert latencies.quantile(1.0) == 100.0
    clock.now_s += (MINUTES - 3) * 60
    assert latencies.quantile(1.0) == 100.0, "the oldest is a quarter of an hour old, and still counts"
    clock.now_s += 60
    assert latencies.quantile(1.0) == 2.0
    clock.now_s += MINUTES * 60
    assert latencies.quantile(1.0) is None
    latencies.add(7.0)
    assert latencies.quantile(0.5) == 7.0
    assert len(latencies) == 4


def test_an_answer_is_measured_once_a_lap_and_a_confirmation_from_its_first_order() -> None:
    stages, parcel = Stages(), ParcelId("a")
    stages.asked(parcel, 1, 10.0)
    stages.asked(parcel, 1, 10.5)  # asks again before there is an order
    stages.ordered(parcel, OrderId("o1"), 11.0)
    stages.asked(parcel, 1, 12.0)  # has lost the answer
    stages.ordered(parcel, OrderId("o1"), 12.1)
    stages.confirmed(parcel, 14.0)
    assert (len(stages.answer), stages.answer.sum_ms) == (1, pytest.approx(1_000))
    assert (len(stages.confirmation), stages.confirmation.sum_ms) == (1, pytest.approx(3_000))
    stages.asked(parcel, 2, 20.0)
    stages.ordered(parcel, OrderId("o2"), 20.5)
    stages.asked(parcel, 3, 30.0)  # the DIVERT of lap 2 never came
    stages.ordered(parcel, OrderId("o3"), 30.5)
    stages.over(parcel)
    stages.confirmed(parcel, 31.0)
    assert (len(stages.answer), len(stages.confirmation)) == (3, 1)


async def test_the_lag_of_a_loop_that_was_held_up_is_seen() -> None:
    stages = Stages()
    watching = asyncio.create_task(stages.watch_lag())
    await asyncio.sleep(0.06)
    ends = asyncio.get_running_loop().time() + 0.2
    while asyncio.get_running_loop().time() < ends:
        pass  # what no part of the loop may do
    await asyncio.sleep(0.06)
    watching.cancel()
    assert stages.lag.quantile(1.0) > 100


async def played(hub: SmallHub) -> None:
    """A sorted parcel, one that goes round unread, a missort, and one that is lost."""
    hub.link()
    for number, name in enumerate("abcd"):
        hub.induct(name, number)
        hub.picture(name)
        hub.read(NO_READ if name == "b" else reading(number, "901 K01"))
        hub.scan(name, carrier=number)
    await hub.settle()
    hub.divert("a", "A")
    hub.divert("b", None, DivertOutcome.RECIRCULATED)
    hub.divert("c", "C")
    hub.divert("d", None, DivertOutcome.LOST)
    await hub.settle()


def samples(families: list[dict], name: str) -> dict[tuple[str, ...], float]:
    """Samples of one family by the values of their labels."""
    family = next(each for each in families if each["name"] == name)
    return {tuple(labels.values()): value for labels, value in family.get("samples", [])}


async def test_counts_are_those_of_the_store(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    await played(hub)
    made = metrics(hub.control, hub.plan, hub.settings, "0.0")
    stored = [each.event for each in hub.store.read(limit=1_000)]
    kinds = Counter(event.kind for event in stored)
    assert {kind: count for (kind,), count in samples(made, "karez_events").items() if count} == kinds
    finals = Counter(FINAL_KINDS[type(event)] for event in stored if type(event) in FINAL_KINDS)
    assert {state: count for (state,), count in samples(made, "karez_parcels_ended").items() if count} == finals
    assert samples(made, "karez_parcels_inducted") == {(): 4}
    assert samples(made, "karez_no_reads")[("no_label",)] == kinds["parcel.not_read"] == 1
    assert samples(made, "karez_missorts")[("other_chute",)] == kinds["parcel.missorted"] == 1
    assert samples(made, "karez_recirculations")[("recirculated",)] == 1
    lines = Counter((row.direction, row.type) for row in hub.store.journal() if row.direction != "own")
    assert {key: count for key, count in samples(made, "karez_telegrams").items() if count} == lines
    assert samples(made, "karez_live_parcels") == {(): 1}
    hub.store.close()


async def test_no_label_names_a_parcel_a_waybill_a_peer_or_a_person(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    await played(hub)
    before = metrics(hub.control, hub.plan, hub.settings, "0.0")
    for number, name in enumerate("efgh"):
        hub.induct(name, 10 + number)
        hub.scan(name, carrier=10 + number)
    hub.control.receive(Rejected("10.0.0.9", "a sentence that nobody foresaw", "00", "ab"))
    await hub.settle()
    after = metrics(hub.control, hub.plan, hub.settings, "0.0")
    named = {label for family in after for labels, _ in family.get("samples", []) for label in labels}
    listed = {"reason", "cause", "outcome", "state", "priority", "direction", "type", "kind"}
    assert named == listed | {"hub", "version", "driver", "plan"}
    assert [series(family) for family in before] == [series(family) for family in after], "more parcels, no new series"
    hub.store.close()


def series(family: dict) -> list[tuple[str, ...]]:
    return [tuple(labels.values()) for labels, _ in family.get("samples", [])]


async def test_the_stages_of_a_parcel_are_measured_each(tmp_path: Path, gazetteer: Gazetteer) -> None:
    hub = SmallHub(tmp_path, gazetteer)
    await played(hub)
    stages = hub.control.commits.stages
    assert len(stages.reading) == len(stages.reader) == len(stages.answer) == len(stages.confirmation) == 4
    assert len(stages.decision) == sum(each.kind == "divert.ordered" for each in map(event_of, hub.store.read()))
    said = status(hub.control, hub.plan, hub.settings)
    assert said["decisions"] == 4 and said["reading_ms_p50"] == 10.0
    hub.store.close()


def event_of(recorded: ev.Recorded) -> ev.Event:
    return recorded.event
