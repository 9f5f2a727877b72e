"""Simulated operators: what they can see, how long they take, how often they err, and that a seed decides it all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

import pytest

from karez.cli import compose
from karez.domain.coding import CodingAnswer, CodingOutcome, CodingReport, CodingTask
from karez.domain.ids import ParcelId
from karez.simulation.coder import CoderHabits, Coders
from karez.simulation.conditions import conditions
from karez.simulation.demand import day
from karez.simulation.planned import PlannedParcel

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
SEED = 5


@pytest.fixture(scope="module")
def planned() -> Sequence[PlannedParcel]:
    example = compose.example()
    return day(SEED, 400, 20_000, example / "areas.toml", example / "sort_codes.toml", 2)


class Hub:
    """A hub that asks about everything, and is away now and then."""

    def __init__(self, waiting: Sequence[str], away: int = 0, waybill: str | None = None) -> None:
        self.tasks = [CodingTask(ParcelId(each), "no_label", NOW, 5, waybill=waybill) for each in waiting]
        self.answers: list[CodingAnswer] = []
        self._away = away

    async def coding_tasks(self) -> Sequence[CodingTask] | None:
        return self.tasks

    async def code(self, answer: CodingAnswer) -> CodingReport | None:
        if self._away:
            self._away -= 1
            return None
        self.answers.append(answer)
        return CodingReport(CodingOutcome.NEXT_LAP, "")


async def work(coders: Coders, hub: Hub, planned: Sequence[PlannedParcel], every_ms: int = 60_000) -> list[int]:
    """Let every parcel pass the scan point; the times of the answers."""
    times = []
    for index in range(len(planned)):
        await coders.look(ParcelId(str(index)), index, index * every_ms)
        while (at := coders.next_ms) is not None and at < (index + 1) * every_ms:
            times.append(at)
            await coders.answer()
    while (at := coders.next_ms) is not None:
        times.append(at)
        await coders.answer()
    return times


async def test_operators_answer_by_the_truth_of_the_label_and_err_as_often_as_told(
    planned: Sequence[PlannedParcel],
) -> None:
    hub = Hub([str(parcel.index) for parcel in planned])
    coders = Coders(planned, SEED, hub, lambda: NOW, habits=CoderHabits(error_rate=0.1))
    await work(coders, hub, planned)
    told = [each for each in hub.answers if not each.tells_nothing]
    wrong = sum(each.area != planned[int(each.parcel)].area for each in told)
    assert 0.06 < wrong / len(told) < 0.14
    assert all(each.waybill == planned[int(each.parcel)].waybill for each in told)
    assert coders.reports.keys() == {each.parcel for each in hub.answers}


async def test_nobody_reads_a_label_that_is_torn_off_soaked_or_face_down(planned: Sequence[PlannedParcel]) -> None:
    hub = Hub([str(parcel.index) for parcel in planned])
    await work(Coders(planned, SEED, hub, lambda: NOW), hub, planned)
    given_up = {int(each.parcel) for each in hub.answers if each.tells_nothing}
    assert given_up == {parcel.index for parcel in planned if conditions(parcel, 1, SEED).damage} != set()


async def test_a_number_that_the_hub_has_is_not_keyed_again(planned: Sequence[PlannedParcel]) -> None:
    hub = Hub(["0"], waybill=planned[0].waybill)
    await work(Coders(planned[:1], SEED, hub, lambda: NOW), hub, planned[:1])
    assert [(each.area, each.waybill) for each in hub.answers] == [(planned[0].area, None)]


async def test_each_takes_seconds_for_a_parcel_and_one_parcel_at_a_time(planned: Sequence[PlannedParcel]) -> None:
    hub = Hub([str(parcel.index) for parcel in planned])
    times = await work(Coders(planned, SEED, hub, lambda: NOW), hub, planned)
    took_s = [(at - index * 60_000) / 1000 for index, at in enumerate(times)]
    assert min(took_s) >= 2 and 6 < median(took_s) < 8
    crowded = Hub([str(index) for index in range(10)])
    alone = await work(Coders(planned, SEED, crowded, lambda: NOW, 1), crowded, planned[:10], every_ms=1)
    together = await work(Coders(planned, SEED, crowded, lambda: NOW, 3), crowded, planned[:10], every_ms=1)
    assert all(later - earlier >= 2000 for earlier, later in pairwise(alone))
    assert together[-1] < alone[-1] / 2


async def test_a_seed_decides_who_says_what_and_when(planned: Sequence[PlannedParcel]) -> None:
    runs = []
    for _ in range(2):
        hub = Hub([str(parcel.index) for parcel in planned])
        times = await work(Coders(planned, SEED, hub, lambda: NOW, 2), hub, planned, every_ms=3_000)
        runs.append((times, hub.answers))
    assert runs[0] == runs[1]


async def test_a_hub_that_is_away_is_asked_again(planned: Sequence[PlannedParcel]) -> None:
    hub = Hub(["0"], away=2)
    await work(Coders(planned, SEED, hub, lambda: NOW), hub, planned[:1])
    assert len(hub.answers) == 1


async def test_what_the_hub_does_not_ask_about_is_nobody_s_work(planned: Sequence[PlannedParcel]) -> None:
    hub = Hub(["1"])
    assert len(await work(Coders(planned, SEED, hub, lambda: NOW), hub, planned[:3])) == 1
    assert [each.parcel for each in hub.answers] == ["1"]
