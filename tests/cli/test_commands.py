"""The commands keep their contracts: flags, fields, order, exit codes, sentences instead of tracebacks."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import segno
from PIL import Image
from typer.testing import CliRunner

from karez.cli import app, compose
from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.eventstore.store import EventStore
from karez.settings import HallSection
from karez.simulation.camera import photograph
from karez.simulation.demand import day
from karez.simulation.planned import PlannedParcel
from small_hub import write_files
from terminal import hears_ctrl_c

RUN = CliRunner()


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlannedParcel, Path]:
    """A typical picture of a parcel that carries a sort code and a Chinese address."""
    example = compose.example()
    parcels = day(77, 40, 20_000, example / "areas.toml", example / "sort_codes.toml", HallSection().inductions)
    parcel = next(each for each in parcels if each.picture == "typical" and each.script == "zh" and each.sort_code)
    path = tmp_path_factory.mktemp("shot") / "parcel.jpg"
    path.write_bytes(photograph(parcel, 1, 77))
    return parcel, path


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_karez_read_says_what_stands_on_a_label_and_where(shot: tuple[PlannedParcel, Path], tmp_path: Path) -> None:
    parcel, path = shot
    done = RUN.invoke(app, ["read", str(path), "--json", "--overlay", str(tmp_path / "drawn")])
    assert done.exit_code == 0, done.output
    (line,) = lines(done.stdout)
    assert {"file", "ok", "waybill", "company", "sort_code", "address", "codes", "lines", "reason", "ms"} <= set(line)
    assert (line["ok"], line["waybill"], line["reason"]) == (True, parcel.waybill, None)
    assert line["sort_code"].replace(" ", "") == str(parcel.sort_code).replace(" ", "")
    places = {"box", "frame", "label"}
    assert all(set(code) == {"text", "format", "gs1"} | places and len(code["box"]) == 4 for code in line["codes"])
    assert all(set(each) == {"text", "script", "confidence"} | places for each in line["lines"])
    assert [label["waybills"] for label in line["labels"]] == [[parcel.waybill]]
    assert {each["script"] for each in line["lines"]} <= {"Hans", "Arab", "Latn"}
    assert line["overlays"] == [str(tmp_path / "drawn" / "parcel.overlay.jpg")]
    with Image.open(tmp_path / "drawn" / "parcel.overlay.jpg") as drawn:
        assert drawn.size == (1600, 1200)


def test_karez_read_walks_folders_in_order_and_tries_a_file_named_by_hand_whatever_its_ending(
    shot: tuple[PlannedParcel, Path], tmp_path: Path
) -> None:
    for name in ("b.png", "a.webp", "c.tiff", "notes.txt"):
        Image.new("L", (64, 64), 200).save(tmp_path / name, format="PNG")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.jpeg").write_bytes(shot[1].read_bytes())
    found = lines(RUN.invoke(app, ["read", str(tmp_path), "--json", "--text", "never"]).stdout)
    assert [Path(line["file"]).name for line in found] == ["a.webp", "b.png", "c.tiff", "d.jpeg"]
    (by_hand,) = lines(RUN.invoke(app, ["read", str(tmp_path / "notes.txt"), "--json", "--text", "never"]).stdout)
    assert (by_hand["ok"], by_hand["waybill"]) == (True, None), "it is a picture, whatever its name says"


def test_karez_resolve_answers_line_by_line_in_order() -> None:
    texts = ["新疆喀什地区喀什市色满乡", "", "疏勒县", "火星", "江苏省南京市鼓楼区"]
    done = RUN.invoke(app, ["resolve", "-", "--json"], input="\n".join(texts) + "\n")
    answers = lines(done.stdout)
    assert [answer["text"] for answer in answers] == texts
    places = {"province_name", "prefecture_name", "county", "county_name", "former_name", "township", "township_name"}
    assert all({"text", "area", "confidence", "reason", "candidates"} | places <= set(answer) for answer in answers)
    assert [answer["county_name"] for answer in answers] == ["喀什市", None, "疏勒县", None, "鼓楼区"]
    assert answers[0]["township_name"] == "色满乡" and len(answers[0]["township"]) == 9


def test_karez_resolve_answers_each_line_before_it_asks_for_the_next() -> None:
    command = [sys.executable, "-m", "karez", "resolve", "-", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for text in ("莎车县", "英吉沙县"):
            process.stdin.write(f"{text}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["county_name"] == text
        process.stdin.close()


def test_karez_sort_names_chute_alternatives_reason_and_explanation(shot: tuple[PlannedParcel, Path]) -> None:
    parcel, path = shot
    plan = compose.example() / "plan.toml"
    (line,) = lines(RUN.invoke(app, ["sort", str(path), "--plan", str(plan), "--json"]).stdout)
    assert set(line) == {"file", "reading", "destination", "assignment"}
    assert line["reading"]["waybill"] == parcel.waybill
    assert line["destination"]["area"] == parcel.area
    assert set(line["assignment"]) == {"chute", "alternatives", "reason", "explanation"}
    assert line["assignment"]["reason"] == "plan"


def test_karez_sort_sends_what_cannot_be_read_to_the_exception_chute(tmp_path: Path) -> None:
    Image.new("L", (800, 600), 128).save(tmp_path / "grey.png")
    plan = compose.example() / "plan.toml"
    (line,) = lines(RUN.invoke(app, ["sort", str(tmp_path), "--plan", str(plan), "--json"]).stdout)
    assert (line["assignment"]["chute"], line["assignment"]["reason"]) == ("K40", "not_read")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A small hub's configuration with one parcel in its store."""
    config = write_files(tmp_path)
    (tmp_path / "data").mkdir()
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'data' / 'karez.db'}")
    parcel = ParcelId("p1")
    history = [
        ev.ParcelInducted(parcel, 7, "I1", 0),
        ev.ParcelRead(parcel, "SF0000000000001", "sf", None, True, 0.99, "code", "QRCode", None, "C1", 12.0),
        ev.ParcelDiverted(parcel, ChuteId("A"), 1),
    ]
    store.append(ev.parcel_stream(parcel), 0, history)
    store.close()
    return config


