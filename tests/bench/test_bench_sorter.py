"""The sorter bench: its traffic, its clockwork, and what it says of a run."""

import asyncio
import json
import multiprocessing
import os
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from karez.bench.sorter import processes
from karez.bench.sorter.commit_time import commit_ms
from karez.bench.sorter.floor_model import APPROACH_S, CARRIERS, FloorModel
from karez.bench.sorter.floor_peer import EchoTwin, echo
from karez.bench.sorter.generator import ASKED, GO, Measured, _Run, generate
from karez.bench.sorter.parcels import BenchParcel, Parcels, advice_files, as_scanned, plan_parcels
from karez.bench.sorter.quantiles import Times
from karez.bench.sorter.tally import Tally
from karez.bench.sorter.timetable import FixedRate, FlatOut
from karez.cli import compose
from karez.cli.command_line import app
from karez.domain.errors import BadInput
from karez.domain.ids import ChuteId, OrderId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State
from karez.hub.process import interrupts_held
from karez.sorter.plc.osip.places import Kind, Places

CHUTES = [ChuteId(name) for name in ("A", "B", "C", "X")]
KNOWN = BenchParcel(("SF1234567890123",), True, 500, 300, 200, 100)


def floor(parcels: int = 500, rate: float = 50, seconds: float = 4, **more: object) -> FloorModel:
    given = {"timetable": FixedRate(rate, seconds, APPROACH_S), "seed": 1, "first": round(rate * APPROACH_S)} | more
    return FloorModel(Parcels([KNOWN] * parcels, [KNOWN] * 5), CHUTES, CHUTES[-1], **given)


def order(parcel: str, chute: str | None, name: str = "") -> Dest:
    return Dest(OrderId(name or f"o-{parcel}"), parcel, ChuteId(chute) if chute else None, (), "plan")


class Played:
    """A floor whose every question is answered by ``answer`` after ``delay_s``; time goes in steps."""

    def __init__(self, model: FloorModel, answer=lambda scan: order(scan.parcel, "A"), delay_s: float = 0.0) -> None:
        self.model, self.answer, self.delay_s, self.said = model, answer, delay_s, []
        self._owed: list[tuple[float, Dest]] = []
        self.now_s = 0.0

    def until(self, end_s: float, step_s: float = 0.01) -> "Played":
        while self.now_s < end_s:
            for telegram in self.model.take(self.now_s):
                self.said.append((self.now_s, telegram))
                if isinstance(telegram, Scan) and (told := self.answer(telegram)) is not None:
                    self._owed.append((self.now_s + self.delay_s, told))
            while self._owed and self._owed[0][0] <= self.now_s:
                self.model.answered(self._owed.pop(0)[1], self.now_s)
            self.now_s += step_s
        return self

    def of(self, kind: type) -> list:
        return [telegram for _, telegram in self.said if isinstance(telegram, kind)]


def test_questions_keep_to_their_timetable_whatever_the_hub_does():
    silent = Played(floor(), answer=lambda scan: None).until(8)
    assert len(silent.of(Scan)) == 200 == silent.model.open_questions
    assert [at for at, each in silent.said if isinstance(each, Scan)][-1] == pytest.approx(
        APPROACH_S + 199 / 50, abs=0.02
    )


def test_a_question_that_leaves_late_is_timed_from_when_it_was_due():
    model = floor(rate=1, seconds=1, first=1)
    list(model.take(0.0))
    sent = [each for each in model.take(APPROACH_S + 0.5) if isinstance(each, Scan)]
    model.answered(order(sent[0].parcel, "A"), APPROACH_S + 0.75)
    assert model.tally.prompt.milliseconds()["max_ms"] == 750
    assert model.tally.sent_late.milliseconds()["max_ms"] == 500
    assert (model.tally.slow[0].sent_late_ms, model.tally.slow[0].answered_ms) == (500, 750)


def test_a_parcel_lives_from_induction_by_its_scan_to_its_chute():
    played = Played(floor()).until(30)
    assert played.model.settled
    life = [type(each).__name__ for each in played.of((Induct, Scan, Divert)) if each.parcel == "b1-1"]
    assert life == ["Induct", "Scan", "Divert"]
    assert {each.outcome for each in played.of(Divert)} <= {DivertOutcome.OK, DivertOutcome.FULL}


def test_what_is_told_to_go_round_is_asked_again_on_its_next_lap():
    played = Played(
        floor(rate=5, seconds=60, first=10), lambda scan: order(scan.parcel, None if scan.lap == 1 else "B")
    )
    played.until(62)
    laps = [each.lap for each in played.of(Scan) if each.parcel == "b1-1"]
    assert laps == [1, 2]
    assert [each.outcome for each in played.of(Divert) if each.parcel == "b1-1"] == ["recirculated", "ok"]


