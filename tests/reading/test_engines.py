"""What is installed, said part by part; weights are the pinned bytes or they are not used."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from karez.domain.errors import MissingPart
from karez.domain.frames import Frame
from karez.reading import overlay, uyghur, weights
from karez.reading.engines import inventory
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection
from reading.drawn_labels import label_jpeg


def test_everything_needed_is_here() -> None:
    assert [part.name for part in inventory() if part.needed and not part.present] == []


def test_other_bytes_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forged = tmp_path / "det.onnx"
    forged.write_bytes(b"something else")
    monkeypatch.setattr(weights, "locate", lambda weight: forged)
    with pytest.raises(MissingPart, match="sha256"):
        weights.content(weights.DETECTOR)
    parts = {part.name: part for part in inventory()}
    assert not parts[weights.DETECTOR.name].present
    assert "make setup" in parts[weights.DETECTOR.name].advice


def test_a_missing_language_model_is_named_with_its_remedy(tmp_path: Path) -> None:
    part = inventory(ReadingSection(tessdata=tmp_path))[-1]
    assert not part.present
    assert part.advice.startswith("apt-get install")
    with pytest.raises(MissingPart, match="apt-get install"):
        uyghur.UyghurRecogniser(tmp_path)


def test_an_overlay_is_a_jpeg_that_marks_what_was_read(reader: Reader, rules: WaybillRules) -> None:
    frame = Frame(label_jpeg(angle_deg=30))
    reading = reader.read([frame], rules)
    drawn = cv2.imdecode(np.frombuffer(overlay.draw(frame, reading), np.uint8), cv2.IMREAD_COLOR)
    assert drawn.shape == (1200, 1600, 3)
    coloured = np.abs(drawn[..., 0].astype(int) - drawn[..., 2]) > 60
    assert coloured.sum() > 2000


def test_the_overlay_of_a_broken_picture_is_a_card(reader: Reader, rules: WaybillRules) -> None:
    frame = Frame(b"")
    drawn = cv2.imdecode(np.frombuffer(overlay.draw(frame, reader.read([frame], rules)), np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None
