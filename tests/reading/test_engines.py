"""What is installed, said part by part; weights are the pinned bytes or they are not used."""

from pathlib import Path

import pytest

from karez.domain.errors import MissingPart
from karez.reading import uyghur, weights
from karez.reading.engines import inventory
from karez.settings import ReadingSection


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
