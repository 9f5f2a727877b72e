"""`karez learn`: what operators teach by hand is remembered, listed, undone and exported, with a hub or without."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.hand_hall import hub_process, until_up, write_hub
from karez.cli import app, compose
from karez.domain import events as ev
from karez.domain.errors import BadInput, KarezError, StoreError
from karez.eventstore.codec import encode
from karez.eventstore.database import connect, upgrade
from karez.eventstore.store import EventStore, utc_now
from karez.settings import load
from small_hub import write_files

RUN = CliRunner()
TEXT = "喀什市色满路112号3单元501"
DOOR = "喀什地区喀什市色满路112号"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_files(tmp_path)


def karez(config: Path, *words: str) -> Result:
    done = RUN.invoke(app, [*words, "--config", str(config)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert isinstance(done.exception, KarezError), done.exception
    return done


def lines(done: Result) -> list[dict]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def add(config: Path, area: str, operator: str, text: str = TEXT, *more: str) -> dict:
    return lines(karez(config, "learn", "add", text, "--area", area, "--operator", operator, "--json", *more))[0]


def listed(config: Path, *more: str) -> list[dict]:
    return lines(karez(config, "learn", "list", "--json", *more))


def resolved(config: Path, text: str) -> dict:
    return lines(karez(config, "resolve", text, "--json"))[0]


def written(config: Path) -> Sequence[ev.Recorded]:
    store = EventStore.open_reading(load(config).settings.store_url)
    events = store.read()
    store.close()
    return events


def test_what_is_added_is_listed_and_goes_before_the_area_rules(config: Path) -> None:
    assert resolved(config, "喀什市色满路112号")["area"] == "KS", "the rule"
    added = add(config, "SC", "Aygul")
    assert {"id", "address", "area", "operator", "at", "decides", "stands"} == set(added)
    assert (added["address"], added["area"], added["operator"]) == (DOOR, "SC", "Aygul")
    (line,) = listed(config)
    assert (line["address"], line["area"], line["answers"], line["disputed"]) == (DOOR, "SC", 1, False)
    assert [each["id"] for each in line["given"]] == [added["id"]]
    found = resolved(config, "新疆喀什地区喀什市色满路112号")
    assert (found["area"], found["reason"], found["confidence"]) == ("SC", "learned", line["confidence"])


def test_a_dispute_is_shown_with_operators_and_dates_until_the_lead_decides(config: Path) -> None:
    add(config, "SC", "Aygul")
    assert listed(config, "--disputed") == []
    add(config, "KS", "Li")
    (line,) = listed(config, "--disputed")
    assert (line["area"], line["areas"]) == (None, ["KS", "SC"])
    assert [(each["area"], each["operator"]) for each in line["given"]] == [("SC", "Aygul"), ("KS", "Li")]
    assert all(each["at"].startswith("20") for each in line["given"])
    assert resolved(config, TEXT)["reason"] == "disputed"
    add(config, "SC", "Lead", TEXT, "--decide")
    assert listed(config, "--disputed") == []
    assert resolved(config, TEXT)["area"] == "SC"


def test_undoing_gives_exactly_what_was_before_and_is_recorded(config: Path) -> None:
    first = add(config, "SC", "Aygul")
    before = listed(config)
    second = add(config, "KS", "Li")
    done = karez(config, "learn", "undo", second["id"], "--operator", "Lead", "--json")
    assert lines(done) == [{"id": second["id"], "undone": True}]
    assert listed(config) == before
    again = karez(config, "learn", "undo", second["id"], "--operator", "Lead")
    assert isinstance(again.exception, BadInput) and second["id"] in str(again.exception)
    assert lines(karez(config, "learn", "undo", first["id"], "--operator", "Aygul", "--json"))
    assert listed(config) == []
    assert [(each.event.kind, each.event.operator) for each in written(config)] == [
        ("address.learned", "Aygul"),
        ("address.learned", "Li"),
        ("address.unlearned", "Lead"),
        ("address.unlearned", "Aygul"),
    ]


def test_events_hold_ids_areas_and_operators_and_no_word_of_the_address(config: Path) -> None:
    add(config, "SC", "Aygul")
    text = "".join(encode(each.event) for each in written(config))
    assert not set("喀什市色满路112号单元") & set(text) - set("0123456789")
    assert "SC" in text and "Aygul" in text


def test_an_export_holds_every_answer_one_row_each(config: Path, tmp_path: Path) -> None:
    added = [add(config, "SC", "Aygul"), add(config, "KS", "Li", "喀什市色满路114号")]
    sheet = tmp_path / "learned.csv"
    done = karez(config, "learn", "export", str(sheet))
    assert done.exit_code == 0 and "2 answers" in done.stdout
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    assert {row["id"]: (row["area"], row["operator"]) for row in rows} == {
        each["id"]: (each["area"], each["operator"]) for each in added
    }
    assert sheet.stat().st_mode & 0o777 == 0o600, "addresses are nobody else's"
    sheet.chmod(0o644)
    assert karez(config, "learn", "export", str(sheet)).exit_code == 0
    assert sheet.stat().st_mode & 0o777 == 0o600, "also where the file was there before"
    printed = karez(config, "learn", "export", "-", "--operator", "Li").stdout
    assert [row["area"] for row in csv.DictReader(io.StringIO(printed))] == ["KS"]


def test_a_command_tried_again_is_one_answer(config: Path) -> None:
    first, again = add(config, "SC", "Aygul"), add(config, "SC", "Aygul")
    assert first["id"] == again["id"]
    others = [add(config, "SC", "Li"), add(config, "SC", "Aygul", TEXT, "--decide")]
    assert len({first["id"], *(each["id"] for each in others)}) == 3
    (line,) = listed(config)
    assert len(line["given"]) == 3


def test_a_list_and_a_table_name_an_operator_s_addresses_only(config: Path) -> None:
    add(config, "SC", "Aygul")
    add(config, "KS", "Li", "喀什市色满路114号")
    assert [each["area"] for each in listed(config, "--operator", "Li")] == ["KS"]
    table = karez(config, "learn", "list").stdout
    assert "Aygul" in table and "2 learned addresses" in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", TEXT, "--area", "NOWHERE", "--operator", "Aygul"), "no area of this hub"),
        (("add", "喀什市", "--area", "SC", "--operator", "Aygul"), "too many doors"),
        (("add", "", "--area", "SC", "--operator", "Aygul"), "too many doors"),
        (("add", TEXT, "--area", "SC", "--operator", "=cmd()"), "no name"),
        (("add", TEXT, "--area", "SC", "--operator", "  "), "no name"),
        (("undo", "nothing", "--operator", "Lead"), "no answer has the id"),
    ],
)
def test_what_cannot_be_learned_is_a_sentence(config: Path, words: tuple[str, ...], said: str) -> None:
    done = karez(config, "learn", *words)
    assert isinstance(done.exception, BadInput) and said in str(done.exception)


def test_an_address_comes_from_standard_input_too_whatever_its_bytes(config: Path) -> None:
    words = ["learn", "add", "-", "--area", "SC", "--operator", "Aygul", "--json", "--config", str(config)]
    done = RUN.invoke(app, words, input=TEXT.encode() + b"\xff\n")
    assert lines(done)[0]["address"] == DOOR


def test_a_second_line_is_refused_and_nothing_is_stored(config: Path) -> None:
    words = ["learn", "add", "-", "--area", "SC", "--operator", "Aygul", "--config", str(config)]
    done = RUN.invoke(app, words, input=TEXT.encode() + b"\n" + TEXT.encode() + b"\n")
    assert isinstance(done.exception, BadInput)
    assert "more than one line" in str(done.exception)
    assert lines(RUN.invoke(app, ["learn", "list", "--json", "--config", str(config)])) == []


def test_a_store_of_another_version_is_named_and_addresses_are_resolved_without_it(config: Path) -> None:
    settings = load(config).settings
    settings.hub.data_dir.mkdir()
    engine = connect(settings.store_url)
    upgrade(engine, utc_now(), to="0002")
    engine.dispose()
    refused = karez(config, "learn", "list")
    assert isinstance(refused.exception, StoreError) and "0002" in str(refused.exception)
    assert resolved(config, TEXT)["area"] == "KS"
    assert add(config, "SC", "Aygul")["area"] == "SC", "the one writer brings it up to date"
    assert resolved(config, TEXT)["area"] == "SC"


def test_nothing_is_listed_where_nothing_was_ever_stored(config: Path) -> None:
    assert listed(config) == []


def test_a_hub_that_starts_or_stands_still_is_not_written_around(config: Path) -> None:
    store = EventStore.open_writing(load(config).settings.store_url)
    try:
        done = karez(config, "learn", "add", TEXT, "--area", "SC", "--operator", "Aygul")
        assert isinstance(done.exception, BadInput) and "does not answer" in str(done.exception)
    finally:
        store.close()


async def test_a_running_hub_learns_and_forgets_over_its_door(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    with hub_process(config, role="control") as process:
        settings = await until_up(config, process)
        import asyncio

        added = await asyncio.to_thread(add, config, "SC", "Aygul")
        store = EventStore.open_reading(settings.store_url)
        reading = compose.resolver(settings, store.learned)
        assert reading.from_text(TEXT).reason == "learned"
        done = await asyncio.to_thread(karez, config, "learn", "undo", added["id"], "--operator", "Lead")
        assert done.exit_code == 0, done.output
        assert reading.from_text(TEXT).reason != "learned"
        unknown = await asyncio.to_thread(karez, config, "learn", "undo", added["id"], "--operator", "Lead")
        assert isinstance(unknown.exception, BadInput)
        store.close()