def test_an_answer_behind_the_last_chance_of_its_chute_is_late_and_the_parcel_goes_round():
    played = Played(floor(rate=5, seconds=3, first=10), delay_s=2.5).until(40)
    assert played.model.tally.late == played.model.tally.answered == 15
    assert {each.outcome for each in played.of(Divert)} == {DivertOutcome.LATE}


def test_a_later_order_takes_the_place_of_the_first_while_its_chute_can_be_reached():
    model = floor(rate=1, seconds=1, first=1)
    list(model.take(0.0))
    (scan,) = (each for each in model.take(APPROACH_S) if isinstance(each, Scan))
    model.answered(order(scan.parcel, None, "interim"), APPROACH_S + 0.01)
    model.answered(order(scan.parcel, "C", "better"), APPROACH_S + 1)
    ends = [each for each in model.take(APPROACH_S + 30) if isinstance(each, Divert)]
    assert [(each.order, each.chute) for each in ends] == [("better", "C")]
    assert model.tally.answered == 1


def test_a_full_chute_sends_parcels_round_and_opens_again():
    played = Played(floor(parcels=3000, rate=50, seconds=30)).until(60)
    states = [each.state for each in played.of(State)]
    assert states.count("full") == states.count("open") >= 4
    assert played.model.tally.recirculated == sum(each.outcome is DivertOutcome.FULL for each in played.of(Divert)) > 0


@given(st.floats(0, 1.5), st.integers(1, 60), st.integers(0, 30))
def test_nobody_is_lost_or_doubled_on_the_floor(delay_s: float, rate: int, pictures: int):
    model = floor(rate=rate, seconds=3, first=2 * rate, pictures=pictures)
    played = Played(model, delay_s=delay_s).until(45, step_s=0.05)
    tally = model.tally
    inducted = [each.parcel for each in played.of(Induct)]
    assert len(set(inducted)) == len(inducted) == tally.inducted
    assert tally.asked == tally.answered == 3 * rate
    assert tally.diverted + tally.excepted + tally.recirculated == tally.answered
    carriers = [each.carrier for each in played.of(Induct)]
    assert len(set(carriers)) == len(carriers)


def test_pictures_come_at_their_rate_and_belong_to_inducted_parcels():
    model = floor(rate=50, seconds=8, pictures=20)
    played = Played(model).until(12)
    named = list(model.photographs)
    assert len(named) == pytest.approx(len(played.of(Induct)) / 2.5, abs=1)
    assert [picture for _, picture in named[:7]] == [0, 1, 2, 3, 4, 0, 1]
    assert {parcel for parcel, _ in named} <= {each.parcel for each in played.of(Induct)}


def test_flat_out_the_next_question_waits_only_for_an_answer():
    model = floor(timetable=FlatOut(8, 3, APPROACH_S), first=64, travel_share=0.1)
    played = Played(model, delay_s=0.1).until(6)
    assert max(map(len, _open_at_a_time(played))) == 8
    assert model.tally.asked == pytest.approx(8 * 3 / 0.11, rel=0.15)


def test_flat_out_a_question_that_waits_for_a_picture_keeps_no_other_from_being_asked():
    unread = replace(KNOWN, codes=(), known=False)
    model = floor(timetable=FlatOut(8, 3, APPROACH_S), first=64, travel_share=0.1)
    mixed = Parcels([unread if number % 8 == 0 else KNOWN for number in range(3_000)], [])
    without = FloorModel(mixed, CHUTES, CHUTES[-1], FlatOut(8, 3, APPROACH_S), 1, 64, travel_share=0.1)
    Played(model, delay_s=0.1).until(6)
    Played(without, lambda scan: order(scan.parcel, "A") if scan.codes else None, delay_s=0.1).until(6)
    assert without.open_questions > 8
    assert without.tally.answered == pytest.approx(model.tally.answered, rel=0.05)


def _open_at_a_time(played: Played) -> list[list]:
    scans = [at for at, each in played.said if isinstance(each, Scan)]
    return [[at for at in scans if now - 0.1 < at <= now] for now in scans]


def test_quantiles_are_times_that_were_measured():
    times = Times()
    assert times.milliseconds() == {"p50_ms": None, "p99_ms": None, "p999_ms": None, "max_ms": None}
    for number in range(1, 1001):
        times.add(number / 1000)
    assert times.milliseconds() == {"p50_ms": 500, "p99_ms": 990, "p999_ms": 999, "max_ms": 1000}


