"""The log: one JSON object a line where no person looks at a terminal, with the parcel's id, and nobody's number."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from karez.cli import logs
from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.eventstore.append import Append, Entry
from karez.hub.telling import tell
from karez.settings import HubSection

PARCEL = ParcelId("P1")
MISSORTED = ev.ParcelMissorted(PARCEL, ChuteId("K09"), (ChuteId("K07"),), 0, "other_chute")


Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """The log is put back as it was."""
    root, ours = logging.getLogger(), logging.getLogger("karez")
    before = (root.handlers[:], root.level, ours.level, sys.excepthook)
    root.handlers = []  # so that setting up closes none of pytest's
    yield
    root.handlers, root.level, ours.level, sys.excepthook = before


def records(capsys: Capture) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def told(*events: ev.Event, stream: str = "parcel-P1") -> None:
    tell(Append([Entry(stream, events)]))


def test_a_record_about_a_parcel_carries_its_id(capsys: Capture) -> None:
    logs.set_up(HubSection(), "control")
    told(MISSORTED, ev.ParcelScanned(PARCEL, 1, 1, 0))
    told(ev.AlarmRaised("parcel.overdue", PARCEL, 3, "why"), stream="hub")
    told(ev.AlarmRaised("chute.full", "K07", 3, "full"), stream="hub")
    missort, overdue, full = records(capsys)
    assert (missort["parcel"], missort["event"], missort["level"]) == ("P1", "parcel.missorted", "warning")
    assert missort["process"] == "control" and missort["at"].endswith("+00:00")
    assert (overdue["parcel"], overdue["alarm"]) == ("P1", "parcel.overdue")
    assert "parcel" not in full and full["message"] == "alarm chute.full at K07 (priority 3): full"


def test_at_level_debug_every_event_of_a_parcel_is_a_record_and_no_library_speaks(capsys: Capture) -> None:
    logs.set_up(HubSection(log_level="debug"), "control")
    logging.getLogger("some.library").debug("chatter")
    told(ev.ParcelScanned(PARCEL, 1, 1, 0))
    assert [(each["event"], each["level"]) for each in records(capsys)] == [("parcel.scanned", "debug")]


def test_text_is_for_terminals_or_by_setting(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logs.as_json(HubSection()) and not logs.as_json(HubSection(log="text"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert not logs.as_json(HubSection()) and logs.as_json(HubSection(log="json"))
    logs.set_up(HubSection(), "control")
    told(MISSORTED)
    assert "WARNING karez.parcels: parcel P1 fell into chute K09" in capsys.readouterr().err


def test_a_phone_number_is_masked_also_in_an_error_that_ends_the_process(capsys: Capture) -> None:
    logs.set_up(HubSection(), "web")
    logging.getLogger("karez.web").warning("label text %r", "收 13812345678")
    try:
        raise RuntimeError("cannot parse 13812345678")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    written = capsys.readouterr().err
    label, last = (json.loads(line) for line in written.splitlines())
    assert "1******5678" in label["message"]
    assert "13812345678" not in written
    assert last["level"] == "critical" and "RuntimeError" in last["error"]
