"""A plan is reloaded when its file changes, and a faulty one is told once."""

import os
from pathlib import Path

import pytest

from karez.domain.errors import BadConfig
from karez.sortplan.watch import PlanFile
from sortplan.small_plan import TEXT, write


def change(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_a_changed_file_is_seen_once_and_read_anew(tmp_path: Path) -> None:
    file = PlanFile(write(tmp_path))
    assert file.load().name == "small"
    assert not file.changed()
    change(file.path, TEXT.replace("small", "large"))
    assert file.changed()
    assert file.load().name == "large"
    assert not file.changed()


def test_a_faulty_file_is_told_once_and_a_mended_one_is_seen(tmp_path: Path) -> None:
    file = PlanFile(write(tmp_path))
    file.load()
    change(file.path, "name = ")
    assert file.changed()
    with pytest.raises(BadConfig):
        file.load()
    assert not file.changed()
    change(file.path, TEXT + "\n# mended\n")
    assert file.changed()
    assert file.load().name == "small"


def test_a_file_that_vanishes_is_a_change_and_a_fault(tmp_path: Path) -> None:
    file = PlanFile(write(tmp_path))
    file.load()
    file.path.unlink()
    assert file.changed()
    with pytest.raises(BadConfig):
        file.load()


def test_a_changed_list_is_a_changed_plan(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("YT1\n", "utf-8")
    file = PlanFile(write(tmp_path, TEXT.replace('waybills = ["YT1"]', 'file = "list.txt"')))
    file.load()
    assert not file.changed()
    change(tmp_path / "list.txt", "YT1\nYT3\n")
    assert file.changed()
    plan = file.load()
    assert plan.intercept is not None and "YT3" in plan.intercept.waybills