def test_the_slowest_answers_are_kept_slowest_first():
    tally = Tally()
    for number in range(100):
        tally.answer(number, number, number + (number * 37 % 100) / 1000, prompt=True, late=False)
    assert [each.answered_ms for each in tally.slow] == sorted((float(ms) for ms in range(80, 100)), reverse=True)


def test_parcels_are_drawn_anew_by_seed_and_only_what_is_announced_is_known():
    example = compose.example()
    files = (example / "areas.toml", example / "sort_codes.toml")
    planned = list(plan_parcels(1, 2_100, *files))
    assert planned[:50] == list(plan_parcels(1, 50, *files))
    assert planned[0].waybill != next(plan_parcels(2, 1, *files)).waybill
    assert len({each.waybill for each in planned}) == 2_100
    seen = as_scanned(planned, 1, pictures=20)
    assert (len(seen.pictured), len(seen.plain)) == (20, 2_080)
    assert [not each.codes for each in seen.pictured].count(True) == 2
    unknown = sum(not each.known for each in seen.plain)
    assert 15 < unknown < 75
    rows = b"".join(advice_files(planned, seen)).decode().splitlines()
    assert len(rows) - 1 == 2_100 - unknown


def test_the_machine_is_asked_what_a_commit_takes_and_is_left_clean(tmp_path):
    took = commit_ms(tmp_path)
    assert 0 < took["p50_ms"] <= took["max_ms"]
    assert not list(tmp_path.iterdir())


def test_a_process_is_seen_with_all_that_it_started():
    among = processes.processes()
    mine = among[os.getpid()]
    assert mine.pid in {each.pid for each in processes.offspring(mine.parent, among)}
    assert mine.cpu_s >= mine.main_s > 0
    assert processes.find("no such command, surely") is None
    assert processes.load_of(os.getpid()).ours_s > 0


def test_the_generator_times_the_echo_from_a_process_of_its_own(tmp_path):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server, its_end = context.Pipe()
    with interrupts_held():
        echoing = context.Process(target=echo, args=(its_end, tmp_path / "log"), daemon=True)
        echoing.start()
        link = partial(EchoTwin, server.recv(), CHUTES[0])
        make = partial(
            FloorModel, Parcels([KNOWN] * 400, []), CHUTES, CHUTES[-1], FixedRate(100, 1, APPROACH_S), 1, 200, 0.0, 0.1
        )
        driving = context.Process(target=generate, args=(theirs, None, link, make), daemon=True)
        driving.start()
    theirs.close()
    its_end.close()
    assert ours.recv() is None
    ours.send(GO)
    assert ours.recv() == ASKED
    measured: Measured = ours.recv()
    server.close()
    driving.join(10)
    echoing.join(10)
    assert (measured.tally.asked, measured.tally.answered, measured.lost) == (100, 100, 0)
    assert measured.committed
    assert len((tmp_path / "log").read_bytes().splitlines()) >= 300


@pytest.mark.parametrize("words", [["--store", "oracle"], ["--driver", "carrier-pigeon"]])
def test_what_is_not_there_is_refused_before_anything_is_drawn(words):
    result = CliRunner().invoke(app, ["bench", "sorter", *words])
    assert isinstance(result.exception, BadInput)
    assert "is not known" in str(result.exception)


@pytest.mark.soak
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_whole_hub_answers_every_question(store):
    words = ["--store", store, "--rate", "40", "--seconds", "5", "--pictures", "2", "--seed", "1", "--json"]
    result = CliRunner().invoke(app, ["bench", "sorter", *words])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["asked"], record["answered"], record["lost"]) == (200, 200, 0)
    assert record["all_committed"] and record["events"] == sum(record["events_by_kind"].values())
    assert record["events_by_kind"]["divert.ordered"] >= 200
    assert record["page"]["messages"] > 0 and record["pictures"]["accepted"] > 0
    assert record["ratio_p50"] > 0 and record["cpu_s"]["control"] > 0


async def test_a_telegram_that_the_protocol_cannot_carry_ends_the_run_and_says_so() -> None:
    def cannot(telegram: object) -> None:
        raise ValueError("carrier 10000 does not fit into 4 digits")

    twin = SimpleNamespace(send=cannot, receive=asyncio.Event().wait)
    model = SimpleNamespace(take=lambda now_s: ["INDUCT"], over=lambda now_s: False)
    with pytest.raises(ValueError, match="4 digits"):
        await asyncio.wait_for(_Run(twin, model, None).through(lambda: None), 10)


def test_the_carriers_of_the_floor_are_numbers_that_every_protocol_carries() -> None:
    assert Places("LOOP", {}, {}).location(Kind.SCAN, carrier=CARRIERS)
