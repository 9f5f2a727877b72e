"""`karez soak`: each invariant can fail, and nothing but what it is about makes it fail."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import pytest

from karez.bench.soak import records
from karez.bench.soak.blows import IN_TEN_MINUTES, Blow, Part, parts
from karez.bench.soak.invariants import Finding, Truth, look
from karez.bench.soak.run import PartDone
from karez.bench.soak.striking import RESUMES_S, Struck
from karez.bench.soak.told import told_by
from karez.bench.sorter.parcels import plan_parcels
from karez.cli import compose
from karez.domain import events as ev
from karez.domain.events import Recorded, parcel_stream
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.eventstore.protocol import JournalRow
from karez.settings import HallSection
from karez.simulation.day_run import hall_parcel
from karez.simulation.hall import Hall
from karez.simulation.happenings import HallResult, Outcome
from karez.simulation.planned import PlannedParcel
from karez.simulation.true_plan import read_plan
from karez.sortplan.plan import SortPlan

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SESSION = "soak-sqlite"
EXAMPLE = compose.example()
AREAS, PLAN = EXAMPLE / "areas.toml", EXAMPLE / "plan.toml"


@pytest.fixture(scope="module")
def planned() -> list[PlannedParcel]:
    return list(plan_parcels(3, 4, AREAS, EXAMPLE / "sort_codes.toml"))


@dataclass
class Soaked:
    """A small soak that kept everything, to be doctored: what lies where, what is stored, what went over the link."""

    planned: Sequence[PlannedParcel]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    events: list[ev.Event] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    orders: list[OrderId] = field(default_factory=list)
    said: int = 0
    skipped: set[int] = field(default_factory=set)
    crossed: int = 0

    def __post_init__(self) -> None:
        for parcel in self.planned:
            name = self.name(parcel.index)
            chute = ChuteId(read_plan(PLAN).right_chutes(parcel)[0])
            self.outcomes[parcel.index] = Outcome(parcel.index, name, chute, 1, 1)
            self.events += [
                ev.ParcelInducted(name, 7, "I1", 0),
                self.order(parcel.index, 1, chute),
                ev.ParcelDiverted(name, chute, 9),
            ]
            self.heard += [self.said + 1, self.said + 2, self.said + 3]
            self.said += 3
            self.orders.append(OrderId(f"o{parcel.index}.1"))

    @staticmethod
    def name(index: int) -> ParcelId:
        return ParcelId(f"SS-{index}")

    def order(self, index: int, lap: int, chute: ChuteId | None, name: str = "", instead_of: str = "") -> ev.Event:
        name = name or f"o{index}.{lap}"
        supersedes = OrderId(instead_of) if instead_of else None
        return ev.DivertOrdered(self.name(index), OrderId(name), lap, chute, (), "plan", None, supersedes)

    def at(self, index: int, kind: type[ev.Event]) -> int:
        """Where the event of a parcel stands."""
        wanted = self.name(index)
        return next(i for i, e in enumerate(self.events) if isinstance(e, kind) and e.parcel == wanted)

    def stored(self) -> list[Recorded]:
        positions, versions, stored = count(1), dict[str, int](), list[Recorded]()
        for number, event in enumerate(self.events):
            stream, position = parcel_stream(event.parcel), next(positions)
            versions[stream] = versions.get(stream, 0) + 1
            if number not in self.skipped:
                stored.append(Recorded(position, stream, versions[stream], NOW, event))
        return stored

    def findings(self) -> list[Finding]:
        lines = [JournalRow(i, NOW, "in", SESSION, seq, "SCAN", "", None) for i, seq in enumerate(self.heard)]
        lines += [
            JournalRow(900, NOW, "out", "", 1, "DEST", "", None),
            JournalRow(901, NOW, "in", "another", 1, "SCAN", "", None),
        ]
        told = told_by(self.stored(), lines, SESSION)
        on_loop = frozenset(index for index, each in self.outcomes.items() if each.chute is None)
        result = HallResult(self.outcomes, 1, frozenset(), 0.0, self.crossed, without_final_state=on_loop)
        truth = Truth(result, self.orders, self.said)
        return list(look(self.planned, truth, told, PLAN, AREAS).findings)

    def broken(self) -> set[str]:
        return {each.name for each in self.findings() if each.broken}


def never_left(soak: Soaked) -> None:
    soak.outcomes[1] = replace(soak.outcomes[1], chute=None)
    del soak.events[soak.at(1, ev.ParcelDiverted)]


def diverted_twice(soak: Soaked) -> None:
    soak.outcomes[1] = replace(soak.outcomes[1], times_diverted=2)


def in_a_wrong_chute(soak: Soaked) -> None:
    right = {*read_plan(PLAN).right_chutes(soak.planned[1]), read_plan(PLAN).exception_chute}
    wrong = next(chute for chute in SortPlan.load(PLAN).chutes if chute not in right)
    soak.outcomes[1] = replace(soak.outcomes[1], chute=wrong)
    soak.events[soak.at(1, ev.ParcelDiverted)] = ev.ParcelDiverted(soak.name(1), wrong, 9)


def induction_was_lost(soak: Soaked) -> None:
    del soak.events[soak.at(1, ev.ParcelInducted)]


def parcel_out_of_nothing(soak: Soaked) -> None:
    soak.events.append(ev.ParcelInducted(ParcelId("SS-99"), 8, "I1", 0))


def inducted_twice(soak: Soaked) -> None:
    soak.events.insert(soak.at(1, ev.ParcelInducted), ev.ParcelInducted(soak.name(1), 7, "I1", 0))


def end_was_lost(soak: Soaked) -> None:
    del soak.events[soak.at(1, ev.ParcelDiverted)]


def ended_twice(soak: Soaked) -> None:
    soak.events.append(soak.events[soak.at(1, ev.ParcelDiverted)])


def taken_for_removed(soak: Soaked) -> None:
    soak.events[soak.at(1, ev.ParcelDiverted)] = ev.ParcelRemoved(soak.name(1), "its carrier holds another parcel")


def told_of_another_chute(soak: Soaked) -> None:
    other = next(chute for chute in SortPlan.load(PLAN).chutes if chute != soak.outcomes[1].chute)
    soak.events[soak.at(1, ev.ParcelDiverted)] = ev.ParcelDiverted(soak.name(1), other, 9)


def one_name_on_two_laps(soak: Soaked) -> None:
    at = soak.at(1, ev.DivertOrdered)
    soak.events.insert(at + 1, soak.order(1, 2, soak.outcomes[1].chute, name="o1.1"))


def decided_twice_on_a_lap(soak: Soaked) -> None:
    soak.events.insert(soak.at(1, ev.ParcelDiverted), soak.order(1, 1, soak.outcomes[1].chute, name="again"))


def supersedes_what_never_was(soak: Soaked) -> None:
    soak.events[soak.at(1, ev.DivertOrdered)] = soak.order(1, 1, soak.outcomes[1].chute, instead_of="never")


def supersedes_another_lap(soak: Soaked) -> None:
    soak.events.insert(soak.at(1, ev.ParcelDiverted), soak.order(1, 2, None))
    soak.events.insert(soak.at(1, ev.ParcelDiverted), soak.order(1, 2, None, name="late", instead_of="o1.1"))


def decided_for_what_had_left(soak: Soaked) -> None:
    soak.events.append(soak.order(1, 2, soak.outcomes[1].chute))


def order_before_its_commit(soak: Soaked) -> None:
    del soak.events[soak.at(1, ev.DivertOrdered)]


def telegram_was_lost(soak: Soaked) -> None:
    soak.heard.remove(5)


def last_telegram_was_lost(soak: Soaked) -> None:
    soak.heard.remove(soak.said)


def telegram_taken_in_twice(soak: Soaked) -> None:
    soak.heard.append(5)


def row_is_gone(soak: Soaked) -> None:
    soak.events.insert(3, ev.ParcelScanned(soak.name(1), 7, 1, 0))
    soak.skipped = {3}


DOCTORED: list[tuple[Callable[[Soaked], None], set[str]]] = [
    (never_left, {"parcel without a final state in the hall", "parcel with none or several ends in the store"}),
    (diverted_twice, {"parcel diverted twice"}),
    (in_a_wrong_chute, {"parcel in a wrong chute"}),
    (induction_was_lost, {"parcel that the store does not know"}),
    (parcel_out_of_nothing, {"parcel that only the store knows"}),
    (inducted_twice, {"parcel inducted twice in the store"}),
    (end_was_lost, {"parcel with none or several ends in the store"}),
    (ended_twice, {"parcel with none or several ends in the store"}),
    (taken_for_removed, {"parcel that lies elsewhere than the store says"}),
    (told_of_another_chute, {"parcel that lies elsewhere than the store says"}),
    (one_name_on_two_laps, {"order decided twice under one name"}),
    (decided_twice_on_a_lap, {"order on a lap that had one, which it does not supersede"}),
    (supersedes_what_never_was, {"order on a lap that had one, which it does not supersede"}),
    (supersedes_another_lap, {"order on a lap that had one, which it does not supersede"}),
    (decided_for_what_had_left, {"order decided behind the parcel's end"}),
    (order_before_its_commit, {"order that came and is not in the store"}),
    (telegram_was_lost, {"acknowledged telegram that the journal lacks"}),
    (last_telegram_was_lost, {"acknowledged telegram that the journal lacks"}),
    (telegram_taken_in_twice, {"telegram taken in twice"}),
    (row_is_gone, {"gap in the store"}),
]


def test_a_soak_that_lost_nothing_breaks_nothing(planned: list[PlannedParcel]) -> None:
    assert Soaked(planned).broken() == set()


@pytest.mark.parametrize(("doctor", "broken"), DOCTORED, ids=[doctor.__name__ for doctor, _ in DOCTORED])
def test_what_is_amiss_breaks_its_invariant_and_no_other(
    doctor: Callable[[Soaked], None], broken: set[str], planned: list[PlannedParcel]
) -> None:
    soak = Soaked(planned)
    doctor(soak)
    assert soak.broken() == broken


def test_there_is_no_invariant_that_never_fails(planned: list[PlannedParcel]) -> None:
    names = [each.name for each in Soaked(planned).findings()]
    assert set().union(*(broken for _, broken in DOCTORED)) == set(names) and len(set(names)) == len(names)


def test_an_order_that_crosses_the_divert_of_its_parcel_is_no_fault(planned: list[PlannedParcel]) -> None:
    soak = Soaked(planned)
    soak.events.insert(soak.at(1, ev.ParcelDiverted), soak.order(1, 1, None, name="late", instead_of="o1.1"))
    soak.orders.append(OrderId("late"))  # it came when the hall had let the parcel go
    soak.crossed = 1
    assert soak.broken() == set()


def test_a_parcel_on_its_second_lap_and_an_order_that_was_never_sent_are_no_faults(
    planned: list[PlannedParcel],
) -> None:
    soak = Soaked(planned)
    soak.events.insert(soak.at(1, ev.ParcelDiverted), soak.order(1, 2, soak.outcomes[1].chute))
    assert soak.broken() == set()


def test_every_field_is_in_the_reference() -> None:
    record = records.record(
        [part_done(Struck(Blow.CUT_LINK, 1.0, 1.0, 0.1), findings=[Finding("gap", 0)])], 1, 1.0, NOW, None
    )
    page = (Path(__file__).parents[2] / "docs/reference/json.md").read_text("utf-8")
    page = page.partition("## `karez soak --json`")[2].partition("\n## ")[0]
    part = record["parts"][0]
    fields = [*record, *part, *part["blows"][Blow.CUT_LINK], *part["invariants"][0]]
    assert [field for field in fields if not re.search(rf"\b{field}\b", page)] == []


def test_every_blow_and_its_number_is_on_the_page_of_the_soak() -> None:
    page = (Path(__file__).parents[2] / "docs/explanation/soak.md").read_text("utf-8")
    assert [blow for blow, count in IN_TEN_MINUTES.items() if f"| {count} | {blow} |" not in page] == []


def test_ten_minutes_deal_the_blows_of_the_contract_each_to_a_store_that_can_take_it() -> None:
    dealt = parts(10, Random(1))
    counts = {blow: sum(list(part.blows).count(blow) for part in dealt) for blow in Blow}
    assert counts == dict(IN_TEN_MINUTES)
    assert (counts[Blow.KILL_CONTROL], counts[Blow.KILL_DATABASE], counts[Blow.CUT_LINK]) == (50, 20, 20)
    by_store = {part.store: set(part.blows) for part in dealt}
    assert Blow.FULL_DISK not in by_store["postgresql"] and Blow.KILL_DATABASE not in by_store["sqlite"]
    assert sum(part.seconds for part in dealt) == pytest.approx(600)


def test_a_short_soak_strikes_with_every_blow_once() -> None:
    struck = {blow for part in parts(0.2, Random(1)) for blow in part.blows}
    assert struck == set(Blow)


def part_done(*struck: Struck, findings: Sequence[Finding] = ()) -> PartDone:
    part = Part("sqlite", [each.blow for each in struck], 10.0)
    return PartDone(part, struck, findings, 10, 9, 1, 100, 0, 0, 0)


@pytest.mark.parametrize(
    ("struck", "findings", "holds"),
    [
        (Struck(Blow.KILL_CONTROL, 1.0, 0.0, RESUMES_S), [Finding("gap in the store", 0)], True),
        (Struck(Blow.KILL_CONTROL, 1.0, 0.0, RESUMES_S + 0.01), [], False),
        (Struck(Blow.KILL_DATABASE, 1.0, RESUMES_S + 2, 0.3), [], True),
        (Struck(Blow.CUT_LINK, 1.0, 1.0, None), [], False),
        (Struck(Blow.FULL_DISK, 1.0, 4.0, 0.1, "3 orders left with nothing stored"), [], False),
        (Struck(Blow.KILL_CONTROL, 1.0, 0.0, 1.0), [Finding("gap in the store", 1, ("position 3 follows 1",))], False),
    ],
)
def test_a_soak_holds_only_where_all_is_kept_and_in_time(struck: Struck, findings: list[Finding], holds: bool) -> None:
    record = records.record([part_done(struck, findings=findings)], 1, 10.0, NOW, None)
    assert record["holds"] is holds
    assert len(records.table(record).rows) == 1 and records.notes(record)


@pytest.mark.parametrize("steps", range(2, 42, 3))
def test_a_hall_goes_on_to_its_end_whenever_it_is_closed(steps: int) -> None:
    planned = list(plan_parcels(3, 20, AREAS, EXAMPLE / "sort_codes.toml"))
    parcels = [replace(hall_parcel(each), arrives_ms=each.index * 50) for each in planned]
    hall = Hall(HallSection(), list(SortPlan.load(PLAN).chutes), parcels, 3, max_laps=2)
    for _ in range(steps):
        hall.step()
    hall.close()
    while not hall.finished:
        hall.step()
    assert hall.occupied == len(hall.result().outcomes)
