"""A picture that crashes the reader is one no-read, named, and the run goes on in order."""

import json
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from karez.cli import app, watched_reading
from karez.cli.watched_reading import How, read_parcels
from karez.domain.errors import MissingPart
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.hub.watched_worker import Lacks
from karez.settings import ReadingSection
from reading.drawn_labels import LabelText, Laid, draw_label, label_jpeg, scene

NOTHING = NoRead(NoReadReason.NO_LABEL, "nothing")
RUN = CliRunner()


def _body(connection: Connection, how: How, section: ReadingSection) -> None:
    """Stand in for the reader: some pictures kill it, some hang it."""
    connection.send(None)
    while True:
        (frame,) = connection.recv()
        if frame.data == b"deadly":
            os.kill(os.getpid(), signal.SIGSEGV)
        if frame.data == b"slow":
            connection.poll(60)
        connection.send(watched_reading._Answer(NOTHING, (), frame.data == b"greedy"))


def _nothing_installed(connection: Connection, how: How, section: ReadingSection) -> None:
    connection.send(Lacks("the weights", "run `make setup`"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_crash_and_a_hang_are_no_reads_of_their_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(watched_reading, "work", _body)
    monkeypatch.setattr(watched_reading, "_GRACE_S", 0.2)
    files = [tmp_path / name for name in ("1", "2", "3", "4", "5", "not there")]
    for file, data in zip(files, (b"picture", b"deadly", b"greedy", b"slow", b"picture"), strict=False):
        file.write_bytes(data)
    found = list(read_parcels([(file,) for file in files], How("never", 0.1), ReadingSection(), workers))
    assert [parcel.paths for parcel in found] == [(file,) for file in files]
    reasons = [parcel.outcome.reason if isinstance(parcel.outcome, NoRead) else None for parcel in found]
    failed, nothing = NoReadReason.READER_FAILED, NoReadReason.NO_LABEL
    assert reasons == [nothing, failed, nothing, failed, nothing, NoReadReason.CANNOT_OPEN]


def test_what_is_not_installed_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_reading, "work", _nothing_installed)
    (tmp_path / "1").write_bytes(b"picture")
    with pytest.raises(MissingPart):
        list(read_parcels([(tmp_path / "1",)], How("always", 1), ReadingSection()))


def test_pictures_of_one_parcel_vote_and_are_told_in_one_line(tmp_path: Path) -> None:
    """The first face shows the address and the number in print, the second a code and no text."""
    spoilt = LabelText(code=False, matrix=False)
    (tmp_path / "a.jpg").write_bytes(label_jpeg(spoilt, angle_deg=20))
    (tmp_path / "b.jpg").write_bytes(
        scene(Laid(draw_label(LabelText(matrix=False, recipient=(), sender=())), 900, 700))
    )
    command = ["read", str(tmp_path), "--together", "--json", "--overlay", str(tmp_path / "drawn")]
    (line,) = [json.loads(line) for line in RUN.invoke(app, command).stdout.splitlines()]
    assert [Path(name).name for name in line["files"]] == ["a.jpg", "b.jpg"]
    assert line["waybill"] == LabelText().waybill
    assert line["sources"]["waybill"]["kind"] == "code"
    assert line["codes"][line["sources"]["waybill"]["indices"][0]]["frame"] == 1
    assert line["sources"]["address"]["frame"] == 0
    assert line["address"] == "新疆维吾尔自治区喀什地区莎车县米夏镇友谊南路18号"
    assert {label["frame"] for label in line["labels"]} == {0, 1}
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["a.overlay.jpg", "b.overlay.jpg"]


def test_faces_with_different_waybills_are_a_contradiction(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(label_jpeg())
    (tmp_path / "b.jpg").write_bytes(label_jpeg(LabelText(waybill="SF1234567890123")))
    done = RUN.invoke(app, ["read", str(tmp_path), "--together", "--json", "--text", "never"])
    line = json.loads(done.stdout)
    assert (line["waybill"], line["reason"]) == (None, "contradiction")
    assert set(line["candidates"]) == {LabelText().waybill, "SF1234567890123"}
    separate = RUN.invoke(app, ["read", str(tmp_path), "--json", "--text", "never", "--workers", "2"])
    numbers = [json.loads(line)["waybill"] for line in separate.stdout.splitlines()]
    assert numbers == [LabelText().waybill, "SF1234567890123"]


def test_a_deadline_too_short_gives_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(label_jpeg(LabelText(code=False, matrix=False)))
    outcome = next(read_parcels([(tmp_path / "a.jpg",)], How("always", 0.0), ReadingSection())).outcome
    assert not isinstance(outcome, Reading)
    assert outcome.reason is NoReadReason.TIMEOUT