@pytest.mark.parametrize("name", ["p1", "SF0000000000001", "sf0000000000001"])
def test_karez_parcel_shows_a_lifeline_by_id_or_waybill(filled: Path, name: str) -> None:
    done = RUN.invoke(app, ["parcel", name, "--json", "--config", str(filled)])
    assert [line["kind"] for line in lines(done.stdout)] == ["parcel.inducted", "parcel.read", "parcel.diverted"]
    assert "p1" in RUN.invoke(app, ["parcel", name, "--config", str(filled)]).stdout


def test_backup_and_restore_bring_a_hub_to_another_folder(filled: Path, tmp_path: Path) -> None:
    assert RUN.invoke(app, ["backup", str(tmp_path / "b.tar"), "--config", str(filled)]).exit_code == 0
    other = tmp_path / "other"
    other.mkdir()
    config = write_files(other)
    assert RUN.invoke(app, ["restore", str(tmp_path / "b.tar"), "--config", str(config)]).exit_code == 0
    assert "p1" in RUN.invoke(app, ["parcel", "SF0000000000001", "--config", str(config)]).stdout


def test_config_check_finds_every_fault_with_its_line(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    assert RUN.invoke(app, ["config", "check", str(config)]).exit_code == 0
    config.write_text(config.read_text("utf-8") + "[web]\nport = 99999\nhots = 1\n", "utf-8")
    done = karez("config", "check", str(config), cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "hub.toml:12: web.port" in done.stderr and "hub.toml:13: web.hots" in done.stderr


def test_a_hub_beyond_loopback_does_not_start_without_a_token(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    config.write_text(config.read_text("utf-8") + '[web]\nhost = "0.0.0.0"\n', "utf-8")
    done = karez("hub", "--config", str(config), cwd=tmp_path)
    assert done.returncode == 2 and "token" in done.stderr


def karez(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "KAREZ_CONFIG"}
    command = [sys.executable, "-m", "karez", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd, env=environment)


@pytest.mark.parametrize("words", [["parcel", "nobody"], ["backup", "b.tar"], ["hub", "--config", "no.toml"]])
def test_an_error_is_a_sentence_and_exit_code_2(words: list[str], tmp_path: Path) -> None:
    done = karez(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("karez: ") == 1 and "Traceback" not in done.stderr


def test_configuration_is_looked_for_by_flag_then_environment_then_here_then_built_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, by_environment, here = (tmp_path / name for name in ("named.toml", "env.toml", "hub.toml"))
    for path in (named, by_environment):
        path.write_text(f'[hub]\nname = "{path.stem}"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KAREZ_CONFIG", raising=False)
    assert compose.load_settings(None).settings.hub.name == "喀什智慧物流港"
    here.write_text('[hub]\nname = "here"\n', "utf-8")
    assert compose.load_settings(None).settings.hub.name == "here"
    monkeypatch.setenv("KAREZ_CONFIG", str(by_environment))
    assert compose.load_settings(None).settings.hub.name == "env"
    assert compose.load_settings(named).settings.hub.name == "named"
    monkeypatch.setenv("KAREZ_HUB__NAME", "wins")
    assert compose.load_settings(named).settings.hub.name == "wins"


def test_doctor_finds_everything_here_and_says_what_to_do_where_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert RUN.invoke(app, ["doctor"]).exit_code == 0
    monkeypatch.setenv("PATH", "/nowhere")
    without = RUN.invoke(app, ["doctor"])
    assert without.exit_code == 0 and "apt-get" in without.stdout, "a browser is only for the tests"


def test_pictures_are_read_from_bytes_that_never_were_a_file(shot: tuple[PlannedParcel, Path]) -> None:
    """The same picture as PNG reads the same: what counts is the pixels."""
    parcel, path = shot
    with Image.open(path) as picture:
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
    again = path.with_suffix(".png")
    again.write_bytes(buffer.getvalue())
    (line,) = lines(RUN.invoke(app, ["read", str(again), "--json", "--text", "never"]).stdout)
    assert line["waybill"] == parcel.waybill


def test_a_path_that_is_not_there_is_said_and_the_others_are_read(
    shot: tuple[PlannedParcel, Path], tmp_path: Path
) -> None:
    done = RUN.invoke(app, ["read", str(tmp_path / "no.jpg"), str(shot[1]), "--json", "--text", "never"])
    assert done.exit_code == 0
    assert "no.jpg: there is no such file or folder" in done.stderr
    missing, there = lines(done.stdout)
    assert (missing["ok"], there["waybill"]) == (False, shot[0].waybill)
    alone = RUN.invoke(app, ["read", str(tmp_path / "no.jpg"), "--json"])
    assert (alone.exit_code, lines(alone.stdout)[0]["reason"]) == (2, "cannot_open")


def test_an_empty_folder_is_said_to_hold_no_picture(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["read", str(tmp_path), "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no picture in it" in done.stderr


def test_control_characters_in_a_code_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "evil.png"
    segno.make_qr("evil\x1b[31mRED\nother.jpg: SF0000000000000").save(str(path), scale=6, border=6)
    done = RUN.invoke(app, ["read", str(path), "--text", "never"])
    assert "\x1b" not in done.stdout
    assert "evil␛[31mRED␊other.jpg" in done.stdout


def test_ctrl_c_while_a_command_is_loading_leaves_no_traceback(shot: tuple[PlannedParcel, Path]) -> None:
    for after_s in (0.15, 0.8, 2.0):
        command = [sys.executable, "-m", "karez", "read", "--workers", "2", *[str(shot[1])] * 200]
        process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=hears_ctrl_c,
        )
        time.sleep(after_s)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert b"Traceback" not in said, said.decode()
        assert process.returncode != 0
